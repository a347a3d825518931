"""Every anchor of a base against the documents at hand: matched, vouched for by the lock, or failed.

Nothing is assumed. An anchor passes when its fragment stands in one place of a known rendition and
every figure it carries is one printed number of it; or, without the document, when the lock vouches
for exactly this content.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from evidencebase.base import Base, Entry
from evidencebase.model.records import Anchor, Figure
from evidencebase.model.values import Path
from evidencebase.problems import Problem, Severity
from evidencebase.provenance.agreement import disagreements
from evidencebase.provenance.figures import Resolved, names_unit, resolve
from evidencebase.provenance.hints import similar_passage
from evidencebase.provenance.library import Held, Library
from evidencebase.provenance.lock import Lock, Vouched, content_digest, path_name
from evidencebase.provenance.passages import Passage, State, locate
from evidencebase.provenance.rows import NumberIndex
from evidencebase.provenance.said import Said, said
from evidencebase.reading.documents import DocumentText
from evidencebase.reading.folding import fold
from evidencebase.reading.numerals import Numeral, numerals

MAIN_FIGURES = frozenset({"value", "low", "high", "published"})
_SET_ASIDES = "set_asides"
_NOWHERE = Passage(State.NO_DOCUMENT)


@dataclass(frozen=True)
class Outcome:
    """What became of one anchor. `numbers` gives, for each figure, its offsets in the folded text."""

    entry: Entry
    path: Path
    anchor: Anchor
    state: State
    vouched: bool = False
    passage: Passage = _NOWHERE
    numbers: dict[str, tuple[int, int]] = field(default_factory=dict)
    lock_line: Vouched | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether the anchor holds, by match or by the lock."""
        return self.state.passes


@dataclass
class Count:
    """The anchors of one record type: none of these is ever left out of a report."""

    checked: int = 0
    matched: int = 0
    vouched: int = 0
    failed: int = 0
    skipped: int = 0
    seen: int = 0


@dataclass
class Matching:
    """The outcome of every anchor, with the counts by record type and the problems."""

    outcomes: list[Outcome] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def by_record(self) -> dict[tuple[str, str], list[Outcome]]:
        """The outcomes of each record, by its kind and id."""
        found: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
        for outcome in self.outcomes:
            found[outcome.entry.kind, outcome.entry.key].append(outcome)
        return found


def match_base(base: Base, library: Library, lock: Lock, *, require_documents: bool = False) -> Matching:
    """Match every anchor of every record type. With `require_documents` the lock is not believed."""
    matching = Matching()
    believed = None if require_documents else lock
    for kind in dict.fromkeys(kind for kind, _ in base.entries):
        matching.counts[kind] = Count()
        for entry in base.of(kind):
            of = said(base, entry)
            outcomes = _all(base, library, believed, of)
            matching.outcomes += outcomes
            matching.problems += _of_record(base, of, outcomes)
    matching.problems += _headings(base, library)
    matching.problems += [problem for outcome in matching.outcomes for problem in outcome.problems]
    taken = _taken_twice(matching.outcomes)
    matching.problems += taken
    failed = {(problem.record, problem.place) for problem in taken}
    for outcome in matching.outcomes:
        lost = (outcome.entry.key, outcome.entry.place(outcome.path)) in failed
        _count(matching.counts[outcome.entry.kind], outcome, lost=lost)
    _set_asides(base, library, matching)
    return matching


def outcomes_of(base: Base, library: Library, entry: Entry) -> list[Outcome]:
    """What becomes of each anchor of one record in the documents at hand; no lock is believed."""
    return _all(base, library, None, said(base, entry))


def _all(base: Base, library: Library, lock: Lock | None, of: Said) -> list[Outcome]:
    """Every anchor of a record in order. Those `for` words are matched last: they may need the place of the figure."""
    found: dict[int, Outcome] = {}
    anchored = list(enumerate(of.anchored()))
    for index, each in sorted(anchored, key=lambda numbered: numbered[1][1].for_ is not None):
        near = figure_at(each[1].document, found.values()) if each[1].for_ is not None else None
        found[index] = _match(base, library, lock, of, *each, near)
    return [found[index] for index, _ in anchored]


def figure_at(document: str, outcomes: Iterable[Outcome]) -> int | None:
    """Where in the folded text of a document the record's figure stands, else its passage; None where neither does."""
    there = [each for each in outcomes if each.passes and not each.vouched and each.anchor.document == document]
    there = [each for each in there if each.anchor.for_ is None and not each.anchor.picture]
    main = (start for each in there for name, (start, _) in each.numbers.items() if name in MAIN_FIGURES)
    return next(main, there[0].passage.start if there else None)


def match_entry(base: Base, library: Library, entry: Entry, others: Iterable[Outcome]) -> list[Problem]:
    """Every problem of one record's anchors, in the documents at hand and beside the outcomes of the other records.

    What an edit of the record would bring, without matching the rest of the base again.
    """
    of = said(base, entry)
    outcomes = outcomes_of(base, library, entry)
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    taken = _taken_twice([*(other for other in others if other.entry.key != entry.key), *outcomes])
    return [*problems, *_of_record(base, of, outcomes), *(each for each in taken if each.record == entry.key)]


def _count(count: Count, outcome: Outcome, *, lost: bool) -> None:
    count.checked += 1
    if not outcome.passes or lost or outcome.problems:
        count.failed += 1
    elif outcome.state is State.SEEN:
        count.seen += 1
    elif outcome.vouched:
        count.vouched += 1
    else:
        count.matched += 1


@dataclass(frozen=True)
class _Stand:
    """Where an anchor stands, and what its figures and words are held to.

    `words` is the folded text in which figures are looked for, from `start`; `named` are the words beside them (the
    passage itself, or the label of a table's row). `cell` are the numbers of a table cell (two of an interval, none of
    a withheld number; None where it is no cell), `column_unit` is their unit.
    """

    passage: Passage
    words: str = ""
    start: int = 0
    named: str = ""
    cell: tuple[Numeral, ...] | None = None
    column_unit: str = ""


def _match(
    base: Base,
    library: Library,
    lock: Lock | None,
    of: Said,
    path: Path,
    anchor: Anchor,
    figures: list[Figure],
    near: int | None,
) -> Outcome:
    """One anchor on its way down: the document, the passage, the figures, the words, and what became of it.

    Where `lock` is None no lock is believed.
    """
    if anchor.picture:
        return _seen(of, path, anchor, figures)
    held = library.held(anchor.document)
    if held.text is None:
        line = None if lock is None else lock.vouches(base, of.entry, path, anchor)
        if line is not None:
            return _remembered(base, line, of, path, anchor, figures)
        trust = "and --require-documents trusts no lock" if lock is None else "and the lock does not vouch for it"
        hint = "put the document there and run `evidence lock`"
        problem = _problem(of.entry, path, "anchor-no-document", f"{held.why}, {trust}", hint)
        return Outcome(of.entry, path, anchor, State.NO_DOCUMENT, problems=(problem,))
    stand, problems = (
        _fragment(held.text, of, path, anchor, near)
        if anchor.fragment is not None
        else _cell(base, library.index(held.text), of, path, anchor)
    )
    numbers: dict[str, tuple[int, int]] = {}
    if not problems:
        numbers, problems = _held(base, stand, of, path, anchor, figures)
    return _outcome(
        base, held, Outcome(of.entry, path, anchor, stand.passage.state, False, stand.passage, numbers), problems
    )


def remember(base: Base, lock: Lock, entry: Entry) -> list[Outcome]:
    """What the lock alone says of each anchor of a record, as far as the record's own words bear it out."""
    of, outcomes = said(base, entry), []
    for path, anchor, figures in of.anchored():
        line = lock.vouches(base, entry, path, anchor)
        if anchor.picture:
            outcomes.append(_seen(of, path, anchor, figures))
        elif line is None:
            outcomes.append(Outcome(entry, path, anchor, State.NO_DOCUMENT))
        else:
            outcomes.append(_remembered(base, line, of, path, anchor, figures))
    return outcomes


def _held(
    base: Base, stand: _Stand, of: Said, path: Path, anchor: Anchor, figures: list[Figure]
) -> tuple[dict[str, tuple[int, int]], list[Problem]]:
    """The figures and the words of a record against those of its passage, as the document or the record has it."""
    numbers, problems = _figures(stand, of, anchor, figures)
    if not problems:
        problems = _disordered(of.entry, numbers)
        problems += _words(base, stand, of, path, numbers) if anchor.for_ is None else []
    return numbers, problems


def _remembered(base: Base, line: Vouched, of: Said, path: Path, anchor: Anchor, figures: list[Figure]) -> Outcome:
    """What the lock remembers of an anchor whose document is not at hand, and what needs no document to be seen.

    The lock is believed about where the passage stands. Whether the figure is a number of the passage, and whether its
    words contradict the record, is looked at again; and the offsets it gives must be possible for this passage.
    """
    stand = _as_written(base, anchor, Passage(State(line.state), source_start=line.start, source_end=line.end))
    numbers, problems = _held(base, stand, of, path, anchor, figures)
    if not problems and (why := _impossible(line, stand, numbers, anchor)):
        hint = "put the document there and run `evidence lock`"
        problems = [_problem(of.entry, path, "anchor-no-document", f"the lock does not fit this anchor: {why}", hint)]
    if problems:
        return Outcome(of.entry, path, anchor, State.FIGURE_ABSENT, problems=tuple(problems))
    spans = {name: (span[0], span[1]) for name, span in line.figures.items()}
    return Outcome(of.entry, path, anchor, stand.passage.state, True, stand.passage, spans, line)


def _as_written(base: Base, anchor: Anchor, passage: Passage) -> _Stand:
    """A passage without its document: the fragment as the record has it, or the cell as the CSV has it."""
    if anchor.fragment is not None:
        words = fold(anchor.fragment.strip()).text
        return _Stand(passage, words, 0, words)
    table = base.tables.get((anchor.document, anchor.table or ""))
    row = table.rows.get(anchor.row or "") if table else None
    column = table.spec.columns.get(anchor.column or "") if table else None
    if table is None or row is None or column is None or not row.cells.get(anchor.column or ""):
        return _Stand(passage)
    words, found = fold(row.cells[anchor.column or ""]).text, tuple(table.printed(row, anchor.column or ""))
    return _Stand(passage, words, 0, row.cells.get(table.spec.label or "", ""), found, column.unit)


def _impossible(line: Vouched, stand: _Stand, numbers: dict[str, tuple[int, int]], anchor: Anchor) -> str:
    """Why the places that a line of the lock gives cannot be those of this passage; empty where they can."""
    if set(line.figures) != set(numbers):
        return f"it has {', '.join(sorted(line.figures)) or 'no figure'}, the passage {', '.join(sorted(numbers))}"
    for name, (start, end) in numbers.items():
        if line.figures[name][1] - line.figures[name][0] != end - start:
            return f"the place it gives {name} is not as long as the number"
    if len({line.figures[name][0] - start for name, (start, _) in numbers.items()}) > 1:
        return "its figures do not stand as far apart as in the passage"
    length = line.end - line.start
    if length <= 0 or (stand.passage.state is State.EXACT and anchor.fragment and length != len(anchor.fragment)):
        return "the place it gives is not as long as the passage"
    return ""


def _seen(of: Said, path: Path, anchor: Anchor, figures: list[Figure]) -> Outcome:
    """What is only drawn: a person saw it, no machine matches it. Its figures are numbers of what it reads."""
    stand = _Stand(_NOWHERE, anchor.reads or "", 0, "")
    numbers, problems = _figures(stand, of, anchor, figures)
    state = State.FIGURE_ABSENT if problems else State.SEEN
    return Outcome(of.entry, path, anchor, state, numbers=numbers, problems=tuple(problems))


def _fragment(
    text: DocumentText, of: Said, path: Path, anchor: Anchor, near: int | None
) -> tuple[_Stand, list[Problem]]:
    """Where the fragment stands: in one place, or, for words, in the one nearest to an offset; else a problem."""
    fragment = anchor.fragment or ""
    passage = locate(text, fragment, anchor.prefix, anchor.suffix, anchor.after, near)
    at = (*path, "fragment")
    if passage.state is State.AMBIGUOUS:
        message = f"“{fragment}” stands in {passage.places} places of {anchor.document}"
        hint = "lengthen it, or add the words beside it as prefix: or suffix:"
        return _Stand(passage), [_problem(of.entry, at, "anchor-ambiguous", message, hint)]
    if not passage.state.passes:
        message = f"“{fragment}” is not in {anchor.document}"
        similar = similar_passage(text, fragment)
        hint = str(similar or "copy it from the document again: digits, signs and all")
        beside = (fragment, similar.words) if similar else None
        return _Stand(passage), [replace(_problem(of.entry, at, "anchor-not-found", message, hint), beside=beside)]
    words = text.folded.text[passage.start : passage.end]
    return _Stand(passage, words, passage.start, words), []


def _cell(base: Base, index: NumberIndex, of: Said, path: Path, anchor: Anchor) -> tuple[_Stand, list[Problem]]:
    """Where the cell stands: in one row of the document, or a problem."""
    table = base.tables.get((anchor.document, anchor.table or ""))
    row = table.rows.get(anchor.row or "") if table else None
    if table is None or row is None or anchor.column not in table.spec.columns:
        what = "table" if table is None else "row" if row is None else "column"
        message = f"there is no {what} {getattr(anchor, what)} of {anchor.document}"
        hint = "tables are those with a loader spec; rows and columns are named in its CSV"
        nowhere = _Stand(Passage(State.NOT_FOUND))
        return nowhere, [_problem(of.entry, path, "anchor-unknown-cell", message, hint)]
    place = index.row(table, row)
    if not place.passage.state.passes:
        code = f"anchor-{place.passage.state}"
        hint = f"compare {table.spec.file} with {anchor.locator or 'the table'} in the document, cell by cell"
        return _Stand(place.passage), [_problem(of.entry, path, code, place.why, hint)]
    cell = place.cells.get(anchor.column or "", ())
    if not cell and not table.mark(row, anchor.column or ""):
        message = f"row {row.key} has no number in column {anchor.column}"
        return _Stand(place.passage), [_problem(of.entry, path, "anchor-figure-absent", message, "see the CSV")]
    unit = table.spec.columns[anchor.column or ""].unit
    label = row.cells.get(table.spec.label or "", "")
    return _Stand(place.passage, row.cells[anchor.column or ""], 0, label, cell, unit), []


def _figures(
    stand: _Stand, of: Said, anchor: Anchor, figures: list[Figure]
) -> tuple[dict[str, tuple[int, int]], list[Problem]]:
    """Which printed number each figure is: the offsets of each in the folded text, and the figures that are none."""
    numbers, problems = {}, []
    for figure, required, index in _carried(anchor, figures):
        if stand.cell is not None:
            resolved = _in_cell(figure, stand.cell, index, stand.column_unit)
            span = (resolved.numeral.start, resolved.numeral.end) if resolved.numeral else (0, 0)
        else:
            resolved = resolve(figure, figure.unit, stand.words, index, of.counted)
            found = resolved.numeral
            span = (stand.start + found.start, stand.start + found.end) if found else (0, 0)
        if resolved.numeral is not None:
            numbers[figure.field] = span
        elif required:
            problems.append(_unresolved(of.entry, figure, resolved, stand.words))
    return numbers, problems


def _in_cell(figure: Figure, cell: tuple[Numeral, ...], index: int | None, column_unit: str) -> Resolved:
    """Resolve a figure in its cell; a cell without a printed unit has its column's."""
    if not 1 <= (index or 1) <= len(cell):
        return Resolved(figure.field, None, f"the cell has {len(cell)} numbers")
    numeral = cell[(index or 1) - 1]
    resolved = resolve(figure, None, numeral.printed, 1)
    if resolved.numeral is None:
        return resolved
    printed = numeral.unit or column_unit
    if figure.unit in (None, printed):
        return Resolved(figure.field, numeral)
    return Resolved(figure.field, None, f"the column is in {printed}, the record in {figure.unit}")


def _words(base: Base, stand: _Stand, of: Said, path: Path, numbers: dict[str, tuple[int, int]]) -> list[Problem]:
    """What the words beside the figure contradict in the record."""
    if stand.cell is not None:
        return disagreements(base.vocabulary, of, path, stand.named, None)
    main = next((numbers[name][0] for name in MAIN_FIGURES if name in numbers), None)
    at = None if main is None else main - stand.start
    return disagreements(base.vocabulary, of, (*path, "fragment"), stand.named, at)


def _outcome(base: Base, held: Held, found: Outcome, problems: list[Problem]) -> Outcome:
    """What became of an anchor found as it is, with its line of the lock where it passes in a known rendition."""
    entry, path, anchor, passage, state = found.entry, found.path, found.anchor, found.passage, found.state
    if problems and state.passes:
        state = State.AMBIGUOUS if any(p.code == "anchor-ambiguous" for p in problems) else State.FIGURE_ABSENT
    if not held.known:
        tried = "the anchor stands in it too" if state.passes else f"the anchor does not hold in it ({state})"
        hint = "put the known rendition there, or add this one with `evidence documents add`"
        problem = _problem(entry, path, "anchor-other-rendition", f"{held.why}; {tried}", hint)
        return Outcome(entry, path, anchor, State.OTHER_RENDITION, passage=passage, problems=(problem,))
    line, text = None, held.text
    if state.passes and text is not None:
        line = Vouched(
            kind=entry.kind,
            record=entry.key,
            anchor=path_name(path),
            digest=content_digest(base, entry, anchor),
            document=anchor.document,
            rendition=text.sha256,
            folded=text.folded.digest,
            state=str(state),
            start=passage.source_start,
            end=passage.source_end,
            line=text.line(passage.source_start),
            page=text.page(passage.source_start),
            figures={name: list(span) for name, span in sorted(found.numbers.items())},
        )
    return replace(found, state=state, lock_line=line, problems=tuple(problems))


def _carried(anchor: Anchor, figures: list[Figure]) -> Iterator[tuple[Figure, bool, int | None]]:
    """The figures an anchor may carry: (figure, whether it must, which number of the fragment)."""
    named = anchor.figures
    for figure in figures if anchor.for_ is None else ():
        if named is None:
            yield figure, figure.field in MAIN_FIGURES, None
        elif figure.field in named:
            yield figure, True, named[figure.field]
        elif figure.field not in MAIN_FIGURES and anchor.table is None:
            yield figure, False, None


def _of_record(base: Base, of: Said, outcomes: list[Outcome]) -> list[Problem]:
    """What only all anchors of a record together show: a figure that none carries, a unit that none names."""
    if not all(outcome.passes for outcome in outcomes):
        return []
    return [*_uncarried(of.entry, outcomes), *_unit_unnamed(base, of, outcomes)]


def _uncarried(entry: Entry, outcomes: list[Outcome]) -> Iterator[Problem]:
    """A figure that no anchor carries: no number without its passage."""
    carried = {name for outcome in outcomes for name in outcome.numbers}
    for figure in entry.record.figures():
        if figure.field not in carried:
            message = f"{figure.field} {figure.value} is in none of the record's passages"
            hint = f"add an anchor for it with `figures: {{{figure.field}: null}}`, or leave {figure.field} out"
            yield _problem(entry, _figure_path(entry, figure.field), "anchor-figure-absent", message, hint)


def _unit_unnamed(base: Base, of: Said, outcomes: list[Outcome]) -> Iterator[Problem]:
    """A count of households that none of the record's passages calls so."""
    if of.unit is None or not outcomes:
        return
    for outcome in outcomes:
        anchor = outcome.anchor
        table = base.tables.get((anchor.document, anchor.table or ""))
        column = table.spec.columns.get(anchor.column or "") if table else None
        if (column and column.unit == of.unit) or names_unit(of.unit, anchor.fragment or "" if table is None else ""):
            return
    message = f"none of the record's passages says that these are {of.unit}"
    hint = "correct the unit, or anchor the record where the document names it"
    yield _problem(of.entry, ("unit",), "anchor-unit-unnamed", message, hint)


def _unresolved(entry: Entry, figure: Figure, resolved: Resolved, words: str) -> Problem:
    path = _figure_path(entry, figure.field)
    if resolved.ambiguous:
        hint = f"say which, counting from 1: `figures: {{{figure.field}: 2}}`"
        return _problem(entry, path, "anchor-ambiguous", f"{figure.field}: {resolved.why}", hint)
    message = f"{figure.field} {figure.value} is not in “{words}”: {resolved.why}"
    hint = "correct the figure from the document, or anchor it where it stands"
    return _problem(entry, path, "anchor-figure-absent", message, hint)


def _disordered(entry: Entry, numbers: dict[str, tuple[int, int]]) -> list[Problem]:
    """The ends of a range stand in their order, and on two numbers."""
    for low, high in (("low", "high"), ("lower", "upper")):
        if low in numbers and high in numbers and numbers[low] >= numbers[high]:
            message = f"{low} and {high} do not stand in the passage in that order"
            return [_problem(entry, _figure_path(entry, low), "anchor-figure-absent", message, "swap them")]
    return []


_FIGURE_PATHS: dict[str, Path] = {
    "low": ("range", "low"),
    "high": ("range", "high"),
    "lower": ("interval", "lower"),
    "upper": ("interval", "upper"),
    "p": ("p", "value"),
    "out-of": ("out_of",),
}


def _figure_path(entry: Entry, field_name: str) -> Path:
    if entry.kind == "studies":
        return ("size", field_name)
    if field_name.startswith("reach-"):
        return ("reach", int(field_name.removeprefix("reach-")) - 1, "value")
    if field_name == "published" and "total" in entry.authored:
        return ("total", "published")
    return _FIGURE_PATHS.get(field_name, (field_name,))


def _headings(base: Base, library: Library) -> list[Problem]:
    """Tables whose columns are not named as their spec says: swapped columns show here."""
    problems = []
    for table in base.tables.values():
        held = library.held(table.spec.document)
        why = library.index(held.text).heading_fault(table) if held.text else ""
        if why:
            hint = "order the columns as printed, with a fragment of each printed heading"
            problems.append(Problem(Severity.ERROR, "anchor-heading", table.place, why, hint, table.spec.id))
    return problems


def _taken_twice(outcomes: list[Outcome]) -> list[Problem]:
    """A printed number serves two records only where both say so."""
    claims: dict[tuple[str, int], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.passes and outcome.state is not State.SEEN:
            for span in set(outcome.numbers.values()):
                claims[outcome.anchor.document, span[0]].append(outcome)
    problems = []
    for claimants in claims.values():
        owners = {outcome.entry.key for outcome in claimants}
        if len(owners) < 2:
            continue
        for outcome in claimants:
            if not outcome.anchor.shared:
                others = ", ".join(sorted(owners - {outcome.entry.key}))
                message = f"the number it is read from is also that of {others}"
                hint = "anchor one of them elsewhere; if one printed number truly serves both, mark both `shared: true`"
                problems.append(_problem(outcome.entry, outcome.path, "anchor-number-taken", message, hint))
    return problems


def _set_asides(base: Base, library: Library, matching: Matching) -> None:
    count = matching.counts.setdefault(_SET_ASIDES, Count())
    for item, place in base.aside:
        held = library.held(item.document)
        if held.text is None:
            count.skipped += 1
            continue
        count.checked += 1
        passage = locate(held.text, item.fragment, item.prefix, item.suffix, item.after)
        printed = {numeral.printed.strip() for numeral in numerals(fold(item.fragment).text)}
        if passage.state.passes and item.number.strip() in printed:
            count.matched += 1
            continue
        count.failed += 1
        state = passage.state if not passage.state.passes else State.FIGURE_ABSENT
        message = f"set aside: {item.number} in “{item.fragment}” of {item.document} is {state}"
        hint = "correct the fragment from the document"
        matching.problems.append(Problem(Severity.ERROR, f"anchor-{state}", place, message, hint))


def _problem(entry: Entry, path: Path, code: str, message: str, hint: str) -> Problem:
    return Problem(Severity.ERROR, code, entry.place(path), message, hint, entry.key)
