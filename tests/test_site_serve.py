"""`evidence serve` and plain Datasette, started as people start them."""

from __future__ import annotations

import re
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager

import httpx

from site_serving import database, sleep_base, visible


@contextmanager
def started(*command, **options):
    """A server as a process: its address once it answers."""
    with subprocess.Popen(
        [sys.executable, "-m", *map(str, command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def told(process) -> tuple[str, str]:
    """The address a server prints, and everything it said before."""
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found[0], said
    raise AssertionError(said)


def answer(address: str, until: str = "", tries: int = 150) -> httpx.Response:
    for _ in range(tries):
        try:
            found = httpx.get(address)
            if until in found.text:
                return found
        except httpx.ConnectError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{address} never showed {until!r}")


def test_serve_builds_says_what_it_left_out_and_shows_the_base(tmp_path):
    base = sleep_base(tmp_path / "base")
    with started("evidencebase", "serve", "--base", base.folder, "--port", 0) as process:
        address, said = told(process)

        assert "left out as unreviewed" in said
        assert "0 findings, by the strength of the source" in answer(address).text
    with closing(sqlite3.connect(base.folder / "evidence.db")) as built:
        assert built.execute("SELECT count(*) FROM findings").fetchone() == (0,)
        assert [row[0] for row in built.execute("SELECT key FROM documents")] == ["northshire-report"]


def test_serve_shows_drafts_marked_and_builds_again_when_a_record_changes(tmp_path):
    base = sleep_base(tmp_path / "base")
    with started("evidencebase", "serve", "--base", base.folder, "--port", 0, "--drafts", "--reload") as process:
        address, _ = told(process)
        assert "3 of 3 are drafts" in answer(f"{address}/evidence").text.replace("<strong>3 findings of 3", "3 of 3")
        base.change("schema/groups.yml", "label: nurses", "words: [nurses], label: nurses on nights")

        page = visible(answer(f"{address}/evidence/groups/nurses", until="nurses on nights").text)
        assert "23.5% of nurses on nights in Northshire sleep badly on most nights" in page
    assert not (base.folder / "evidence.db").exists()


def test_a_port_in_use_is_said_in_one_line(tmp_path, run):
    base = sleep_base(tmp_path / "base")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--base", base.folder, env={"PORT": str(port)})

    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1, port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_none_is_misuse(tmp_path, run):
    base = sleep_base(tmp_path / "base")
    done = run("serve", "--base", base.folder, env={"PORT": "eighty"})

    assert done.returncode == 2
    assert "no port" in done.stderr


def test_plain_datasette_shows_the_same_site(tmp_path):
    file = database(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with started("datasette", file, "--metadata", tmp_path / "metadata.yml", "-p", port):
        address = f"http://127.0.0.1:{port}"

        assert "by the strength of the source" in answer(address).text
        assert "<mark>23.5%</mark>" in answer(f"{address}/evidence/findings/nurses-sleep-badly").text
        assert httpx.get(f"{address}/evidence/findings.json?_shape=array").json()[0]["unit"] == "percent"


def test_datasette_with_an_immutable_file_under_a_base_url_shows_the_same_site(tmp_path):
    file = database(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with started("datasette", "-i", file, "--setting", "base_url", "/x/", "-p", port):
        address = f"http://127.0.0.1:{port}/x"
        page = answer(f"{address}/evidence/findings/nurses-sleep-badly").text
        sheet = re.search(r'href="(/x/-/static-plugins/[^"]+)"', page)[1]

        assert httpx.get(f"http://127.0.0.1:{port}{sheet}").headers["content-type"] == "text/css"
        assert "<mark>23.5%</mark>" in page
