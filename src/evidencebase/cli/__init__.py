"""The `evidence` command. Each subcommand is a module of its own, loaded when it is used."""

from __future__ import annotations

import gc
import importlib
import keyword
import os
import sys
from io import TextIOWrapper

import click

from evidencebase.problems import EvidenceError

COMMANDS = {
    "briefing": "one page on a group for a committee",
    "build": "make the database from the reviewed records",
    "check": "check every record against its passage and its rules",
    "cite": "the sentence, citation and references of a record",
    "compare": "two figures side by side, or why they may not be compared",
    "coverage": "which numbers of a document were read, and which words are named",
    "documents": "list, verify or add the documents a base was read from",
    "estimate": "local estimates: the base's own, or for a new place",
    "ground": "where else a document names what a passage does not",
    "import": "take references from another file into sources.bib",
    "lock": "write down what was matched in which document",
    "manuscript": "fill and check the cited figures of a manuscript",
    "map": "groups against measures: evidence, gaps and responses",
    "migrate": "list or rewrite what a base of an older format holds",
    "pool": "pool the percents of several studies, with a forest plot",
    "review": "have records read again by a second reader",
    "schema": "write the JSON Schemas that editors use",
    "search": "find findings by words and facets",
    "serve": "build the database and open the site",
    "show": "one record with its whole provenance",
    "stale": "what is past its date",
}

# Records are kept until the command ends: to look for garbage among them time and again is a tenth of a check.
_COLLECT = (200_000, 20, 100)


class _Lazy(click.Group):
    """A group that imports a subcommand only when it is called, so that `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        module = importlib.import_module(f"evidencebase.cli.{name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="evidencebase", prog_name="evidence")
def evidence() -> None:
    """A knowledge base of published findings: no number without its passage.

    \b
    Start with:
      evidence serve                 open the site
      evidence search WORDS          find findings
      evidence check                 check every record
    """  # noqa: D301 (click reads the backspace as "do not wrap")


def main() -> None:
    """Run the command; what cannot be done is said in one line, never in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that cannot show a character shows its code
            stream.reconfigure(errors="backslashreplace")
    gc.set_threshold(*_COLLECT)
    try:
        evidence(standalone_mode=True)
    except EvidenceError as error:
        click.echo(f"evidence: {error.message}", err=True)
        if error.hint:
            click.echo(f"  mend: {error.hint}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:
        # Nothing a person can put in a file may end in a traceback; whoever mends the program can ask for it.
        if os.environ.get("EVIDENCE_TRACEBACK"):
            raise
        click.echo(f"evidence: a fault in the program: {type(error).__name__}: {error}", err=True)
        click.echo("  mend: please report it; EVIDENCE_TRACEBACK=1 shows where it happened", err=True)
        sys.exit(1)
