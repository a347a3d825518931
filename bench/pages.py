"""How quick is the site? The median of every kind of page beside Datasette's own default table page.

    python bench/pages.py                  the shipped base, drafts included
    python bench/pages.py some/evidence.db

Both are asked in one run, turn and turn about, through the same ASGI interface. The default page is that of
`findings_readable` in a Datasette with the same settings and metadata whose plugin is switched off; it is given
the same facets. A ratio under 1 is quicker than Datasette.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.app import Datasette
from datasette.plugins import pm
from datasette.utils import parse_metadata

from evidencebase.cli.serve import SETTINGS
from evidencebase.database import build_database
from evidencebase.folder import BaseFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
ROUNDS = 15
RECORDS = ("findings", "claims", "populations", "estimates", "conclusions", "responses", "groups", "measures",
           "places", "studies", "documents")  # fmt: skip


def pages(file: Path) -> Iterator[tuple[str, str]]:
    """Every kind of page; of records the one most is known of."""
    yield from (("home", "/"), ("home again", "/evidence"), ("map", "/evidence/-/map"))
    yield from (("method", "/evidence/-/method"), ("data", "/evidence/-/data"))
    yield from (("search", "/evidence/-/search?q=lonely"), ("findings list", "/evidence/findings_readable"))
    yield from (
        ("findings list, search", "/evidence/findings_readable?_search=lonely"),
        ("claims list", "/evidence/claims"),
    )
    with sqlite3.connect(file) as connection:
        for table in RECORDS:
            column = table.removesuffix("ies").removesuffix("s") + ("y" if table == "studies" else "")
            known = 'SELECT "{0}", count(*) FROM findings GROUP BY 1 ORDER BY 2 DESC LIMIT 1'
            subject = table in ("groups", "measures", "places", "studies", "documents")
            sql = known.format(column) + "" if subject else f'SELECT id FROM "{table}" ORDER BY id LIMIT 1'  # noqa: S608 - from RECORDS
            sql = sql.replace("GROUP BY", f'WHERE "{column}" IS NOT NULL GROUP BY') if subject else sql
            for row in connection.execute(sql):
                yield f"one of {table}", f"/evidence/{table}/{row[0]}"
                if table == "measures":
                    yield "chart", f"/evidence/-/chart/measure/{row[0]}"
                    yield "chart as SVG", f"/evidence/-/chart/measure/{row[0]}.svg"


def site(file: Path, metadata: dict[str, Any]) -> Datasette:
    """Datasette on one unchanging database."""
    return Datasette([], immutables=[str(file)], metadata=metadata, settings=SETTINGS)


async def measure(file: Path) -> None:
    """Ask every page in turn with the default page, and print medians and ratios."""
    metadata = parse_metadata((ROOT / "metadata.yml").read_text(encoding="utf-8"))
    plugin = pm.unregister(name="evidencebase")
    plain = site(file, metadata)
    await plain.invoke_startup()
    pm.register(plugin, "evidencebase")
    ours = site(file, metadata)
    await ours.invoke_startup()
    asked = [(name, path, []) for name, path in pages(file)]
    default: list[float] = []
    for _ in range(ROUNDS):
        pm.unregister(name="evidencebase")
        default.append(await seconds(plain, "/evidence/findings_readable"))
        pm.register(plugin, "evidencebase")
        for _, path, times in asked:
            times.append(await seconds(ours, path))
    base = statistics.median(default)
    print(f"{'page':26} {'median':>9} {'ratio':>6}   ({ROUNDS} rounds)")
    print(f"{'Datasette default table':26} {base * 1000:7.1f}ms {1:6.2f}")
    medians = [statistics.median(times) for _, _, times in asked]
    for (name, _, _), median in zip(asked, medians, strict=True):
        print(f"{name:26} {median * 1000:7.1f}ms {median / base:6.2f}")
    print(
        f"{'median of all pages':26} {statistics.median(medians) * 1000:7.1f}ms {statistics.median(medians) / base:6.2f}"
    )
    print(f"{'slowest page':26} {max(medians) * 1000:7.1f}ms {max(medians) / base:6.2f}")


async def seconds(asked: Datasette, path: str) -> float:
    """How long one page takes; it must answer with 200."""
    start = time.perf_counter()
    answer = await asked.client.get(path)
    taken = time.perf_counter() - start
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return taken


def main() -> None:
    """Measure a database named on the command line, else a fresh one of the shipped base."""
    if len(sys.argv) > 1:
        asyncio.run(measure(Path(sys.argv[1])))
        return
    documents = ROOT.parent / "shared" / "documents"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "evidence.db"
        build_database(BaseFolder(ROOT), file, documents if documents.is_dir() else None, drafts=True)
        asyncio.run(measure(file))


if __name__ == "__main__":
    main()
