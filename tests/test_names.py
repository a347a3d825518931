"""A name that no record, group, measure, place or code bears: misuse in every command, answered with near ones."""

from __future__ import annotations

import re

import pytest

from bases import write_base


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (("show", "girls-abel"), "girls-able"),
        (("cite", "girls-abel"), "girls-able"),
        (("compare", "girls-abel", "boys-able"), "girls-able"),
        (("compare", "boys-able", "girls-abel"), "girls-able"),
        (("review", "girls-abel", "--by", "reader-b"), "girls-able"),
        (("briefing", "grils"), "girls"),
        (("pool", "--group", "grils"), "girls"),
        (("pool", "--measure", "able to swin"), "able-to-swim"),
        (("search", "--group", "grils"), "girls"),
        (("search", "--measure", "able to swin"), "able-to-swim"),
        (("search", "--place", "milbrok"), "millbrook"),
        (("check", "--explain", "anchor-not-fuond"), "anchor-not-found"),
    ],
)
def test_a_name_that_is_none_is_misuse_and_answered_with_near_ones(tmp_path, run, arguments, near):
    write_base(tmp_path)
    done = run(*arguments, *(() if "--explain" in arguments else ("--base", tmp_path)))
    assert done.returncode == 2, done.stderr
    assert re.search(rf"mend: did you mean [\w, -]*\b{near}\b[\w, -]*\?", done.stderr), done.stderr
    assert done.stdout == ""


def test_a_name_like_no_other_is_told_where_names_are(tmp_path, run):
    write_base(tmp_path)
    assert "mend: find ids with: evidence search" in run("show", "qqq", "--base", tmp_path).stderr
    assert "mend: see schema/groups.yml" in run("briefing", "qqq", "--base", tmp_path).stderr
