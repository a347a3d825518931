"""Run linkml-reference-validator on (document, quotes) pairs; started with the Python that has it installed.

Reads JSON lines `{"text": ..., "quotes": [...]}` and writes, for each, `{"found": [...], "seconds": ...}`.
"""

from __future__ import annotations

import json
import sys
import time

from linkml_reference_validator.models import ReferenceContent, ReferenceValidationConfig
from linkml_reference_validator.validation.supporting_text_validator import SupportingTextValidator

validator = SupportingTextValidator(ReferenceValidationConfig())
for line in sys.stdin:
    asked = json.loads(line)
    reference = ReferenceContent(reference_id="PMID:1", content=asked["text"])
    started = time.perf_counter()
    found = [
        bool(quote.strip())
        and validator.check_excerpt_content(quote) is None
        and validator.find_text_in_reference(quote, reference).found
        for quote in asked["quotes"]
    ]
    print(json.dumps({"found": found, "seconds": time.perf_counter() - started}), flush=True)
