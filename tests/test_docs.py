"""The documentation keeps its word: commands, options, examples, links and counts are those of the program."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

import click
import pytest
import yaml

from evidencebase.answers.report import check_base
from evidencebase.cli import COMMANDS, evidence
from evidencebase.loading import load
from evidencebase.model import kinds
from evidencebase.provenance.lock import read_lock

REPOSITORY = Path(__file__).parent.parent
README = REPOSITORY / "README.md"
RECORDS = REPOSITORY / "docs" / "records.md"
METHOD = REPOSITORY / "docs" / "method.md"
PAGES = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md"), *REPOSITORY.glob("[els]*/README.md")])
WRITTEN = [page for page in PAGES if page.name not in ("checks.md", "statistics.md")]
SHIPPED = ("evidence", "schema", "loaders", "metadata.yml")
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^`([\w./-]+)`:\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(evidence(?: [^`]+)?)`")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
_MAKE = re.compile(r"`make (\w+)`|^make (\w+)", re.MULTILINE)


def name_of(page: Path) -> str:
    return page.relative_to(REPOSITORY).as_posix()


def fenced(page: Path) -> list[str]:
    """The evidence commands in the console and shell blocks of a page."""
    blocks = [body for kind, body in _FENCE.findall(page.read_text("utf-8")) if kind in ("console", "bash", "sh")]
    lines = [line.removeprefix("$ ").strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.split(" ")[0] == "evidence"]


def named(page: Path) -> list[str]:
    """Every evidence command of a page: in blocks and in running text."""
    return [*fenced(page), *(found for found in _INLINE.findall(page.read_text("utf-8")) if " " in found)]


def faults(line: str) -> list[str]:
    """The words of a command line that the program does not know: commands, subcommands and options."""
    command: click.Command = evidence
    unknown = []
    for word in shlex.split(line)[1:]:
        context = click.Context(command)
        if word.startswith("-"):
            known = {name for each in command.get_params(context) for name in getattr(each, "opts", [])}
            unknown += [word] if word.split("=")[0] not in known else []
        elif isinstance(command, click.Group):
            inner = command.get_command(context, word) if re.fullmatch(r"[a-z]+", word) else None
            if inner is None:
                return [*unknown, word]
            command = inner
    return unknown


def copy_of_the_shipped_base(folder: Path) -> Path:
    for part in SHIPPED:
        source = REPOSITORY / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / part)
    return folder


def example_base(folder: Path) -> Path:
    """The base that docs/records.md builds, block by block."""
    files: dict[str, str] = {}
    for path, body in _FILE.findall(RECORDS.read_text("utf-8")):
        files[path] = files.get(path, "") + body
    (document,) = (body for path, body in files.items() if path.startswith("documents/"))
    fingerprint = sha256(document.encode()).hexdigest()
    files["evidence/documents.yml"] = files["evidence/documents.yml"].replace("SHA256", fingerprint)
    for path, body in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(body, encoding="utf-8", newline="\n")
    return folder


def run(command: list[str] | str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a reader would, with the program of this environment first on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if name != "EVIDENCE_DOCUMENTS"}
    return subprocess.run(
        command, cwd=folder, env=kept | {"PATH": path} | environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_every_command_and_option_named_exists(page):
    unknown = {line: words for line in named(page) if (words := faults(line))}
    assert not unknown, f"{name_of(page)} names what `evidence` does not have: {unknown}"


def test_a_command_or_option_that_does_not_exist_is_found():
    assert faults("evidence check --require-documents --select anchor") == []
    assert faults("evidence documents add FILE --key a --title b") == []
    assert faults("evidence chekc") == ["chekc"]
    assert faults("evidence check --no-such-option") == ["--no-such-option"]
    assert faults("evidence documents forget") == ["forget"]


def test_the_readme_lists_every_command_once_and_no_other():
    rows = re.findall(r"^\| `evidence (\w+)` \|", README.read_text("utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(COMMANDS)


def test_options_in_the_command_table_belong_to_their_command():
    for command, does in re.findall(r"^\| `evidence (\w+)` \| (.*) \|$", README.read_text("utf-8"), re.MULTILINE):
        for option in re.findall(r"`(--[\w-]+)", does):
            assert faults(f"evidence {command} {option}") == [], f"evidence {command} has no {option}"


def test_the_readme_commands_run(tmp_path):
    copy_of_the_shipped_base(tmp_path)
    example_base(tmp_path / "my-base")
    commands = fenced(README)
    assert len(commands) >= 10
    failed = {
        line: done.stdout + done.stderr for line in commands if (done := run(shlex.split(line), tmp_path)).returncode
    }
    assert not failed


def test_make_targets_named_exist():
    targets = set(re.findall(r"^(\w+):", (REPOSITORY / "Makefile").read_text("utf-8"), re.MULTILINE))
    asked = {name for page in WRITTEN for pair in _MAKE.findall(page.read_text("utf-8")) for name in pair if name}
    assert {"serve", "test"} <= asked <= targets


def test_the_examples_of_the_records_page_are_a_base_in_order(tmp_path):
    report = check_base(example_base(tmp_path), require_documents=True, ignore=("review",))
    assert [f"{problem.place} {problem.code} {problem.message}" for problem in report.problems] == []
    assert set(report.left_out) == {"review-missing"}
    assert {kind for kind, count in report.matching.counts.items() if count.checked and not count.matched} == set()


def test_the_records_page_shows_every_way_to_say_where_a_word_stands(tmp_path):
    base = example_base(tmp_path)
    rulings = check_base(base, require_documents=True).worded.rulings
    assert {str(each.state) for each in rulings} == {"named", "elsewhere", "inferred", "silent"}
    assert {"for", "context"} <= {each.scope for each in rulings}


@pytest.mark.parametrize(
    "shown",
    [
        "  inferred: {group: the survey asks pupils; the sentence does not say who}\n",
        '    - {document: elmwood-2020, fragment: "Cycling in Elmwood", for: [place], locator: title}\n',
        "  words: [cycle every day, cycling every day]\n",
    ],
)
def test_what_the_records_page_says_of_words_is_needed(tmp_path, shown):
    base = example_base(tmp_path)
    for file in (base / "evidence/findings/elmwood-2020.yml", base / "schema/measures.yml"):
        file.write_text(file.read_text("utf-8").replace(shown, ""), encoding="utf-8")
    assert {problem.code[:5] for problem in check_base(base, ignore=("review",)).problems} == {"word-"}


def test_a_spoilt_example_of_the_records_page_is_found(tmp_path):
    base = example_base(tmp_path)
    file = base / "evidence/findings/elmwood-2020.yml"
    file.write_text(file.read_text("utf-8").replace("value: 19.0", "value: 19.1"), encoding="utf-8")
    codes = {problem.code for problem in check_base(base, ignore=("review",)).problems}
    assert "anchor-figure-absent" in codes


def test_the_records_page_shows_every_kind_of_record(tmp_path):
    base, problems = load(example_base(tmp_path))
    shipped, _ = load(REPOSITORY)
    assert problems == []
    assert {kind for kind, _ in base.entries} == set(kinds.RECORDS) >= {kind for kind, _ in shipped.entries}
    assert base.aside


def test_the_review_commands_of_the_records_page_work(tmp_path):
    base = example_base(tmp_path)
    (scripted,) = (line for line in fenced(RECORDS) if "--value" in line)
    done = run(shlex.split(scripted), base)
    assert done.returncode == 0, done.stderr
    wrong = run(shlex.split(scripted.replace("19.0", "19")), base)
    assert wrong.returncode == 1
    own = run(shlex.split(scripted.replace("reader-b", "reader-a")), base)
    assert own.returncode == 1


def slugs(page: Path) -> set[str]:
    """The anchors that headings make, as GitHub writes them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_between_pages_resolve(page):
    broken = []
    for target in _LINK.findall(page.read_text("utf-8")):
        path, _, slug = target.partition("#")
        if ":" in path:
            continue
        file = (page.parent / path).resolve() if path else page
        if not file.is_file() or (slug and slug not in slugs(file)):
            broken.append(target)
    assert broken == []


def test_every_page_of_docs_can_be_reached_from_the_readme():
    linked = {target.partition("#")[0] for target in _LINK.findall(README.read_text("utf-8"))}
    assert [name_of(page) for page in (REPOSITORY / "docs").glob("*.md") if name_of(page) not in linked] == []


def facts_of_the_shipped_base() -> dict[str, int]:
    """What the table of docs/method.md counts."""
    base, _ = load(REPOSITORY)
    lock, _ = read_lock(base)
    findings, studies = base.findings.values(), base.studies
    strengths = Counter(study.strength for study in studies.values())
    credited = Counter(studies[each.study].strength if each.study else "no" for each in findings)
    kinds = Counter(kind for kind, _ in base.entries)
    return {
        "documents": len(base.documents),
        **kinds,
        **{f"studies graded {strength}": strengths[strength] for strength in ("strong", "moderate", "weak")},
        "findings credited to a strong study": credited["strong"],
        "findings credited to a weak study": credited["weak"],
        "findings credited to no study": credited["no"],
        "findings with a published interval": sum(each.interval is not None for each in findings),
        "findings with the number of people asked": sum(each.n is not None for each in findings),
        "tables": len(base.tables),
        "records made by tables": sum(entry.table is not None for entry in base.entries.values()),
        "numbers set aside by a record": len(base.aside),
        "numbers unread": sum(each.unread for each in lock.coverage.values()),
    }


def test_the_counts_of_the_method_page_are_those_of_the_shipped_base():
    table = METHOD.read_text("utf-8").split("## What is in it")[1].split("\n## ")[0]
    written = {what: int(count) for what, count in re.findall(r"^\| ([\w ]+?) \| (\d+) \|$", table, re.MULTILINE)}
    facts = facts_of_the_shipped_base()
    assert written == facts, "\n".join(f"| {what} | {count} |" for what, count in facts.items())


def test_the_method_page_says_who_every_reader_was():
    base, _ = load(REPOSITORY)
    readers = {entry.record.extracted_by for entry in base.entries.values()} | {review.by for review, _ in base.reviews}
    text = METHOD.read_text("utf-8")
    assert {reader for reader in readers if reader and f"`{reader}`" not in text} == set()
    assert "No person has yet reviewed" in " ".join(text.split())


def test_the_method_page_names_every_document():
    text = " ".join(METHOD.read_text("utf-8").split())
    base, _ = load(REPOSITORY)
    titles = [document.title for document in base.documents.values() if document.title]
    assert [title for title in titles if title not in text] == []


def test_the_changelog_has_this_version():
    project = (REPOSITORY / "pyproject.toml").read_text("utf-8")
    version = re.search(r'^version = "([^"]+)"', project, re.MULTILINE)
    headings = re.findall(r"^## (\S+)", (REPOSITORY / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert version
    assert version[1] in headings or "Unreleased" in headings


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_names_a_place_on_one_machine(page):
    found = re.findall(
        r"(?:^|[\s(\"'=])(?:/(?:work|home|root|tmp|Users)/|[A-Z]:\\|\.\./shared)\S*", page.read_text("utf-8")
    )
    assert found == []


@pytest.mark.parametrize("folder", ["evidence", "schema", "loaders"])
def test_the_readme_of_a_data_folder_names_modules_and_files_that_exist(folder):
    text = (REPOSITORY / folder / "README.md").read_text("utf-8")
    modules = re.findall(r"`evidencebase\.([\w.]+)`", text)
    assert modules
    for module in modules:
        path = REPOSITORY / "src/evidencebase" / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or path.is_dir(), module
    for name in re.findall(r"`([\w-]+(?:/|\.(?:yml|bib|lock)))`", text):
        assert (REPOSITORY / folder / name).exists(), name


def test_the_modules_of_the_architecture_page_exist():
    table = (REPOSITORY / "docs/architecture.md").read_text("utf-8").split("\n## From a record")[0]
    named_there = [
        name
        for row in re.findall(r"^\| \d \| (.+?) \|", table, re.MULTILINE)
        for name in re.findall(r"`([\w/]+)`", row)
    ]
    package = REPOSITORY / "src/evidencebase"
    assert len(named_there) > 15
    assert [
        name for name in named_there if not (package / f"{name}.py").is_file() and not (package / name).is_dir()
    ] == []


# The action and the hooks: where people meet the checker.


def action_script() -> str:
    action = yaml.safe_load((REPOSITORY / "action.yml").read_text("utf-8"))
    assert set(action["inputs"]) == {"base", "documents", "strict"}
    (step,) = (each for each in action["runs"]["steps"] if "evidence check" in each.get("run", ""))
    assert set(step["env"]) == {"BASE", "DOCUMENTS", "STRICT"}
    return step["run"]


def run_action(folder: Path, base: str, documents: str = "", strict: str = "false"):
    summary = folder / "summary.md"
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", action_script()]
    done = run(command, folder, BASE=base, DOCUMENTS=documents, STRICT=strict, GITHUB_STEP_SUMMARY=str(summary))
    return done, summary.read_text("utf-8")


def test_the_action_puts_a_problem_on_its_line_and_fails(tmp_path):
    base = example_base(tmp_path / "bases" / "elmwood")
    file = base / "evidence/findings/elmwood-2020.yml"
    file.write_text(file.read_text("utf-8").replace("value: 12.5 ", "value: 12.6 "), encoding="utf-8")
    done, summary = run_action(tmp_path, "./bases/elmwood/")
    told = [line for line in done.stdout.splitlines() if "title=anchor-figure-absent" in line and "12.6" in line]
    assert told
    for line in told:
        assert line.startswith("::error file=bases/elmwood/evidence/findings/elmwood-2020.yml,line=7,col=")
    assert done.returncode == 1
    assert "anchor-figure-absent" in summary


def test_the_action_passes_on_the_base_that_ships_and_says_what_was_vouched_for(tmp_path):
    copy_of_the_shipped_base(tmp_path)
    done, summary = run_action(tmp_path, ".")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "::error" not in done.stdout
    assert re.search(r"^findings +[1-9]\d* ", summary, re.MULTILINE)


def test_the_action_reports_a_folder_that_is_no_base(tmp_path):
    done, _ = run_action(tmp_path, "nowhere")
    assert done.returncode == 2
    assert "not a knowledge base" in done.stderr


def test_the_hooks_run_commands_that_exist():
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert [hook["id"] for hook in hooks] == ["evidence-check"]
    # Without --base a repository that holds no base would be given the one that ships, which is always in order.
    assert "--base ." in hooks[0]["entry"]
    local = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]
    assert {"ruff", "ruff-format", "mypy", "evidence-check"} <= {hook["id"] for hook in local}
    for hook in [*hooks, *local]:
        if "evidence check" in hook["entry"]:
            assert faults(hook["entry"].removeprefix(".venv/bin/")) == []
            assert re.search(hook["files"], "evidence/findings/a.yml")
            assert re.search(hook["files"], "metadata.yml")
            assert not re.search(hook["files"], "src/evidencebase/base.py")


def test_continuous_integration_runs_what_a_contributor_runs():
    jobs = yaml.safe_load((REPOSITORY / ".github/workflows/ci.yml").read_text("utf-8"))["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    assert {"3.11", "3.13"} <= set(jobs["test"]["strategy"]["matrix"]["python"])
    assert any(step.get("run") == ".ci/run" for step in steps)
    assert any(step.get("uses") == "./" for step in steps)
    assert os.access(REPOSITORY / ".ci/run", os.X_OK)
