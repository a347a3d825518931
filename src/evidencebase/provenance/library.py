"""The documents at hand: which rendition of each is in the documents folder, read once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from evidencebase.base import Base
from evidencebase.model.ledger import Document
from evidencebase.problems import EvidenceError
from evidencebase.provenance.rows import NumberIndex
from evidencebase.reading.documents import DocumentText, read_document


@dataclass(frozen=True)
class Held:
    """A document as it is held: its text, and whether its hash is that of a known rendition.

    `text` is None where there is no file or it cannot be read; `why` says so.
    """

    key: str
    text: DocumentText | None = None
    known: bool = False
    why: str = ""
    unreadable: bool = False


@dataclass
class Library:
    """The documents folder of a base. Each document is read when first asked for."""

    base: Base
    folder: Path
    _held: dict[str, Held] = field(default_factory=dict)
    _indexes: dict[str, NumberIndex] = field(default_factory=dict)

    def held(self, key: str) -> Held:
        """The document under a key, as it is held here."""
        if key not in self._held:
            self._held[key] = self._open(key)
        return self._held[key]

    def index(self, text: DocumentText) -> NumberIndex:
        """Every number of a document, found once."""
        if text.key not in self._indexes:
            self._indexes[text.key] = NumberIndex(text)
        return self._indexes[text.key]

    def _open(self, key: str) -> Held:
        document = self.base.documents.get(key)
        if document is None:
            return Held(key, why=f"{key} is not in evidence/documents.yml")
        faults = []
        other = None
        for rendition in document.renditions:
            path = self._path(rendition.file)
            try:
                if path is None or not path.exists():
                    continue
                text = read_document(key, path)
            except OSError as error:
                faults.append(f"{rendition.file} cannot be read: {error.strerror}; check its permissions")
                continue
            except EvidenceError as error:
                faults.append(f"{error.message}; {error.hint}")
                continue
            if text.sha256 == rendition.sha256:
                return Held(key, text, known=True)
            other = other or Held(key, text, why=_other(document, text))
        if other:
            return other
        if faults:
            return Held(key, why="; ".join(faults), unreadable=True)
        return Held(key, why="none of its renditions is in the documents folder")

    def _path(self, name: str) -> Path | None:
        """The file of a rendition, unless it would lie outside the documents folder."""
        path = self.folder / name
        try:
            inside = path.resolve().is_relative_to(self.folder.resolve())
        except (OSError, RuntimeError, ValueError):  # a loop of links, or a name no file can have
            return None
        return path if inside else None


def _other(document: Document, text: DocumentText) -> str:
    return f"{text.path.name} is not a known rendition of {document.key}: its SHA-256 is {text.sha256[:12]}…"


def documents_folder(base: Base, named: Path | None = None) -> Path:
    """Where the documents are: the folder named, else EVIDENCE_DOCUMENTS, else `documents/` of the base."""
    if named is not None:
        return named
    from_environment = os.environ.get("EVIDENCE_DOCUMENTS")
    return Path(from_environment) if from_environment else base.folder.path / "documents"
