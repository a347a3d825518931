"""One page on a group for a committee: what is known, how sure, what conflicts, what is offered, what is missing.

`briefing()` gathers sections from records; `citing.pages` writes them as Markdown, HTML or DOCX. No number stands
in a briefing that is not a record's own or a count of records.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evidencebase.answers.names import find_group
from evidencebase.citing.marked import Marked, plain
from evidencebase.citing.sentences import aloud, cited, precision, sources_of, study_of
from evidencebase.citing.statements import conflict_words, statement
from evidencebase.citing.styles import Styled
from evidencebase.model.appraisals import strength_order
from evidencebase.model.periods import years
from evidencebase.model.records import Claim, Conclusion, Estimate, Finding, Response, Study
from evidencebase.provenance.lock import read_lock
from evidencebase.provenance.matching import remember
from evidencebase.provenance.seal import Reviews, counts, stands
from evidencebase.rules.applicability import of_estimate
from evidencebase.rules.certainty import certainty_level
from evidencebase.rules.conflict import conflicts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evidencebase.base import Base, Entry

_MOST = {
    "known": 6, "claims": 2, "caveats": 2, "conflicts": 3, "estimates": 3, "conclusions": 2, "offered": 3, "gaps": 6,
    "studies": 6,
}  # fmt: skip


@dataclass
class Section:
    """A part of a briefing: a lead sentence, a table or a list, and what was left out for space."""

    heading: str
    lead: Marked | None = None
    items: list[Marked] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    rows: Sequence[tuple[Marked, ...]] = ()
    more: str = ""


@dataclass
class Briefing:
    """A briefing as data. `references` are in the order of the style."""

    title: str
    scope: Marked
    sections: list[Section]
    references: list[Marked]


def briefing(base: Base, name: str, style: str = "vancouver", *, everything: bool = False) -> Briefing:
    """The briefing on a group and the groups within it.

    `everything` lifts the limits that keep it to a page. Raises UsageError for an unknown group.
    """
    return _Maker(base, find_group(base, name).id, style, everything=everything).made()


class _Maker:
    """Gathers the sections on one group."""

    def __init__(self, base: Base, group: str, style: str, *, everything: bool) -> None:
        self.base, self.group, self.everything = base, group, everything
        self.reviews = Reviews(base)
        inner = (each for each in base.vocabulary.groups if group in base.vocabulary.ancestors("groups", each))
        self.groups = (group, *inner)
        self.entries = [entry for entry in base.entries.values() if self._about(entry)]
        self.findings = sorted((entry for entry in self.entries if isinstance(entry.record, Finding)), key=self._order)
        self.shown: list[Entry] = []
        self.style = style
        cites = [key for entry in base.entries.values() for key in cited(entry, base).keys if self._has_entry(key)]
        self.styled = Styled(sources_of(cites, base), style)

    def _has_entry(self, key: str) -> bool:
        return self.base.bibliography is not None and key in self.base.bibliography

    def _about(self, entry: Entry) -> bool:
        record = entry.record
        groups = record.groups if isinstance(record, Response) else [getattr(record, "group", None)]
        return any(each in self.groups for each in groups) and counts(self.reviews.status(entry))

    def _order(self, entry: Entry) -> tuple[int, int, str, str]:
        record = entry.record
        group, measure = getattr(record, "group", ""), getattr(record, "measure", "")
        return self.groups.index(group) and 1, strength_order(self._strength(entry)), measure, entry.key

    def _strength(self, entry: Entry) -> str:
        study = study_of(entry, self.base)
        return study.strength if study else "not graded"

    def made(self) -> Briefing:
        name = self.base.label("groups", self.group)
        self._sections()
        # The second pass numbers only what the first one showed, in the order a reader meets it.
        used = [key for entry in self.shown for key in cited(entry, self.base).keys]
        self.styled = Styled(sources_of(used, self.base), self.style)
        sections = self._sections()
        references = [mark for _, mark in self.styled.references()]
        return Briefing(name[:1].upper() + name[1:], self._scope(), sections, references)

    def _sections(self) -> list[Section]:
        self.shown = []
        makers = (
            self._known, self._claims, self._trust, self._conflicts, self._estimates,
            self._conclusions, self._offered, self._gaps,
        )  # fmt: skip
        return [section for maker in makers if (section := maker())]

    def _scope(self) -> Marked:
        about = self.base.metadata.get("evidencebase") or {}
        scope, as_at = about.get("scope"), about.get("as_at")
        states = Counter(aloud(self.reviews.status(entry)).partition(":")[0] for entry in self.entries)
        marked = [f"{number} {state}" for state, number in sorted(states.items()) if state]
        text = f"From {len(self.entries)} records of this base"
        text += f" on {scope}" if scope else ""
        text += f", as at {as_at}." if as_at else "."
        if len(self.groups) > 1:
            text += f" Groups within this one are included ({len(self.groups) - 1})."
        if marked:
            text += f" Of these records, {' and '.join(marked)}: they are marked *."
        return plain(text + self._matched())

    def _matched(self) -> str:
        """What the lock says of the published figures shown: how many it knows as matched, as they are now."""
        figured = {entry.key: entry for entry in self.shown if entry.record.figures() and self.base.figure(entry)}
        lock, _ = read_lock(self.base)
        held = sum(
            all(outcome.vouched and outcome.passes for outcome in remember(self.base, lock, entry))
            for entry in figured.values()
        )
        shown = "figure shown" if len(figured) == 1 else f"{len(figured)} figures shown"
        were = "was matched in its document" if held == 1 else "were matched in their documents"
        if not figured:
            return ""
        if not held:
            stand = "stands in its document" if len(figured) == 1 else "stand in their documents"
            return f" Whether the {shown} {stand} was not checked here: evidence check does."
        told = f" The {shown} {were} when the lock was written"
        if held < len(figured):
            others = "the other was" if len(figured) - held == 1 else "the others were"
            told = f" Of the {shown}, {held} {were} when the lock was written; {others} not checked here"
        return f"{told}. That a figure was matched does not make it true."

    # -- pieces

    def _cut(self, name: str, listed: list[Entry]) -> tuple[list[Entry], str]:
        most = len(listed) if self.everything else _MOST[name]
        kept = listed[:most]
        self.shown += kept
        rest = len(listed) - len(kept)
        return kept, f"{rest} more in this base: evidence briefing {self.group} --all" if rest else ""

    def _mark(self, entry: Entry) -> str:
        return "*" if aloud(self.reviews.status(entry)) else ""

    def _cite(self, entry: Entry) -> Marked:
        source = cited(entry, self.base)
        studies, through = (
            [each.key for each in sources_of(keys, self.base)] for keys in (source.studies, source.through)
        )
        return self.styled.cite(studies, through)

    def _said(self, entry: Entry, tail: str = "") -> Marked:
        text = statement(entry, self.base).rstrip(".") + tail + self._mark(entry)
        return plain(text) + " " + self._cite(entry) + "."

    def _of(self, kind: type) -> list[Entry]:
        return [entry for entry in self.entries if isinstance(entry.record, kind)]

    # -- sections

    def _known(self) -> Section:
        kept, more = self._cut("known", self.findings)
        rows = [
            (
                plain(statement(entry, self.base) + self._mark(entry)),
                plain(precision(entry, self.base)),
                plain(self._strength(entry)),
                self._cite(entry),
            )
            for entry in kept
        ]
        columns = ("What was measured", "Precision", "Source strength", "Source")
        lead = None if rows else plain("This base holds no figure on this group.")
        return Section("What is known", lead, columns=columns if rows else (), rows=rows, more=more)

    def _claims(self) -> Section | None:
        told = {statement(entry, self.base): entry for entry in reversed(self._of(Claim))}
        kept, more = self._cut("claims", list(reversed(told.values())))
        items = [self._said(entry, f"; source strength: {self._strength(entry)}") for entry in kept]
        return Section("What is said without a figure", items=items, more=more) if items else None

    def _trust(self) -> Section | None:
        studies = dict.fromkeys(study.key for entry in self.shown if (study := study_of(entry, self.base)))
        most = len(studies) if self.everything else _MOST["studies"]
        items = [self._graded(self.base.studies[key]) for key in list(studies)[:most]]
        caveats = Counter(caveat for entry in self.shown for caveat in entry.record.caveats)
        common = [text for text, _ in caveats.most_common()]
        kept = common if self.everything else common[: _MOST["caveats"]]
        items += [plain(f"Caveat: {text.rstrip('.')}.") for text in kept]
        rest = len(common) - len(kept) + max(0, len(studies) - most)
        more = f"{rest} more studies and caveats: evidence briefing {self.group} --all" if rest else ""
        rubric = self.base.vocabulary.rubric
        lead = plain(f"Source strength is graded by this base under {rubric.name}.") if rubric and studies else None
        return Section("How far it can be trusted", lead, items=items, more=more) if items else None

    def _graded(self, study: Study) -> Marked:
        rubric = self.base.vocabulary.rubric
        reason = f": {rubric.grade(study).reason}" if rubric else ""
        other = f"; debatable, perhaps {study.debatable.alternative}" if study.debatable else ""
        return plain(f"{self.base.label('studies', study.key)}, {study.strength}{reason}{other}.")

    def _conflicts(self) -> Section | None:
        own = {entry.key for entry in self.entries}
        pairs = [each for each in conflicts(self.base, self._told()) if {each.one.key, each.other.key} & own]
        kept = pairs if self.everything else pairs[: _MOST["conflicts"]]
        items = []
        for one, other, why in ((each.one, each.other, conflict_words(each)) for each in kept):
            self.shown += [one, other]
            joint = (
                plain(f"{statement(one, self.base).rstrip('.')}{self._mark(one)}") + " " + self._cite(one) + "; but "
            )
            said = self.base.figure(other) or statement(other, self.base).rstrip(".")
            items.append(joint + f"{said}{self._mark(other)} " + self._cite(other) + f" ({why}).")
        disputed: dict[str, list[Entry]] = {}
        for entry in self._of(Conclusion):
            against = [key for key in getattr(entry.record, "disputes", []) if key in self.base.by_id]
            if against:
                disputed.setdefault(against[0], []).append(entry)
        items += [self._disputed(self.base.by_id[key], entries) for key, entries in disputed.items()]
        rest = len(pairs) - len(kept)
        more = f"{rest} more: evidence briefing {self.group} --all" if rest else ""
        lead = None if items else plain("No conflict is recorded between figures or claims on this group.")
        return Section("Where sources disagree", lead, items=items, more=more)

    def _told(self) -> list[Entry]:
        """Every figure and claim that stands, those shown first in front: what a conflict is between."""
        rest = (entry for kind in ("findings", "claims") for entry in self.base.of(kind))
        told = {entry.key: entry for entry in (*self.findings, *rest)}
        return [entry for entry in told.values() if stands(self.reviews.status(entry))]

    def _disputed(self, against: Entry, concluded: list[Entry]) -> Marked:
        """Conclusions of documents, and the record of this base that speaks against them."""
        self.shown += [*concluded, against]
        said = plain("Concluded: ")
        for entry in concluded:
            said = said + f"{statement(entry, self.base).rstrip('.')}{self._mark(entry)} " + self._cite(entry) + "; "
        return said + "but: " + self._said(against)

    def _estimates(self) -> Section:
        wanted = [entry for entry in self.base.of("estimates") if self._estimate_about(entry)]
        kept, more = self._cut("estimates", wanted)
        items = [self._said(entry, self._applies(entry) + self._override(entry)) for entry in kept]
        lead = "This base holds no local estimate for this group."
        if items:
            lead = "A rate measured elsewhere applied to the local population, as published; not a local measurement."
        return Section("Local estimates", plain(lead), items=items, more=more)

    def _estimate_about(self, entry: Entry) -> bool:
        record = entry.record
        if not isinstance(record, Estimate) or record.value is None or not counts(self.reviews.status(entry)):
            return False
        population = self.base.by_id.get(record.population or "")
        group = record.group or (getattr(population.record, "group", None) if population else None)
        return group in self.groups

    def _applies(self, entry: Entry) -> str:
        applicable = of_estimate(self.base, entry.record) if isinstance(entry.record, Estimate) else None
        return f"; applicability: {applicable.level}" if applicable else ""

    def _override(self, entry: Entry) -> str:
        override = getattr(entry.record, "override", None)
        return f" (applied although it does not fit: {override})" if override else ""

    def _conclusions(self) -> Section | None:
        told = [entry for entry in self._of(Conclusion) if entry not in self.shown or self.everything]
        kept, more = self._cut("conclusions", told)
        items = [
            self._said(entry, f"; certainty: {certainty_level(entry.record.certainty)}")
            for entry in kept
            if isinstance(entry.record, Conclusion)
        ]
        return Section("What documents conclude", items=items, more=more) if items else None

    def _offered(self) -> Section:
        kept, more = self._cut("offered", self._of(Response))
        items = [self._said(entry, f"; {_effect(entry)}") for entry in kept]
        lead = (
            "Being offered is not being effective." if items else "No response for this group is recorded in this base."
        )
        return Section("What is offered or recommended", plain(lead), items=items, more=more)

    def _gaps(self) -> Section:
        listed = gaps(self.base, self.findings, self.entries)
        kept = listed if self.everything else listed[: _MOST["gaps"]]
        return Section("What this base does not hold", items=[plain(text) for text in kept])


def _effect(entry: Entry) -> str:
    known = getattr(entry.record, "effectiveness", "none-recorded")
    return {"none-recorded": "no effect recorded", "reported": "effect reported", "evaluated": "evaluated"}[known]


def gaps(base: Base, findings: list[Entry], entries: list[Entry]) -> list[str]:
    """What is missing on a group, each derived from the records that are there."""
    records = [entry.record for entry in findings if isinstance(entry.record, Finding)]
    found = []
    if records and not any(record.interval for record in records):
        found.append("No published interval: how precise these figures are is unknown.")
    held = {record.measure for record in records}
    others = {record.measure for record in base.findings.values() if record.statistic == "prevalence"} - held
    if others:
        names = sorted(base.label("measures", key) for key in others)
        found.append(f"No figure for measures held for other groups: {_some(names)}.")
    places = {record.place for record in records if record.place}
    elsewhere = {record.place for record in base.findings.values() if record.place} - places
    if elsewhere:
        found.append(f"No figure for {_some(sorted(base.label('places', key) for key in elsewhere))}.")
    newest = max((span[1] for record in records if record.period and (span := years(record.period))), default=None)
    found += [f"No figure on this group from after {newest}."] if newest else []
    periods = Counter((record.measure, record.group, record.place) for record in records if record.period)
    if records and not any(number > 1 for number in periods.values()):
        found.append("No trend: no measure has figures for more than one period.")
    responses = [entry.record for entry in entries if isinstance(entry.record, Response)]
    if responses and not any(response.effectiveness == "evaluated" for response in responses):
        found.append("No evaluation of what is offered: none of it has an evaluated effect in this base.")
    nameless = sum(study_of(entry, base) is None for entry in findings)
    found += [f"No study named for {nameless} of {len(records)} figures: not graded."] if nameless else []
    if not any(isinstance(entry.record, Conclusion) for entry in entries):
        found.append("No conclusion of a document on this group.")
    return found


def _some(names: list[str], most: int = 3) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
