"""The documents of a base: at hand or not, unchanged or not, and adding one."""

from __future__ import annotations

import json

import pytest

from evidencebase.folder import BaseFolder, find_base
from evidencebase.loading import load
from evidencebase.problems import EvidenceError, UsageError
from evidencebase.provenance.adding import add_document

BOOK = "evidence/documents.yml"
DOCUMENT = "documents/northshire-report.txt"


def add(base, file, **more):
    return add_document(find_base(base.folder), file, **more)


@pytest.fixture
def other(tmp_path):
    file = tmp_path / "Southshire Report (2023).txt"
    file.write_text("In Southshire 12.5% of nurses slept badly.\n")
    return file


def test_the_list_says_what_is_at_hand(base, run):
    done = run("documents", "list", "--base", base.folder)
    assert done.returncode == 0
    assert "Sleep in Northshire" in done.stdout
    assert "yes" in done.stdout
    (base.folder / DOCUMENT).unlink()
    told = json.loads(run("documents", "list", "--base", base.folder, "--format", "json").stdout)
    assert [(each["document"], each["at_hand"]) for each in told] == [("northshire-report", False)]
    assert "none of its renditions is in the documents folder" in told[0]["why"]


def test_verify_passes_only_on_the_recorded_bytes(base, run):
    done = run("documents", "verify", "--base", base.folder)
    assert done.returncode == 0
    assert "as recorded" in done.stdout
    base.write(DOCUMENT, base.read(DOCUMENT) + "\n")
    done = run("documents", "verify", "--base", base.folder)
    assert done.returncode == 1
    assert "is not a known rendition" in done.stdout


def test_documents_are_looked_for_where_the_environment_says(base, run, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (base.folder / DOCUMENT).rename(tmp_path / "elsewhere" / "northshire-report.txt")
    assert run("documents", "verify", "--base", base.folder).returncode == 1
    environment = {"EVIDENCE_DOCUMENTS": str(tmp_path / "elsewhere")}
    assert run("documents", "verify", "--base", base.folder, env=environment).returncode == 0
    assert run("documents", "verify", "--base", base.folder, "--documents", tmp_path / "elsewhere").returncode == 0


def test_a_new_document_is_copied_hashed_and_recorded(base, other):
    before = base.read(BOOK)
    told = add(base, other, title="Sleep: in “Southshire”")
    assert told == "southshire-report-2023 added; give it an entry in evidence/sources.bib"
    assert base.read(BOOK).startswith(before)
    loaded, problems = load(base.folder)
    assert problems == []
    assert loaded.documents["southshire-report-2023"].title == "Sleep: in “Southshire”"
    assert (base.folder / "documents" / other.name).read_bytes() == other.read_bytes()


def test_adding_the_same_rendition_again_changes_nothing(base, other):
    add(base, other)
    before = base.read(BOOK)
    assert "has this rendition already" in add(base, other)
    assert base.read(BOOK) == before


def test_another_rendition_goes_below_the_first_and_nothing_else_changes(base, other):
    add(base, other, key="southshire")
    before = base.read(BOOK).splitlines()
    second = other.with_name("northshire-second.txt")
    second.write_text(base.read(DOCUMENT) + "\nSecond printing\n")
    assert "another rendition recorded" in add(base, second, key="northshire-report")
    after = base.read(BOOK).splitlines()
    assert [line for line in after if line not in before] == [after[5]]
    assert "northshire-second.txt" in after[5]
    loaded, problems = load(base.folder)
    assert problems == []
    assert [len(document.renditions) for document in loaded.documents.values()] == [2, 1]


def test_line_ends_of_the_book_are_kept(base, other):
    content = base.read(BOOK).replace("\n", "\r\n").encode()
    (base.folder / BOOK).write_bytes(content)
    add(base, other)
    assert (base.folder / BOOK).read_bytes().startswith(content)
    second = other.with_name("northshire-second.txt")
    second.write_text("Sleep, once more\n")
    add(base, second, key="northshire-report")
    assert (base.folder / BOOK).read_bytes().startswith(content)


def test_a_book_that_cannot_be_read_is_not_added_to(base, other):
    base.write(BOOK, base.read(BOOK) + "- {key: [\n")
    before = base.read(BOOK)
    with pytest.raises(EvidenceError, match=r"documents\.yml"):
        add(base, other)
    assert base.read(BOOK) == before


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"\x00\x01\x02", "is not a text"), (b"\xff\xfe\xfa", "is not"), (b"caf\xe9", "is not UTF-8"),
     (b"%PDF-1.7 broken", "cannot be opened as a PDF")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_not_copied(base, tmp_path, content, told):
    file = tmp_path / "broken.txt"
    file.write_bytes(content)
    with pytest.raises(EvidenceError, match=told):
        add(base, file)
    assert not (base.folder / "documents" / "broken.txt").exists()
    assert "broken" not in base.read(BOOK)


def test_another_file_of_the_same_name_is_never_written_over(base, tmp_path):
    file = tmp_path / "northshire-report.txt"
    file.write_text("something else\n")
    before = base.read(DOCUMENT)
    with pytest.raises(EvidenceError, match="is another file"):
        add(base, file, key="northshire-other")
    assert base.read(DOCUMENT) == before


@pytest.mark.parametrize("key", ["Northshire", "a b", "../x", "a--b", "ü"])
def test_a_key_is_kebab_case(base, other, key):
    with pytest.raises(UsageError, match="is no key"):
        add(base, other, key=key)


def test_the_shipped_base_takes_none(base, other):
    with pytest.raises(EvidenceError, match="read-only"):
        add_document(BaseFolder(base.folder, read_only=True), other)


def test_the_command_adds(base, run, other):
    done = run("documents", "add", other, "--base", base.folder, "--key", "southshire")
    assert done.returncode == 0, done.stderr
    assert "southshire added" in done.stdout
    assert run("documents", "add", "/nowhere.txt", "--base", base.folder).returncode == 2
