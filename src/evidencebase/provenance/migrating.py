"""From format 1 to format 2: the files rewritten as text edits, the verdicts carried where only the form changed.

The new base is made whole in a folder beside, read again and compared; only then do its files take the place of the
old ones, all or none.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from evidencebase.base import Base
from evidencebase.files import put_back, replace_together, write_whole
from evidencebase.folder import METADATA, BaseFolder
from evidencebase.loading import FORMAT, load
from evidencebase.model.vocabulary import CURRENCIES, PERCENT
from evidencebase.problems import EvidenceError, Place, Severity
from evidencebase.provenance.reviewing import MIGRATION, REVIEWS, add_reviews, carried, carried_over
from evidencebase.provenance.seal import Reviews
from evidencebase.reading import format1
from evidencebase.reading.edits import Edit, as_flow, edited
from evidencebase.reading.yaml import Source, parse_yaml, read_yaml

_OLD_REVIEWS = "evidence/reviews.yml"
_PARTS = (METADATA, "evidence", "schema", "loaders")
_UNITS = "schema/units.yml"
_CHARACTERISTICS = "schema/characteristics.yml"
_REVIEWS_SCHEMA = "# yaml-language-server: $schema=../../schema/reviews.schema.json"
_OLD_HEADER = (
    "# yaml-language-server: $schema=../schema/reviews.schema.json",
    "# Append-only: who reviewed which content.",
)
_UNITS_HEADER = """# yaml-language-server: $schema=units.schema.json
# What figures are counted in, and the ways documents print it; the first form is the one shown.
"""
_CHARACTERISTICS_HEADER = """# yaml-language-server: $schema=characteristics.schema.json
# What marks the members of groups, beside age and sex: for each characteristic its levels, as documents print them.
"""
_PRINTED: dict[str, tuple[tuple[str, ...], str, str]] = {
    PERCENT: (("%", "per cent", "percent"), "proportion", "0.01"),
    "gbp": (("£", "pounds"), "currency", "1"),
    "eur": (("€", "euros"), "currency", "1"),
    "usd": (("$", "dollars"), "currency", "1"),
    "times": (("times",), "ratio", "1"),
    "rank": ((), "rank", "1"),
    "years": (("years", "year"), "time", "1"),
    "persons": (("people", "persons", "residents"), "count", "1"),
}


@dataclass(frozen=True)
class Became:
    """One field of one record or entry: where it stands, its old words, what stands in its place."""

    place: Place
    kind: str
    key: str
    change: format1.Change
    old: object

    @property
    def text(self) -> str:
        """What became of it, on one line."""
        new = ", ".join(f"{name}: {as_flow(value)}" for name, value in self.change.becomes.items())
        return f"{self.change.field}: {as_flow(self.old)} -> {new or 'nothing: it is said by another field'}"


@dataclass
class Migration:
    """What the migration of a base does: its files with their new content (None: removed), and what became of what.

    `open` are the ids of records whose old fields do not decide the new ones: these stay unset and are marked unread.
    """

    folder: BaseFolder
    became: list[Became] = field(default_factory=list)
    files: dict[Path, bytes | None] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    kept: int = 0
    carried: int = 0
    entries: int = 0
    restored: bool = False

    @property
    def needed(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.files)

    def write(self) -> None:
        """Put the new files in place, all or none. Raises EvidenceError where that cannot be done."""
        replace_together(self.folder.path, self.files)


def plan(folder: BaseFolder, today: str) -> Migration:
    """What a migration to the newest format would do; nothing is written, but a half of one is undone.

    Raises EvidenceError where the base has faults that must be mended first, or could not be read back as it was.
    """
    if folder.read_only:
        raise EvidenceError("the base inside the package is read-only", "work on a copy of it, named with --base")
    found = Migration(folder, restored=put_back(folder.path))
    base, problems = load(folder)
    fault = next((problem for problem in problems if problem.severity is Severity.ERROR), None)
    if fault:
        raise EvidenceError(f"{fault.place}: {fault.message}", f"mend it first: {fault.hint}")
    if base.format == FORMAT:
        return found
    for file in _texts(base):
        source, _ = read_yaml(file, folder.shown(file))
        if source is not None:
            _rewrite(found, file, source)
    _vocabulary(base, found)
    _verdicts(base, found, today)
    return found


def _texts(base: Base) -> Iterator[Path]:
    """Every YAML file of a base that can hold a field of format 1."""
    folder = base.folder
    yield folder.path / METADATA
    for kind in format1.KINDS:
        yield from folder.files(f"evidence/{kind}", ".yml")[0]
        single = folder.path / f"schema/{kind}.yml"
        if single.is_file():
            yield single
    yield from folder.files("loaders", ".yml")[0]


def _rewrite(found: Migration, file: Path, source: Source) -> None:
    """Edit one file, and hold what is read from it then to what the loader makes of the old one."""
    edits: list[Edit] = []
    if source.path == METADATA:
        edits.append(Edit(("evidencebase", "format"), {"format": FORMAT}))
    for became, path in _changes(source):
        found.became.append(became)
        edits.append(Edit((*path, became.change.field), became.change.becomes))
        if not became.change.decided:
            found.open.append(became.key)
    if not edits:
        return
    text = file.read_bytes().decode("utf-8")
    new = edited(text, edits)
    read, problems = parse_yaml(new.removeprefix("\ufeff"), source.path)
    if read is None or problems or format1.digest_as_written(read.data) != _expected(source):
        message = f"{source.path} could not be rewritten so that it reads as it does now; nothing was changed"
        raise EvidenceError(message, "please report it, with the file")
    found.files[file] = new.encode("utf-8")


def _mappings(source: Source) -> Iterator[tuple[str, tuple[str | int, ...], dict[str, object]]]:
    """Every mapping of a file that format 1 wrote in its own way: its kind, its path, itself."""
    kind = source.path.split("/")[1].removesuffix(".yml") if "/" in source.path else ""
    if source.path.startswith("loaders/") and isinstance(source.data, dict):
        for index, rule in enumerate(source.data.get("create") or []):
            if isinstance(rule, dict) and isinstance(rule.get("record"), dict):
                yield f"{rule.get('kind')}s", ("create", index, "record"), rule["record"]
    elif isinstance(source.data, list):
        yield from ((kind, (index,), item) for index, item in enumerate(source.data) if isinstance(item, dict))


def _changes(source: Source) -> Iterator[tuple[Became, tuple[str | int, ...]]]:
    for kind, path, mapping in _mappings(source):
        table = source.path.startswith("loaders/") and isinstance(source.data, dict)
        key = f"{source.data['document']}-{source.data['table']}" if table else str(mapping.get("id"))
        for change in format1.changes(kind, mapping):
            place = source.place((*path, change.field))
            yield Became(place, kind, key, change, mapping[change.field]), path


def _expected(source: Source) -> str:
    """The digest of what a file must read as once it is rewritten."""
    new = {path: format1.converted(kind, mapping)[0] for kind, path, mapping in _mappings(source)}

    def made(value: object, path: tuple[str | int, ...]) -> object:
        if path in new:
            return new[path]
        if path == ("evidencebase", "format") and source.path == METADATA:
            return FORMAT
        if isinstance(value, dict):
            return {key: made(item, (*path, key)) for key, item in value.items()}
        return [made(item, (*path, index)) for index, item in enumerate(value)] if isinstance(value, list) else value

    return format1.digest_as_written(made(source.data, ()))


def _vocabulary(base: Base, found: Migration) -> None:
    """The units in use with their usual printed forms, and a place for characteristics: where they do not stand yet."""
    for name, text in ((_UNITS, _units(base)), (_CHARACTERISTICS, _CHARACTERISTICS_HEADER)):
        file = base.folder.path / name
        if not file.exists():
            found.files[file] = text.encode("utf-8")


def _units(base: Base) -> str:
    used = {measure.unit for measure in base.vocabulary.measures.values()}
    used |= {unit for entry in base.entries.values() if (unit := base.unit(entry))}
    used |= {column.unit for table in base.tables.values() for column in table.spec.columns.values()}
    lines = []
    for unit in sorted(used):
        name = unit if unit in _PRINTED else next((each for each in CURRENCIES if unit.startswith(f"{each}-")), "")
        label = unit.replace("-", " ")
        words, dimension, factor = _PRINTED.get(name, ((label,), "count", "1"))
        form = f", words: {as_flow(list(words))}" if words else ""
        lines.append(
            f"- {{id: {as_flow(unit)}, label: {as_flow(label)}{form}, dimension: {dimension}, factor: {factor}}}"
        )
    return _UNITS_HEADER + "".join(f"{line}\n" for line in lines)


def _verdicts(base: Base, found: Migration, today: str) -> None:
    """The verdicts of the new base: every old one, those on what only changed its form carried over, and no others."""
    with tempfile.TemporaryDirectory(prefix="evidence-migrate-") as name:
        beside = Path(name)
        for part in _PARTS:
            _copy(base.folder, part, beside)
        for file, content in found.files.items():
            if content is not None:
                write_whole(beside / base.folder.shown(file), content)
        (beside / _OLD_REVIEWS).unlink(missing_ok=True)
        new, problems = load(beside)
        _refuse_faults(base, new, [problem for problem in problems if problem.severity is Severity.ERROR])
        old_reviews, new_reviews = Reviews(base), Reviews(new)
        over = carried_over(old_reviews, new_reviews)
        entries = carried(new_reviews, today)
        _keep_comments(base.folder.path / _OLD_REVIEWS, beside / REVIEWS / f"{MIGRATION}.yml")
        add_reviews(BaseFolder(beside), [*over, *entries])
        found.kept, found.entries = len(over), len(entries)
        found.carried = sum(review.via is not None for review in over)
        for file in sorted((beside / REVIEWS).glob("*.yml")):
            found.files[base.folder.path / REVIEWS / file.name] = file.read_bytes()
        if (base.folder.path / _OLD_REVIEWS).exists():
            found.files[base.folder.path / _OLD_REVIEWS] = None


def _keep_comments(old: Path, new: Path) -> None:
    """Carry what people wrote between the verdicts into the file of the migration; the usual two lines stand there."""
    lines = old.read_text("utf-8-sig").splitlines() if old.exists() else []
    said = [line for line in lines if line.startswith("#") and line not in _OLD_HEADER]
    if said:
        write_whole(new, "".join(f"{line}\n" for line in (_REVIEWS_SCHEMA, *said)))


def _copy(folder: BaseFolder, part: str, beside: Path) -> None:
    """Copy what a base is read from; what leads out of it is no part of it."""
    source = folder.path / part
    if source.is_file():
        shutil.copyfile(source, beside / part)
        return
    for file in (file for suffix in (".yml", ".bib", ".csv") for file in folder.files(part, suffix)[0]):
        target = beside / folder.shown(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)


def _refuse_faults(old: Base, new: Base, faults: list[object]) -> None:
    if not faults and new.format == FORMAT and old.entries.keys() == new.entries.keys():
        same = all(old.entries[name].record == entry.record for name, entry in new.entries.items())
        if same and old.vocabulary.groups == new.vocabulary.groups:
            return
    message = "the new base would not read as the old one does; nothing was changed"
    raise EvidenceError(message, f"please report it: {faults[0]}" if faults else "please report it")
