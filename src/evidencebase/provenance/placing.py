"""Writing proposals into the files of a base: as text edits, so that every other byte stays, all files or none.

A file that is no longer as it was read is refused. What was written is read again before it takes the old file's place,
and held to what the old one says with the additions.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidencebase.base import Base, Entry
from evidencebase.files import alone, replace_together
from evidencebase.folder import BaseFolder
from evidencebase.model.kinds import KINDS
from evidencebase.model.values import Path as Steps
from evidencebase.problems import EvidenceError
from evidencebase.provenance.grounding import Asked, anchors_of
from evidencebase.provenance.sections import Gathered
from evidencebase.reading.edits import Added, Ahead, Edit, as_flow, edited
from evidencebase.reading.tables import Table, fill
from evidencebase.reading.yaml import parse_yaml, read_yaml

_HEADER = "# yaml-language-server: $schema=../schema/contexts.schema.json\n"
_AGAIN = "run `evidence ground` again"
Item = dict[str, Any]


@dataclass
class _File:
    """A file of a base as it was read, with what is to be added to it: items to lists, and fields before others."""

    path: Path
    shown: str
    old: bytes | None
    text: str
    data: Any
    lists: dict[Steps, list[Item]] = field(default_factory=lambda: defaultdict(list))
    fields: dict[Steps, dict[str, str]] = field(default_factory=dict)
    entries: list[Item] = field(default_factory=list)

    def new(self) -> bytes:
        """The file with the additions. Raises EvidenceError where it would not read as the old one with them."""
        newline = "\r\n" if "\r\n" in self.text else "\n"
        text = self.text
        for item in self.entries:
            lines = [f"{as_flow(name)}: {as_flow(value)}{newline}" for name, value in item.items()]
            text += ("" if text.endswith("\n") else newline) + "- " + "  ".join(lines)
        text = edited(text, list(self._edits()))
        source, problems = parse_yaml(text.removeprefix("\ufeff"), self.shown)
        if source is None or problems or source.data != self._expected():
            message = f"{self.shown} could not be completed so that it reads as before; nothing was changed"
            raise EvidenceError(message, "add the anchors shown by hand; please report it, with the file")
        return text.encode("utf-8")

    def _edits(self) -> Iterator[Edit | Ahead | Added]:
        for steps, fields in self.fields.items():
            yield Ahead(steps, dict(fields))
        for steps, items in self.lists.items():
            around, name = _at(self.data, steps[:-1]), str(steps[-1])
            if name not in around:  # before the last field, where no comment on the mapping's end can stand between
                yield Ahead((*steps[:-1], list(around)[-1]), {name: items})
            else:
                yield Added(steps, items) if around[name] else Edit(steps, {name: items})

    def _expected(self) -> Any:
        data = copy.deepcopy(self.data)
        for steps, fields in self.fields.items():
            _at(data, steps[:-1]).update(fields)
        for steps, items in self.lists.items():
            around, name = _at(data, steps[:-1]), steps[-1]
            around[name] = [*(around.get(name) or []), *items]
        return [*(data or []), *self.entries] if self.entries else data


def _at(data: Any, steps: Steps) -> Any:
    for step in steps:
        data = data[step]
    return data


@dataclass
class Writing:
    """What is to be written: each file with its bytes as they were read and as they become; the records it is of."""

    folder: BaseFolder
    files: dict[Path, tuple[bytes | None, bytes]] = field(default_factory=dict)
    records: list[Entry] = field(default_factory=list)

    def write(self) -> None:
        """Put the new files in place, all or none. Raises EvidenceError where one was changed meanwhile."""
        with ExitStack() as stack:
            for file in sorted(self.files):
                stack.enter_context(alone(file))
            for file, (old, _) in self.files.items():
                if (file.read_bytes() if file.exists() else None) != old:
                    message = f"{self.folder.shown(file)} was changed meanwhile; nothing was written"
                    raise EvidenceError(message, _AGAIN)
            replace_together(self.folder.path, {file: new for file, (_, new) in self.files.items()})


def place(base: Base, asked: list[Asked], gathered: list[Gathered]) -> Writing:
    """What writing the contexts, and the chosen anchor of each field that they do not answer, would change.

    Raises EvidenceError where a record does not stand in its file as it was judged.
    """
    if base.folder.read_only:
        raise EvidenceError("the base inside the package is read-only", "work on a copy of it, named with --base")
    files = _Files(base.folder)
    entries: dict[tuple[str, str], Entry] = {}
    for made in gathered:
        files.get(KINDS["contexts"].place, empty=_HEADER).entries.append(made.written)
        for entry in made.entries:
            entries[entry.kind, entry.key] = entry
            file = files.get(entry.place().path)
            index = _index(file, entry)
            name = anchors_of(entry.record)
            before = name if name in file.data[index] else list(file.data[index])[-1]
            file.fields[index, before] = {"context": made.context.id}
    by_table: dict[str, list[tuple[Entry, list[Item]]]] = defaultdict(list)
    for entry, anchors in _anchors(asked, gathered):
        entries[entry.kind, entry.key] = entry
        if entry.table is not None:
            by_table[entry.table.spec.id].append((entry, anchors))
        else:
            file = files.get(entry.place().path)
            file.lists[_index(file, entry), anchors_of(entry.record)] += anchors
    for rows in by_table.values():
        _into_spec(files, rows)
    changed = {file.path: (file.old, file.new()) for file in files.read.values()}
    return Writing(base.folder, changed, list(entries.values()))


@dataclass
class _Files:
    """The files that are to be completed, each read once."""

    folder: BaseFolder
    read: dict[str, _File] = field(default_factory=dict)

    def get(self, shown: str, *, empty: str | None = None) -> _File:
        """A file by its name in the base; where it need not be there, what an empty one says.

        Raises EvidenceError where it cannot be read as the YAML of a base.
        """
        if shown not in self.read:
            path = (self.folder.path / shown).resolve()
            try:
                old = None if empty is not None and not path.exists() else path.read_bytes()
                text = (empty or "") if old is None else old.decode("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise EvidenceError(f"{shown} cannot be read: {error}", "mend the file first") from error
            source, problems = parse_yaml(text.removeprefix("\ufeff"), shown)
            if source is None or problems:
                raise EvidenceError(f"{shown} cannot be read as it is now", "run `evidence check --select shape`")
            self.read[shown] = _File(path, shown, old, text, source.data)
        return self.read[shown]


def _anchors(asked: list[Asked], gathered: list[Gathered]) -> Iterator[tuple[Entry, list[Item]]]:
    """The anchors that each record gets: one for every field that the same words name."""
    found: dict[tuple[str, str], tuple[Entry, list[Item]]] = {}
    for each in asked:
        entry = each.ruling.entry
        if each.chosen is None or any(made.answers(each) for made in gathered):
            continue
        new = each.chosen.written
        _, anchors = found.setdefault((entry.kind, entry.key), (entry, []))
        same = next((anchor for anchor in anchors if {**anchor, "for": None} == {**new, "for": None}), None)
        if same is None:
            anchors.append(new)
        else:
            same["for"] += new["for"]
    yield from found.values()


def _index(file: _File, entry: Entry) -> int:
    """Where a record stands in its file. Raises EvidenceError where it is not there as it was judged."""
    key = KINDS[entry.kind].key
    for index, item in enumerate(file.data if isinstance(file.data, list) else []):
        if isinstance(item, dict) and item.get(key) == entry.key and item == entry.authored:
            return index
    raise EvidenceError(f"{entry.key} was changed in {file.shown} meanwhile; nothing was written", _AGAIN)


def _into_spec(files: _Files, rows: list[tuple[Entry, list[Item]]]) -> None:
    """Complete the spec of a table: what every record of a rule gets stands once in its template, else in `also`."""
    table = rows[0][0].table
    if table is None:
        return
    file, made = _spec(files, table), _made(table)
    given: dict[tuple[int, str], list[tuple[str, Item]]] = defaultdict(list)
    for entry, anchors in rows:
        for anchor in anchors:
            given[made[entry.key], as_flow(anchor)].append((entry.key, anchor))
    for (rule, _), each in given.items():
        if len(each) > 1 and len(each) == sum(its == rule for its in made.values()):
            file.lists["create", rule, "record", "anchors"].append(each[0][1])
        else:
            file.lists["also",] += [{"to": key, "anchor": anchor} for key, anchor in each]


def _spec(files: _Files, table: Table) -> _File:
    """The file of a table's spec. Raises EvidenceError where it is not there any more."""
    wanted = {"document": table.spec.document, "table": table.spec.table}
    for path in files.folder.files("loaders", ".yml")[0]:
        shown = files.folder.shown(path)
        data = files.read[shown].data if shown in files.read else None
        if data is None:
            source, _ = read_yaml(path, shown)
            data = source.data if source is not None else None
        if isinstance(data, dict) and wanted.items() <= {name: data.get(name) for name in wanted}.items():
            return files.get(shown)
    raise EvidenceError(f"the loader spec of {table.spec.id} is not there any more", _AGAIN)


def _made(table: Table) -> dict[str, int]:
    """Which rule of a spec makes which record."""
    return {
        str(fill(rule.record.get("id"), table.names(row))): index
        for index, rule in enumerate(table.spec.create)
        for row in table.rows.values()
        if rule.takes(row.key)
    }
