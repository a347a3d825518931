"""What each problem code means, with an example of the fault and its mend.

    evidence check --explain published-total
    evidence check --explain published

The examples are invented. `docs/checks.md` is made of the same explanations.
"""

from __future__ import annotations

from itertools import chain

from evidencebase.bibliography.codes import CODES as OF_BIBLIOGRAPHIES
from evidencebase.checks import CHECKS
from evidencebase.model.plain import shown
from evidencebase.problems import Code, UsageError, did_you_mean
from evidencebase.provenance.codes import CODES as OF_ANCHORS
from evidencebase.reading.codes import CODES as OF_FILES

EXPLANATIONS: dict[str, Code] = {
    code.name: code
    for code in sorted(
        chain(OF_FILES, OF_BIBLIOGRAPHIES, OF_ANCHORS, *(check.codes for check in CHECKS)),
        key=lambda code: code.name,
    )
}
"""Every code by its name: those of the checks stand beside their functions, those of a package in its `codes`."""
FAMILIES = {
    "shape": "The record does not fit its schema, or the file cannot be read. Errors.",
    "reference": "A record names what is not there, or nothing names it. Errors; warnings for what is unused.",
    "anchor": "The passage does not hold. Errors.",
    "word": "The words of a record against those of its passage. Errors for what is contradicted, else warnings.",
    "context": "A section's own words do not hold of a record that names it. Errors.",
    "statistic": "A figure is not what its statistic says, or nobody has said which it is. Errors, a warning, a note.",
    "unit": "A unit does not fit. Errors.",
    "claim": "What is odd in a claim, or not read yet. Warnings and notes.",
    "strength": "The stated strength is not what the rubric gives, or a judgement rests on nothing. Errors.",
    "arithmetic": "A record of our own does not add up. Errors.",
    "published": "What a document prints does not add up or contradicts itself; the record is true to it. Notes.",
    "fit": "A rate is used where it does not fit. Warnings.",
    "conflict": "Records contradict each other. Warnings; a note where sources disagree.",
    "interval": "Intervals and significance against the numbers. Errors, warnings and notes.",
    "citation": "The bibliography. Errors for what is plainly broken, else warnings.",
    "review": "The record is not reviewed in the form it has. Errors.",
    "stale": "What is past its date. Warnings; an error for what rests on a retracted source.",
}


def explain(code: str) -> str:
    """What a code means, as plain text; for a family (`published`), the codes it has.

    Raises UsageError for a code that does not exist, naming those like it.
    """
    wanted = _plain(code)
    if wanted in EXPLANATIONS:
        return _text(EXPLANATIONS[wanted])
    lines = [f"{known}: {EXPLANATIONS[known].title}" for known in codes_of(code)]
    head = [FAMILIES[wanted], ""] if wanted in FAMILIES else []
    return "\n".join([*head, *lines])


def codes_of(name: str) -> list[str]:
    """The codes that a person names: one (`anchor-not-found`), or all that begin so (`anchor`), in whole parts.

    Raises UsageError for a name that is none, naming those like it.
    """
    wanted = _plain(name)
    found = [known for known in EXPLANATIONS if known == wanted or (wanted and known.startswith(f"{wanted}-"))]
    if not found:
        hint = did_you_mean(name, [*EXPLANATIONS, *FAMILIES], f"the families are {', '.join(FAMILIES)}")
        raise UsageError(f"{shown(name)} is no code of a check", hint)
    return found


def _plain(name: str) -> str:
    return name.strip().lower().rstrip("*-")


def _text(explanation: Code) -> str:
    parts = [f"{explanation.name} ({explanation.severity}): {explanation.title}", explanation.why]
    parts += [f"at fault:\n{_indented(explanation.fault)}", f"mended:\n{_indented(explanation.mend)}"]
    return "\n\n".join(parts)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def as_markdown() -> str:
    """All explanations as the page docs/checks.md, by family in the order in which they are checked."""
    lines = [
        "# Checks",
        "",
        "Every problem has a stable code. An error stops a build, a warning does not, and a note reports what is odd",
        "in what was published. `evidence check --explain CODE` prints any of these; the examples are invented.",
        "",
        "This page is made from the program:",
        "`python -m evidencebase.checks.explanations > docs/checks.md` makes it anew.",
    ]
    for family, about in FAMILIES.items():
        lines += ["", f"## `{family}-*`", "", about]
        for code, explanation in EXPLANATIONS.items():
            if code.startswith(f"{family}-"):
                lines += ["", f"### `{code}`", "", f"{_sentence(explanation.title)} {explanation.why}"]
                lines += ["", "At fault:", "", *_fenced(explanation.fault)]
                lines += ["", "Mended:", "", *_fenced(explanation.mend)]
    return "\n".join(lines) + "\n"


def _sentence(title: str) -> str:
    return f"{title[:1].upper()}{title[1:]}."


def _fenced(text: str) -> list[str]:
    return ["```", *text.splitlines(), "```"]


if __name__ == "__main__":
    print(as_markdown(), end="")  # noqa: T201 - a command that makes a page prints it
