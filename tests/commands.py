"""The command as a user gives it, run in this process so that many tests stay quick: `evidence("check", "--base", folder)`.

Nothing here knows a module of the program: only the command, what it prints, and the files it writes.
"""

from __future__ import annotations

import csv
import json
import runpy
import sqlite3
import sys
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch


@dataclass(frozen=True)
class Done:
    """How a command ended: its exit code, and what it wrote to both streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What `--format json` printed."""
        assert self.out, self.err
        return json.loads(self.out)


def evidence(*arguments: object) -> Done:
    """Run `python -m evidencebase` with arguments."""
    out, err = StringIO(), StringIO()
    command = ["evidence", *map(str, arguments)]
    code = 0
    with patch.object(sys, "argv", command), redirect_stdout(out), redirect_stderr(err):
        try:
            runpy.run_module("evidencebase", run_name="__main__")
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def checked(folder: Path, *options: object) -> list[dict[str, Any]]:
    """The problems that `evidence check` prints; reviews are left out unless options are given."""
    chosen = options or ("--ignore", "review")
    return evidence("check", "--base", folder, "--format", "json", *chosen).json["problems"]


def codes(folder: Path, family: str = "", *options: object) -> list[tuple[str, str, str | None]]:
    """What a check finds of one family of codes: (severity, code, record), sorted."""
    found = [each for each in checked(folder, *options) if each["code"].startswith(family)]
    return sorted((each["severity"], each["code"], each["record"] or "") for each in found)


AROUND = {
    "millbrook-2020-table-1": "600 45.0% 270 600 38.0% 228 1,200 498",
    "swim-survey-2019": "",
    "millbrook-register": "",
}
"""What gives the records of `bases` their meaning, with the cells of the table as a second reader enters them."""


def accept(folder: Path, figures: dict[str, str]) -> None:
    """Have records accepted by reader-b, who enters these figures, and all that gives them their meaning."""
    waiting = [each["record"] for each in checked(folder, "--select", "review") if each["code"] == "review-missing"]
    around = {key: AROUND.get(key, "") for key in waiting if "/" in key or key in AROUND}
    file = folder.parent / f"{folder.name}-reviews.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("record", "value"), *(around | figures).items()])
    done = evidence("review", "--base", folder, "--by", "reader-b", "--from", file)
    assert done.code == 0, done.err


def rows(folder: Path, sql: str, *options: object) -> list[dict[str, Any]]:
    """What a question finds in the database that `evidence build` makes; drafts go in unless options are given."""
    file = folder.parent / f"{folder.name}.db"
    done = evidence("build", "--base", folder, "-o", file, *(options or ("--drafts",)))
    assert done.code == 0, done.err
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql)]
