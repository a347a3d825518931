"""Every table of the database, those that others refer to first."""

from __future__ import annotations

from evidencebase.database.anchors import ANCHORS, FIGURES
from evidencebase.database.bodies import BODIES, BODY_MEMBERS
from evidencebase.database.citations import CITATIONS
from evidencebase.database.claims import CLAIMS
from evidencebase.database.columns import Table
from evidencebase.database.conclusions import CERTAINTY, CONCLUSION_SUPPORT, CONCLUSIONS
from evidencebase.database.conflicts import CONFLICTS
from evidencebase.database.contexts import CONTEXTS
from evidencebase.database.counts import COUNTS
from evidencebase.database.dictionary import DICTIONARY
from evidencebase.database.documents import COVERAGE, DOCUMENTS, SET_ASIDES
from evidencebase.database.estimates import ESTIMATES
from evidencebase.database.facts import BUILD
from evidencebase.database.findings import FINDINGS, FINDINGS_READABLE
from evidencebase.database.indicators import INDICATORS
from evidencebase.database.links import LINKS
from evidencebase.database.map import MAP_CELLS, MAP_GROUPS
from evidencebase.database.populations import POPULATIONS
from evidencebase.database.problems import PROBLEMS
from evidencebase.database.responses import RESPONSE_GROUPS, RESPONSES
from evidencebase.database.resting import RESTING
from evidencebase.database.reviews import REVIEWS, SEALS, TOMBSTONES
from evidencebase.database.sources import SOURCES
from evidencebase.database.studies import APPRAISALS, STUDIES
from evidencebase.database.vocabulary import CHARACTERISTICS, GROUPS, MEASURES, PLACES, UNITS
from evidencebase.database.words import WORDS

TABLES: tuple[Table, ...] = (
    BUILD,
    SOURCES,
    DOCUMENTS,
    PLACES,
    GROUPS,
    MEASURES,
    UNITS,
    CHARACTERISTICS,
    STUDIES,
    APPRAISALS,
    FINDINGS,
    FINDINGS_READABLE,
    CLAIMS,
    POPULATIONS,
    ESTIMATES,
    CONTEXTS,
    BODIES,
    BODY_MEMBERS,
    CONCLUSIONS,
    CONCLUSION_SUPPORT,
    CERTAINTY,
    RESPONSES,
    RESPONSE_GROUPS,
    INDICATORS,
    ANCHORS,
    FIGURES,
    LINKS,
    RESTING,
    CITATIONS,
    REVIEWS,
    SEALS,
    WORDS,
    TOMBSTONES,
    SET_ASIDES,
    COVERAGE,
    PROBLEMS,
    CONFLICTS,
    MAP_GROUPS,
    MAP_CELLS,
    COUNTS,
    DICTIONARY,
)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
"""Every table by its name."""
LEFT_OUT: dict[str, str] = {
    "*.extracted_by": "who read a record first is a matter of its review, and stands with the record",
    "*.suppress.*": "it is about the checks, not about the evidence; every report counts what is suppressed",
    "anchor.after": "it tells the matcher which of two places is meant; the place found is kept",
    "anchor.shared": "it tells the matcher that two records mean the same number",
    "populations.total.published": "a population's own value is its total as published",
    "documents.renditions.file": "a name on the machine of whoever read it; the digest says which file it was",
    "documents.renditions.extractor": "how the text was taken out; the digest says which file it was",
}
"""The fields of entries, as patterns of `kind.field` (`anchor.field`), that no table holds, each with the reason."""
