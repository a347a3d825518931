"""Citing: references, formats, manuscripts and briefings made from records."""
