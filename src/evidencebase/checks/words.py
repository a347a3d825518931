"""No word without its passage: what a record says a figure is, against the words of the place it was read from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from evidencebase.base import Base
from evidencebase.checks.check import check
from evidencebase.checks.context import Context
from evidencebase.citing.statements import statement
from evidencebase.model.records import Claim, Finding, Versus
from evidencebase.model.values import Path
from evidencebase.problems import Code, Problem, Severity
from evidencebase.provenance.rulings import Ruling, WordState, value_of
from evidencebase.provenance.saying import rulings_of_saying
from evidencebase.provenance.seal import counts
from evidencebase.provenance.words import OPEN
from evidencebase.reading.structure import Part

_COMMON = 0.05
_FEWEST = 200
_WORDED = {
    "qualifiers": "word-qualifier",
    "statistic": "word-statistic",
    "direction": "word-direction",
    "significance": "word-significance",
    "modality": "word-modality",
    "link": "word-link",
    "unit": "word-unit",
}
_DOUBTED = ("statistic", "unit")  # of which a reader knows more than the words beside a figure
_PEOPLE = "group.people"
_OF_STATE = {
    WordState.CONTRADICTED: "word-contradicted",
    WordState.BROADER: "word-broader",
    WordState.NARROWER: "word-narrower",
    WordState.FARTHER: "word-farther",
    WordState.NO_FORM: "word-no-form",
    WordState.UNNAMED: "word-unnamed",
    WordState.OVERLOOKED: "word-overlooked",
}
_PRINTED = tuple((WordState.OVERLOOKED, scope) for scope in ("fragment", "clause"))
_KINDS = {"measure": "measures", "exposure": "measures", "place": "places", "study": "studies"}
_THREE_WAYS = (
    "three ways, and only the document says which: correct the record; add these words to `words` of what the record"
    " names; or say where the document names it, with an anchor `for: [{field}]` or `inferred: {{{field}: why}}`"
)
_TWO_WAYS = (
    "correct the record, or anchor it at the words that bear it out; `inferred: {{{field}: why}}` says what no word"
    " does"
)
_EXAMPLE = "measure: swims-weekly\ngroup: girls\nanchors: [{document: millbrook-2020, fragment: "


@check(
    Code(
        "word-contradicted",
        Severity.ERROR,
        "the passage names another than the record, and this one nowhere",
        "A true quote for a wrong claim: the digits are right, what is said of them is not.",
        _EXAMPLE + '"41% of boys swim weekly"}]',
        "group: boys   # or the fragment that is of girls",
    ),
    Code(
        "word-place",
        Severity.ERROR,
        "only a place around the record's place is named, or one within it",
        "A rate for a country is none for a county in it.",
        'place: millbrook\nanchors: [{document: millbrook-2020, fragment: "41% in the county"}]',
        "place: the-county",
    ),
    Code(
        "word-broader",
        Severity.WARNING,
        "only something broader than what the record says is named",
        "The passage may be of more people, or of a measure in general.",
        'group: girls-aged-8\nanchors: [{document: millbrook-2020, fragment: "41% of children"}]',
        'anchors: [..., {document: millbrook-2020, fragment: "Girls aged 8", for: [group]}]',
    ),
    Code(
        "word-narrower",
        Severity.WARNING,
        "only something narrower than what the record says is named",
        "The passage may be of fewer people than the record.",
        'group: children\nanchors: [{document: millbrook-2020, fragment: "41% of girls aged 8"}]',
        "group: girls-aged-8",
    ),
    Code(
        "word-farther",
        Severity.WARNING,
        "the fragment names another; what the record says stands farther off",
        "A claim is read from its fragment: the words beside it may be of something else.",
        'measure: swims-weekly\nanchors: [{document: millbrook-2020, fragment: "more likely to cycle"}]',
        "anchors: [{document: millbrook-2020, fragment: the words that name it}]",
    ),
    Code(
        "word-no-form",
        Severity.WARNING,
        "no document at hand prints this entry in any of its words",
        "Without its printed words nothing can be said of where it is named.",
        "- {id: swims-weekly, label: Swimming each week}   # printed: goes swimming every week",
        "- {id: swims-weekly, label: Swimming each week, words: [goes swimming every week]}",
    ),
    Code(
        "word-unnamed",
        Severity.WARNING,
        "nothing around the passage names what the record says",
        "The words stand elsewhere, or the reader took it so: the record says which.",
        'place: millbrook\nanchors: [{document: millbrook-2020, fragment: "41% of girls"}]',
        'anchors: [..., {document: millbrook-2020, fragment: "schools of Millbrook", for: [place]}]',
    ),
    Code(
        "word-overlooked",
        Severity.WARNING,
        "the passage names a place, period or study, and the record leaves it empty",
        "What is printed beside a figure belongs to it.",
        'place: null\nanchors: [{document: millbrook-2020, fragment: "41% of girls in Millbrook"}]',
        "place: millbrook",
    ),
    Code(
        "word-people",
        Severity.ERROR,
        "the words beside a figure mark people whom the record does not mark",
        "“41% of girls” recorded of all children says more than is printed.",
        'group: children\nanchors: [{document: millbrook-2020, fragment: "41% of girls swim weekly"}]',
        "group: girls",
    ),
    Code(
        "word-qualifier",
        Severity.ERROR,
        "a qualifier is printed and not recorded, or recorded and not printed",
        "“just over 25%” is not 25%, and 25% is not nearly 25%.",
        'value: 25\nanchors: [{document: millbrook-2020, fragment: "just over 25% of girls"}]',
        "value: 25\nqualifiers: [just-over]",
    ),
    Code(
        "word-statistic",
        Severity.WARNING,
        "the words beside a figure are of another statistic, or of none like it",
        "A mean is not a share, and a ratio is not a rate.",
        'statistic: prevalence\nanchors: [{document: millbrook-2020, fragment: "an average of 3 visits"}]',
        "statistic: mean",
    ),
    Code(
        "word-unit",
        Severity.WARNING,
        "the words beside a figure count another thing, or none that is known",
        "Contacts are no people, and households no persons.",
        'unit: persons\nanchors: [{document: millbrook-2020, fragment: "412 visits to the pool"}]',
        "unit: visits",
    ),
    Code(
        "word-direction",
        Severity.ERROR,
        "the passage says the opposite direction",
        "“less likely” recorded as higher turns a finding round. A direction that no word gives is a warning.",
        'direction: higher\nanchors: [{document: millbrook-2020, fragment: "girls are less likely to swim"}]',
        "direction: lower",
    ),
    Code(
        "word-significance",
        Severity.ERROR,
        "a significance is printed and not recorded, or recorded and not printed",
        "“significantly more” is tested; “more” is not.",
        'significance: significant\nanchors: [{document: millbrook-2020, fragment: "girls swim more"}]',
        "significance: not-stated",
    ),
    Code(
        "word-modality",
        Severity.ERROR,
        "the document's hedge is not the record's",
        "“may increase” is not “increases”.",
        'modality: asserted\nanchors: [{document: millbrook-2020, fragment: "swimming may improve sleep"}]',
        "modality: possible",
    ),
    Code(
        "word-link",
        Severity.ERROR,
        "the printed verb links in another way",
        "“is associated with” does not say that one raises the other.",
        'link: raises\nanchors: [{document: millbrook-2020, fragment: "is associated with better sleep"}]',
        "link: linked",
    ),
)
def check_words(context: Context) -> Iterator[Problem]:
    """Every word of a record that its passage contradicts, or that nothing names."""
    for ruling in context.worded.rulings:
        if ruling.state in OPEN and counts(context.reviews.status(ruling.entry)):
            yield _problem(context.base, ruling)


def _problem(base: Base, ruling: Ruling) -> Problem:
    root = ruling.field.split(".", maxsplit=1)[0]
    code = "word-people" if ruling.field == _PEOPLE else _WORDED.get(root) or _OF_STATE[ruling.state]
    severity = Severity.WARNING
    if ruling.field.endswith("place") and ruling.state in (WordState.BROADER, WordState.NARROWER):
        code, severity = "word-place", Severity.ERROR
    elif code in ("word-contradicted", "word-people") or (
        root in _WORDED
        and root not in _DOUBTED
        and (ruling.state is WordState.CONTRADICTED or (ruling.state, ruling.scope) in _PRINTED)
    ):
        severity = Severity.ERROR
    place = ruling.entry.place(_path(ruling.entry.authored, ruling.field))
    hint = (_THREE_WAYS if root not in _WORDED else _TWO_WAYS).format(field=ruling.field)
    return Problem(severity, code, place, phrased(base, ruling), hint, ruling.entry.key)


def _path(authored: dict[str, object], field: str) -> Path:
    """The path of a field in the record as written; of the nearest around it that is."""
    steps = field.split(".")
    return tuple(steps[:2]) if steps[0] == "versus" else (steps[0],) if steps[0] in authored else ()


def phrased(base: Base, ruling: Ruling) -> str:
    """What became of a field, in a sentence: what the record says, and what the passage has."""
    own = _said(base, ruling)
    printed = f"“{ruling.words}”" if ruling.words else "another"
    where = f" ({ruling.scope})" if ruling.scope else ""
    named = f"{printed}{where}"
    match ruling.state:
        case WordState.CONTRADICTED:
            other = f", which is {ruling.rival}" if ruling.rival else ""
            return (
                f"{ruling.field}: the record says {own}; the passage has {named}{other}"
                if ruling.rival or ruling.words
                else (f"{ruling.field}: the record says {own}, which the passage does not print")
            )
        case WordState.BROADER | WordState.NARROWER:
            return f"{ruling.field}: the record says {own}; only {named} is named, which is {ruling.state}"
        case WordState.FARTHER:
            return f"{ruling.field}: {own} stands farther off {named}; the fragment names another"
        case WordState.NO_FORM:
            return f"{ruling.field}: none of the words of {own} stands in any document at hand"
        case WordState.OVERLOOKED:
            known = {"fieldwork": f"the study is of {ruling.rival}", "for": f"an anchor is given for it, at {printed}"}
            printed = known.get(ruling.scope, f"the passage has {named}")
            return f"{ruling.field}: {printed}; the record does not say so"
        case _:
            return f"{ruling.field}: nothing around the passage names {own}"


def _said(base: Base, ruling: Ruling) -> str:
    """What the record says in a field, as people know it."""
    steps = ruling.field.split(".")
    value = base.unit(ruling.entry) if steps == ["unit"] else value_of(ruling.entry, ruling.field)
    if len(steps) > 1 and value is None:
        if steps[0] == "qualifiers":
            return steps[1]
        around = value_of(ruling.entry, ".".join(steps[:-1]))
        group = base.vocabulary.groups.get(str(getattr(around, "group", None) or around))
        level = group.is_.get(steps[-1]) if group else None
        if group is not None and level is None:
            return group.label
        return f"{group.label if group else value} ({steps[-1]}: {level})"
    if steps[-1] == "group":
        return base.label("groups", str(value))
    return base.label(_KINDS[steps[-1]], str(value)) if steps[-1] in _KINDS else str(value)


@check(
    Code(
        "word-form-shared",
        Severity.WARNING,
        "two unrelated entries of one kind are printed in the same words",
        "Where it stands it names neither. Waves of one survey may share its name.",
        "- {id: swims, words: [sport]}\n- {id: cycles, words: [sport]}",
        "- {id: swims, words: [swimming]}\n- {id: cycles, words: [cycling]}",
    ),
    Code(
        "word-form-common",
        Severity.WARNING,
        "the words of an entry stand in more than one sentence of twenty",
        "What stands everywhere is no name: it would name the entry beside every figure.",
        "- {id: member-groups, words: [group]}",
        "- {id: member-groups, words: [member group]}",
    ),
)
def check_forms(context: Context) -> Iterator[Problem]:
    """Words of the vocabulary that cannot tell one entry from another."""
    if context.words is None:
        return
    lexicon, base = context.words.lexicon, context.base
    for (kind, words), names in sorted(lexicon.shared().items()):
        for name in names:
            place = base.vocabulary_places.get((kind, name))
            if place is not None:
                others = ", ".join(sorted(set(names) - {name}))
                message = f"“{words}” is printed for {name} and for {others}"
                hint = "give each the words that tell it from the other; a word for both belongs to neither"
                yield Problem(Severity.WARNING, "word-form-shared", place, message, hint, name)
    sentences, numbers = context.words.common()
    meant = {entry.place for document in base.documents.values() for entry in document.words.values()}
    for (kind, name), number in sorted(numbers.items()):
        place = base.vocabulary_places.get((kind, name))
        measure = base.vocabulary.measures.get(name) if kind == "measures" else None
        subject = measure is not None and measure.concept in base.outcomes  # which a report on it has everywhere
        everywhere = sentences >= _FEWEST and number > _COMMON * sentences
        if place is not None and everywhere and not subject and name not in meant:
            message = f"the words of {name} stand in {number} of {sentences} sentences of the documents at hand"
            yield Problem(
                Severity.WARNING, "word-form-common", place, message, "give it words that are its own name", name
            )


@check(
    Code(
        "claim-twin",
        Severity.WARNING,
        "two claims print the same sentence",
        "One of them says nothing that the other does not: merge them, or say what tells them apart.",
        "- {id: a, says: Girls swim more.}\n- {id: b, says: Girls swim more.}",
        "- {id: a, says: Girls swim more., anchors: [of both]}",
    ),
    Code(
        "claim-heading",
        Severity.ERROR,
        "a claim rests on a title or a heading alone",
        "A heading announces a subject; it says nothing of it.",
        'anchors: [{document: millbrook-2020, fragment: "Girls and swimming"}]',
        "anchors: [the sentence under it]",
    ),
    Code(
        "word-says",
        Severity.ERROR,
        "the sentence of a claim says another than its fields",
        "People read the sentence; searches, maps and citations go by the fields. A name that differs is a warning.",
        "direction: higher\nsays: Girls swim less than boys.",
        "direction: lower\nsays: Girls swim less than boys.",
    ),
    Code(
        "claim-itself",
        Severity.ERROR,
        "a record is compared with itself, or exposed to what it measures",
        "Girls against girls compares nothing.",
        "group: girls\nversus: {group: girls}",
        "group: girls\nversus: {group: boys}",
    ),
)
def check_claims(context: Context) -> Iterator[Problem]:
    """Claims that print one sentence, that rest on a heading, that say another than they record or compare nothing."""
    printed: dict[str, list[str]] = defaultdict(list)
    vocabulary = context.base.vocabulary
    said = {
        entry.key: statement(entry, context.base)
        for entry, record in context.base.each(Claim)
        if record.exposure in (None, *vocabulary.measures, *vocabulary.groups)  # no circle of records
    }
    for key, words in said.items():
        printed[words].append(key)
    for entry, record in context.base.each(Claim):
        twins = [key for key in printed[said[entry.key]] if key != entry.key] if entry.key in said else []
        if twins:
            message = f"prints the same sentence as {', '.join(twins)}"
            hint = "merge them, or say in `says` what tells them apart"
            yield Problem(Severity.WARNING, "claim-twin", entry.place(), message, hint, entry.key)
        if record.kind not in ("definition", "method") and _headings_only(context, entry.key):
            message = "every passage of it is a title or a heading"
            hint = "anchor the sentence that says it"
            yield Problem(Severity.ERROR, "claim-heading", entry.place(("anchors",)), message, hint, entry.key)

        for ruling in rulings_of_saying(context.words, entry) if context.words else ():
            yield _says_another(context.base, ruling)
    yield from _circular(context.base)


def _says_another(base: Base, ruling: Ruling) -> Problem:
    named = ruling.field.split(".", maxsplit=1)[0] not in _WORDED
    message = f"`says` has “{ruling.words}” where {ruling.field} is {_said(base, ruling)}"
    hint = "let the sentence say what the fields record, or correct the field that the document contradicts"
    severity = Severity.WARNING if named else Severity.ERROR
    return Problem(severity, "word-says", ruling.entry.place(("says",)), message, hint, ruling.entry.key)


def _circular(base: Base) -> Iterator[Problem]:
    """Records whose comparator, or exposure, is their own: nothing tells the two sides apart."""
    for entry in base.entries.values():
        record = entry.record
        if not isinstance(record, Claim | Finding):
            continue
        given = record.versus.model_dump(exclude_none=True) if isinstance(record.versus, Versus) else {}
        circles = {
            "versus": bool(given) and all(getattr(record, name, None) == value for name, value in given.items()),
            "exposure": isinstance(record, Claim) and record.exposure in ({record.group, record.measure} - {None}),
        }
        for field in (name for name, found in circles.items() if found):
            message = f"{field} is what the record itself is of"
            hint = "record what the document names"
            yield Problem(Severity.ERROR, "claim-itself", entry.place((field,)), message, hint, entry.key)


def _headings_only(context: Context, key: str) -> bool:
    parts = []
    for outcome in context.matching.by_record.get(("claims", key), []):
        reading = context.words.reading(outcome.anchor.document) if context.words else None
        if reading is None or not outcome.passes or outcome.anchor.for_:
            continue
        unit = reading.structure.unit(outcome.passage.source_start)
        parts.append(unit is not None and unit.part is Part.HEADING and outcome.passage.source_end <= unit.end)
    return bool(parts) and all(parts)
