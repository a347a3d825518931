"""Answers laid out: as text, tables, plots and pages."""
