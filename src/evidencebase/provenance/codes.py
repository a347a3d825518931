"""What can be wrong with anchors, code by code, with invented examples."""

from __future__ import annotations

from evidencebase.problems import Code, Severity

CODES = (
    Code(
        "anchor-ambiguous",
        Severity.ERROR,
        "the fragment stands in several places, or has several numbers that could be meant",
        "A passage that could be two passages proves nothing.",
        'anchors: [{document: millbrook-2020, fragment: "41%"}]',
        'anchors: [{document: millbrook-2020, fragment: "41% of children can swim"}]',
    ),
    Code(
        "anchor-figure-absent",
        Severity.ERROR,
        "the figure is not in its passage",
        "The promise of a base: no number without its passage, to the digit, in its unit.",
        'value: 14\nanchors: [{document: millbrook-2020, fragment: "41% of children can swim"}]',
        'value: 41\nanchors: [{document: millbrook-2020, fragment: "41% of children can swim"}]',
    ),
    Code(
        "anchor-group-disagrees",
        Severity.ERROR,
        "the passage names other ages or another sex than the record",
        "A true quote for a wrong claim is the hardest fault to see.",
        'group: girls\nanchors: [{document: millbrook-2020, fragment: "38% of boys can swim"}]',
        'group: boys\nanchors: [{document: millbrook-2020, fragment: "38% of boys can swim"}]',
    ),
    Code(
        "anchor-heading",
        Severity.ERROR,
        "the columns of a table are not headed as its spec says",
        "Two swapped columns give every row a wrong figure that is printed in the document all the same.",
        'columns:\n  rate: {unit: percent, heading: "Number who can swim"}',
        'columns:\n  number: {unit: persons, heading: "Number who can swim"}',
    ),
    Code(
        "anchor-lock",
        Severity.ERROR,
        "a line of evidence.lock is no line of a lock",
        "The lock is written by `evidence lock` and never by hand; a broken line vouches for nothing.",
        "evidence/evidence.lock: <<<<<<< HEAD",
        "Run `evidence lock` again.",
    ),
    Code(
        "anchor-no-document",
        Severity.ERROR,
        "the document is not at hand, and the lock does not vouch for the anchor",
        "What was not checked is never taken for checked.",
        "A record was edited on a machine without the documents.",
        "Put the document into the documents folder and run `evidence lock`.",
    ),
    Code(
        "anchor-none",
        Severity.ERROR,
        "no anchor was checked",
        "A base in which nothing was checked has shown nothing; this is never a pass.",
        "An empty evidence/ folder, or the wrong --base.",
        "Name the right folder, or add records.",
    ),
    Code(
        "anchor-not-found",
        Severity.ERROR,
        "the fragment is not in the document",
        "A fragment is copied, not retold. Digits, signs, `%` and brackets count; line breaks, quotes and hyphens at a"
        " line's end do not.",
        'fragment: "41 per cent of the children can swim"',
        'fragment: "41% of children can swim"',
    ),
    Code(
        "anchor-number-taken",
        Severity.ERROR,
        "one printed number serves two records",
        "Mostly one of the two was meant for the next number of the sentence.",
        'group: girls\nfragment: "45% of girls and 38% of boys", figures: {value: 1}\n---\n'
        'group: boys\nfragment: "45% of girls and 38% of boys", figures: {value: 1}',
        'group: boys\nfragment: "45% of girls and 38% of boys", figures: {value: 2}',
    ),
    Code(
        "anchor-other-rendition",
        Severity.ERROR,
        "the file at hand is not a known rendition of the document",
        "Another edition or another extraction may print other numbers; it is tried and reported, never assumed.",
        "documents/millbrook-2020.txt was extracted again and has another SHA-256.",
        "Put the known file back, or add this one with `evidence documents add`.",
    ),
    Code(
        "anchor-period-disagrees",
        Severity.ERROR,
        "the passage names another time than the record",
        "The period is that of the data as the passage gives it.",
        'period: "2018"\nfragment: "In 2019, 41% of children could swim"',
        'period: "2019"\nfragment: "In 2019, 41% of children could swim"',
    ),
    Code(
        "anchor-place-disagrees",
        Severity.ERROR,
        "the passage names another place than the record",
        "A national rate filed under a town is a wrong local rate.",
        'place: millbrook\nfragment: "41% of children in England"',
        'place: england\nfragment: "41% of children in England"',
    ),
    Code(
        "anchor-unit-unnamed",
        Severity.ERROR,
        "the passage does not name the unit that the record counts in",
        "A plain number can count anything; the passage must say what.",
        'unit: households\nfragment: "a total of 1,204"',
        'unit: households\nfragment: "a total of 1,204 households"',
    ),
    Code(
        "anchor-unknown-cell",
        Severity.ERROR,
        "there is no such table, row or column",
        "A cell is named by its table, the key of its row and the name of its column in the CSV.",
        "anchors: [{document: millbrook-2020, table: table-2, row: 10-12, column: percent}]",
        "anchors: [{document: millbrook-2020, table: table-2, row: 10-12, column: rate}]",
    ),
)
