"""Provenance: whether a record says what its passage says, to the digit."""
