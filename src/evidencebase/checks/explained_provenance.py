"""The codes of provenance and appraisal: `anchor-*`, `strength-*` and `review-*`, with invented examples."""

from __future__ import annotations

from evidencebase.checks.explanation import Explanation

PROVENANCE = {
    "anchor-ambiguous": Explanation(
        "the fragment stands in several places, or has several numbers that could be meant",
        "A passage that could be two passages proves nothing.",
        'anchors: [{document: millbrook-2020, fragment: "41%"}]',
        'anchors: [{document: millbrook-2020, fragment: "41% of children can swim"}]',
    ),
    "anchor-figure-absent": Explanation(
        "the figure is not in its passage",
        "The promise of a base: no number without its passage, to the digit, in its unit.",
        'value: 14\nanchors: [{document: millbrook-2020, fragment: "41% of children can swim"}]',
        'value: 41\nanchors: [{document: millbrook-2020, fragment: "41% of children can swim"}]',
    ),
    "anchor-group-disagrees": Explanation(
        "the passage names other ages or another sex than the record",
        "A true quote for a wrong claim is the hardest fault to see.",
        'group: girls\nanchors: [{document: millbrook-2020, fragment: "38% of boys can swim"}]',
        'group: boys\nanchors: [{document: millbrook-2020, fragment: "38% of boys can swim"}]',
    ),
    "anchor-heading": Explanation(
        "the columns of a table are not headed as its spec says",
        "Two swapped columns give every row a wrong figure that is printed in the document all the same.",
        'columns:\n  rate: {unit: percent, heading: "Number who can swim"}',
        'columns:\n  number: {unit: persons, heading: "Number who can swim"}',
    ),
    "anchor-lock": Explanation(
        "a line of evidence.lock is no line of a lock",
        "The lock is written by `evidence lock` and never by hand; a broken line vouches for nothing.",
        "evidence/evidence.lock: <<<<<<< HEAD",
        "Run `evidence lock` again.",
    ),
    "anchor-no-document": Explanation(
        "the document is not at hand, and the lock does not vouch for the anchor",
        "What was not checked is never taken for checked.",
        "A record was edited on a machine without the documents.",
        "Put the document into the documents folder and run `evidence lock`.",
    ),
    "anchor-none": Explanation(
        "no anchor was checked",
        "A base in which nothing was checked has shown nothing; this is never a pass.",
        "An empty evidence/ folder, or the wrong --base.",
        "Name the right folder, or add records.",
    ),
    "anchor-not-found": Explanation(
        "the fragment is not in the document",
        "A fragment is copied, not retold. Digits, signs, `%` and brackets count; line breaks, quotes and hyphens at a"
        " line's end do not.",
        'fragment: "41 per cent of the children can swim"',
        'fragment: "41% of children can swim"',
    ),
    "anchor-number-taken": Explanation(
        "one printed number serves two records",
        "Mostly one of the two was meant for the next number of the sentence.",
        'group: girls\nfragment: "45% of girls and 38% of boys", figures: {value: 1}\n---\n'
        'group: boys\nfragment: "45% of girls and 38% of boys", figures: {value: 1}',
        'group: boys\nfragment: "45% of girls and 38% of boys", figures: {value: 2}',
    ),
    "anchor-other-rendition": Explanation(
        "the file at hand is not a known rendition of the document",
        "Another edition or another extraction may print other numbers; it is tried and reported, never assumed.",
        "documents/millbrook-2020.txt was extracted again and has another SHA-256.",
        "Put the known file back, or add this one with `evidence documents add`.",
    ),
    "anchor-period-disagrees": Explanation(
        "the passage names another time than the record",
        "The period is that of the data as the passage gives it.",
        'period: "2018"\nfragment: "In 2019, 41% of children could swim"',
        'period: "2019"\nfragment: "In 2019, 41% of children could swim"',
    ),
    "anchor-place-disagrees": Explanation(
        "the passage names another place than the record",
        "A national rate filed under a town is a wrong local rate.",
        'place: millbrook\nfragment: "41% of children in England"',
        'place: england\nfragment: "41% of children in England"',
    ),
    "anchor-unit-unnamed": Explanation(
        "the passage does not name the unit that the record counts in",
        "A plain number can count anything; the passage must say what.",
        'unit: households\nfragment: "a total of 1,204"',
        'unit: households\nfragment: "a total of 1,204 households"',
    ),
    "anchor-unknown-cell": Explanation(
        "there is no such table, row or column",
        "A cell is named by its table, the key of its row and the name of its column in the CSV.",
        "anchors: [{document: millbrook-2020, table: table-2, row: 10-12, column: percent}]",
        "anchors: [{document: millbrook-2020, table: table-2, row: 10-12, column: rate}]",
    ),
    "strength-alternative": Explanation(
        "the debatable alternative is the strength that the study has already",
        "An alternative says what another careful reader could give.",
        "strength: weak\ndebatable: {alternative: weak, because: the sample may be random}",
        "strength: weak\ndebatable: {alternative: strong, because: the sample may be random}",
    ),
    "strength-basis": Explanation(
        "a judgement that does not say what it rests on",
        "An appraisal is only as good as its grounds: the document (with its passage), a publication, or general"
        " knowledge.",
        "sampling: {value: random}",
        "sampling: {value: random, basis: general-knowledge}",
    ),
    "strength-passage": Explanation(
        "a judgement read from a document, or a sample size, without its passage",
        "Without the passage nobody can see whether the document says so; a sample size without one stays out of the"
        " database.",
        "size: {value: large, n: 4210, basis: document}",
        "size:\n  value: large\n  n: 4210\n  basis: document\n  anchors:\n"
        '    - {document: county-report, fragment: "The survey asked 4,210 people"}',
    ),
    "strength-mismatch": Explanation(
        "the stated strength is not what the rubric gives",
        "Strength follows from the appraisal by the table of schema/strength.yml, and from nothing else.",
        "sampling: {value: self-selecting, basis: publication}\nstrength: strong",
        "sampling: {value: self-selecting, basis: publication}\nstrength: weak",
    ),
    "review-missing": Explanation(
        "nobody has reviewed the record",
        "A build takes records that a second reader has read against the document.",
        "(no entry for swim-2019-children in reviews.yml)",
        "evidence review swim-2019-children --by reader-b",
    ),
    "review-own": Explanation(
        "the extractor reviewed the record",
        "One reader's slip is seen by another reader.",
        "- {record: swim-2019-children, by: reader-a, verdict: accept, ...}   # extracted_by: reader-a",
        "- {record: swim-2019-children, by: reader-b, verdict: accept, ...}",
    ),
    "review-rejected": Explanation(
        "the review rejected the record",
        "It stays out of the database until it is mended and accepted.",
        "- {record: swim-2019-children, by: reader-b, verdict: reject, note: of girls only, ...}",
        "Mend the record, then: evidence review swim-2019-children --by reader-b",
    ),
    "review-seal-broken": Explanation(
        "the record was changed after its review",
        "A review is of exactly one content; any edit asks for another look.",
        "value: 42   # reviewed as 41",
        "evidence review swim-2019-children --by reader-b",
    ),
    "review-unknown": Explanation(
        "a review of a record that is not there",
        "Records are withdrawn, never deleted, so that what was cited can still be found.",
        "- {record: swim-2018-children, verdict: accept, ...}   # the record was deleted",
        "Bring the record back, then: evidence review swim-2018-children --by reader-b --verdict withdraw",
    ),
}
