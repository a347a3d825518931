"""Deliberately changed meanings: what `evidence check` notices when a record says another thing of the same digits.

    python bench/meanings.py --documents DIR [--base DIR] [--seed N] [--jobs N] [--json] [--list-missed]

Findings, claims, conclusions and hand-written populations are changed in one field each: the neighbour's group, the next
age band, another place, the year before, a direction turned, a qualifier dropped. Digits and passages stay. Every copy of
the base holds at most one change a record, and the product's own command judges it, reviews and lock left out. A change
is noticed where its record has more problems of a code of words (CODES) than in the same base without it. `other` is what
only other checks see, `says` what only the printed sentence betrays.

Families: `any` takes another entry of the vocabulary at random, `neighbour` one that stands near the passage (in its
sentence, beside it in a table or list, within 900 characters) or the next age band, the other sex, the other wave, the
next year; `null` leaves a field out or fills an empty one. Each family is weighed so that every field of every record
counts once, however many changes were tried in it. How entries are found near is this file's own, and simple: it shares
nothing with the engine but the text of the documents. Records that tables make are not changed.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from evidencebase.base import Base, Entry
from evidencebase.loading import load
from evidencebase.provenance.library import Library

SEED = 20261127
CODES = ("word-", "claim-", "anchor-", "unit-", "statistic-", "context-")
KINDS = ("findings", "claims", "conclusions", "populations")
OUTCOMES = ("error", "warning", "says", "other", "missed")
FAMILIES = ("any", "neighbour", "null")
NEAR = 900
BESIDE_LINES = 3
LAYERS = ("in the same sentence", "beside it in lines", "within 900 characters")

OTHER_SEX = {
    "women": "men", "men": "women", "girls": "boys", "boys": "girls", "female": "male", "male": "female",
    "females": "males", "males": "females", "woman": "man", "man": "woman", "girl": "boy", "boy": "girl",
    "mothers": "fathers", "fathers": "mothers",
}  # fmt: skip
SEX_WORDS = {
    "female": r"\b(?:women|woman|girls?|females?|mothers)\b",
    "male": r"\b(?:men|man|boys?|males?|fathers)\b",
}
STATISTICS = {
    "prevalence": "incidence", "proportion": "share", "share": "prevalence", "incidence": "prevalence",
    "rate": "prevalence", "risk": "prevalence", "count": "mean", "total": "mean", "mean": "median", "median": "mean",
    "cost-mean": "cost-total", "cost-total": "cost-mean", "difference": "percent-change", "percent-change": "difference",
    "risk-ratio": "odds-ratio", "rate-ratio": "risk-ratio", "odds-ratio": "risk-ratio", "hazard-ratio": "odds-ratio",
    "ratio": "odds-ratio", "rank": "percentile", "percentile": "rank", "score": "percentile",
}  # fmt: skip
RATES = ("percent", "per-1000", "per-10000", "per-100000", "per-million")
QUALIFIERS = {
    "about": "over", "estimated": "at-least", "over": "nearly", "just-over": "nearly", "up-to": "at-least",
    "at-least": "up-to", "under": "just-over", "nearly": "just-over",
}  # fmt: skip
CLOSED = {
    "direction": {"higher": "lower", "lower": "higher", "no-difference": "higher", "mixed": "higher"},
    "significance": {
        "significant": "not-significant", "not-significant": "significant", "not-stated": "significant",
        "not-tested": "significant",
    },
    "modality": {
        "asserted": "possible", "suggested": "asserted", "possible": "asserted", "projected": "asserted",
        "reported": "asserted",
    },
    "link": {"differs": "raises", "linked": "raises", "raises": "linked"},
}  # fmt: skip
NAMES = {
    "measure": "measures", "group": "groups", "place": "places", "study": "studies", "exposure": "exposures",
    "versus.group": "groups", "versus.place": "places",
}  # fmt: skip
PERIODS = ("period", "versus.period")


@dataclass(frozen=True)
class Change:
    """One record changed in one field: which, how, what it becomes, and a word on it for people."""

    record: str
    of: str
    field: str
    family: str
    kind: str
    data: dict[str, Any] = field(repr=False, hash=False)
    what: str


# --- records as plain data ------------------------------------------------------------------------------------------


def written(value: Any) -> str:
    """A value as JSON, which YAML reads too: decimals keep their digits."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(key))}: {written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    return json.dumps(value, ensure_ascii=False)


def get(data: dict[str, Any], path: str) -> Any:
    value: Any = data
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def changed(data: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with another value at a path; None takes it out."""
    made = copy.deepcopy(data)
    *steps, last = path.split(".")
    target = made
    for step in steps:
        target = target.setdefault(step, {})
    if value is None:
        target.pop(last, None)
        if steps and not target:
            made.pop(steps[0])
    else:
        target[last] = value
    return made


# --- what stands near a passage -------------------------------------------------------------------------------------


def flat(text: str) -> str:
    """Text as it is searched: lower case, one blank for any space, plain quotes and dashes."""
    text = re.sub(r"[\u2018\u2019]", "'", re.sub(r"[\u2010-\u2015]", "-", text))
    return re.sub(r"\s+", " ", re.sub(r"(?<=\w)-\n(?=\w)", "-", text)).strip().lower()


class Near:
    """A document: where a fragment stands, and the texts round it from the nearest to the widest."""

    def __init__(self, text: str) -> None:
        self.text = text

    def layers(self, fragment: str) -> list[str] | None:
        """The sentence, the lines beside, and the 900 characters round a fragment, flat; None if it is not found."""
        words = [re.escape(word) for word in fragment.split()]
        pattern = r"[\s\u00ad]+".join(words).replace("'", "['\u2018\u2019]").replace(r"\-", r"[-\u2010-\u2015]\s?")
        found = re.search(pattern, self.text)
        if found is None:
            return None
        start, end = found.span()
        ends = [each.end() for each in re.finditer(r"[.!?;][\"')\d]*(?=\s)|\n\s*\n", self.text)]
        first = max((each for each in ends if each <= start), default=0)
        last = min((each for each in ends if each >= end), default=len(self.text))
        above, below = self.text[:start].split("\n"), self.text[end:].split("\n")
        lines = "\n".join(above[-BESIDE_LINES - 1 :]) + self.text[start:end] + "\n".join(below[: BESIDE_LINES + 1])
        return [flat(self.text[first:last]), flat(lines), flat(self.text[max(0, start - NEAR) : end + NEAR])]


def without_year(label: str) -> str:
    return re.sub(r"[\s,(]*\b(?:19|20)\d\d(?:[-/\u2013]\d\d(?:\d\d)?)?\b\)?", "", label).strip()


def ages(text: str) -> tuple[int, int] | None:
    """The bounds of an age as groups.yml writes it; 200 is open."""
    if found := re.fullmatch(r"(\d+)-(\d+)", text):
        return int(found[1]), int(found[2])
    if found := re.fullmatch(r"(\d+)\+", text):
        return int(found[1]), 200
    if found := re.fullmatch(r"under (\d+)", text):
        return 0, int(found[1]) - 1
    return (int(text), int(text)) if text.isdigit() else None


@cache
def age_pattern(age: str) -> str:
    bounds = ages(age)
    if bounds is None:
        return r"(?!)"
    low, high = bounds
    if high == 200:
        return rf"\b{low} ?(?:\+|(?:years )?(?:and|or) (?:over|older|above|more))|\bover {low - 1}\b|\bover {low}s?\b"
    if low == 0:
        return rf"\b(?:under|below|younger than) (?:the age of )?{high + 1}s?\b"
    if low == high:
        return rf"\b(?:aged? {low}\b|{low}[- ]year[- ]olds?)"
    return rf"\b{low} ?(?:-|to|and) ?{high}\b"


class Vocabulary:
    """The entries of a base with their printed forms, as this bench finds them."""

    def __init__(self, base: Base) -> None:
        self.base = base
        held = base.vocabulary
        self.groups = {key: each.model_dump(by_alias=True, exclude_none=True) for key, each in held.groups.items()}
        self.made: dict[str, dict[str, Any]] = {}
        self.levels = {
            (name, level.id): [level.label, *level.words]
            for name, each in held.characteristics.items()
            for level in each.levels
        }
        self.forms: dict[str, dict[str, list[str]]] = {
            "measures": {key: [each.label, *each.words] for key, each in held.measures.items()},
            "groups": {key: [each.label, *each.words] for key, each in held.groups.items()},
            "places": {key: [each.label, *each.words] for key, each in held.places.items()},
            "studies": {
                key: [form for form in (each.label, without_year(each.label or ""), *each.words) if form]
                for key, each in base.studies.items()
            },
        }
        self.forms["exposures"] = self.forms["groups"] | self.forms["measures"]
        self._patterns: dict[tuple[str, str], re.Pattern[str]] = {}

    def named(self, kind: str, key: str, text: str) -> bool:
        """Whether a flat text names an entry by one of its forms, or a group by all its parts."""
        if (kind, key) not in self._patterns:
            forms = {re.sub(r"^(?:the|a|an) ", "", flat(form)) for form in self.forms[kind][key]}
            any_form = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True) if len(form) > 2)
            self._patterns[kind, key] = re.compile(rf"(?<![\w-])(?:{any_form})(?![\w-])" if any_form else r"(?!)")
        if self._patterns[kind, key].search(text):
            return True
        parts = self.groups[key].get("is", {}) if key in self.groups and kind in ("groups", "exposures") else {}
        return bool(parts) and all(self._part(name, value, text) for name, value in parts.items())

    def _part(self, name: str, value: Any, text: str) -> bool:
        if name == "age":
            return re.search(age_pattern(str(value)), text) is not None
        if name == "sex":
            return re.search(SEX_WORDS[value], text) is not None
        levels = value if isinstance(value, list) else [value]
        return any(flat(form) in text for level in levels for form in self.levels.get((name, level), []))

    def same(self, kind: str, one: str, other: str) -> bool:
        """Whether two entries are one to a reader: the same label, or groups of the same parts and the same condition."""
        if one == other:
            return True
        first, second = self.forms[kind].get(one, [one]), self.forms[kind].get(other, [other])
        if first and second and flat(first[0]) == flat(second[0]):
            return True
        if one in self.groups and other in self.groups:
            a, b = self.groups[one], self.groups[other]
            return bool(a.get("is")) and all(a.get(key) == b.get(key) for key in ("is", "condition", "universe"))
        return False

    # groups of another age, sex or level: one of the vocabulary, else one made for the copies

    def like(self, key: str, parts: dict[str, Any], renamed: Callable[[str], str]) -> str | None:
        """A group that differs from another in its parts only: of the vocabulary, or made; None if it has no name."""
        group = self.groups[key]
        head = flat(renamed(group["label"]))
        for other, each in self.groups.items():
            same = each.get("is", {}) == parts and each.get("condition") == group.get("condition")
            if other != key and same and each.get("universe") == group.get("universe") and flat(each["label"]) == head:
                return other
        label = renamed(group["label"])
        if flat(label) == flat(group["label"]):
            return None
        words = [renamed(word) for word in group.get("words", []) if renamed(word) != word]
        made = f"{key}-made-{len(self.made) + 1}"
        entry = {"id": made, "label": label, "universe": group.get("universe", "persons"), "is": parts, "words": words}
        if condition := group.get("condition"):
            entry["condition"] = condition
        self.made[made] = self.groups[made] = entry
        self.forms["groups"][made] = [label, *words]
        return made

    def other_age(self, key: str) -> str | None:
        """The group of the next age band: above, else below."""
        parts = self.groups[key].get("is", {})
        bounds = ages(str(parts.get("age", "")))
        if bounds is None:
            return None
        low, high = bounds
        beside = []
        for other, each in self.groups.items():
            theirs = ages(str(each.get("is", {}).get("age", "")))
            rest = {name: value for name, value in each.get("is", {}).items() if name != "age"}
            if theirs and rest == {n: v for n, v in parts.items() if n != "age"} and other not in self.made:
                same = each.get("condition") == self.groups[key].get("condition")
                if same and (theirs[0] == high + 1 or theirs[1] == low - 1):
                    beside.append(other)
        if beside:
            return min(beside)
        if high == 200:
            new, swap = f"{low + 10}+", {str(low): str(low + 10), str(low - 1): str(low + 9)}
        elif low == 0:
            new, swap = f"under {high + 11}", {str(high + 1): str(high + 11)}
        else:
            width = high - low + 1
            new = f"{low + width}-{high + width}" if low != high else str(low + 1)
            swap = {str(low): str(low + width), str(high): str(high + width)}
        return self.like(key, parts | {"age": new}, lambda label: _replaced(label, swap) or f"{label} aged {new}")

    def other_sex(self, key: str) -> str | None:
        parts = self.groups[key].get("is", {})
        if parts.get("sex") not in SEX_WORDS:
            return None
        sex = "male" if parts["sex"] == "female" else "female"
        for other, each in self.groups.items():
            same = each.get("is", {}) == parts | {"sex": sex} and other not in self.made
            if same and each.get("condition") == self.groups[key].get("condition"):
                return other
        return self.like(key, parts | {"sex": sex}, lambda label: _replaced(label, OTHER_SEX) or label)

    def levels_changed(self, key: str, rng: random.Random) -> Iterator[tuple[str, str, str]]:
        """Groups with one level turned, dropped or added: the characteristic, how, and the group."""
        parts = self.groups[key].get("is", {})
        held = self.base.vocabulary.characteristics
        for name, value in parts.items():
            if name not in held:
                continue
            given = value if isinstance(value, list) else [value]
            forms = [form for level in given for form in self.levels.get((name, level), [])]
            others = [level for level in held[name].levels if level.id not in given]
            if others:
                other = rng.choice(others)
                swap = dict.fromkeys(forms, other.label)
                rename = lambda label, s=swap, o=other: _replaced(label, s) or f"{label}, {o.label}"  # noqa: E731
                if made := self.like(key, parts | {name: other.id}, rename):
                    yield name, "another level", made
            rest = {each: part for each, part in parts.items() if each != name}
            gone = lambda label, f=forms: re.sub(r"\s+", " ", _replaced(label, dict.fromkeys(f, "")) or label).strip()  # noqa: E731
            if made := self.like(key, rest, gone):
                yield name, "a condition dropped", made
        if free := [name for name in held if name not in parts]:
            name = rng.choice(free)
            level = rng.choice(held[name].levels)
            if made := self.like(key, parts | {name: level.id}, lambda label: f"{label}, {level.label}"):
                yield name, "a condition added", made


def _replaced(text: str, swap: dict[str, str]) -> str | None:
    """Whole words replaced, all at once; None where none stands there."""
    forms = sorted((re.escape(form) for form in swap if form), key=len, reverse=True)
    if not forms:
        return None
    lower = {form.lower(): other for form, other in swap.items()}
    new, count = re.subn(
        rf"(?<![\w])(?:{'|'.join(forms)})(?![\w])", lambda found: lower[found[0].lower()], text, flags=re.IGNORECASE
    )
    return new if count else None


# --- periods ---------------------------------------------------------------------------------------------------------


def period_text(value: Any) -> str:
    """A period as text, pooled years with a slash; a financial year printed as 2022/23 is written 2022-23."""
    ends = [value["from"], value["to"]] if isinstance(value, dict) else [value]
    return "/".join(re.sub(r"(\d{4})/(\d{2})(?!\d)", r"\1-\2", str(end)) for end in ends)


def shifted(period: str, by: int) -> str:
    """A period so many years later: both years of a financial year, both ends of pooled years."""

    def one(part: str) -> str:
        if found := re.fullmatch(r"(\d{4})-(\d{2})", part):
            year, rest = int(found[1]), int(found[2])
            follows = (year + 1) % 100 == rest
            return f"{year + by}-{(rest + by) % 100:02d}" if follows else f"{year + by}-{found[2]}"
        return re.sub(r"\d{4}", lambda found: str(int(found[0]) + by), part, count=1)

    return "/".join(one(part) for part in period.split("/"))


def as_written(period: str) -> Any:
    if "/" in period:
        first, last = period.split("/")
        return {"from": first, "to": last}
    return period


def years(period: str) -> set[int]:
    """Every year a period touches."""
    found: set[int] = set()
    for part in period.split("/"):
        year = int(re.search(r"\d{4}", part)[0])  # type: ignore[index]
        found.add(year)
        span = re.fullmatch(r"\d{4}-(\d{2})", part)
        if span and (year + 1) % 100 == int(span[1]):
            found.add(year + 1)
    return set(range(min(found), max(found) + 1))


def other_periods(text: str, own: str) -> list[str]:
    """The periods printed in a flat text that neither hold nor are held by a period."""
    found = [
        each[0] + (f"-{each[1]}" if each[1] else "") for each in re.findall(r"\b((?:19|20)\d\d)(?:[-/](\d\d))?\b", text)
    ]
    mine = years(own)
    return [each for each in dict.fromkeys(found) if not years(each) <= mine and not mine <= years(each)]


# --- the changes -----------------------------------------------------------------------------------------------------


class Changes:
    """Every change of every record of a base. The same seed gives the same."""

    def __init__(self, base: Base, library: Library, seed: int = SEED) -> None:
        self.base, self.seed = base, seed
        self.vocabulary = Vocabulary(base)
        self.near = {
            key: Near(held.text.text) for key in base.documents if (held := library.held(key)).text is not None
        }
        self.periods = sorted({
            period_text(value)
            for entry in base.entries.values() if (value := entry.authored.get("period")) is not None
        })  # fmt: skip
        self.used = {
            "studies": sorted(base.studies), "measures": sorted(base.vocabulary.measures),
            "groups": sorted(base.vocabulary.groups), "places": sorted(base.vocabulary.places),
            "exposures": sorted({*base.vocabulary.groups, *base.vocabulary.measures}),
        }  # fmt: skip

    def entries(self) -> list[Entry]:
        """The records that are changed: written by hand, of the kinds that say something of the world."""
        return [each for each in self.base.entries.values() if each.kind in KINDS and each.table is None]

    def of(self, entry: Entry) -> list[Change]:
        """Every change of one record, in an order of its own, each field's true value never among them."""
        rng = random.Random(f"{self.seed} {entry.key}")
        data = entry.authored
        found = [
            Change(entry.key, entry.kind, path, family, kind, new, what)
            for path, family, kind, new, what in self._all(entry, data, rng)
            if written(new) != written(data)
        ]
        rng.shuffle(found)
        return found

    def layers(self, entry: Entry) -> list[str]:
        """The texts near the record's own passages, from the nearest; empty ones where no document is at hand."""
        found = ["", "", ""]
        for _, anchor, _ in entry.record.anchored():
            if anchor.fragment and not anchor.for_ and anchor.document in self.near:
                for index, text in enumerate(self.near[anchor.document].layers(anchor.fragment) or []):
                    found[index] += " | " + text
        return found

    def _all(self, entry: Entry, data: Any, rng: random.Random) -> Iterator[tuple[str, str, str, Any, str]]:
        layers = self.layers(entry)
        fields = type(entry.record).model_fields
        yield from self._names(entry, data, layers, rng)
        for path in PERIODS:
            if path.split(".", maxsplit=1)[0] in fields:
                yield from self._years(data, path, layers, rng)
        yield from self._closed(entry, data, rng)
        yield from self._versus(entry, data, layers, rng)
        if entry.kind == "findings":
            yield from self._statistic(data, rng)
            yield from self._unit(entry, data, rng)
        if entry.kind in ("findings", "populations"):
            yield from self._qualifiers(data, rng)
        if "adjusted_for" in fields and data.get("adjusted_for"):
            yield "adjusted_for", "null", "left out", changed(data, "adjusted_for", None), "adjustment left out"
        elif "adjusted_for" in fields and (entry.kind == "claims" or get(data, "versus")):
            new = changed(data, "adjusted_for", ["age", "sex"])
            yield "adjusted_for", "null", "added", new, "adjusted for age and sex"

    def _names(self, entry: Entry, data: Any, layers: list[str], rng: random.Random) -> Any:
        """The fields that name an entry: swapped, left out, or filled."""
        fields = type(entry.record).model_fields
        for path, kind in NAMES.items():
            value = get(data, path)
            if path.split(".", maxsplit=1)[0] not in fields:
                continue
            if value is not None and value in self.vocabulary.forms[kind]:
                yield from self._swaps(data, path, kind, value, layers, rng)
                if kind == "groups":
                    yield from self._parts(data, path, value, rng)
            if path in ("place", "study") and value is not None:
                yield path, "null", "left out", changed(data, path, None), f"{value} left out"
            elif path in ("place", "study") and entry.kind != "conclusions":
                yield from self._filled(data, path, kind, layers, rng)

    def _swaps(self, data: Any, path: str, kind: str, value: str, layers: list[str], rng: random.Random) -> Any:
        """Another entry at random; one named near, for each layer; the other wave; the same construct; up and down."""
        voc = self.vocabulary
        others = [key for key in self.used[kind] if not voc.same(kind, key, value)]
        if not others:
            return
        taken: set[str] = set()

        def swap(family: str, how: str, choice: list[str]) -> Iterator[tuple[str, str, str, Any, str]]:
            if choice := [key for key in choice if key not in taken]:
                other = rng.choice(choice)
                taken.add(other)
                yield path, family, how, changed(data, path, other), f"{value} to {other}"

        if kind == "studies":
            name = without_year(self.base.studies[value].label or value)
            waves = [key for key in others if without_year(self.base.studies[key].label or key) == name]
            yield from swap("neighbour", "the other wave", waves)
        yield from swap("any", "another at random", others)
        before = ""
        for how, text in zip(LAYERS, layers, strict=True):
            near = [
                key for key in others if voc.named(kind, key, text) and not (before and voc.named(kind, key, before))
            ]
            yield from swap("neighbour", how, near)
            before = f"{before} | {text}"
        if kind == "measures":
            held = self.base.vocabulary.measures
            alike = [key for key in others if held[key].concept == held[value].concept]
            yield from swap("any", "another cut-off or question", alike)
            unlike = [
                key for key in others if held[key].concept != held[value].concept and held[key].unit == held[value].unit
            ]
            yield from swap("any", "another construct", unlike)
        if kind in ("groups", "places"):
            table = self.base.vocabulary.terms(kind)
            yield from swap("any", "the broader", [key for key in table[value].broader if key in others])  # type: ignore[attr-defined]
            yield from swap("any", "a narrower", [key for key in others if value in table[key].broader])  # type: ignore[attr-defined]

    def _parts(self, data: Any, path: str, value: str, rng: random.Random) -> Any:
        """The next age band, the other sex, another level, a condition dropped or added."""
        voc = self.vocabulary
        if other := voc.other_age(value):
            yield f"{path}.age", "neighbour", "the next age band", changed(data, path, other), f"{value} to {other}"
        if other := voc.other_sex(value):
            yield f"{path}.sex", "neighbour", "the other sex", changed(data, path, other), f"{value} to {other}"
        for name, how, other in voc.levels_changed(value, rng):
            part = path if how == "a condition added" else f"{path}.{name}"  # what it does not have is no field of it
            yield part, "any", how, changed(data, path, other), f"{value} to {voc.groups[other]['label']}"

    def _filled(self, data: Any, path: str, kind: str, layers: list[str], rng: random.Random) -> Any:
        """An empty field filled with what nothing near names."""
        far = [key for key in self.used[kind] if not self.vocabulary.named(kind, key, " | ".join(layers))]
        if far:
            other = rng.choice(far)
            yield path, "null", "added", changed(data, path, other), f"nothing to {other}"

    def _years(self, data: Any, path: str, layers: list[str], rng: random.Random) -> Any:
        value = get(data, path)
        if value is None:
            if path == "period":
                years_near = set(re.findall(r"\b(?:19|20)\d\d", " ".join(layers)))
                if far := [each for each in self.periods if str(min(years(each))) not in years_near]:
                    other = rng.choice(far)
                    yield path, "null", "added", changed(data, path, as_written(other)), f"nothing to {other}"
            return
        own = period_text(value)
        next_year = shifted(own, rng.choice((-1, 1)))
        yield path, "neighbour", "the next year", changed(data, path, as_written(next_year)), f"{own} to {next_year}"
        taken = {own, next_year}
        for how, text in zip(LAYERS, layers, strict=True):
            if near := [each for each in other_periods(text, own) if each not in taken]:
                other = rng.choice(near)
                taken.add(other)
                yield path, "neighbour", how, changed(data, path, other), f"{own} to {other}"
        apart = [each for each in self.periods if not years(each) & years(own)]
        other = rng.choice(apart) if apart else shifted(own, -7)
        yield path, "any", "another at random", changed(data, path, as_written(other)), f"{own} to {other}"
        if path == "period":
            yield path, "null", "left out", changed(data, path, None), f"{own} left out"

    def _closed(self, entry: Entry, data: Any, rng: random.Random) -> Any:
        """Words of closed lists: turned (the neighbour), and any other."""
        for path, opposite in CLOSED.items():
            if path not in type(entry.record).model_fields:
                continue
            value = data.get(path, "not-stated" if path == "significance" and data.get("kind") == "relation" else None)
            if value not in opposite:
                continue
            turned = opposite[value]
            yield path, "neighbour", "turned", changed(data, path, turned), f"{value} to {turned}"
            others = [each for each in opposite if each not in (value, turned)]
            if others:
                other = rng.choice(others)
                yield path, "any", "another at random", changed(data, path, other), f"{value} to {other}"

    def _versus(self, entry: Entry, data: Any, layers: list[str], rng: random.Random) -> Any:
        """The comparator swapped with the record's own, left out, or added."""
        if "versus" not in type(entry.record).model_fields:
            return
        for name in ("group", "place", "period"):
            own, against = data.get(name), get(data, f"versus.{name}")
            if own is not None and against is not None and own != against:
                new = changed(changed(data, name, against), f"versus.{name}", own)
                yield (
                    f"versus.{name}",
                    "neighbour",
                    "swapped with the record's own",
                    new,
                    f"{own} and {against} swapped",
                )
        if entry.kind == "claims" and data.get("kind") == "relation":
            if data.get("versus"):
                yield "versus", "null", "left out", changed(data, "versus", None), "comparator left out"
            else:
                far = [
                    key for key in self.used["groups"]
                    if key != data.get("group") and not self.vocabulary.named("groups", key, layers[0])
                ]  # fmt: skip
                if far:
                    other = rng.choice(far)
                    yield "versus", "null", "added", changed(data, "versus", {"group": other}), f"against {other}"

    def _statistic(self, data: Any, rng: random.Random) -> Any:
        value = data.get("statistic")
        if value is None:
            return
        if other := STATISTICS.get(value):
            yield (
                "statistic",
                "neighbour",
                "one easily confused",
                changed(data, "statistic", other),
                f"{value} to {other}",
            )
        other = rng.choice([each for each in STATISTICS if each not in (value, STATISTICS.get(value))])
        yield "statistic", "any", "another at random", changed(data, "statistic", other), f"{value} to {other}"

    def _unit(self, entry: Entry, data: Any, rng: random.Random) -> Any:
        own = self.base.unit(entry)
        units = self.base.vocabulary.units
        if own not in units:
            return
        alike = [
            key for key, each in units.items()
            if key != own and ((own in RATES and key in RATES) or each.dimension == units[own].dimension)
        ]  # fmt: skip
        if alike:
            other = rng.choice(alike)
            yield "unit", "neighbour", "another denominator or thing", changed(data, "unit", other), f"{own} to {other}"
        if apart := [key for key in units if key != own and key not in alike]:
            other = rng.choice(apart)
            yield "unit", "any", "another at random", changed(data, "unit", other), f"{own} to {other}"

    def _qualifiers(self, data: Any, rng: random.Random) -> Any:
        held = list(data.get("qualifiers", []))
        if held:
            yield "qualifiers", "any", "left out", changed(data, "qualifiers", None), f"{held} left out"
            other = [QUALIFIERS[held[0]], *held[1:]]
            yield "qualifiers", "neighbour", "turned", changed(data, "qualifiers", other), f"{held} to {other}"
        else:
            other = [rng.choice(list(QUALIFIERS))]
            yield "qualifiers", "any", "added", changed(data, "qualifiers", other), f"none to {other}"


# --- what the product says of them -----------------------------------------------------------------------------------

Problems = list[dict[str, Any]]
Checker = Callable[[Path, Path | None], Problems]


def product(folder: Path, documents: Path | None) -> Problems:
    """The problems that the command reports, reviews left out."""
    given = ["--documents", str(documents)] if documents else []
    command = [sys.executable, "-m", "evidencebase", "check", "--base", str(folder), "--format", "json", *given]
    done = subprocess.run([*command, "--ignore", "review"], capture_output=True, text=True, check=False)
    try:
        found: Problems = json.loads(done.stdout)["problems"]
    except (ValueError, KeyError):
        raise SystemExit(f"evidence check answered no JSON: {done.stderr[-500:]}") from None
    return found


class Copies:
    """Copies of a base, each with some records changed, judged by a checker."""

    def __init__(self, base: Base, documents: Path | None, made: dict[str, Any], check: Checker) -> None:
        self.base, self.documents, self.made, self.check = base, documents, made, check
        self.source = Path(base.folder.path)
        self.files: dict[str, list[Entry]] = defaultdict(list)
        for entry in base.entries.values():
            if entry.kind in KINDS and entry.table is None:
                self.files[entry.place().path].append(entry)

    def problems(self, changes: list[Change], *, untouched: bool = False) -> dict[str, Counter[tuple[str, str]]]:
        """For each record its problems, as counts of severity and code. `untouched` leaves the vocabulary as it is."""
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made) / "base"
            lines = self._write(folder, {each.record: each.data for each in changes}, untouched=untouched)
            documents = self.documents or (self.source / "documents")
            found: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
            for problem in self.check(folder, documents if documents.is_dir() else None):
                record = problem.get("record") or lines.get((problem.get("path"), problem.get("line")))
                if record and problem["severity"] in ("error", "warning"):
                    found[record][problem["severity"], problem["code"]] += 1
        return found

    def _write(self, folder: Path, new: dict[str, Any], *, untouched: bool) -> dict[tuple[Any, Any], str]:
        """The copy, one record a line, so that a problem without a name is found by its line."""
        folder.mkdir(parents=True)
        for name in ("evidence", "schema", "loaders"):
            if (self.source / name).is_dir():
                shutil.copytree(self.source / name, folder / name, ignore=shutil.ignore_patterns("evidence.lock"))
        shutil.copy(self.source / "metadata.yml", folder / "metadata.yml")
        if self.made and not untouched:
            groups = folder / "schema/groups.yml"
            more = "".join(f"\n- {written(group)}" for group in self.made.values())
            groups.write_text(groups.read_text(encoding="utf-8").rstrip() + more + "\n", encoding="utf-8")
        lines: dict[tuple[Any, Any], str] = {}
        for path, entries in self.files.items():
            rows = []
            for number, entry in enumerate(entries, start=1):
                rows.append(f"- {written(new.get(entry.key, entry.authored))}\n")
                lines[path, number] = entry.key
            (folder / path).write_text("".join(rows), encoding="utf-8")
        return lines


@dataclass
class Measured:
    """What came of it: each change with its outcome, and what the unchanged base has of problems."""

    outcomes: list[tuple[Change, str]]
    fields: int
    records: int
    false_errors: int
    false_warnings: int
    copies: int

    def weighed(self, family: str, path: str | None = None) -> dict[str, float]:
        """The shares of outcomes in percent, every field of every record counting once."""
        of: dict[tuple[str, str], list[str]] = defaultdict(list)
        for change, outcome in self.outcomes:
            if change.family == family and path in (None, change.field):
                of[change.record, change.field].append(outcome)
        total: Counter[str] = Counter()
        for found in of.values():
            for outcome in found:
                total[outcome] += 1 / len(found)  # type: ignore[assignment]
        return {name: 100 * total[name] / len(of) for name in OUTCOMES} if of else dict.fromkeys(OUTCOMES, 0.0)

    def counted(self, family: str, path: str, kind: str | None = None) -> Counter[str]:
        return Counter(
            outcome
            for change, outcome in self.outcomes
            if change.family == family and change.field == path and kind in (None, change.kind)
        )


def outcome(before: Counter[tuple[str, str]], after: Counter[tuple[str, str]]) -> str:
    """What a change came to: the worst of the problems that were not there before."""
    new = after - before
    ours = {(severity, code) for severity, code in new if code.startswith(CODES)}
    named = {(severity, code) for severity, code in ours if "says" not in code.split("-")}
    if named:
        return "error" if any(severity == "error" for severity, _ in named) else "warning"
    if ours:
        return "says"
    return "other" if new else "missed"


def measure(
    folder: Path, documents: Path | None, *, seed: int = SEED, jobs: int = 1, check: Checker = product
) -> Measured:
    """Every change of a base tried."""
    base, _ = load(folder)
    changes = Changes(base, Library(base, documents or folder / "documents"), seed)
    every = {entry.key: changes.of(entry) for entry in changes.entries()}
    copies = Copies(base, documents, changes.vocabulary.made, check)
    plain = copies.problems([], untouched=True)
    before = copies.problems([])
    rounds = max((len(found) for found in every.values()), default=0)
    plans = [[found[index] for found in every.values() if index < len(found)] for index in range(rounds)]
    with ThreadPoolExecutor(jobs) as pool:
        results = list(pool.map(copies.problems, plans))
    outcomes = [
        (change, outcome(before.get(change.record, Counter()), after.get(change.record, Counter())))
        for plan, after in zip(plans, results, strict=True)
        for change in plan
    ]
    ours: Counter[str] = Counter()
    for key in every:
        for (severity, code), count in plain.get(key, Counter()).items():
            if code.startswith(CODES):
                ours[severity] += count
    fields = {(change.record, change.field) for change, _ in outcomes if change.family != "null"}
    return Measured(outcomes, len(fields), len(every), ours["error"], ours["warning"], rounds)


# --- for people ------------------------------------------------------------------------------------------------------


def as_json(found: Measured) -> dict[str, Any]:
    rows = sorted({(change.family, change.field, change.kind) for change, _ in found.outcomes})
    return {
        "records": found.records, "fields": found.fields, "changes": len(found.outcomes), "copies": found.copies,
        "false": {"errors": found.false_errors, "warnings": found.false_warnings},
        "weighed": {family: found.weighed(family) for family in FAMILIES},
        "rows": [
            {"family": family, "field": path, "kind": kind} | dict(found.counted(family, path, kind))
            for family, path, kind in rows
        ],
        "missed": [
            {"record": each.record, "field": each.field, "family": each.family, "kind": each.kind, "what": each.what}
            for each, came in found.outcomes if came == "missed"
        ],
    }  # fmt: skip


def line(name: str, counts: Counter[str]) -> str:
    return f"{name:58} {counts.total():6}" + "".join(f"{counts[each]:9}" for each in OUTCOMES)


def shown(found: Measured) -> Iterator[str]:
    """The tables: by family and field, within a field by kind of change, and the totals weighed."""
    head = "".join(f"{each:>9}" for each in OUTCOMES)
    for family in FAMILIES:
        yield f"{family:58} {'tried':>6}{head}"
        for path in sorted({change.field for change, _ in found.outcomes if change.family == family}):
            yield line(path, found.counted(family, path))
            kinds = sorted({c.kind for c, _ in found.outcomes if c.family == family and c.field == path})
            if len(kinds) > 1:
                for kind in kinds:
                    yield line(f"    {kind}", found.counted(family, path, kind))
        yield line("all", Counter(came for change, came in found.outcomes if change.family == family)) + "\n"
    yield f"{'one a field, percent':24}{head}   noticed"
    for family in FAMILIES:
        shares = found.weighed(family)
        yield (
            f"{family:24}"
            + "".join(f"{shares[each]:9.1f}" for each in OUTCOMES)
            + (f"{shares['error'] + shares['warning']:10.1f}")
        )
    per = 100 / found.fields if found.fields else 0.0
    yield f"\n{found.records} records, {found.fields} fields, {len(found.outcomes)} changes in {found.copies} copies"
    yield (
        f"the base unchanged: {found.false_errors} errors ({found.false_errors * per:.1f}% of fields), "
        f"{found.false_warnings} warnings ({found.false_warnings * per:.1f}%)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", type=Path, default=Path(__file__).parent.parent)
    parser.add_argument("--documents", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--list-missed", action="store_true")
    options = parser.parse_args()
    found = measure(options.base, options.documents, seed=options.seed, jobs=options.jobs)
    if options.json:
        print(json.dumps(as_json(found), indent=1))
        return
    print("\n".join(shown(found)))
    if options.list_missed:
        for change, came in found.outcomes:
            if came == "missed":
                print(f"    {change.family:10} {change.field:16} {change.kind:30} {change.record}: {change.what}")


if __name__ == "__main__":
    main()
