"""Studies, and every judgement of their appraisals."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.database.cells import Row, Selection, flag, integer, life_cells, listed
from evidencebase.database.columns import CAVEATS, CONTEXT, INFERRED, NUMBER, STATUS, Column, Table
from evidencebase.model.periods import shown
from evidencebase.model.records import Study


def studies_rows(selection: Selection) -> Iterator[Row]:
    """A row for every study."""
    base = selection.base
    for entry, study in selection.records(Study):
        rule = base.vocabulary.rubric.grade(study) if base.vocabulary.rubric else None
        yield {
            "key": study.key,
            "label": base.label("studies", study.key),
            "source": study.key if base.bibliography and study.key in base.bibliography else None,
            "words": listed(study.words),
            "also": listed(study.also),
            "read": study.read,
            "waves": study.waves,
            "design": study.design,
            "ages": study.universe.ages,
            "place": study.universe.place,
            "group": study.universe.group,
            "setting": study.universe.setting,
            "mode": study.mode,
            "fieldwork": shown(study.fieldwork) or None,
            "weighted": flag(study.weighted),
            "n": integer(study.size.n if study.size.anchors else None),
            "supersedes": study.supersedes if selection.has("studies", study.supersedes) else None,
            "strength": study.strength,
            "strength_reason": rule.reason if rule else None,
            "alternative": study.debatable.alternative if study.debatable else None,
            "alternative_because": study.debatable.because if study.debatable else None,
            "retracted": study.retracted.said if study.retracted else None,
            **life_cells(selection, entry, digest=False),
        }


def appraisals_rows(selection: Selection) -> Iterator[Row]:
    """A row for every judgement of every appraisal."""
    for entry, study in selection.records(Study):
        kinds = {"commissioner": study.commissioner.kind, "conductor": study.conductor.professional}
        for name, judgement in study.judgements():
            yield {
                "study": entry.key,
                "field": name,
                "value": judgement.value,
                "kind": kinds.get(name),
                "basis": judgement.basis,
            }


STUDIES = Table(
    "studies",
    "Who measured. Source strength belongs to the study.",
    rows=studies_rows,
    label="label",
    facets=("strength", "design", "place"),
    indexed=("strength", "design", "place", "supersedes"),
    searched=("label", "caveats"),
    cites=("source",),
    columns=(
        Column("key", "TEXT PRIMARY KEY", "Key, as in the bibliography"),
        Column("label", "TEXT NOT NULL", "What it is called"),
        Column("source", "TEXT REFERENCES sources(key)", "Its entry in the bibliography"),
        Column("words", "TEXT", "What documents call it"),
        Column("also", "TEXT", "Other names, for search"),
        Column("read", "TEXT", "publication if it was read for the appraisal, second-hand if not; empty if not stated"),
        Column("waves", "TEXT", "How often people were asked"),
        Column("design", "TEXT NOT NULL", "survey, census, administrative data, review, model and the like"),
        Column("ages", "TEXT", "Ages that could be asked"),
        Column("place", "TEXT REFERENCES places(id)", "Where it was carried out"),
        Column("group", "TEXT REFERENCES groups(id)", "Who could be asked, where that is a group of the vocabulary"),
        Column("setting", "TEXT", "Who could be asked, such as people in households"),
        Column("mode", "TEXT", "How people were asked"),
        Column("fieldwork", "TEXT", "When people were asked"),
        Column("weighted", "INTEGER", "1 if its rates are weighted, 0 if not, empty if not stated"),
        Column("n", "INTEGER", "Number asked"),
        Column("supersedes", "TEXT REFERENCES studies(key) DEFERRABLE INITIALLY DEFERRED", "The edition it replaces"),
        Column(
            "strength",
            "TEXT NOT NULL",
            "strong, moderate, weak, not-gradable or outside, as schema/strength.yml defines them",
        ),
        Column("strength_reason", "TEXT", "What the rubric gives as the reason"),
        Column("alternative", "TEXT", "The other grade, where the grade is debatable"),
        Column("alternative_because", "TEXT", "Why it is debatable"),
        Column("retracted", "TEXT", "That it was retracted or corrected, and why"),
        CONTEXT,
        INFERRED,
        CAVEATS,
        STATUS,
    ),
)
APPRAISALS = Table(
    "appraisals",
    "Each judgement behind a study's strength, with what it is based on.",
    rows=appraisals_rows,
    indexed=("study",),
    columns=(
        NUMBER,
        Column("study", "TEXT NOT NULL REFERENCES studies(key)", "The study"),
        Column("field", "TEXT NOT NULL", "conductor, commissioner, funder, sampling or size"),
        Column("value", "TEXT", "What is known of it; empty if nothing"),
        Column("kind", "TEXT", "Its kind, such as neutral or voluntary-sector"),
        Column("basis", "TEXT", "How it is known: the document, the publication or general knowledge"),
    ),
)
