"""Agreement with R (stats, Epi, metafor 3.8) and Public Health England, where their results are at hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from evidencebase.numbers import (
    difference_interval,
    pool,
    proportion_interval,
    two_proportion_z_from_percent,
    wilson_from_percent,
)

STATS = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "stats"
SCALES = {"PLO": "logit", "PFT": "freeman-tukey"}
METHODS = {"EE": "common", "DL": "DL", "PM": "PM", "REML": "REML"}


def rows_of(name: str) -> list[dict[str, str]]:
    """Rows of a table of results, or a visible skip."""
    path = STATS / name
    if not path.exists():
        pytest.skip(f"needs ../shared/data/stats/{name}")
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def close(value: float, tolerance: float) -> object:
    return pytest.approx(value, abs=tolerance, rel=0)


@pytest.mark.parametrize(("method", "column"), [("wilson", "wilson"), ("wilson-cc", "wilson_cc"), ("exact", "clopper")])
def test_one_sample_intervals_are_those_of_r(method: str, column: str) -> None:
    rows = rows_of("one-sample-intervals.csv")
    for row in rows:
        x, n = int(float(row["x"])), int(float(row["n"]))
        interval = proportion_interval(x, n, 100 * float(row["conf"]), method)
        assert interval.lower / 100 == close(float(row[f"{column}_lo"]), 1e-9), row
        assert interval.upper / 100 == close(float(row[f"{column}_hi"]), 1e-9), row
    assert len(rows) == 104


def test_wilson_limits_are_those_published_for_the_child_measurement_programme() -> None:
    rows = rows_of("ncmp-wilson.csv")
    for row in rows:
        count, measured = int(row["Count"]), int(row["Measured"])
        for interval in (
            proportion_interval(count, measured),
            wilson_from_percent(float(row["Rate"]), measured),
        ):
            assert interval.estimate == close(float(row["Rate"]), 1e-9), row
            assert interval.lower == close(float(row["LCL"]), 1e-9), row
            assert interval.upper == close(float(row["UCL"]), 1e-9), row
    assert len(rows) == 240


def test_comparisons_are_those_of_r() -> None:
    rows = rows_of("two-sample.csv")
    for row in rows:
        x1, n1, x2, n2 = (int(row[name]) for name in ("x1", "n1", "x2", "n2"))
        interval = difference_interval(x1, n1, x2, n2)
        test = two_proportion_z_from_percent(100 * x1 / n1, n1, 100 * x2 / n2, n2)
        expected = {
            "diff": interval.estimate / 100,
            "newcombe_lo": interval.lower / 100,
            "newcombe_hi": interval.upper / 100,
            "z": test.z,
            "chi2": None if test.z is None else test.z**2,
            "p_z": test.p_value,
        }
        for column, value in expected.items():
            if row[column] == "NaN":
                assert value is None, (column, row)
            else:
                assert value == close(float(row[column]), 1e-9), (column, row)
    assert len(rows) == 28


def test_pooling_is_that_of_metafor() -> None:
    data: dict[str, tuple[list[int], list[int]]] = {}
    for row in rows_of("pooling-inputs.csv"):
        x, n = data.setdefault(row["dataset"], ([], []))
        x.append(int(row["x"]))
        n.append(int(row["n"]))
    supported = [row for row in rows_of("pooling.csv") if row["measure"] in SCALES and row["method"] in METHODS]
    for row in supported:
        pooled = pool(
            *data[row["dataset"]],
            scale=SCALES[row["measure"]],
            method=METHODS[row["method"]],
            hartung_knapp=row["test"] == "knha",
        )
        assert pooled.k == int(row["k"])
        for column, value in {
            "est": pooled.scale_estimate,
            "se": pooled.se,
            "tau2": pooled.tau2,
            "I2": pooled.i2,
            "Q": pooled.q,
            "Qp": pooled.q_p,
            "est_p": pooled.estimate / 100,
            "ci_lo_p": pooled.lower / 100,
            "ci_hi_p": pooled.upper / 100,
            "pi_lo_p": None if pooled.prediction_lower is None else pooled.prediction_lower / 100,
            "pi_hi_p": None if pooled.prediction_upper is None else pooled.prediction_upper / 100,
        }.items():
            if row[column] == "NA":
                assert value is None, (column, row)
            else:
                # metafor's results are kept to ten digits: as many as a Q of 3717.720826 has after the point.
                assert value == close(float(row[column]), 1e-6 if column == "Q" else 1e-8), (column, row)
    assert len(supported) == 56
