"""Documents as they come: texts and PDFs are read with their pages; everything else gets a clear problem."""

from __future__ import annotations

import json
import os
import shutil
import zlib

import pytest

from evidencebase.problems import EvidenceError
from evidencebase.provenance.passages import locate
from evidencebase.reading.documents import MAX_BYTES, file_digest, read_document


def pdf(*pages, extra=b"", trailer=b""):
    """A small PDF, one page for each list of (x, y, words); an empty list is a page without text."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        content = "".join(f"BT /F1 11 Tf 1 0 0 1 {x} {y} Tm ({words}) Tj ET\n" for x, y, words in lines).encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        number = len(objects)
        resources = b"<< /Font << /F1 3 0 R >> >>"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources %s /Contents %d 0 R >>"
            % (resources, number)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    if extra:
        objects.append(extra)
    made = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return made + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        start,
    )


def image_only_pdf():
    """A page that is one grey picture, as a scanner makes it."""
    picture = zlib.compress(b"\x80" * 100)
    image = b"<< /Type /XObject /Subtype /Image /Width 10 /Height 10 /ColorSpace /DeviceGray /BitsPerComponent 8"
    image += b" /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(picture), picture)
    return pdf([], extra=image)


def read(folder, name, raw):
    file = folder / name
    file.write_bytes(raw)
    return read_document("report", file)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Caf\xc3\xa9 5%\n", "Café 5%\n"),
        (b"\xef\xbb\xbfWith a mark\n", "With a mark\n"),
        ("Zwölf 5%\n".encode("utf-16"), "Zwölf 5%\n"),
        (b"\xfe\xff" + "Zwölf\n".encode("utf-16-be"), "Zwölf\n"),
        (b"one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
    ],
)
def test_texts_are_read(tmp_path, raw, text):
    document = read(tmp_path, "report.txt", raw)
    assert document.text == text
    assert (document.media_type, document.extractor, document.page(0)) == ("text/plain", None, None)
    assert document.sha256 == file_digest(tmp_path / "report.txt")


@pytest.mark.parametrize(
    ("name", "raw", "says"),
    [
        ("latin.txt", "Café 5%\n".encode("latin-1"), "byte 3 is not UTF-8"),
        ("wide.txt", "Zwölf\n".encode("utf-16-le"), "is not UTF-8"),
        ("wide.txt", "Zwoelf\n".encode("utf-16-le"), "is not a text"),
        ("image.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "byte 0 is not UTF-8"),
        ("report.docx", b"PK\x03\x04\x14\x00\x00\x00" + bytes(40), "is not a text"),
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\n\t", "is empty"),
        ("odd.txt", b"\xff\xfea", "is not UTF-8"),
        ("broken.pdf", b"%PDF-1.4\nnothing that a PDF has", "cannot be opened as a PDF"),
        ("cut.pdf", None, "cannot be opened as a PDF"),
        ("locked.pdf", pdf([(72, 700, "secret")], trailer=b"/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
            + b"00" * 32 + b"> /U <" + b"11" * 32 + b"> >>"), "cannot be opened as a PDF"),
        ("scan.pdf", pdf([], []), "looks like a scan"),
        ("scan.pdf", image_only_pdf(), "looks like a scan"),
        ("pages.pdf", pdf(), "PDF"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why_and_how_to_mend_it(tmp_path, name, raw, says):
    whole = pdf([(72, 700, "A page of text that is long enough")])
    with pytest.raises(EvidenceError) as error:
        read(tmp_path, name, whole[: len(whole) // 4] if raw is None else raw)
    assert says in error.value.message
    assert name in error.value.message
    assert error.value.hint


def test_a_huge_file_is_refused_by_its_size_without_being_read(tmp_path):
    file = tmp_path / "huge.txt"
    with file.open("wb") as stream:
        stream.truncate(10 * 1024**3)
    with pytest.raises(EvidenceError) as error:
        read_document("report", file)
    assert f"{10 * 1024**3:,}" in error.value.message
    assert f"{MAX_BYTES:,}" in error.value.message


def test_a_folder_a_pipe_and_a_missing_file_are_no_documents(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.txt").mkdir()
    for name, says in [("pipe.txt", "is not a file"), ("folder.txt", "is not a file"), ("absent.txt", "is not in")]:
        with pytest.raises(EvidenceError, match=says):
            read_document("report", tmp_path / name)


def test_what_a_file_is_shows_in_its_first_bytes_and_not_in_its_name(tmp_path):
    made = pdf([(72, 700, "A page of text that is long enough")])
    assert read(tmp_path, "report.txt", made).media_type == "application/pdf"
    assert read(tmp_path, "report.pdf", b"Plain words only\n").media_type == "text/plain"


def test_text_that_runs_over_columns_and_pages_of_a_pdf_is_found(tmp_path):
    document = read(
        tmp_path,
        "report.pdf",
        pdf(
            [(72, 700, "Of all nurses that were asked in the"), (72, 686, "survey, 23.5% slept"),
             (320, 700, "badly on most nights, as did"), (320, 686, "9.0% of all teachers and")],
            [(72, 700, "31% of drivers. Of those, 4,210 an-"), (72, 686, "swered twice.")],
        ),
    )  # fmt: skip
    assert len(document.pages) == 2
    for fragment, page in [
        ("asked in the survey, 23.5% slept", 1),
        ("9.0% of all teachers and 31% of drivers", 1),
        ("31% of drivers", 2),
        ("4,210 answered twice", 2),
    ]:
        passage = locate(document, fragment)
        assert passage.state.passes, (fragment, document.text)
        assert document.page(passage.source_start) == page
    assert locate(document, "3.5% slept").state == "not-found"
    assert document.line(locate(document, "31% of drivers").source_start) > 4


MEASURED = """
- id: {name}
  statistic: prevalence
  measure: sleeps-badly
  group: nurses
  place: northshire
  value: {value}
  study: shift-work-survey-2021
  anchors: [{{document: veterans, fragment: "{fragment}", locator: "{page}"}}]
  extracted_by: reader-a
"""


def test_figures_of_a_real_pdf_anchor_with_their_pages(base, run, documents):
    file = documents.parent / "data/pdf/military-veterans-needs-assessment-2012.pdf"
    if not file.is_file():
        pytest.skip("needs ../shared/data/pdf")
    added = run("documents", "add", file, "--base", base.folder, "--key", "veterans", "--title", "Needs assessment")
    assert added.returncode == 0, added.stdout + added.stderr
    base.write(
        "evidence/sources.bib",
        base.read("evidence/sources.bib")
        + "@report{veterans,\n author = {{A county}}, title = {Needs}, year = {2012},\n}\n",
    )
    records = [
        ("discharges", 60, "musculoskeletal conditions accounting for 60% of medical discharges", 27),
        ("recruits", 63, "Among Army recruits 63% were from", 29),
        ("drinkers", 38, "compared to 38% of men and", 33),
    ]
    text = "".join(
        MEASURED.format(name=name, value=value, fragment=words, page=page) for name, value, words, page in records
    )
    base.write("evidence/findings/veterans.yml", text.replace("group: nurses", "group: shift-workers"))
    codes = base.codes("anchor")
    assert codes == []
    base.lock()
    lines = {line["record"]: line for line in map(json.loads, locked(base)) if line.get("document") == "veterans"}
    assert {name: lines[name]["page"] for name, _, _, _ in records} == {name: page for name, _, _, page in records}
    base.change("evidence/findings/veterans.yml", "value: 63", "value: 36")
    assert base.codes("anchor") == ["anchor-figure-absent"]


def locked(base):
    """The lines of the lock, one for each anchor."""
    return [line for line in base.read("evidence/evidence.lock").splitlines() if line.startswith("{")]


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("scan.pdf", pdf([], [])), ("broken.pdf", b"%PDF-1.7 but no more"), ("empty.txt", b""),
        ("latin.txt", "Café\n".encode("latin-1")), ("binary.txt", bytes(range(256))),
    ],
)  # fmt: skip
def test_adding_what_cannot_be_read_changes_nothing(base, run, tmp_path, name, raw):
    before = base.read("evidence/documents.yml")
    (tmp_path / name).write_bytes(raw)
    done = run("documents", "add", tmp_path / name, "--base", base.folder)
    assert done.returncode != 0
    assert name in done.stderr + done.stdout
    assert "Traceback" not in done.stderr + done.stdout
    assert base.read("evidence/documents.yml") == before
    assert not (base.folder / "documents" / name).exists()


def test_another_rendition_is_added_and_then_known(base, run, tmp_path):
    other = tmp_path / "northshire-report.pdf.txt"
    other.write_text(base.read("documents/northshire-report.txt").replace("\n\n", "\n \n"), encoding="utf-8")
    done = run("documents", "add", other, "--base", base.folder, "--key", "northshire-report")
    assert done.returncode == 0, done.stderr
    (base.folder / "documents/northshire-report.txt").unlink()
    assert base.codes("anchor") == []
    again = run("documents", "add", other, "--base", base.folder, "--key", "northshire-report")
    assert "already" in again.stdout
    assert run("documents", "verify", "--base", base.folder).returncode == 0


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/hostname", "deep/../../outside.txt"])
def test_a_path_that_leaves_the_documents_folder_is_not_followed(base, name):
    shutil.copy(base.folder / "documents/northshire-report.txt", base.folder / "outside.txt")
    (base.folder / "documents/northshire-report.txt").unlink()
    base.change("evidence/documents.yml", "northshire-report.txt", name)
    assert any(code != "anchor-unknown-cell" for code in base.codes("anchor"))
    assert all(outcome.passage.places == 0 for outcome in base.check().matching.outcomes)


def test_a_symlink_that_leaves_the_documents_folder_is_not_followed(base):
    inside, outside = base.folder / "documents/northshire-report.txt", base.folder / "outside.txt"
    inside.rename(outside)
    inside.symlink_to(outside)
    assert set(base.codes("anchor")) == {"anchor-no-document"}


def test_a_folder_in_the_place_of_a_document_is_a_problem_and_no_traceback(base, run):
    file = base.folder / "documents/northshire-report.txt"
    file.unlink()
    file.mkdir()
    assert set(base.codes("anchor")) == {"anchor-no-document"}
    done = run("documents", "verify", "--base", base.folder)
    assert done.returncode == 1
    assert "is not a file" in done.stdout


def test_a_document_that_cannot_be_read_is_never_vouched_for_silently(base, run):
    (base.folder / "documents/northshire-report.txt").write_bytes(b"")
    done = run("check", "--base", base.folder, "--select", "anchor")
    assert done.returncode == 1
    assert "is empty" in done.stdout + done.stderr
