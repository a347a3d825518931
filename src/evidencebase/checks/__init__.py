"""Checks: one small pure function each, all of them in one tuple."""

from __future__ import annotations

from evidencebase.checks import (
    arithmetic,
    conflicts,
    fit,
    intervals,
    labels,
    patterns,
    published,
    stale,
    statistics,
    words,
)
from evidencebase.checks.check import Check
from evidencebase.checks.citations import check_citations
from evidencebase.checks.context import Context
from evidencebase.checks.contexts import check_contexts
from evidencebase.checks.references import check_itself, check_references, check_sources, check_vocabulary
from evidencebase.checks.reviews import check_chain, check_entered, check_reviewers, check_reviews
from evidencebase.checks.strength import check_judgements, check_strength

CHECKS: tuple[Check, ...] = (
    check_references,
    check_itself,
    check_vocabulary,
    check_sources,
    check_contexts,
    statistics.check_statistics,
    statistics.check_cases,
    statistics.check_headings,
    statistics.check_suppressed,
    statistics.check_claims,
    check_strength,
    check_judgements,
    arithmetic.check_estimates,
    arithmetic.check_totals,
    arithmetic.check_shares,
    arithmetic.check_samples,
    labels.check_table_labels,
    labels.check_over_ages,
    published.check_duplicate_totals,
    published.check_framing,
    published.check_credits,
    published.check_dates,
    published.check_table_references,
    published.check_one_rate,
    published.check_qualifiers,
    published.check_unsupported,
    patterns.check_wholes,
    patterns.check_trends,
    patterns.check_small_bases,
    patterns.check_comparisons,
    patterns.check_lists,
    patterns.check_conclusions,
    fit.check_fit,
    fit.check_universes,
    conflicts.check_findings,
    conflicts.check_claims,
    conflicts.check_disagreements,
    conflicts.check_borne_out,
    conflicts.check_conclusions,
    intervals.check_limits,
    intervals.check_confidence,
    intervals.check_methods,
    intervals.check_significance,
    check_citations,
    words.check_words,
    words.check_forms,
    words.check_claims,
    stale.check_indicators,
    stale.check_editions,
    stale.check_superseded,
    stale.check_retractions,
    check_reviews,
    check_reviewers,
    check_chain,
    check_entered,
)

__all__ = ["CHECKS", "Check", "Context"]
