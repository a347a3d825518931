"""`evidence review`: a second reader enters the figure from the passage, then sees the record.

evidence review --by reader-b                       every record that waits, one after another
evidence review ID --by reader-b                    one record
evidence review ID --by reader-b --value 7.7        scripted
evidence review --from reviews.csv --by reader-b    many, from a CSV with record,value,verdict,note
"""

from __future__ import annotations

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from evidencebase.answers.chain import chain
from evidencebase.base import Base
from evidencebase.cli.console import console
from evidencebase.cli.options import base_option
from evidencebase.cli.show import tree
from evidencebase.folder import find_base
from evidencebase.loading import load
from evidencebase.model.ledger import Review
from evidencebase.problems import EvidenceError, UsageError
from evidencebase.provenance.lock import read_lock
from evidencebase.provenance.reviewing import (
    Subject,
    add_reviews,
    differs,
    expected,
    hidden_passages,
    make_review,
    queue,
    subject,
)


@click.command("review", epilog="Example: evidence review --by reader-b")
@click.argument("records", nargs=-1, metavar="[ID]...")
@base_option
@click.option("--by", required=True, metavar="NAME", help="Who reviews, by role: never the extractor.")
@click.option("--value", metavar="V", help="The figure as you read it, when scripted; a table's cells, in order.")
@click.option("--verdict", type=click.Choice(["accept", "reject", "withdraw"]), default=None)
@click.option("--note", default="", help="The reason; needed to reject or withdraw.")
@click.option("--from", "batch", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.csv",
              help="Many at once: columns record, value, verdict, note.")  # fmt: skip
def command(
    records: tuple[str, ...],
    base: Path | None,
    by: str,
    value: str | None,
    verdict: str | None,
    note: str,
    batch: Path | None,
) -> None:
    """Review records: enter the figure from the passage, then see the record, then decide."""
    folder = find_base(base)
    loaded, _ = load(folder)
    out = console()
    today = datetime.now(tz=UTC).date().isoformat()
    if batch is not None:
        made = [_from_row(loaded, row, by, today) for row in _rows(batch)]
        add_reviews(folder, made)
        out.print(f"{len(made)} reviews by {by} added")
        return
    keys = list(records) or _for(loaded, by, out)
    if value is not None or verdict is not None or not sys.stdin.isatty():
        if not records:
            raise UsageError("name the records to review", "or review the queue in a terminal")
        if value is not None and len(records) > 1:
            raise UsageError("--value is the figure of one record", "name one ID")
        made = [
            make_review(subject(loaded, key), by, today, verdict or "accept", entered=value, note=note) for key in keys
        ]
        add_reviews(folder, made)
        out.print(f"{len(made)} reviews by {by} added")
        return
    for number, key in enumerate(keys, 1):
        out.rule(f"{number} of {len(keys)}")
        try:
            review = _interactive(out, loaded, subject(loaded, key), by, today)
        except EvidenceError as error:  # one record that cannot be accepted must not end the sitting
            if len(keys) == 1:
                raise
            out.print(f"not recorded: {error.message}; {error.hint}", markup=False)
            continue
        if review is not None:
            add_reviews(folder, [review])


def _for(base: Base, by: str, out: Console) -> list[str]:
    """The records that wait for this reader: nobody accepts what they extracted themselves."""
    waiting = queue(base)
    keys = [key for key in waiting if subject(base, key).extracted_by != by]
    if len(keys) < len(waiting):
        out.print(f"{len(waiting) - len(keys)} records wait for another reader: {by} extracted them")
    return keys


def _interactive(out: Console, base: Base, of: Subject, by: str, today: str) -> Review | None:
    """Show the passage with its numbers hidden, take the figure, then show the record."""
    for passage in hidden_passages(base, of):
        out.print(passage, markup=False)
    entered = " ".join(click.prompt(f"  {name}") for name, _ in expected(of))
    if of.entry is not None:
        lock, _ = read_lock(base)
        out.print(tree(chain(base, lock, of.key)))
    why = differs(of, entered) if expected(of) else ""
    out.print(f"differs: {why}" if why else "what you entered is what the record says", style="red" if why else "green")
    choice = click.prompt("accept, reject or skip", type=click.Choice(["accept", "reject", "skip"]), default="skip")
    if choice == "skip":
        return None
    note = click.prompt("reason") if choice == "reject" else ""
    return make_review(of, by, today, choice, entered=entered, note=note)


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            if "record" not in (reader.fieldnames or []):
                raise UsageError(f"{file} has no column `record`", "its header is record,value,verdict,note")
            return [{key: text or "" for key, text in row.items() if key} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise EvidenceError(f"{file} cannot be read as CSV: {error}", "save it as UTF-8 CSV") from error


def _from_row(base: Base, row: dict[str, str], by: str, today: str) -> Review:
    verdict = row.get("verdict") or "accept"
    if verdict not in ("accept", "reject", "withdraw"):
        raise UsageError(f"{row['record']}: {verdict!r} is no verdict", "use accept, reject or withdraw")
    of = subject(base, row["record"])
    return make_review(of, by, today, verdict, entered=row.get("value") or None, note=row.get("note") or "")
