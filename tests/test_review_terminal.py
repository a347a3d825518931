"""Reviewing in a terminal: the passage first, the figure entered, and only then the record."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time

import pytest

from evidencebase.loading import load
from evidencebase.provenance.reviewing import HIDDEN, queue
from evidencebase.provenance.seal import Reviews

TABLE = "northshire-report-table-1"
CELLS = "1,200 23.5% 282 2,400 9.0% 216 3,600 498"


@pytest.fixture
def base(base):
    """The base with what its findings name reviewed, by someone else than the readers of these tests."""
    base.accept_all("reader-z", records=False)
    return base


def seal(base, key: str) -> str:
    reviews = Reviews(load(base.folder)[0])
    return str(reviews.own(reviews.base.by_id[key]))


def review(base, key: str, entered: str) -> None:
    base.review(key, entered)


class Terminal:
    """The command in a terminal of its own, and what it showed so far."""

    def __init__(self, *arguments: object) -> None:
        self.shown = ""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="dumb", NO_COLOR="1", COLUMNS="200")
            os.execv(sys.executable, [sys.executable, "-m", "evidencebase", *map(str, arguments)])  # noqa: S606

    def until(self, words: str, seconds: float = 60) -> str:
        """What is shown until these words stand there; everything shown, where the command ended."""
        end, start = time.monotonic() + seconds, len(self.shown)
        while words not in self.shown[start:]:
            assert time.monotonic() < end, f"{words!r} was not shown, only {self.shown!r}"
            if not select.select([self.terminal], [], [], 1)[0]:
                continue
            try:
                more = os.read(self.terminal, 65_536)
            except OSError:
                break
            if not more:
                break
            self.shown += more.decode("utf-8", "replace")
        return self.shown[start:]

    def enter(self, text: str) -> None:
        os.write(self.terminal, f"{text}\n".encode())

    def end(self) -> int:
        self.until("\0 never shown")
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def stop(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def test_in_a_terminal_the_figure_is_asked_for_before_the_record_is_shown(base):
    terminal = Terminal("review", "nurses-sleep-badly", "--by", "reader-b", "--base", base.folder)
    first = terminal.until("value:")
    assert f"{HIDDEN} of nurses said" in first
    assert "23" not in first.replace(str(base.folder), "")
    terminal.enter("23.5")
    then = terminal.until("accept, reject or skip")
    assert "23.5% of nurses in Northshire sleep badly on most nights" in then
    assert "what you entered is what the record says" in then
    terminal.enter("accept")
    assert terminal.end() == 0
    assert seal(base, "nurses-sleep-badly") == "accepted"


def test_in_a_terminal_a_wrong_figure_shows_no_answer_and_can_be_entered_again(base):
    terminal = Terminal("review", "nurses-sleep-badly", "--by", "reader-b", "--base", base.folder)
    terminal.until("value:")
    terminal.enter("25.3")
    told = terminal.until("again, reject or skip")
    assert "differs: value: read the passage again" in told
    assert "23.5" not in told
    terminal.enter("again")
    terminal.until("value:")
    terminal.enter("23.5")
    assert "23.5% of nurses in Northshire sleep badly" in terminal.until("accept, reject or skip")
    terminal.enter("accept")
    assert terminal.end() == 0
    assert seal(base, "nurses-sleep-badly") == "accepted"


def test_in_a_terminal_the_queue_is_resumed_and_a_wrong_figure_ends_nothing(base):
    review(base, TABLE, entered=CELLS)
    review(base, "nurses-sleep-badly", entered="23.5")
    terminal = Terminal("review", "--by", "reader-b", "--base", base.folder)
    assert "of teachers" in terminal.until("value:")
    terminal.enter("9")
    terminal.until("again, reject or skip")
    terminal.enter("skip")
    terminal.until("value:")
    terminal.enter("31")
    terminal.until("accept, reject or skip")
    terminal.enter("accept")
    terminal.until("accept, reject or skip")
    terminal.stop()
    assert seal(base, "teachers-sleep-badly") == "missing"
    assert seal(base, "drivers-sleep-badly") == "accepted"
    assert "drivers-sleep-badly" not in queue(Reviews(load(base.folder)[0]))


def test_in_a_terminal_a_reader_is_not_shown_what_they_extracted(base):
    terminal = Terminal("review", "--by", "reader-a", "--base", base.folder)
    assert "wait for another reader: reader-a extracted them" in terminal.until("\0 never shown")
    assert os.waitstatus_to_exitcode(os.waitpid(terminal.pid, 0)[1]) == 0
