"""The codes of figures: `arithmetic-*`, `published-*` and `interval-*`, with invented examples."""

from __future__ import annotations

from evidencebase.checks.explanation import Explanation

_LEAVE = "The record is right: it says what is printed. Say in `caveats` which figure to use."

FIGURES = {
    "arithmetic-estimate": Explanation(
        "an estimate is not its rate times its population",
        "Under no common rounding does the product give the number, and the record is not shown to be true to its"
        " document: a figure or an id is wrong.",
        "finding: swim-2019-children    # 41%\npopulation: millbrook-children   # 1,200\npublished: 942",
        "published: 492",
    ),
    "arithmetic-sample": Explanation(
        "the people asked in the parts of a group are not those asked in all of it",
        "Either a base is misread, or a part is missing.",
        "n: 50   # in each of four groups\nvalue: 230   # respondents in all",
        "value: 200",
    ),
    "arithmetic-share": Explanation(
        "a share is not its part divided by its whole",
        "The record is not shown to be true to its document: one of the three figures is wrong.",
        "value: 24   # percent; 492 of 1,200 are 41%",
        "value: 41",
    ),
    "arithmetic-total": Explanation(
        "a total is not the sum of its parts",
        "Neither the printed parts nor the unrounded ones add up to it, and the record is not shown to be true to its"
        " document.",
        "total: {parts: [girls, boys], published: 1300}   # 600 and 592",
        "total: {parts: [girls, boys], published: 1192}",
    ),
    "published-age": Explanation(
        "a caption says “over 65” where the figures are of 65 and over",
        "One year of age is left out in words and counted in numbers.",
        'caption: "Table 2: People aged over 65 who swim"   # rows: 65 or over',
        _LEAVE,
    ),
    "published-comparison": Explanation(
        "a group is said to be like the general population, and other rates of the base say otherwise",
        "The rates that this base has for people of the same ages lie outside the interval that so few answers give.",
        "direction: no-difference   # 30% of 50 people aged 65 or over; 5% of adults aged 65 or over elsewhere",
        "Say with which study and year the comparison is made.",
    ),
    "published-credit": Explanation(
        "a document credits one figure to two studies",
        "Often two editions of one survey: two years for one figure.",
        "findings: [swim-2019-children]   # study: swim-survey-2019\nstudy: swim-survey-2018",
        "Look the figure up in both editions; mark the attribution `corrected` and say why.",
    ),
    "published-estimate": Explanation(
        "a document prints an estimate that is not its rate times its population",
        "Rate, population and number are all as printed. The message says what would explain it: another row's rate,"
        " digits in another order, another rate.",
        "rate 41%, population 1,200, number 942",
        _LEAVE,
    ),
    "published-framing": Explanation(
        "documents report one measure in opposite ways",
        "One prints those who have enough, the other those who have not. Side by side they look like a gulf.",
        "measure: can-swim   # 41%, millbrook-2020\nmeasure: cannot-swim   # 62%, ashford-2021",
        "Turn one of them round before comparing.",
    ),
    "published-implied-base": Explanation(
        "a rate and a number leave it open whom they were put on",
        "The number divided by the rate is how many people were meant; no such number is printed.",
        "value: 500   # children who swim\nvalue: 41   # percent of children: of about 1,220",
        "Find out whom the rate was put on before comparing the number with a population.",
    ),
    "published-label": Explanation(
        "a heading or caption names another measure than the figures under it",
        "A wrong label, or a measure turned round; readers who copy the heading copy the fault.",
        'heading: "Number who swim weekly"   # the rate is of children who can swim',
        _LEAVE,
    ),
    "published-list": Explanation(
        "one list of a document names what a longer one of it leaves out",
        "The lists repeat each other otherwise, so that the gap is easily missed.",
        "stated_in: [{document: millbrook-2020, fragment: swimmers, locator: Summary}]   # not in section 4",
        "Cite the list that is meant.",
    ),
    "published-one-rate": Explanation(
        "a breakdown whose rows all rest on one rate",
        "The rows look like a comparison, and differ only in how many people they count.",
        "boys: 41% of 600\ngirls: 41% of 592",
        "Use the total only.",
    ),
    "published-period": Explanation(
        "one figure, two dates",
        "What it is credited as, a passage or a heading dates the figure otherwise than the record's period.",
        "period: 2018-19\ncredited_as: Swimming Survey (2020)",
        "Keep the period of the data; the other is often the year of publication.",
    ),
    "published-place": Explanation(
        "a heading gives a rate or number to another place",
        "A national rate under a local heading looks like a local survey.",
        'heading: "% who can swim in Millbrook"   # the study covers England',
        _LEAVE,
    ),
    "published-qualifier": Explanation(
        "a bound in one place, a plain number in another",
        "“At least 358” and “358” are different statements.",
        'fragment: "at least 358 children"   # the table prints 358',
        _LEAVE,
    ),
    "published-sample": Explanation(
        "the people asked in each group do not make those asked in all",
        "Every figure is as printed; the document's own numbers of people do not agree.",
        "50 children from each of four schools (230 children)",
        _LEAVE,
    ),
    "published-share": Explanation(
        "a document prints a share that is not its part divided by its whole",
        "All three figures are as printed.",
        "492 of 1,200 (24%)",
        _LEAVE,
    ),
    "published-significance": Explanation(
        "differences called significant without a figure to compare with",
        "Nobody can check the word, or say how large the difference is.",
        "significance: significant   # than: null, one figure, no n",
        "Do not repeat the word as tested.",
    ),
    "published-small-base": Explanation(
        "a rate of fewer than a hundred people without an interval",
        "The message gives the 95% Wilson interval (Wilson 1927) that so few answers would have at best.",
        "value: 8\nn: 50   # 3 to 19%",
        "Give the interval wherever the rate is used.",
    ),
    "published-table": Explanation(
        "the text names one table, the figure stands in another",
        "A reader who looks it up finds something else.",
        'fragment: "Table 3 shows 358 children"   # the cell is in Table 4',
        _LEAVE,
    ),
    "published-total": Explanation(
        "a document prints a total that is not the sum of its parts",
        "The message works out the likely cause: the sum of the unrounded parts, a part left out or counted twice,"
        " digits in another order.",
        "12 and 19, total 32",
        _LEAVE,
    ),
    "published-trend": Explanation(
        "a rate that is said to rise or fall with age, and does not at every step",
        "True on the whole, wrong of some neighbours.",
        "direction: lower   # 7.7%, 7.8%, 5.7%, 5.1%",
        "Say “on the whole”, or name the exceptions.",
    ),
    "published-two-directions": Explanation(
        "a document says two things of the same figures",
        "More often in one sentence, similar in the next.",
        "direction: higher\n---\ndirection: no-difference   # same groups, same study, linked",
        "Quote both, or neither.",
    ),
    "published-two-totals": Explanation(
        "the same people, counted or estimated twice with two results",
        "Often two breakdowns whose rates do not agree with each other.",
        "published: 1192   # by sex\npublished: 1150   # by age",
        "Say which one you use.",
    ),
    "published-unit": Explanation(
        "a caption speaks of people where the figures count households, or the other way round",
        "A household is not a person; the number of people is larger.",
        'caption: "Table 5: Number of people who rent"   # unit: households',
        _LEAVE,
    ),
    "published-unsupported": Explanation(
        "a conclusion with nothing under it",
        "The document states it, and no finding or claim of this base supports it.",
        "supports: []",
        "supports: [swim-2019-children]",
    ),
    "published-whole": Explanation(
        "a rate for all lies outside the rates of its parts",
        "A whole is an average of its parts, whatever their sizes: one of the figures is misprinted or mislabelled.",
        "all children: 50%; girls: 45%; boys: 38%",
        _LEAVE,
    ),
    "interval-order": Explanation(
        "the lower limit is above the upper",
        "The limits were swapped in reading.",
        "interval: {lower: 45, upper: 37}",
        "interval: {lower: 37, upper: 45}",
    ),
    "interval-outside": Explanation(
        "the value lies outside its own interval",
        "Mostly the limits of another row.",
        "value: 41\ninterval: {lower: 22, upper: 30}",
        "value: 41\ninterval: {lower: 37, upper: 45}",
    ),
    "interval-significant": Explanation(
        "a difference called significant that the numbers do not bear out",
        "The two-sample z test on the published percentages and numbers asked gives less than 1.96.",
        "significance: significant   # 45% of 50 and 38% of 50: z is 0.71",
        "The survey's own test may know more; do not repeat the word without it.",
    ),
    "interval-similar": Explanation(
        "a difference called statistically similar that the numbers call significant",
        "Only a large design effect would make it so; the message says how large.",
        "significance: not-significant   # 6.2% and 4.9% of about 5,000 each",
        "Find the survey's own intervals before repeating that the two are alike.",
    ),
    "interval-weighted": Explanation(
        "a Wilson interval of a weighted figure, unlabelled",
        "Wilson's formula takes the sample for a simple one; weighting makes it less precise than that.",
        "weighted: true\ninterval: {lower: 37, upper: 45, method: wilson}",
        "weighted: true\ninterval: {lower: 35, upper: 47, method: wilson on effective n}",
    ),
}
