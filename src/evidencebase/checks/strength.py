"""The strength a study is given must be the one the rubric gives; every judgement says what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.checks.check import check
from evidencebase.checks.context import Context, error, warning
from evidencebase.model.records import Study
from evidencebase.problems import Code, Problem, Severity


@check(
    Code(
        "strength-alternative",
        Severity.ERROR,
        "the debatable alternative is the strength that the study has already",
        "An alternative says what another careful reader could give.",
        "strength: weak\ndebatable: {alternative: weak, because: the sample may be random}",
        "strength: weak\ndebatable: {alternative: strong, because: the sample may be random}",
    ),
    Code(
        "strength-mismatch",
        Severity.ERROR,
        "the stated strength is not what the rubric gives",
        "Strength follows from the appraisal by the table of schema/strength.yml, and from nothing else.",
        "sampling: {value: self-selecting, basis: publication}\nstrength: strong",
        "sampling: {value: self-selecting, basis: publication}\nstrength: weak",
    ),
)
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


@check(
    Code(
        "strength-basis",
        Severity.ERROR,
        "a judgement that does not say what it rests on",
        "An appraisal is only as good as its grounds: the document (with its passage), a publication, or general"
        " knowledge.",
        "sampling: {value: random}",
        "sampling: {value: random, basis: general-knowledge}",
    ),
    Code(
        "strength-passage",
        Severity.WARNING,
        "a judgement read from a document, or a sample size, without its passage",
        "Without the passage nobody can see whether the document says so; a sample size without one stays out of the"
        " database.",
        "size: {value: large, n: 4210, basis: document}",
        "size:\n  value: large\n  n: 4210\n  basis: document\n  anchors:\n"
        '    - {document: county-report, fragment: "The survey asked 4,210 people"}',
    ),
)
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
