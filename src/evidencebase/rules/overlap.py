"""Whether two findings may rest on the same people, in which case pooling would count them twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidencebase.model.records import Finding, Study
from evidencebase.model.relations import disjoint, within
from evidencebase.rules.editions import earlier

if TYPE_CHECKING:
    from evidencebase.base import Base


def overlap(base: Base, a: Finding, b: Finding) -> str | None:
    """Say why two findings are taken for overlapping samples; None where they are taken for independent.

    They overlap when a link says so, when they are of one study and nothing sets their people apart, or when one of
    their studies is an edition of the other.
    """
    for each, key in ((a, b.id), (b, a.id)):
        for link in each.links:
            if link.to == key and link.type in ("same-sample", "supersedes"):
                words = "the same sample as" if link.type == "same-sample" else "superseding"
                return f"this base records {each.id} as {words} {key}"
    if a.study is None or b.study is None:
        return None
    if a.study == b.study:
        return _of_one_study(base, a, b)
    return _linked_studies(base, a.study, b.study)


def apart(base: Base, a: Finding, b: Finding) -> bool:
    """Whether nobody can be in both figures of one study: their groups are disjoint, by age or sex, or their places."""
    groups = base.vocabulary.groups
    first, second = groups.get(a.group or ""), groups.get(b.group or "")
    if first is not None and second is not None and disjoint(first, second):
        return True
    if a.place is None or b.place is None:
        return False
    inside = (
        within(base.vocabulary, "places", inner, outer) for inner, outer in ((a.place, b.place), (b.place, a.place))
    )
    return not any(inside)


def _of_one_study(base: Base, a: Finding, b: Finding) -> str | None:
    groups = base.vocabulary.groups
    first, second = groups.get(a.group or ""), groups.get(b.group or "")
    if apart(base, a, b):
        return None
    if first is None or second is None or first.id == second.id:
        return f"the same study, {a.study}"
    for inner, outer in ((first, second), (second, first)):
        if within(base.vocabulary, "groups", inner.id, outer.id):
            return f"the same study, {a.study}: {inner.label} are among {outer.label}"
    return f"the same study, {a.study}: {first.label} and {second.label} may share people"


def _linked_studies(base: Base, one: str, other: str) -> str | None:
    for key, target in ((one, other), (other, one)):
        if target in earlier(base, key):
            return f"the study {key} supersedes {target}"
        study = base.get(Study, key)
        if study and any(link.to == target and link.type == "same-sample" for link in study.links):
            return f"this base records the study {key} as same-sample {target}"
    return None
