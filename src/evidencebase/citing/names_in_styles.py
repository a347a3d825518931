# ruff: noqa: D101, D102  (the classes stand in for citeproc-py's of the same names)
"""Names as CSL 1.0.2 prints them: order, initials, particles, “and”, “et al.”; and terms with their fallbacks."""

from __future__ import annotations

import re
from typing import Any

from citeproc import model
from citeproc.string import String

_EAST_ASIAN = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_FALLBACK_FORMS: dict[str | None, tuple[str | None, ...]] = {
    "verb-short": ("verb-short", "verb", None),
    "symbol": ("symbol", "short", None),
    "short": ("short", None),
    "verb": ("verb", None),
    None: (None,),
}
_FEW = 2


class Terms:
    """Terms fall back from the short forms to the long one."""

    def get_single_term(self, name: str, form: str | None = None, **rest: Any) -> Any:
        return self._term_of(name, form, "single", **rest)

    def get_plural_term(self, name: str, form: str | None = None, **rest: Any) -> Any:
        return self._term_of(name, form, "multiple", **rest)

    def _term_of(self, name: str, form: str | None, number: str, **rest: Any) -> Any:
        for each in _FALLBACK_FORMS.get(form, (form, None)):
            term = self.get_term(name, each, **rest)  # type: ignore[attr-defined]
            if term is not None:
                return getattr(term, number)
        return String("")


class Name(Terms, model.Name):  # type: ignore[misc]
    """Names by CSL's rules for order, initials, “and” and “et al.”."""

    def process(self, item: Any, variable: str, context: Any = None, sort_options: Any = None, **_rest: Any) -> Any:
        def option(name: str) -> Any:
            return self.get_option(name, context, sort_options)

        names = list(item.reference.get(variable, []))
        others = len(names) > 1 and names[-1].get("literal") == "others"
        names = names[:-1] if others else names
        least, first = option("et-al-min"), option("et-al-use-first")
        shortened = bool(least and len(names) > 1 and len(names) >= least)
        if option("form") == "count":
            return min(len(names), first) if shortened else len(names)
        shown = names[:first] if shortened else names
        parts = [self._one(name, index, option) for index, name in enumerate(shown)]
        if shortened and option("et-al-use-last") and first <= least - 2:
            ellipsis = self.unicode_character("horizontal ellipsis")
            return String(option("delimiter").join([*parts, f"{ellipsis} {self._one(names[-1], first, option)}"]))
        if shortened or others:
            return String(self._with_et_al(parts, option))
        return String(self._joined(parts, option))

    def _with_et_al(self, parts: list[str], option: Any) -> str:
        when = option("delimiter-precedes-et-al")
        inverted = option("name-as-sort-order") == "all" or len(parts) == 1
        parted = when == "always" or (when == "contextual" and len(parts) >= _FEW)
        parted = parted or (when == "after-inverted-name" and inverted)
        delimiter: str = option("delimiter")
        return delimiter.join(parts) + (delimiter if parted else " ") + str(self.et_al())

    def _joined(self, parts: list[str], option: Any) -> str:
        delimiter: str = option("delimiter")
        word = {"text": self.get_single_term(name="and"), "symbol": "&"}.get(option("and") or "")
        if not word or len(parts) == 1:
            return delimiter.join(parts)
        when = option("delimiter-precedes-last")
        inverted = option("name-as-sort-order") == "all" or len(parts) == _FEW
        parted = when == "always" or (when == "contextual" and len(parts) > _FEW)
        parted = parted or (when == "after-inverted-name" and inverted and bool(option("name-as-sort-order")))
        return delimiter.join(parts[:-1]) + (delimiter if parted else " ") + f"{word} {parts[-1]}"

    def _one(self, name: Any, index: int, option: Any) -> str:
        given, family, drops, keeps, suffix = name.parts()
        if given and option("initialize-with") is not None and self.get("initialize", "true") == "true":
            given = initials(given, option("initialize-with"), hyphen=option("initialize-with-hyphen"))
        if family and given and _EAST_ASIAN.search(family + given):
            return str(family if option("form") == "short" else family + given)
        if option("form") == "short":
            return self._part(None, _spaced(keeps, family))[1]
        order = option("name-as-sort-order")
        if order != "all" and not (order == "first" and index == 0):
            given, family = self._part(given, _spaced(drops, keeps, family))
            return _spaced(given, family, suffix)
        if option("demote-non-dropping-particle") in ("never", "sort-only"):
            given, family = self._part(_spaced(given, drops), _spaced(keeps, family))
        else:
            given, family = self._part(_spaced(given, drops, keeps), family)
        # A body has no given name, so that nothing is turned round.
        separator: str = option("sort-separator")
        return separator.join(str(part) for part in (family, given, suffix) if part)

    def _part(self, given: Any, family: Any) -> tuple[str, str]:
        for part in self.findall("cs:name-part", self.nsmap):
            if self_value := {"given": given, "family": family}.get(part.get("name")):
                done = str(part.wrap(part.format(part.case(String(self_value)))))
                given, family = (done, family) if part.get("name") == "given" else (given, done)
        return str(given or ""), str(family or "")


class Name_Part(model.Name_Part):  # type: ignore[misc]  # noqa: N801  (named after the element)
    pass


def _spaced(*parts: str | None) -> str:
    return " ".join(str(part) for part in parts if part)


def initials(given: str, mark: str, *, hyphen: bool = True) -> str:
    """Given names as initials, each with `mark` (". ") after it; particles and scripts without capitals stay.

    >>> initials("Jean-Paul", ". ")
    'J.-P.'
    >>> initials("J. B. de", ". ")
    'J. B. de'
    """
    cut = ""
    for word in re.findall(r"[^\s.]+\.?", given):
        bare = word.rstrip(".")
        if not bare[0].isupper():
            cut = f"{cut.rstrip()} {bare} "
            continue
        heads = [part[0] for part in bare.split("-") if part]
        joint = f"{mark.rstrip()}-" if hyphen and mark.strip() else ("-" if hyphen else mark)
        cut += joint.join(heads) + mark
    return " ".join(cut.split()) if mark.strip() != mark or not mark else cut.strip()
