"""The codes of reading a base: `shape-*` and `reference-*`, with invented examples."""

from __future__ import annotations

from evidencebase.checks.explanation import Explanation

READING = {
    "shape-alias": Explanation(
        "YAML aliases and anchors are not used",
        "A record must read the same wherever it is looked at, and nested aliases can be made to grow without end.",
        "place: &town millbrook\n...\nplace: *town",
        "place: millbrook\n...\nplace: millbrook",
    ),
    "shape-boolean": Explanation(
        "a truth value was expected",
        "`yes` and `no` are words in a base, so that a country code NO stays one.",
        "weighted: yes",
        "weighted: true",
    ),
    "shape-choice": Explanation(
        "a word that is not one of those listed",
        "A closed list keeps records comparable; the message names the words that are taken.",
        "statistic: percentage",
        "statistic: prevalence",
    ),
    "shape-csv": Explanation(
        "a table that is not proper CSV",
        "A quote that is never closed swallows the rows after it.",
        'age,printed,rate\n10-12,"Aged 10 to 12,14.0%',
        'age,printed,rate\n10-12,"Aged 10 to 12",14.0%',
    ),
    "shape-csv-header": Explanation(
        "the header of a table is not what its spec reads",
        "Columns are matched by name and order, since a swapped column is a wrong figure in every row.",
        "# spec: key: age, columns: {population: ..., rate: ...}\nage,rate,population",
        "age,population,rate",
    ),
    "shape-csv-number": Explanation(
        "a cell that is not one number",
        "Cells hold numbers exactly as printed, so that they can be found in the document.",
        "10-12,Aged 10 to 12,n/a",
        "10-12,Aged 10 to 12,",
    ),
    "shape-csv-row": Explanation(
        "a row with more or fewer cells than headings",
        "A thousands comma without quotes makes two cells of one number.",
        "10-12,Aged 10 to 12,24,437",
        '10-12,Aged 10 to 12,"24,437"',
    ),
    "shape-duplicate-id": Explanation(
        "one id for two records",
        "An id is how a figure is cited; it is never reused, not even across record types.",
        "- id: swim-2019-children\n- id: swim-2019-children",
        "- id: swim-2019-children\n- id: swim-2019-adults",
    ),
    "shape-duplicate-key": Explanation(
        "a key stands twice in one mapping",
        "YAML readers keep the last and lose the first without a word.",
        "value: 41\nvalue: 14",
        "value: 41",
    ),
    "shape-duplicate-row": Explanation(
        "two rows of a table have one key",
        "Anchors name a cell by the key of its row.",
        "total,Total,41%\ntotal,Total of girls,45%",
        "total,Total,41%\ntotal-girls,Total of girls,45%",
    ),
    "shape-empty": Explanation(
        "a text or list is empty",
        "Leave out what is not known; an empty value looks like an answer.",
        'locator: ""',
        "locator: Table 2",
    ),
    "shape-encoding": Explanation(
        "a file that is not UTF-8",
        "In another encoding a dash or a pound sign becomes another character, and fragments no longer match.",
        "(a file saved as Windows-1252)",
        "(the same file saved as UTF-8)",
    ),
    "shape-format": Explanation(
        "the folder is not marked as a base of this format",
        "The mark keeps a newer base from being misread by an older program.",
        "title: Swimming",
        "title: Swimming\nevidencebase: {format: 1, scope: swimming in Millbrook}",
    ),
    "shape-invisible-character": Explanation(
        "an invisible or look-alike character",
        "A figure or fragment with such a character looks right and is not what is printed.",
        'fragment: "4[U+200B]1% can swim"   # a zero-width space between the digits',
        'fragment: "41% can swim"',
    ),
    "shape-list": Explanation(
        "a list was expected",
        "A record file is a list of records, and some fields hold several values.",
        "caveats: asked of parents",
        "caveats: [asked of parents]",
    ),
    "shape-mapping": Explanation(
        "a mapping was expected",
        "The message says where a `key: value` mapping belongs.",
        "universe: adults",
        "universe: {ages: 16+}",
    ),
    "shape-missing": Explanation(
        "a required key is missing",
        "A finding without its measure or its anchors cannot be found or checked.",
        "- id: swim-2019-children\n  statistic: prevalence\n  value: 41",
        "- id: swim-2019-children\n  statistic: prevalence\n  measure: can-swim\n  value: 41\n  anchors:\n"
        '    - {document: millbrook-2020, fragment: "41% can swim"}',
    ),
    "shape-path": Explanation(
        "a path leaves the base",
        "A loader spec reads tables of its own base and nothing else on the machine.",
        "file: ../../elsewhere.csv",
        "file: evidence/tables/millbrook-2020-table-2.csv",
    ),
    "shape-pattern": Explanation(
        "a value of the wrong form",
        "Ids are kebab-case; periods are 2018, 2017-18, 2018-12, 2018-12-31, mid-2018 or 1999/2004.",
        "period: Spring 2018",
        'period: "2018"',
    ),
    "shape-tag": Explanation(
        "YAML tags are not used",
        "A tag asks the reader to make an object of the data; records are plain data.",
        "value: !!float 41",
        "value: 41",
    ),
    "shape-text": Explanation(
        "text was expected",
        "What reads as a number or a truth value needs quotes to be text.",
        "locator: 2.1",
        'locator: "2.1"',
    ),
    "shape-too-deep": Explanation(
        "data nested too deeply",
        "No record is nested so; files made to exhaust a reader are.",
        "{a: {a: {a: {a: ...}}}}",
        "{a: 1}",
    ),
    "shape-too-large": Explanation(
        "a file that is too large to be read",
        "Split it by the document or table its records were read from.",
        "findings/all.yml (80 MB)",
        "findings/millbrook-2020.yml, findings/millbrook-2021.yml",
    ),
    "shape-too-long": Explanation(
        "a text that is too long",
        "Ids have at most 120 characters, other texts 10,000.",
        "id: of-all-the-children-who-were-asked-in-the-spring-of-2019-whether-they-could-swim-...",
        "id: swim-2019-children",
    ),
    "shape-unknown-key": Explanation(
        "a key that records of this type do not have",
        "A misspelt key would be lost without a word; `evidence schema` lists those that exist.",
        "goup: children",
        "group: children",
    ),
    "shape-unreadable": Explanation(
        "a file that cannot be opened",
        "It is missing, or the user who runs the check may not read it.",
        "file: evidence/tables/millbrok-2020-table-2.csv",
        "file: evidence/tables/millbrook-2020-table-2.csv",
    ),
    "shape-value": Explanation(
        "a value that does not fit its field",
        "The message says why: a number in quotes, a fragment that is too long, a range whose low is above its high.",
        'value: "41"',
        "value: 41",
    ),
    "shape-yaml": Explanation(
        "a file that is not valid YAML",
        "Nothing behind the fault is read, so no record of the file is checked.",
        "anchors: [{document: millbrook-2020",
        "anchors: [{document: millbrook-2020, fragment: 41% can swim}]",
    ),
    "reference-attached": Explanation(
        "a table cell is attached to a record that is not there",
        "`attach` adds an anchor to a known figure; with nothing to add it to, the cell is checked for nobody.",
        "attach:\n  - {column: rate, to: swim-2019-chidren}",
        "attach:\n  - {column: rate, to: swim-2019-children}",
    ),
    "reference-document": Explanation(
        "an anchor names an unknown document",
        "Without the document there is no passage.",
        "anchors: [{document: millbrook, fragment: 41% can swim}]",
        "anchors: [{document: millbrook-2020, fragment: 41% can swim}]",
    ),
    "reference-group": Explanation(
        "an unknown group",
        "Who is meant is defined once, in schema/groups.yml, with age bounds and broader groups.",
        "group: kids",
        "group: children",
    ),
    "reference-measure": Explanation(
        "an unknown measure",
        "What is measured is defined once, in schema/measures.yml; two cut-offs are two measures.",
        "measure: swims",
        "measure: can-swim",
    ),
    "reference-place": Explanation(
        "an unknown place",
        "Places are defined once, in schema/places.yml, with what they leave out.",
        "place: milbrook",
        "place: millbrook",
    ),
    "reference-record": Explanation(
        "a record names another that is not there",
        "An estimate rests on its rate, a conclusion on its findings; the chain must hold.",
        "finding: swim-2018-children",
        "finding: swim-2019-children",
    ),
    "reference-source": Explanation(
        "a document or study without a bibliographic entry",
        "A figure is cited with its source; the entry stands in evidence/sources.bib under the same key.",
        "- key: millbrook-2020   # documents.yml, no entry in sources.bib",
        "@report{millbrook-2020, author = {{Millbrook Council}}, title = {Swimming}, year = {2020}}",
    ),
    "reference-study": Explanation(
        "an unknown study",
        "The study is who measured, and carries the strength of the figure.",
        "study: swim-survey",
        "study: swim-survey-2019",
    ),
    "reference-unused": Explanation(
        "a document nobody read, or a study nobody credits",
        "Either its records are missing, or the entry is left over.",
        "- key: swim-survey-2017   # no record has `study: swim-survey-2017`",
        "Credit it in the records that rest on it, or remove it.",
    ),
    "reference-vocabulary": Explanation(
        "a vocabulary entry names what is not there, or itself",
        "Broader groups and places carry the checks of fit; a circle would make everything fit.",
        "- {id: children, label: children, broader: [pupils]}\n- {id: pupils, label: pupils, broader: [children]}",
        "- {id: children, label: children}\n- {id: pupils, label: pupils, broader: [children]}",
    ),
}
