"""A knowledge base of published findings: no number without its passage."""
