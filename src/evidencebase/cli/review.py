"""`evidence review`: a second reader enters the figures from the passage, then sees the record.

evidence review --by reader-b                                    all that waits, one after another
evidence review ID --by reader-b                                 one record
evidence review ID --by reader-b --value 7.7                     scripted
evidence review ID --by reader-b --value "low=250 high=2500"     every figure by its name
evidence review measures/ID --by reader-b --verdict accept       an entry: a measure, group, document ...
evidence review --from reviews.csv --by reader-b                 many, from a CSV with record,value,verdict,note
"""

from __future__ import annotations

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from evidencebase.answers.chain import chain
from evidencebase.citing.statements import statement
from evidencebase.cli.console import console
from evidencebase.cli.options import base_option
from evidencebase.cli.show import tree
from evidencebase.folder import find_base
from evidencebase.loading import load
from evidencebase.model.ledger import Review
from evidencebase.model.plain import printable
from evidencebase.problems import EvidenceError, UsageError
from evidencebase.provenance.lock import read_lock
from evidencebase.provenance.reviewing import (
    add_reviews,
    expected,
    hidden_passages,
    make_review,
    queue,
    read_entered,
    subject,
    wrong,
)
from evidencebase.provenance.seal import Reviews, Seal, Sealed

_VERDICTS = ("accept", "reject", "withdraw")


@click.command("review", epilog="Example: evidence review --by reader-b")
@click.argument("records", nargs=-1, metavar="[ID]...")
@base_option
@click.option("--by", required=True, metavar="NAME", help="Who reviews, by role: never the extractor.")
@click.option("--value", "values", multiple=True, metavar="V",
              help="The figure as you read it; several by name (low=250); a table's cells, in order.")  # fmt: skip
@click.option("--verdict", type=click.Choice(_VERDICTS), default=None)
@click.option("--note", default="", help="The reason; needed to reject or withdraw.")
@click.option("--from", "batch", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.csv",
              help="Many at once: columns record, value, verdict, note.")  # fmt: skip
def command(
    records: tuple[str, ...],
    base: Path | None,
    by: str,
    values: tuple[str, ...],
    verdict: str | None,
    note: str,
    batch: Path | None,
) -> None:
    """Review records and entries: enter the figures from the passage, then see the record, then decide."""
    folder = find_base(base)
    loaded, _ = load(folder)
    reviews = Reviews(loaded)
    out = console()
    today = datetime.now(tz=UTC).date().isoformat()
    if batch is not None:
        _record(out, reviews, _rows(batch), by, today)
    elif values or verdict is not None or not sys.stdin.isatty():
        _record(out, reviews, _from_options(reviews, records, values, verdict, note), by, today, shown=True)
    else:
        _sitting(out, reviews, records, by, today)


def _from_options(
    reviews: Reviews, records: tuple[str, ...], values: tuple[str, ...], verdict: str | None, note: str
) -> list[dict[str, str]]:
    """The options as rows of a CSV."""
    if not records:
        raise UsageError("name the records to review", "or review the queue in a terminal")
    for key in records:
        subject(reviews, key)
    if values and len(records) > 1:
        raise UsageError("--value is the figure of one record", "name one ID")
    if not values and verdict is None:
        raise UsageError("say what you found", "give --value, or --verdict")
    return [{"record": key, "value": " ".join(values), "verdict": verdict or "", "note": note} for key in records]


def _record(
    out: Console, reviews: Reviews, rows: list[dict[str, str]], by: str, today: str, *, shown: bool = False
) -> None:
    """Add what can be added; a row that is refused is named, and takes no other with it."""
    made, refused = [], []
    for row in rows:
        try:
            of = subject(reviews, row["record"])
            if shown:
                _show_entry(out, reviews, of)
            made.append(_from_row(reviews, of, row, by, today))
        except EvidenceError as error:
            if len(rows) == 1:
                raise
            refused.append((row["record"], error))
    add_reviews(reviews.base.folder, made)
    out.print(f"{len(made)} reviews by {by} added")
    for key, why in refused:
        click.echo(f"evidence: not recorded: {printable(key)}: {why.message}; {why.hint}", err=True)
    if refused:
        sys.exit(1)


def _sitting(out: Console, reviews: Reviews, records: tuple[str, ...], by: str, today: str) -> None:
    keys = list(records) or _for(reviews, by, out)
    for number, key in enumerate(keys, 1):
        out.rule(f"{number} of {len(keys)}")
        try:
            review = _interactive(out, reviews, subject(reviews, key), by, today)
        except EvidenceError as error:  # one record that cannot be accepted must not end the sitting
            if len(keys) == 1:
                raise
            out.print(f"not recorded: {error.message}; {error.hint}", markup=False)
            continue
        if review is not None:
            add_reviews(reviews.base.folder, [review])


def _for(reviews: Reviews, by: str, out: Console) -> list[str]:
    """What waits for this reader: nobody accepts what they extracted themselves."""
    waiting = queue(reviews)
    keys = [key for key in waiting if reviews.extractor(subject(reviews, key).name) != by]
    if len(keys) < len(waiting):
        out.print(f"{len(waiting) - len(keys)} records wait for another reader: {by} extracted them")
    return keys


def _interactive(out: Console, reviews: Reviews, of: Sealed, by: str, today: str) -> Review | None:
    """Show the passage with its numbers hidden, take the figures, then show the record."""
    base = reviews.base
    for passage in hidden_passages(base, of):
        out.print(passage, markup=False)
    entered = {name: click.prompt(f"  {name}") for name in expected(of)}
    if names := wrong(of, entered):
        # The record is not shown: whoever reads again must not have seen the answer.
        out.print(f"differs: {', '.join(names)}: read the passage again", style="red")
        choice = click.prompt("again, reject or skip", type=click.Choice(["again", "reject", "skip"]), default="skip")
        if choice == "again":
            return _interactive(out, reviews, of, by, today)
    else:
        if of.entry is not None:
            lock, _ = read_lock(base)
            out.print(tree(chain(base, lock, of.key)))
        _show_entry(out, reviews, of)
        if entered:
            out.print("what you entered is what the record says", style="green")
        choice = click.prompt("accept, reject or skip", type=click.Choice(["accept", "reject", "skip"]), default="skip")
    if choice == "skip":
        return None
    note = click.prompt("reason") if choice == "reject" else ""
    return make_review(reviews, of, by, today, choice, entered=entered, note=note)


def _show_entry(out: Console, reviews: Reviews, of: Sealed) -> None:
    """An entry as it is now, and every record whose meaning it gives: what an acceptance answers for."""
    if of.extracted:
        return
    out.print(Text(of.shown, style="bold"))
    for name, value in of.content.items():
        out.print(f"  {name}: {printable(str(value))}", markup=False)
    touched = reviews.touched(of.name)
    seal = reviews.seals[of.name]
    unread = seal in (Seal.CARRIED, Seal.MISSING)
    state = "nobody has read it yet" if unread else "changed after its review" if seal is Seal.BROKEN else str(seal)
    out.print(f"{state}; {len(touched)} records rest on it:")
    for entry in touched:
        out.print(f"  {entry.key}: {printable(statement(entry, reviews.base))}", markup=False)


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            if "record" not in (reader.fieldnames or []):
                raise UsageError(f"{file} has no column `record`", "its header is record,value,verdict,note")
            return [{key: text or "" for key, text in row.items() if key} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise EvidenceError(f"{file} cannot be read as CSV: {error}", "save it as UTF-8 CSV") from error


def _from_row(reviews: Reviews, of: Sealed, row: dict[str, str], by: str, today: str) -> Review:
    verdict = row.get("verdict") or "accept"
    if verdict not in _VERDICTS:
        raise UsageError(f"{of.shown}: {verdict!r} is no verdict", "use accept, reject or withdraw")
    value = row.get("value") or ""
    entered = read_entered(of, [value]) if value and verdict == "accept" else {}
    return make_review(reviews, of, by, today, verdict, entered=entered, note=row.get("note") or "")
