r"""`evidence manuscript`: fill the cited figures of a manuscript, or check that they still hold.

    evidence manuscript report.md                  writes report.filled.md and report.filled.bib
    evidence manuscript report.md -o report.md     fills it in place, and writes report.bib
    evidence manuscript report.md --check          changes nothing; exit 1 where a figure is wrong

Markdown and Quarto: `[7.7%]{.evidence finding=ID show=value|interval|sentence}`, tables as
`::: {.evidence findings="ID ID"}`. LaTeX: `\evidence[interval]{ID}{7.7\%}`. See docs/citing.md.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evidencebase.cli.loading import read_base
from evidencebase.cli.options import base_option, format_option
from evidencebase.problems import EvidenceError, Problem, UsageError

if TYPE_CHECKING:
    from evidencebase.base import Base

_MOST_BYTES = 10_000_000


@click.command("manuscript", epilog="Example: evidence manuscript report.qmd --check --format github")
@click.argument("file", type=click.Path(path_type=Path))
@base_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="OUT", help="Default: FILE.filled.md beside it."
)
@click.option("--bib", type=click.Path(path_type=Path), metavar="BIB", help="Default: OUT with the ending .bib.")
@click.option("--check", "checking", is_flag=True, help="Change nothing; compare each figure with its record.")
@format_option("json", "github")
def command(
    file: Path,
    base: Path | None,
    output: Path | None,
    bib: Path | None,
    checking: bool,
    shape: str,
) -> None:
    """Fill the cited figures of a manuscript in Markdown, Quarto or LaTeX, or check them."""
    if checking and (output or bib):
        raise UsageError("--check changes nothing: it takes no -o and no --bib", "leave one of them out")
    loaded = read_base(base)
    text = read_manuscript(file)
    if checking:
        problems, checked = check_text(text, file, loaded)
        _print(problems, shape, f"{checked} cited figures checked")
        sys.exit(1 if any(problem.severity == "error" for problem in problems) else 0)
    written, problems = run(text, file, loaded, output, bib)
    names = " and ".join(str(name) for name in written)
    _print(problems, shape, f"wrote {names}" if written else "nothing was written: mend the errors first")
    sys.exit(0 if written else 1)


def read_manuscript(file: Path) -> str:
    """The text of a manuscript, line ends kept. Raises EvidenceError where it cannot be read."""
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise EvidenceError(f"{file} is too large for a manuscript", "name a text file")
        return file.read_bytes().decode("utf-8")
    except OSError as error:
        raise EvidenceError(f"{file} cannot be read: {error.strerror}", "check its name and permissions") from error
    except UnicodeDecodeError as error:
        message = f"{file} is not UTF-8 at byte {error.start}"
        raise EvidenceError(message, "save it as UTF-8 text") from error


def check_text(text: str, file: Path, base: Base) -> tuple[list[Problem], int]:
    """What is wrong with a manuscript, and how many cited figures were checked."""
    from evidencebase.answers.manuscript_checks import check
    from evidencebase.answers.notation import syntax_of

    return check(text, syntax_of(file.name), base, str(file))


def run(
    text: str, file: Path, base: Base, output: Path | None = None, bib: Path | None = None
) -> tuple[list[Path], list[Problem]]:
    """Fill a manuscript and write it with its bibliography; on an error nothing is written.

    Raises EvidenceError where a bibliography stands in the way that this command did not write.
    """
    from evidencebase.answers.manuscripts import BIB_HEADER, fill
    from evidencebase.answers.notation import syntax_of
    from evidencebase.files import write_whole

    target = output or file.with_name(f"{file.stem.removesuffix('.filled')}.filled{file.suffix}")
    if output is None and target.resolve() == file.resolve():
        raise UsageError(f"{file} is filled already", f"to fill it again in place: -o {file}")
    bibliography = bib or target.with_suffix(".bib")
    filled = fill(text, syntax_of(file.name), base, str(file), bibliography.name)
    if filled.fails:
        return [], filled.problems
    if filled.bibliography and bibliography.exists():
        with bibliography.open("rb") as stream:
            ours = stream.read(len(BIB_HEADER.encode())) == BIB_HEADER.encode()
        if not ours:
            message = f"{bibliography} was not written by this command and is left alone"
            raise EvidenceError(message, "name another file with --bib")
    written = [(bibliography, filled.bibliography)] if filled.bibliography else []
    for name, content in [*written, (target, filled.text)]:
        write_whole(name, content)
    return [target, *(name for name, _ in written)], filled.problems


def _print(problems: list[Problem], shape: str, done: str) -> None:
    import json

    from evidencebase.cli.console import annotation, console, print_problems

    if shape == "json":
        shown = {"done": done, "problems": [problem.as_dict() for problem in problems]}
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
    elif shape == "github":
        for problem in problems:
            click.echo(annotation(problem))
    else:
        out = console()
        print_problems(out, problems)
        out.print(done, markup=False)
