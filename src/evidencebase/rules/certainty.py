"""The certainty of a conclusion, from GRADE's five domains."""

from __future__ import annotations

from evidencebase.model.records import Certainty

LEVELS = ("high", "moderate", "low", "very low")
_STEPS = {"not-serious": 0, "serious": 1, "very-serious": 2, "not-assessed": 0}


def certainty_level(certainty: Certainty) -> str:
    """High, moderate, low or very low; "not assessed" unless all five domains are judged.

    Starts at high, as GRADE does for questions of prevalence and prognosis, and goes down one step for a
    serious and two for a very serious concern. A domain nobody judged leaves the level open: it is never
    counted as no concern.
    Source: Iorio et al., Use of GRADE for assessment of evidence about prognosis, BMJ 2015;350:h870.
    """
    ratings = [domain.rating for _, domain in certainty]
    judged = [rating for rating in ratings if rating != "not-assessed"]
    if len(judged) < len(ratings):
        return f"not assessed ({len(judged)} of {len(ratings)} domains judged)" if judged else "not assessed"
    return LEVELS[min(sum(_STEPS[rating] for rating in ratings), len(LEVELS) - 1)]
