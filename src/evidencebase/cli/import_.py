"""`evidence import`: references of another file into evidence/sources.bib.

    evidence import zotero.bib                    adds what is new, lists what looks like a duplicate
    evidence import export.ris --merge smith2019  gives the entry there the fields it lacks
    evidence import refs.json --keep-both smith2019
    evidence import refs.json --dry-run

Takes BibTeX and BibLaTeX (also as Zotero and JabRef export them), RIS and CSL-JSON. The file is edited as text:
what is there already stays byte for byte. Duplicates, told by DOI, else by title, year and first author, are left
out and listed, and never merged unless asked for. Exit 1: a fault in the file; what could be read is still added.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidencebase.cli.options import base_option, format_option
from evidencebase.folder import BaseFolder, find_base
from evidencebase.problems import EvidenceError, Problem, Severity

if TYPE_CHECKING:
    from evidencebase.bibliography.importing import ImportPlan


@dataclass(frozen=True)
class Imported:
    """What an import did, or with `dry_run` would do, to a file."""

    target: Path
    plan: ImportPlan
    problems: list[Problem]
    read: int
    written: bool

    def as_dict(self) -> dict[str, Any]:
        """The shape printed by `--format json`."""
        return {
            "target": str(self.target),
            "read": self.read,
            "written": self.written,
            "added": [entry.key for entry in self.plan.new],
            "renamed": [{"key": clash.key, "to": clash.suggested} for clash in self.plan.clashes],
            "merged": [
                {"key": each.incoming.key, "into": each.existing.key, "adds": sorted(each.adds)}
                for each in self.plan.merges
                if each.existing
            ],
            "left_out": [
                {"key": each.incoming.key, "like": like.key, "reason": each.reason, "line": each.incoming.line}
                for each in self.plan.duplicates
                if (like := each.existing or each.twin)
            ],
            "problems": [problem.as_dict() for problem in self.problems],
        }


@click.command("import", epilog="Example: evidence import zotero.bib --merge smith2019 --keep-both lee2020")
@click.argument("file", type=click.Path(path_type=Path))
@base_option
@click.option(
    "--into", type=click.Path(path_type=Path), metavar="BIB", help="Default: evidence/sources.bib of the base."
)
@click.option("--merge", multiple=True, metavar="KEY", help="Give the entry like this one the fields it lacks.")
@click.option("--keep-both", multiple=True, metavar="KEY", help="Add this duplicate as an entry of its own.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@format_option("json")
def command(
    file: Path,
    base: Path | None,
    into: Path | None,
    merge: tuple[str, ...],
    keep_both: tuple[str, ...],
    dry_run: bool,
    shape: str,
) -> None:
    """Take references from a .bib, .ris or CSL-JSON file into sources.bib."""
    target = into or _sources_of(find_base(base))
    done = run(file, target, merge, keep_both, dry_run=dry_run)
    if shape == "json":
        click.echo(json.dumps(done.as_dict(), indent=2, ensure_ascii=False))
    else:
        _print(done, dry_run=dry_run)
    sys.exit(1 if any(problem.severity is Severity.ERROR for problem in done.problems) else 0)


def _sources_of(folder: BaseFolder) -> Path:
    if folder.read_only:
        raise EvidenceError("the base inside the package is read-only", "work on a copy of it, named with --base")
    return folder.path / "evidence" / "sources.bib"


def run(
    file: Path,
    target: Path,
    merge: tuple[str, ...] = (),
    keep_both: tuple[str, ...] = (),
    *,
    dry_run: bool = False,
) -> Imported:
    """Add the references of `file` to the bibliography `target`, which need not exist yet.

    Raises EvidenceError where a file cannot be read or written, or a key is none of the duplicates.
    """
    from evidencebase.bibliography.formats import read_references
    from evidencebase.bibliography.importing import apply_plan, plan_import
    from evidencebase.files import write_whole

    if both := set(map(str.lower, merge)) & set(map(str.lower, keep_both)):
        raise EvidenceError(f"{', '.join(sorted(both))} cannot be both merged and kept", "name it once")
    incoming, problems = read_references(file)
    before = _text_of(target)
    plan = plan_import(before, incoming).merging(*merge).with_duplicates(*keep_both)
    after = apply_plan(before, plan)
    if after != before and not dry_run:
        # A symbolic link is written through, so that it stays one.
        write_whole(target.resolve(), after.encode("utf-8"))
    return Imported(target, plan, problems, len(incoming), after != before and not dry_run)


def _text_of(target: Path) -> str:
    """The text of the bibliography as it is, byte for byte; empty where there is none."""
    try:
        return target.read_bytes().decode("utf-8") if target.exists() else ""
    except OSError as error:
        raise EvidenceError(f"{target} cannot be read: {error.strerror}", "check its permissions") from error
    except UnicodeDecodeError as error:
        message = f"{target} is not UTF-8 at byte {error.start}, so that it cannot be edited safely"
        raise EvidenceError(message, "save it as UTF-8 first") from error


def _print(done: Imported, *, dry_run: bool) -> None:
    from evidencebase.cli.console import console, print_problems

    out = console()
    print_problems(out, done.problems)
    plan = done.plan
    would = "would be " if dry_run else ""
    for clash in plan.clashes:
        out.print(f"{clash.key} {would}added as {clash.suggested}: the key has another work", markup=False)
    for each in plan.merges:
        adds = ", ".join(sorted(each.adds)) or "nothing it lacks"
        into = each.existing.key if each.existing else ""
        out.print(f"{each.incoming.key} {would}merged into {into}: {adds}", markup=False)
    for each in plan.duplicates:
        like = each.existing or each.twin
        adds = f"; merging would add {', '.join(sorted(each.adds))}" if each.adds else ""
        key = like.key if like else ""
        out.print(f"left out: {each.incoming.key} looks like {key} ({each.reason}){adds}", markup=False)
        options = f"--keep-both {each.incoming.key}"
        options = f"--merge {each.incoming.key}, or {options}" if each.existing else options
        out.print(f"  to take it: {options}", markup=False)
    counts = f"{len(plan.new)} added, {len(plan.merges)} merged, {len(plan.duplicates)} left out"
    state = f"wrote {done.target}" if done.written else ("nothing was written" if dry_run else "nothing to write")
    out.print(f"{done.read} references read: {would}{counts}; {state}", markup=False)
