"""The strength a study is given must be the one the rubric gives; every judgement says what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.checks.context import Context, error, warning
from evidencebase.model.records import Study
from evidencebase.problems import Problem


def check_strength(context: Context) -> Iterator[Problem]:
    """The stated strength against the decision table of schema/strength.yml."""
    rubric = context.base.vocabulary.rubric
    for entry, study in context.base.each(Study):
        if rubric is None:
            continue
        rule = rubric.grade(study)
        if rule.strength != study.strength:
            facts = ", ".join(f"{name} {value}" for name, value in rubric.facts(study).items())
            message = f"stated as {study.strength}; {rubric.name} give {rule.strength}: {rule.reason} ({facts})"
            hint = "correct the strength, or the appraisal it follows from"
            yield error(entry, ("strength",), "strength-mismatch", message, hint)
        if study.debatable and study.debatable.alternative == rule.strength:
            message = f"the alternative, {rule.strength}, is what the rubric gives already"
            hint = "name the other strength that could be given"
            yield error(entry, ("debatable", "alternative"), "strength-alternative", message, hint)


def check_judgements(context: Context) -> Iterator[Problem]:
    """A judgement in an appraisal without a basis; one read from a document without its anchor."""
    for entry, study in context.base.each(Study):
        for name, judgement in study.judgements():
            judged = judgement.value not in (None, "unclear")
            if judged and judgement.basis is None:
                message = f"{name} is judged {judgement.value} on no stated basis"
                hint = "add `basis: document`, `publication` or `general-knowledge`"
                yield error(entry, (name,), "strength-basis", message, hint)
            elif judged and judgement.basis == "document" and not judgement.anchors:
                message = f"{name} is said to rest on a document, and no passage is named"
                yield warning(entry, (name,), "strength-passage", message, "add its anchor, or name another basis")
        if study.size.n is not None and not study.size.anchors:
            message = f"the sample size {study.size.n} has no passage, and so is not shown"
            yield warning(entry, ("size", "n"), "strength-passage", message, "add the anchor it was read from")
