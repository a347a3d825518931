"""Whether two findings may rest on the same people, in which case pooling would count them twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidencebase.model.records import Finding, Study
from evidencebase.model.relations import disjoint

if TYPE_CHECKING:
    from evidencebase.base import Base


def overlap(base: Base, a: Finding, b: Finding) -> str | None:
    """Say why two findings are taken for overlapping samples; None where they are taken for independent.

    They overlap when a link says so, when they are of one study and its groups are not known to be disjoint (by age or
    sex), or when one of their studies replaces the other.
    """
    for each, key in ((a, b.id), (b, a.id)):
        for link in each.links:
            if link.to == key and link.type in ("same-sample", "supersedes"):
                words = "the same sample as" if link.type == "same-sample" else "superseding"
                return f"this base records {each.id} as {words} {key}"
    if a.study is None or b.study is None:
        return None
    if a.study == b.study:
        return _within(base, a, b)
    return _linked_studies(base, a.study, b.study)


def _within(base: Base, a: Finding, b: Finding) -> str | None:
    groups = base.vocabulary.groups
    first, second = groups.get(a.group or ""), groups.get(b.group or "")
    if first is None or second is None or first.id == second.id:
        return f"the same study, {a.study}"
    if disjoint(first, second):
        return None
    vocabulary = base.vocabulary
    for inner, outer in ((first, second), (second, first)):
        if outer.id in vocabulary.ancestors("groups", inner.id):
            return f"the same study, {a.study}: {inner.label} are among {outer.label}"
    return f"the same study, {a.study}: {first.label} and {second.label} may share people"


def _linked_studies(base: Base, one: str, other: str) -> str | None:
    for key, target in ((one, other), (other, one)):
        entry = base.entries.get(("studies", key))
        study = entry.record if entry else None
        if not isinstance(study, Study):
            continue
        if study.supersedes == target:
            return f"the study {key} supersedes {target}"
        for link in study.links:
            if link.to == target and link.type in ("same-sample", "supersedes"):
                return f"this base records the study {key} as {link.type} {target}"
    return None
