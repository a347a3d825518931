"""Adding a document, or another rendition of one, to a base."""

from __future__ import annotations

import json
import re
from pathlib import Path

from evidencebase.files import write_whole
from evidencebase.folder import BaseFolder
from evidencebase.loading import load
from evidencebase.problems import EvidenceError, UsageError
from evidencebase.provenance.library import documents_folder
from evidencebase.reading.documents import read_document
from evidencebase.reading.yaml import read_yaml

DOCUMENTS = "evidence/documents.yml"
_HEADER = "# yaml-language-server: $schema=../schema/documents.schema.json\n"


def add_document(
    folder: BaseFolder, file: Path, documents: Path | None = None, key: str | None = None, title: str | None = None
) -> str:
    """Copy a file to the documents folder and record it in documents.yml; what was done, in a sentence.

    The text is read first: a scan, a broken PDF or a file that is no text is refused (EvidenceError). A known key
    gets another rendition; a new one is added at the end. Nothing that stands in documents.yml is rewritten.
    """
    if folder.read_only:
        raise EvidenceError("the base inside the package is read-only", "work on a copy of it, named with --base")
    key = key or re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
        raise UsageError(f"{key!r} is no key", "give one in kebab-case with --key")
    text = read_document(key, file)
    base, problems = load(folder)
    if broken := next((problem for problem in problems if problem.path == DOCUMENTS), None):
        raise EvidenceError(f"{broken.place}: {broken.message}", f"mend it first: {broken.hint}")
    known = base.documents.get(key)
    if known and any(rendition.sha256 == text.sha256 for rendition in known.renditions):
        return f"{key} has this rendition already"
    target = documents_folder(base, documents) / file.name
    if target.resolve() != file.resolve():
        if target.exists() and target.read_bytes() != file.read_bytes():
            raise EvidenceError(f"{target} is another file", "rename the one you add")
        write_whole(target, file.read_bytes())
    rendition = f"{{file: {json.dumps(file.name)}, sha256: {text.sha256}, media_type: {text.media_type}"
    rendition += f", extractor: {json.dumps(text.extractor)}}}" if text.extractor else "}"
    path = folder.path / DOCUMENTS
    old = path.read_bytes().decode("utf-8") if path.is_file() else _HEADER
    if known is None:
        entry = f"- key: {key}\n"
        entry += f"  title: {json.dumps(title, ensure_ascii=False)}\n" if title else ""
        write_whole(path, f"{old}{'' if old.endswith(chr(10)) else chr(10)}{entry}  renditions:\n    - {rendition}\n")
        return f"{key} added; give it an entry in evidence/sources.bib"
    write_whole(path, _with_rendition(path, folder.shown(path), key, rendition))
    return f"{key}: another rendition recorded; `evidence lock` matches its anchors in it"


def _with_rendition(path: Path, shown: str, key: str, rendition: str) -> str:
    """The file with one rendition more at the end of a document's list, and nothing else changed."""
    source, _ = read_yaml(path, shown)
    text = path.read_bytes().decode("utf-8")
    documents = source.data if source and isinstance(source.data, list) else []
    index = next((number for number, each in enumerate(documents) if each.get("key") == key), 0)
    renditions = documents[index].get("renditions") or []
    place = source.place((index, "renditions", len(renditions) - 1)) if source and renditions else None
    lines = text.splitlines(keepends=True)
    dash = (place.column or 0) - 3 if place else -1
    if place is None or place.line is None or dash < 0 or lines[place.line - 1][dash] != "-":
        message = f"the renditions of {key} in {shown} are not a list of lines"
        raise EvidenceError(message, "write `renditions:` and each rendition on a line of its own")
    last = place.line
    while last < len(lines) and len(lines[last]) - len(lines[last].lstrip()) > dash and lines[last].strip():
        last += 1
    lines.insert(last, f"{' ' * dash}- {rendition}\n")
    return "".join(lines)
