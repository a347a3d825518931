"""Checking many anchors beside reading and folding their text once, and beside linkml-reference-validator.

    python bench/anchors.py [--anchors 100000] [--megabytes 100] [--documents 1000] [--peer PYTHON]

Prints seconds and ratios measured in this one run; the peer gets a sample of the same quotes and texts.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
import time
from decimal import Decimal
from pathlib import Path

from evidencebase.model.records import Figure
from evidencebase.provenance.figures import resolve
from evidencebase.provenance.passages import locate
from evidencebase.reading.documents import DocumentText, read_document

WORDS = (
    "residents adults households survey area district council people report living alone feel often share found "
    "compared with those aged over year rate lower higher group local services health support care among"
).split()


def document(rng: random.Random, size: int, number: int) -> tuple[str, list[tuple[str, Decimal]]]:
    """An invented report of about `size` characters with its quotable figures: (fragment, value)."""
    lines, quotes, length = [], [], 0
    while length < size:
        words = " ".join(rng.choice(WORDS) for _ in range(rng.randint(8, 14)))
        value = Decimal(rng.randint(1, 999)) / 10
        place = f"ward {number}-{len(lines)}"
        quote = f"{value}% of adults in {place}"
        quotes.append((quote, value))
        lines.append(f"{words}\nand {quote} said so, {words}.\n")
        length += len(lines[-1])
    return "".join(lines), quotes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--anchors", type=int, default=100_000)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--documents", type=int, default=1_000)
    parser.add_argument("--peer", metavar="PYTHON")
    options = parser.parse_args()
    rng = random.Random(1)
    size = options.megabytes * 1_000_000 // options.documents
    each = options.anchors // options.documents
    with tempfile.TemporaryDirectory() as folder:
        wanted: list[tuple[Path, list[tuple[str, Decimal]]]] = []
        for number in range(options.documents):
            text, quotes = document(rng, size, number)
            file = Path(folder) / f"{number}.txt"
            file.write_text(text)
            wanted.append((file, rng.sample(quotes, min(each, len(quotes)))))
        folding = matching = 0.0
        checked = 0
        for file, quotes in wanted:
            started = time.perf_counter()
            read: DocumentText = read_document(file.stem, file)
            folded = read.folded
            folding += time.perf_counter() - started
            started = time.perf_counter()
            for quote, value in quotes:
                passage = locate(read, quote)
                words = folded.text[passage.start : passage.end]
                resolved = resolve(Figure(field="value", value=value, unit="percent"), "percent", words)
                if not passage.state.passes or resolved.numeral is None:
                    raise SystemExit(f"{file.name}: {quote!r} was not matched")
                checked += 1
            matching += time.perf_counter() - started
        print(f"{checked:,} anchors in {options.megabytes} MB of {options.documents} documents")
        print(f"reading and folding once: {folding:.1f} s")
        print(f"checking every anchor:    {matching:.1f} s, {matching / folding:.2f} times that")
        if options.peer:
            ours = matching / checked
            sample = wanted[:: max(1, len(wanted) // 5)][:5]
            program = Path(__file__).parent / "peer_linkml.py"
            lines = "".join(
                json.dumps({"text": file.read_text(), "quotes": [quote for quote, _ in quotes[:20]]}) + "\n"
                for file, quotes in sample
            )
            done = subprocess.run([options.peer, str(program)], input=lines, capture_output=True, text=True, check=True)
            answers = [json.loads(line) for line in done.stdout.splitlines()]
            seconds = sum(answer["seconds"] for answer in answers)
            count = sum(len(answer["found"]) for answer in answers)
            print(f"ours per anchor: {ours * 1e6:.0f} µs; linkml-reference-validator: {seconds / count * 1e6:.0f} µs")
            print(f"ratio: {ours / (seconds / count):.4f}")


if __name__ == "__main__":
    main()
