"""Which study is an edition of which: the field `supersedes` or a link says so, over any number of editions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidencebase.model.records import Study

if TYPE_CHECKING:
    from evidencebase.base import Base


def replaced(study: Study) -> list[str]:
    """The editions that a study itself replaces."""
    linked = [link.to for link in study.links if link.type == "supersedes"]
    return [*([study.supersedes] if study.supersedes else []), *linked]


def earlier(base: Base, key: str | None) -> list[str]:
    """Every earlier edition of a study, the last first; a circle is gone round once."""
    found: list[str] = []
    waiting = [key]
    while waiting:
        study = base.get(Study, waiting.pop(0))
        fresh = [older for older in (replaced(study) if study else []) if older not in found and older != key]
        found += fresh
        waiting += fresh
    return found


def editions(base: Base, one: str | None, other: str | None) -> bool:
    """Whether one study is an earlier edition of the other."""
    return other in earlier(base, one) or one in earlier(base, other)
