"""Rates pooled on the log scale: metafor's numbers, tables of one's own, and findings."""

from __future__ import annotations

import math

import pytest

from bases import DOCUMENT, FINDINGS, STUDIES, changed, write_base
from commands import evidence
from evidencebase.numbers import pool, pool_rates
from evidencebase.numbers.distributions import normal_quantile
from test_rates import MEASURES, PER, UNITS

# R's metafor 3.8.1, of x events in time t, for each method m and test: the call
# rma(measure="IRLN", xi=x, ti=t, method=m, test=tst, add=1/2, to="only0", control=list(threshold=1e-12, tol=1e-12)) gives
# beta, se, tau2, I2, QE and, from exp(ci.lb) and exp(ci.ub), the limits per 100,000.
DIFFERENT = ([14, 60, 8, 45], [12000, 21000, 9500, 30500])
WITH_NONE = ([0, 5, 12], [1500, 4200, 8000])
METAFOR = [
    (DIFFERENT, "EE", "z", -6.26779664741, 0.0887356509416, 0, 86.0408280471, 21.4912461149, 159.367066773, 225.664074517),
    (DIFFERENT, "DL", "z", -6.49601888313, 0.265447970721, 0.22924524176, 86.0408280471, 21.4912461149, 89.715012586,
     253.959560628),
    (DIFFERENT, "DL", "knha", -6.49601888313, 0.258264795538, 0.22924524176, 86.0408280471, 21.4912461149, 66.3532496845,
     343.374066627),
    (DIFFERENT, "PM", "z", -6.49304908107, 0.258196213947, 0.21437508038, 85.215701308, 21.4912461149, 91.2699048139,
     251.120188754),
    (DIFFERENT, "REML", "z", -6.49409560596, 0.260691022007, 0.219440791523, 85.5075301091, 21.4912461149, 90.7297079955,
     252.087153071),
    (DIFFERENT, "REML", "knha", -6.49409560596, 0.258221022305, 0.219440791523, 85.5075301091, 21.4912461149,
     66.4902500174, 343.987182806),
    (WITH_NONE, "EE", "z", -6.61129573106, 0.239045721867, 0, 0, 1.19024883294, 84.1927428746, 214.895258452),
    (WITH_NONE, "REML", "knha", -6.61129573106, 0.184410166511, 0, 0, 1.19024883294, 60.8357024258, 297.401369893),
]  # fmt: skip
# The same of published rates y: rma(log(y), sei=(log(upper) - log(lower)) / (2 * qnorm(.975)), method=m).
PUBLISHED = [(114.2, 99, 131), (145.1, 123, 170), (90.5, 74, 110)]
FROM_INTERVALS = [
    ("common", 117.459141939, 106.98560306, 128.958005849, 0),
    ("DL", 115.072834825, 89.930712739, 147.243993862, 0.0401736933575),
    ("REML", 115.008093811, 88.5489503904, 149.373443545, 0.0460827696725),
]


@pytest.mark.parametrize(("data", "method", "test", "expected"), [(*each[:3], each[3:]) for each in METAFOR])
def test_rates_pool_as_metafor_pools_them(data, method, test, expected):
    beta, se, tau2, i2, q, low, high = expected
    found = pool_rates(*data, "common" if method == "EE" else method, hartung_knapp=test == "knha")
    assert found.scale_estimate == pytest.approx(beta, rel=1e-6)
    assert found.se == pytest.approx(se, rel=1e-5)
    assert found.tau2 == pytest.approx(tau2, rel=1e-5, abs=1e-9)
    assert found.i2 == pytest.approx(i2, rel=1e-5, abs=1e-6)
    assert found.q == pytest.approx(q, rel=1e-8)
    assert (found.lower, found.upper) == (pytest.approx(low, rel=1e-5), pytest.approx(high, rel=1e-5))
    assert found.unit == "per 100000"


@pytest.mark.parametrize(("method", "rate", "low", "high", "tau2"), FROM_INTERVALS)
def test_rates_pool_from_their_intervals_as_metafor_pools_them(method, rate, low, high, tau2):
    events = [(2 * normal_quantile(95) / math.log(upper / lower)) ** 2 for _, lower, upper in PUBLISHED]
    times = [count * 1e5 / value for count, (value, _, _) in zip(events, PUBLISHED, strict=True)]
    found = pool_rates(events, times, method)
    assert [found.estimate, found.lower, found.upper] == pytest.approx([rate, low, high], rel=1e-5)
    assert found.tau2 == pytest.approx(tau2, rel=1e-4, abs=1e-12)


def test_a_study_without_an_event_is_named():
    assert any("0.5 was added to the events" in note and "study 1" in note for note in pool_rates(*WITH_NONE).notes)


@pytest.mark.parametrize(
    ("x", "time", "words"),
    [([1], [2], "at least 2"), ([1, 2], [3], "time has 1"), ([1, -2], [3, 4], "negative"), ([1, 2], [3, 0], "above 0")],
)
def test_rates_that_cannot_be_are_refused(x, time, words):
    with pytest.raises(ValueError, match=words):
        pool_rates(x, time)


def test_events_may_outnumber_people():
    assert pool_rates([30, 40], [10, 12], multiplier=1).estimate == pytest.approx(70 / 22, rel=1e-2)


def test_hartung_knapp_is_not_called_too_sure_of_studies_that_differ():
    differ = pool([10, 40, 80], [100, 100, 100], method="REML", hartung_knapp=True)
    assert differ.i2 > 90
    assert not differ.notes
    assert any(
        "too sure" in note for note in pool([20, 41, 61], [100, 200, 300], method="REML", hartung_knapp=True).notes
    )


def test_a_table_of_rates_is_pooled_by_the_command(tmp_path):
    file = tmp_path / "rates.csv"
    rows = zip("abcd", *DIFFERENT, strict=True)
    file.write_text("study,cases,time\n" + "".join(f"{a},{x},{t}\n" for a, x, t in rows), encoding="utf-8")
    done = evidence("pool", "--rates", file, "--method", "DL", "--format", "json").json
    assert done["estimate"] == pytest.approx(math.exp(-6.49601888313) * 1e5)
    assert done["unit"] == "per 100000"
    assert done["studies"][0]["estimate"] == pytest.approx(14 / 12000 * 1e5)
    said = evidence("pool", "--rates", file, "--per", "1000").out
    assert "Pooled 1.9 per 1,000 (95% interval 1.6 to 2.3)" in " ".join(said.split())
    assert "rate" in evidence("pool", "--rates", file, "--format", "csv").out.splitlines()[0]
    assert evidence("pool", "--rates", file, "--scale", "freeman-tukey").code == 2


def test_a_table_of_rates_that_cannot_be_right_names_its_line(tmp_path):
    file = tmp_path / "rates.csv"
    file.write_text("study,cases,time\na,3,100\nb,-1,100\n", encoding="utf-8")
    done = evidence("pool", "--rates", file)
    assert done.code == 1
    assert ":3:" in done.err


TEXT = "\nCramp A 247.6 per 100,000 (95% CI 236.6 to 258.9). Cramp B 12 of 9,000, 133.3 per 100,000. Cramp C 99.0 per 100,000.\n"
MEASURE = "- {id: cramp, label: Cramp, construct: cramp, unit: per-100000, phrase: were treated for cramp}\n"


def rate(key, value, fragment, more="", extra=""):
    return (
        f"- id: cramp-{key}\n  statistic: incidence\n  measure: cramp\n  group: children\n  value: {value}\n{more}"
        f'  study: {key}\n  anchors:\n    - {{document: millbrook-2020, fragment: "{fragment}"}}\n{extra}'
    )


def test_findings_of_rates_are_pooled_by_cases_or_by_interval_and_the_rest_left_out(tmp_path):
    findings = [
        rate("a", 247.6, "Cramp A 247.6 per 100,000 (95% CI 236.6 to 258.9)",
             "  interval: {lower: 236.6, upper: 258.9, confidence: 95}\n"),
        rate("b", 133.3, "Cramp B 12 of 9,000, 133.3 per 100,000", "  cases: 12\n  n: 9000\n"),
        rate("c", "99.0", "Cramp C 99.0 per 100,000"),
    ]  # fmt: skip
    studies = "".join(f"- key: {key}\n  label: Survey {key}\n  strength: weak\n" for key in "abc")
    add = {FINDINGS: "".join(findings), STUDIES: studies, UNITS: PER, MEASURES: MEASURE, DOCUMENT: TEXT}
    folder = write_base(tmp_path / "base", changed(add=add))
    done = evidence("pool", "--base", folder, "--measure", "cramp", "--format", "json").json
    events = (2 * normal_quantile(95) / math.log(258.9 / 236.6)) ** 2
    expected = pool_rates([events, 12], [events * 1e5 / 247.6, 9000])
    assert done["estimate"] == pytest.approx(expected.estimate)
    assert {each["id"] for each in done["studies"]} == {"cramp-a", "cramp-b"}
    assert done["left_out"][0]["id"] == "cramp-c"
    assert "neither" in done["left_out"][0]["reason"]
