"""Documents as text: plain text and PDF, with the hash of what was read and the page of every place."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from evidencebase.problems import EvidenceError
from evidencebase.reading.folding import Folded, fold

MAX_BYTES = 512 * 1024 * 1024
PAGE_BREAK = "\n\f"
PDF_EXTRACTOR = "pypdfium2"
_MIN_CHARACTERS_PER_PAGE = 16


@dataclass(frozen=True)
class DocumentText:
    """The text of one rendition. `pages` holds the offset in the text at which each page starts."""

    key: str
    path: Path
    sha256: str
    media_type: str
    text: str = field(repr=False)
    extractor: str | None = None
    pages: tuple[int, ...] = (0,)

    @cached_property
    def folded(self) -> Folded:
        """The text folded for matching, made once."""
        return fold(self.text)

    def line(self, offset: int) -> int:
        """The line, from 1, of an offset in the text."""
        return bisect_left(self._line_ends, offset) + 1

    @cached_property
    def _line_ends(self) -> array[int]:
        return array("Q", (match.start() for match in re.finditer("\n", self.text)))

    def page(self, offset: int) -> int | None:
        """The page, from 1, of an offset; None for plain text, which has no pages."""
        return bisect_right(self.pages, offset) if self.media_type == "application/pdf" else None


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal. Raises EvidenceError where it cannot be read."""
    digest = sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise EvidenceError(f"{path.name} cannot be read: {error.strerror}", "check its permissions") from error
    return digest.hexdigest()


def media_type(path: Path) -> str:
    """What the file is, by its first bytes, not by its name."""
    with path.open("rb") as stream:
        return "application/pdf" if b"%PDF-" in stream.read(1024) else "text/plain"


def read_document(key: str, path: Path) -> DocumentText:
    """Read one rendition.

    Raises EvidenceError, with the reason and the mend, where it is missing, too large, empty, not text, a broken or
    locked PDF, or a PDF without text (a scan).
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise EvidenceError(f"{path.name} is not in the documents folder", "put the file there") from error
    if not path.is_file():
        raise EvidenceError(f"{path.name} is not a file", "name a text file or a PDF")
    if size > MAX_BYTES:
        raise EvidenceError(f"{path.name} has {size:,} bytes; the limit is {MAX_BYTES:,}", "split the document")
    digest = file_digest(path)
    if media_type(path) == "application/pdf":
        text, pages, extractor = _pdf_text(path)
        return DocumentText(key, path, digest, "application/pdf", text, extractor, pages)
    return DocumentText(key, path, digest, "text/plain", _plain_text(path))


def _plain_text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path.name}: byte {error.start} is not UTF-8"
        raise EvidenceError(message, "save the document as UTF-8 text") from error
    if "\0" in text:
        raise EvidenceError(f"{path.name} is not a text", "only plain text and PDF can be read")
    if not text.strip():
        raise EvidenceError(f"{path.name} is empty", "put the document's text in it")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _pdf_text(path: Path) -> tuple[str, tuple[int, ...], str]:
    """The text of a PDF page by page. pdfium marks a hyphen at a line's end with U+FFFE or U+0002."""
    import pypdfium2
    from pypdfium2 import PdfiumError

    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    try:
        pdf = pypdfium2.PdfDocument(path)
    except PdfiumError as error:
        message = f"{path.name} cannot be opened as a PDF: {error}"
        raise EvidenceError(message, "open it in a viewer; save it again without a password") from error
    try:
        for page in pdf:
            textpage = page.get_textpage()
            text = textpage.get_text_bounded().replace("\r\n", "\n").replace("\r", "\n")
            text = text.replace("\ufffe", "-\n").replace("\x02", "-\n").replace("\0", "")
            starts.append(length)
            pieces.append(text + PAGE_BREAK)
            length += len(pieces[-1])
            textpage.close()
            page.close()
    except PdfiumError as error:
        message = f"{path.name}: page {len(starts) + 1} is broken: {error}"
        raise EvidenceError(message, "repair the PDF or save it again") from error
    finally:
        pdf.close()
    if sum(len(piece.strip()) for piece in pieces) < _MIN_CHARACTERS_PER_PAGE * max(1, len(pieces)):
        message = f"{path.name} holds {len(pieces)} pages and hardly any text: it looks like a scan"
        raise EvidenceError(message, "run text recognition (OCR) on it and add the result as another rendition")
    version = getattr(pypdfium2, "PYPDFIUM_INFO", "")
    return "".join(pieces), tuple(starts), f"{PDF_EXTRACTOR} {version}".strip()
