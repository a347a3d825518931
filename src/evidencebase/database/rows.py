"""The rows of every table, made from the records, the lock and the checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evidencebase.database.cells import Row, Selection
from evidencebase.database.provenance_rows import (
    anchors_rows,
    coverage_rows,
    figures_rows,
    links_rows,
    problems_rows,
    reviews_rows,
    set_asides_rows,
    tombstones_rows,
)
from evidencebase.database.record_rows import (
    certainty_rows,
    claims_rows,
    conclusion_support_rows,
    conclusions_rows,
    estimates_rows,
    findings_rows,
    indicators_rows,
    populations_rows,
    readable_rows,
    response_groups_rows,
    responses_rows,
)
from evidencebase.database.source_rows import (
    appraisals_rows,
    documents_rows,
    sources_rows,
    studies_rows,
    vocabulary_rows,
)


def all_rows(selection: Selection) -> Iterator[tuple[str, Iterator[Row]]]:
    """Every table with its rows, referred-to tables first."""
    for table, maker in _MAKERS.items():
        yield table, maker(selection)


_MAKERS: dict[str, Callable[[Selection], Iterator[Row]]] = {
    "sources": sources_rows,
    "documents": documents_rows,
    "places": vocabulary_rows("places"),
    "groups": vocabulary_rows("groups"),
    "measures": vocabulary_rows("measures"),
    "studies": studies_rows,
    "appraisals": appraisals_rows,
    "findings": findings_rows,
    "findings_readable": readable_rows,
    "claims": claims_rows,
    "populations": populations_rows,
    "estimates": estimates_rows,
    "conclusions": conclusions_rows,
    "conclusion_support": conclusion_support_rows,
    "certainty": certainty_rows,
    "responses": responses_rows,
    "response_groups": response_groups_rows,
    "indicators": indicators_rows,
    "anchors": anchors_rows,
    "figures": figures_rows,
    "links": links_rows,
    "reviews": reviews_rows,
    "tombstones": tombstones_rows,
    "set_asides": set_asides_rows,
    "coverage": coverage_rows,
    "problems": problems_rows,
}
