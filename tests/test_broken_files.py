"""Broken data files: what an editor has changed, and every line that `check` then prints, with the line's number."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slackbot.content.load import parse

SMALL = (Path(__file__).parent / "data" / "small.yaml").read_text(encoding="utf-8")  # changes with no real file

ENTRY = """\
  - id: eighth-disease
    name: Eighth disease
    status: {text: It names it, source: article, sentences: [8]}
    silent_about: [dose]
"""

GENERAL = """\
  - text: It is used in general.
    source: article
    sentences: [1]
"""


def faults(text: str) -> list[str]:
    """Every fault in a data file's text, as `line: message`, in the order of the lines."""
    content, listed = parse(text)
    assert (content is None) == bool(listed)
    return [f"{fault.line}: {fault.message}" for fault in sorted(listed)]


def changed(old: str, new: str) -> str:
    """The small file with one thing changed."""
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


@pytest.mark.parametrize("text", [SMALL, "\ufeff" + SMALL, SMALL.replace("\n", "\r\n"), SMALL.rstrip()])
def test_the_small_file_is_fine_however_it_was_saved(text: str) -> None:
    assert faults(text) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Everything", '  # A comment: it holds a # and a "quote, see issue #3\n# Everything'),
        ("      - timing", "      # which nobody asks\n      - timing"),
        ("A long text, which", 'A long text: with a #2, "quotes", [brackets] and a - b, which'),
        ("text: The document names it", "text: \"The document: #1, *bold*, 'quoted' & [more]\""),
        ("text: The document names it", "text: The C# document, [dose] and {who} aside, names it at 10:30; a 'word'"),
        ("- posology", "- monday"),
        ("[childhood alpha disease]", "[severe patient, childish, FDC]"),
        ("name: FD,", "name: IS,"),
        ("sentences: [7]", "sentences: [9]"),
        ('"inflammation, alpha"', "inflammation of Adam, lymphatic-ileal, Ileal"),
        (
            "name: alpha disease of children\n        names: [childhood alpha disease]",
            "name: form of children\n        names: [childhood form, alphaic]",
        ),
        ("evidence: little", "evidence: own, ask: true, exact: false, not_with: [pump], not_beside: [pump, smear]"),
        ("signs: [rigidity]", 'signs: [NF155, "off"]'),
        ("    evidence: {signs: [rigidity], tests: [smear]}\n", ""),
        ("kind: not_covered", "kind: not_covered\n    events: [hives]\n    treatments: [steroids]"),
        ("[gammosis]", "[gammosis]\n    short: [GS]"),
        ("[gammosis]", "[gamma illness, severe]"),
        ("kind: not_covered", "kind: not_covered\n    note: Never 2 g\n    allowed_because: S7"),
        ("reading: answer", "reading: answer\n        note: Never 2 g\n        allowed_because: S7"),
        ("text: The document names it", "text: The document’s “own” word is named, with a hyphen - and a dash –"),
        ("[dose, who]", '[dose, "who, and why: #1", "it\'s", none]'),
        ("- Eve syndrome", '- "syndrome, Eve"'),
        ("- Eve syndrome", "- Eve's syndrome (Éve–Adam/Cain) & co."),
        ('"inflammation, alpha"', '"inflammation of Adam", "ileal", alphabet'),
        ("contact:\n", "contact: Pharmacist (bleep 1234), ext. 5 & 6 on Mondays\n"),
        ("title: The label", "title: The label\n    url: https://example.org/a#b?c=d\n    revised: January 2024"),
    ],
)
def test_what_is_no_mistake_is_let_alone(old: str, new: str) -> None:
    assert faults(changed(old, new)) == []


BROKEN = [
    # What is lost without a word.
    ("text: The document calls it *standard*", "text: Not standard in grade #2 disease",
        [("43: a # hides the rest of this line as a comment; put the text in quotes, or the comment on a line "
          "of its own")]),
    ("text: Giving it needs *careful monitoring*.", "text: Giving it needs # *careful monitoring*.",
        [("21: a # hides the rest of this line as a comment; put the text in quotes, or the comment on a line "
          "of its own")]),
    ("short: FD\n    status", "short: #FD\n    status",
        [("41: a # hides the rest of this line as a comment; put the text in quotes, or the comment on a line "
          "of its own")]),
    ("Adam disease, Adam syndrome,", "Adam disease, #Adam syndrome,",
        [("62: a # hides the rest of this line as a comment; put the text in quotes, or the comment on a line "
          "of its own")]),
    ("sentences: [7]", "sentences: [7] # seven",
        [("80: a # hides the rest of this line as a comment; put the text in quotes, or the comment on a line "
          "of its own")]),
    ("text: The document calls it *standard*", "text: !Caution in children",
        ["43: a text can't begin with !; put it in quotes"]),
    ("text: The document calls it *standard*", "text: &c in children",
        ["43: a text can't begin with &; put it in quotes"]),
    ("text: The document calls it *standard*", "text: *Careful monitoring",
        ["43: a text can't begin with *; put it in quotes"]),
    ("text: The document calls it *standard*", "text: *Careful* monitoring",
        ["43: a text can't begin with *; put it in quotes"]),
    ("silent_about: [dose, who]", "silent_about: &x [dose, who]",
        ["81: a text can't begin with &; put it in quotes"]),
    ("      - timing\n", "       - timing\n",
        ["59: this text goes on over the end of line 58: keep it on one line, or write >- and the text below it"]),
    ("morbus Adam,\n", "morbus Adam\n",
        ["62: this item goes on over the end of line 62: a comma is missing there, or keep the item on one line"]),
    ("text: The document calls it *standard*", "text: The document calls it\n        *standard*",
        ["44: this text goes on over the end of line 43: keep it on one line, or write >- and the text below it"]),
    ('text: "It says: some"', 'text: "It says: some\n          and more"',
        ["54: the quote that opens here is closed only on line 55; close it here, or write >- and the text below it"]),
    ("text: The document calls it *standard*", "text: “The document calls it *standard*”",
        ["43: curly quotes (“ ”) are no quotes here; type straight ones"]),
    ("    short: FD\n    status", "    short: FD\n    short: DF\n    status",
        ["42: 'short' stands twice, first on line 41; delete or join one"]),
    # What nobody sees.
    ("    name: Beta disease", "\xa0   name: Beta disease",
        ["76: an invisible space that is no plain one stands by 'name'; delete it, type a space"]),
    ("    name: Beta disease", "    name:\xa0Beta disease",
        ["76: an invisible space that is no plain one stands by 'name'; delete it, type a space"]),
    ("      - timing", "      -\xa0timing",
        ["59: an invisible space that is no plain one stands by 'timing'; delete it, type a space"]),
    ("    name: Beta disease", "\tname: Beta disease",
        ["76: a tab stands before the text; indent with spaces"]),
    ("text: The document names it", "text: The document\u2028names it",
        ["78: an invisible line break stands in this line; delete it"]),
    ("text: The document names it", "text: The document \x07 names it",
        ["78: a character YAML does not allow; delete it and type it anew"]),
    # Quotes, colons, brackets.
    ("text: The document names it", 'text: "The document\n        names it\n        or not',
        ['78: the quote that opens here is not closed on this line; add " at the end of the text']),
    ("text: The document names it", 'text: "The \\document names it"',
        ["78: a backslash stands in this text; write it twice, or put the text in single quotes"]),
    ("text: The document names it", "text: ‘The document: it names it’",
        ["78: curly quotes (“ ”) are no quotes here; type straight ones"]),
    ("text: The document names it", "text: - the document",
        ["78: a text can't begin with -; put it in quotes"]),
    ("text: The document names it", "text: > the document",
        ["78: a text can't begin with >; put it in quotes"]),
    ("text: The document names it", "text: {The document} names it",
        ["78: 'names it' stands behind the closing bracket; delete it, or put the whole text in quotes"]),
    ("text: The document names it", "text: [The document] names it",
        ["78: 'names it' stands behind the closing bracket; delete it, or put the whole text in quotes"]),
    ("[dose, who]", "[dose, *who* they are]",
        ["81: a text can't begin with *; put it in quotes"]),
    ("text: The document names it", 'text: "The document names it',
        ['78: the quote that opens here is not closed on this line; add " at the end of the text']),
    ("text: The document names it", "text: 'The document names it",
        ["78: the quote that opens here is not closed on this line; add ' at the end of the text"]),
    ("text: The document names it", 'text: "The document" names it',
        ['78: this text goes on behind its closing quote; put one pair of " around all of it, and use \' inside']),
    ("text: The document names it", "text: 'The document's name'",
        ['78: this text goes on behind its closing quote; put one pair of " around all of it, and use \' inside']),
    ("text: The document names it", "text: The document: it names it",
        ["78: a colon stands in this text; put the text in quotes"]),
    ("text: The document names it", "text: “The document: it names it”",
        ["78: curly quotes (“ ”) are no quotes here; type straight ones"]),
    ("text: The document names it", "text: @document names it",
        ["78: a text can't begin with @; put it in quotes"]),
    ("[dose, who]", '[dose, "who]',
        ['81: the quote that opens here is not closed on this line; add " at the end of the text']),
    ("[dose, who]", "[dose, who",
        ["81: the [ that opens here is not closed; add ]"]),
    ("[dose, who]", "[dose, who}",
        ["81: a } stands here and a ] is wanted"]),
    ("[dose, who]", "[dose, who]]",
        ["81: ']' stands behind the closing bracket; delete it, or put the whole text in quotes"]),
    ("[dose, who]", '[dose, "who" else]',
        ['81: a comma is missing behind "who"; or put one pair of quotes around all of the text']),
    ("[dose, who]", "[dose, *who]",
        ["81: a text can't begin with *; put it in quotes"]),
    ("[dose, who]", "[dose [a], who]",
        ["81: ', who]' stands behind the closing bracket; delete it, or put the whole text in quotes",
         "81: a [ stands in this text; put the text in quotes"]),
    ('"inflammation, alpha",\n', '"inflammation, alpha"\n      "disease of Adam",\n',
        ['63: a comma is missing behind "inflammation, alpha"; or put one pair of quotes around all of the text']),
    ("{disease: [illness]}", "{disease: [illness]",
        ["102: the { that opens here is not closed; add }"]),
    ("{disease: [illness]}", "{disease: illness: two}",
        ["102: a colon stands in this text; put the text in quotes"]),
    ("[dose, who]", "[dose: who]",
        [("81: entries › beta-disease › silent_about › #1: a colon makes 'key: value' of this text; put the "
          "text in quotes")]),
    # Indents, dashes, keys.
    ("  - name: gamma disease\n    not", "  - name: gamma disease\n  not",
        ["88: 2 spaces too few before 'not': line it up with 'name' on line 87"]),
    ("  - name: gamma disease\n    not: [alpha-disease]\n",
     "  - name: gamma disease\n    not: [alpha-disease]\n  name: fourth disease\n    not: [alpha-disease]\n",
        ["89: '- ' is missing before 'name', which stands in a list"]),
    ("      - dose\n      - timing\n", "      -dose\n      -timing\n",
        ["58: put a space behind the -"]),
    ("format: 2\n", "%FORMAT 2\nformat: 2\n",
        ["1: not YAML: found unknown directive name; check the indent and the quotes"]),
    ("  - id: beta-disease", "  -  id: beta-disease",
        ["75: more than one space stands behind the -; keep one"]),
    ("  - id: beta-disease", "- id: beta-disease",
        ["75: 2 spaces too few before '-': line it up with '-' on line 39"]),
    ("  - id: beta-disease", "    id: beta-disease",
        ["75: '- ' is missing before 'id', where the next item begins"]),
    ("  - id: beta-disease", "  – id: beta-disease",
        ["75: a list's item begins with a plain '- ', not with '–'; type it anew"]),
    ("      - timing", "      -timing",
        ["59: put a space behind the -"]),
    ("      - timing", "      * timing",
        ["59: a list's item begins with a plain '- ', not with '*'; type it anew"]),
    ("      - timing", "      - timing,",
        ["59: a comma stands at the end of this text; delete it"]),
    ("general:\n", "<<<<<<< HEAD\ngeneral:\n",
        ["14: a mark left by a merge stands here; keep one of the two versions and delete the marks"]),
    ("      text: The document names it", "       text: The document names it",
        ["79: 1 space too few before 'source': line it up with 'text' on line 78"]),
    ("  - id: beta-disease\n    name: Beta disease\n",
     "    - id: beta-disease\n      name: Beta disease\n",
        ["75: 2 spaces too many before '-': line it up with '-' on line 39"]),
    ("    name: Beta disease", "     name: Beta disease",
        ["76: 1 space too many before 'name': line it up with 'id' on line 75"]),
    ("    name: Beta disease", "   name: Beta disease",
        ["76: 1 space too few before 'name': line it up with 'id' on line 75"]),
    ("  - id: beta-disease", "   - id: beta-disease",
        ["75: 1 space too many before '-': line it up with '-' on line 39"]),
    ("  - id: beta-disease", " - id: beta-disease",
        ["75: 1 space too few before '-': line it up with '-' on line 39"]),
    ("      - Eve syndrome", "     - Eve syndrome",
        ["84: 1 space too few before '-': line it up with '-' on line 83"]),
    ("  - id: beta-disease", "  -id: beta-disease",
        ["75: put a space behind the -"]),
    ("    name: Beta disease", "    name:Beta disease",
        ["76: put a space behind 'name:'"]),
    ("    name: Beta disease", "    name Beta disease",
        ["76: this line is neither 'key: value' nor '- item'; join it to the line above, or add the key"]),
    ("      - timing", "      timing",
        ["59: this line is neither 'key: value' nor '- item'; join it to the line above, or add the key"]),
    ("    name: Beta disease", "    - name: Beta disease",
        ["76: a '- ' stands here among keys like 'id'; delete it, or move the item to its list"]),
    ("look_alikes:\n  - name", "look_alikes:\n  name",
        ["88: 2 spaces too many before 'not': line it up with 'name' on line 87"]),
    ("general:\n", "---\ngeneral:\n",
        ["14: a second document (---) begins here; one file holds one"]),
    # Keys.
    ("contact:\n", "contact:\n? [a, b]\n: c\n",
        ["37: ?: is no key here; check its spelling, or remove it"]),
    ("    statements:", "    statments:",
        ["46: entries › alpha-disease › statments: is no key here; did you mean 'statements'?"]),
    ("    name: Beta disease", "    nmae: Beta disease",
        ["76: entries › beta-disease › nmae: is no key here; did you mean 'name'?"]),
    ("    name: Beta disease", "    name: Beta disease\n    colour: red",
        ["77: entries › beta-disease › colour: is no key here; check its spelling, or remove it"]),
    ("    names:\n      - Eve", "    mispellings:\n      - Eve",
        ["82: entries › beta-disease › mispellings: is no key here; did you mean 'misspellings'?"]),
    ("document: article\n", "",
        ["1: document: is missing; add it"]),
    ("document: article\n", "document: [article]\n",
        ["2: document: must be one text, not a list"]),
    ("general:\n  - text: It is used in general.\n    source: article\n    sentences: [1]\n", "",
        ["1: general: is missing; add it"]),
    ("  reminder:\n    - text: Giving it needs *careful monitoring*.\n      source: article\n      sentences: [2]\n",
     "",
        ["19: safety › reminder: is missing; add it"]),
    ("    status:\n      text: The document names it\n      source: article\n      sentences: [7]\n", "",
        ["75: entries › beta-disease › status: is missing; add it"]),
    # Values.
    ("not: [alpha-disease]", "not: []", ["88: look_alikes › gamma disease › not: needs at least 1; add one"]),
    ("- For health professionals.", f"- {'x' * 601}",
        ["29: footer › #1: is too long for a Slack card; shorten it to 600 characters"]),
    ("name: Beta disease", "name: 1.5",
        ["76: entries › beta-disease › name: YAML reads this as a number or date; put it in quotes"]),
    ("due: 2027-03-01", "due: 2027-02-31",
        ["32: review › #1 › due: must be a date, as 2026-12-31, without quotes"]),
    ("    status:\n      text: The document names it\n      source: article\n      sentences: [7]\n",
     "    status: named\n",
        ["77: entries › beta-disease › status: must be 'key: value' lines"]),
    (GENERAL, GENERAL * 11, ["14: general: has too many for a Slack card; keep 10"]),
    ("same: {disease: [illness]}", "same: [illness]",
        ["102: spellings › same: must be 'key: value' lines"]),
    ("name: Beta disease", "name: NO",
        ["76: entries › beta-disease › name: YAML reads this word as yes or no; put it in quotes"]),
    ("name: Beta disease", "name: 12",
        ["76: entries › beta-disease › name: YAML reads this as a number or date; put it in quotes"]),
    ("name: Beta disease", "name:",
        ["76: entries › beta-disease › name: is empty; fill it in, or remove the key"]),
    ("name: Beta disease", 'name: "  "',
        ["76: entries › beta-disease › name: is empty; fill it in"]),
    ("name: Beta disease", "name: [Beta, disease]",
        ["76: entries › beta-disease › name: must be one text, not a list"]),
    ("name: Beta disease", "name: " + 'x' * 101,
        ["76: entries › beta-disease › name: is too long for a Slack card; shorten it to 100 characters"]),
    ("id: beta-disease", "id: Beta Disease",
        ["75: entries › Beta Disease › id: must be small letters, digits and single hyphens"]),
    ("[dose, who]", "dose",
        ["81: entries › beta-disease › silent_about: must be a list: lines that start with '- ', or [a, b]"]),
    ("sentences: [7]", "sentences: [S7]",
        ["80: entries › beta-disease › status › sentences › #1: write 7, without letters"]),
    ("sentences: [7]", "sentences: [seven]",
        ["80: entries › beta-disease › status › sentences › #1: must be a whole number"]),
    ("sentences: [7]", "sentences: [0]",
        ["80: entries › beta-disease › status › sentences › #1: must be 1 or more"]),
    ("sentences: [7]", "sentences: 7",
        ["80: entries › beta-disease › status › sentences: must be a list: lines that start with '- ', or [a, b]"]),
    ("sentences: [7]", "sentences: [17]",
        ["80: entries › beta-disease › status › sentences › #1: 'article' has no sentence 17; its last is 9"]),
    ("kind: not_covered", "kind: not_cverd",
        [("94: topics › dose › kind: must be one of: not_covered, safety, emergency, boxed_warning, help, list, "
          "about, thanks; did you mean 'not_covered'?")]),
    ("kind: not_covered", "kind: uncovered",
        [("94: topics › dose › kind: must be one of: not_covered, safety, emergency, boxed_warning, help, list, "
          "about, thanks; did you mean 'not_covered'?")]),
    ("reading: answer", "reading: anwser",
        [("72: entries › alpha-disease › forms › alpha disease of children › reading: must be one of: answer, "
          "ask, refuse; did you mean 'answer'?")]),
    ("due: 2027-03-01", "due: soon",
        ["32: review › #1 › due: must be a date, as 2026-12-31, without quotes"]),
    ("title: The label", "title: The label\n    url: www.example.org",
        ["13: sources › label › url: must be an address that begins with https://"]),
    ("title: The label", "title: The label\n    sha256: 12ab",
        ["13: sources › label › sha256: must be a digest of 64 digits and letters: `sha256sum FILE` prints it"]),
    ("format: 2", "format: 3",
        ["1: format: this bot reads format 2; install the version of the bot the file is for"]),
    ("format: 2\n", "",
        [("1: format: is missing. Since format 2 the English words stand in slackbot/words/en/, no longer under "
          "`words` in this file: CHANGELOG.md says how to move a file over; then write 'format: 2'")]),
    # Sources.
    ("    sentences: 9\n", "", ["6: sources › article: 'sentences' is missing; say how many the document has"]),
    ("      source: article\n      sentences: [7]", "      source: artcle\n      sentences: [7]",
        ["79: entries › beta-disease › status › source: no source is called 'artcle'; did you mean 'article'?"]),
    ("      source: article\n      sentences: [7]", "      source: journal\n      sentences: [7]",
        ["79: entries › beta-disease › status › source: no source is called 'journal'; add it under sources"]),
    ("      source: article\n      sentences: [7]", "      source: label",
        [("79: entries › beta-disease › status › source: only what the document says stands here; its source "
          "is 'article'")]),
    ("      source: article\n      sentences: [7]", "      sentences: [7]",
        ["77: entries › beta-disease › status › source: is missing; add it"]),
    ("      source: article\n      sentences: [7]", "      source: article",
        [("77: entries › beta-disease › status: 'sentences' is missing; give the numbers of the sentences "
          "that say it")]),
    ("      source: label", "      source: article\n      sentences: [2]",
        [("26: safety › boxed_warning › #1 › source: the boxed warning is what the document does not say; name "
          "its own source")]),
    ("      source: label", "      source: label\n      sentences: [2]",
        ["27: safety › boxed_warning › #1 › sentences › #1: 'label' has no sentence 2; leave the numbers out"]),
    ("document: article", "document: artcle",
        ["2: document: no source is called 'artcle'; did you mean 'article'?"]),
    ("not: [alpha-disease]", "not: [alhpa-disease]",
        [("88: look_alikes › gamma disease › not › #1: no entry is called 'alhpa-disease'; did you mean "
          "'alpha-disease'?")]),
    ("not: [alpha-disease]", "not: [fourth]",
        ["88: look_alikes › gamma disease › not › #1: no entry is called 'fourth'; check the id"]),
    # Texts.
    ("text: The document names it", "text: The document names it\n      silence: Not 2 g",
        [("79: entries › beta-disease › status › silence: '2 g' reads as a dose, rate or timing; leave it out, or "
          "say why under allowed_because")]),
    ("kind: not_covered", "kind: not_covered\n    note: Never 2 g",
        [("95: topics › dose › note: '2 g' reads as a dose, rate or timing; leave it out, or say why under "
          "allowed_because"),
         ("95: topics › dose › note: 'Never' reads as a verdict; say what the document says, or say why under "
          "allowed_because")]),
    ("reading: answer", "reading: answer\n        note: Avoid 2 g",
        [("73: entries › alpha-disease › forms › alpha disease of children › note: '2 g' reads as a dose, rate or "
          "timing; leave it out, or say why under allowed_because"),
         ("73: entries › alpha-disease › forms › alpha disease of children › note: 'Avoid' reads as a verdict; "
          "say what the document says, or say why under allowed_because")]),
    ("text: The document names it", "text: Always give, 2 g/kg over two days, in every child",
        [("78: entries › beta-disease › status › text: '2 g/kg' reads as a dose, rate or timing; leave it "
          "out, or say why under allowed_because"),
         ("78: entries › beta-disease › status › text: 'Always' reads as a verdict; say what the document "
          "says, or say why under allowed_because")]),
    ("text: The document names it", "text: The document calls it safe",
        [("78: entries › beta-disease › status › text: 'safe' reads as a verdict; say what the document says, "
          "or say why under allowed_because")]),
    ("    silent_about: [dose, who]", "    silent_about: [dose, 5 days]",
        ["81: entries › beta-disease › silent_about › #2: '5 days' reads as a dose, rate or timing; leave it out"]),
    ("text: The document names it", "text: The document says 2 g/kg",
        [("78: entries › beta-disease › status › text: '2 g/kg' reads as a dose, rate or timing; leave it "
          "out, or say why under allowed_because")]),
    ("text: The document names it", "text: The document says 0.5 ml/kg/h",
        [("78: entries › beta-disease › status › text: '0.5 ml/kg/h' reads as a dose, rate or timing; leave "
          "it out, or say why under allowed_because")]),
    ("text: The document names it", "text: The document says two grams per kilogram over five days",
        [("78: entries › beta-disease › status › text: 'two grams per kilogram' reads as a dose, rate or "
          "timing; leave it out, or say why under allowed_because")]),
    ("text: The document names it", "text: The document says a g/kg figure",
        [("78: entries › beta-disease › status › text: 'g/kg' reads as a dose, rate or timing; leave it out, "
          "or say why under allowed_because")]),
    ("text: The document names it", "text: The document gives it once daily",
        [("78: entries › beta-disease › status › text: 'once daily' reads as a dose, rate or timing; leave it "
          "out, or say why under allowed_because")]),
    ("text: The document names it", "text: Always give it",
        [("78: entries › beta-disease › status › text: 'Always' reads as a verdict; say what the document "
          "says, or say why under allowed_because")]),
    ("text: The document names it", "text: It is contraindicated",
        [("78: entries › beta-disease › status › text: 'contraindicated' reads as a verdict; say what the "
          "document says, or say why under allowed_because")]),
    ("text: The document names it", "text: Give it at once",
        [("78: entries › beta-disease › status › text: 'Give' reads as a verdict; say what the document says, "
          "or say why under allowed_because")]),
    ("text: The document names it", "text: The document recommends it",
        [("78: entries › beta-disease › status › text: 'recommends' reads as a verdict; say what the document "
          "says, or say why under allowed_because")]),
    ("      - who\n", "      - 400 mg\n",
        ["60: entries › alpha-disease › silent_about › #3: '400 mg' reads as a dose, rate or timing; leave it out"]),
    ("  - For health professionals.", "  - Never give it.",
        ["29: footer › #1: 'Never' reads as a verdict; say what the document says"]),
    ("text: The document names it", "text: The document *names it",
        ["78: entries › beta-disease › status › text: has a single *; bold text needs one on both sides"]),
    ("text: The document names it", "text: The document **names** it",
        ["78: entries › beta-disease › status › text: '**' is mark-up; only *bold* is read here"]),
    ("text: The document names it", "text: The document _names_ it",
        ["78: entries › beta-disease › status › text: '_names_' is mark-up; only *bold* is read here"]),
    ("text: The document names it", "text: The document `names` it",
        ["78: entries › beta-disease › status › text: '`names`' is mark-up; only *bold* is read here"]),
    ("text: The document names it", "text: The document names it <!here>",
        ["78: entries › beta-disease › status › text: '<!here>' is mark-up; only *bold* is read here"]),
    ("text: The document names it", "text: See https://example.org",
        ["78: entries › beta-disease › status › text: 'https://example.org' is mark-up; only *bold* is read here"]),
    ("text: The document names it", "text: The document names it :tada:",
        ["78: a colon stands in this text; put the text in quotes"]),
    ("label: Benefit", 'label: "*Benefit*"',
        ["53: entries › alpha-disease › statements › #2 › label: '*' is mark-up; write it without"]),
    ("[dose, who]", "[who]",
        ["81: entries › beta-disease › silent_about: 'dose' is missing; the document gives none, so add it"]),
    # Names.
    ("name: FD,", "name: and,",
        [("66: entries › alpha-disease › ambiguous › and › name: 'and' is an ordinary word and would be read in "
          "texts about anything; write the whole name")]),
    ("names: [childhood alpha disease]", "names: [severe]",
        [("71: entries › alpha-disease › forms › alpha disease of children › names › #1: 'severe' is an ordinary word "
          "and would be read in texts about anything; write the whole name")]),
    ("Adam disease, Adam syndrome,", "Adam disease, disex, disea, dise, xdisea,",
        [("62: entries › alpha-disease › names › #2: 'disex' stands alone behind a comma; if it belongs to the name "
          'before it, put both in quotes; if it is a name by itself, write "disex" in quotes')]),
    ("Adam disease, Adam syndrome,", "Adam disease, xdise,",
        [("62: entries › alpha-disease › names › #2: 'xdise' stands alone behind a comma; if it belongs to the name "
          'before it, put both in quotes; if it is a name by itself, write "xdise" in quotes')]),
    ("[childhood alpha disease]", "[childhood alpha disease, ileal]",
        [("71: entries › alpha-disease › forms › alpha disease of children › names › #2: 'ileal' stands alone behind a "
          'comma; if it belongs to the name before it, put both in quotes; if it is a name by itself, write "ileal" in '
          "quotes")]),
    ("[Adam]", "[Monday]",
        [("68: entries › alpha-disease › ask › #1: 'Monday' is an ordinary word and would be read in texts "
          "about anything; write the whole name")]),
    ("- Eve syndrome", "- and",
        [("84: entries › beta-disease › names › #2: 'and' is an ordinary word and would be read in texts "
          "about anything; write the whole name")]),
    ("- Eve syndrome", "- severe patient",
        [("84: entries › beta-disease › names › #2: 'severe patient' is made of ordinary words and would be "
          "read in texts about anything; write the whole name")]),
    ('"inflammation, alpha"', "inflammation of Adam, ileal",
        [("63: entries › alpha-disease › names › #5: 'ileal' stands alone behind a comma; if it belongs to "
          'the name before it, put both in quotes; if it is a name by itself, write "ileal" in quotes')]),
    ("- Eve syndrome", "- Eve syndrome, Eve",
        [("84: entries › beta-disease › names › #2: 'Eve syndrome, Eve' holds a comma; give each name a line "
          "of its own, or put it in quotes if the comma belongs to it")]),
    ("- Eve syndrome", "- Eve syndrome 🙂",
        ["84: entries › beta-disease › names › #2: 'Eve syndrome 🙂' holds 🙂, which nobody types; delete it"]),
    ("- Eve syndrome", '- "?!"',
        [("84: entries › beta-disease › names › #2: '?!' can't be found in a text; a name needs plain letters "
          "or digits")]),
    ("- Eve syndrome", "- www.example.org",
        [("84: entries › beta-disease › names › #2: 'www.example.org' can't be found in a text; a name needs "
          "plain letters or digits")]),
    ("- Eve syndrome", "- Alpha diseases",
        [("40: entries › alpha-disease › name: 'Alpha disease' stands on line 84 too, for beta-disease; a "
          "name means one thing, keep one of them"),
         ("84: entries › beta-disease › names › #2: 'Alpha diseases' stands on line 40 too, for "
          "alpha-disease; a name means one thing, keep one of them")]),
    ("- Eve syndrome", "- Gammosis",
        [("84: entries › beta-disease › names › #2: 'Gammosis' stands on line 89 too, for the look-alike "
          "'gamma disease'; a name means one thing, keep one of them"),
         ("89: look_alikes › gamma disease › names › #1: 'gammosis' stands on line 84 too, for beta-disease; "
          "a name means one thing, keep one of them")]),
    ("- Eve syndrome", "- posology",
        [("84: entries › beta-disease › names › #2: 'posology' stands on line 97 too, for the topic 'dose'; a "
          "name means one thing, keep one of them"),
         ("97: topics › dose › phrases › #2: 'posology' stands on line 84 too, for beta-disease; a name means "
          "one thing, keep one of them")]),
    ("- Eve syndrome", "- Adams disease",
        [("62: entries › alpha-disease › names › #1: 'Adam disease' stands on line 84 too, for beta-disease; "
          "a name means one thing, keep one of them"),
         ("84: entries › beta-disease › names › #2: 'Adams disease' stands on line 62 too, for alpha-disease; "
          "a name means one thing, keep one of them")]),
    ("  - id: beta-disease", "  - id: alpha-disease",
        ["39: entries › alpha-disease › id: the id 'alpha-disease' stands on line 75 too; give one of them another",
         "75: entries › alpha-disease › id: the id 'alpha-disease' stands on line 39 too; give one of them another"]),
    ("  - id: beta-disease", "  - id: dose",
        ["75: entries › dose › id: the id 'dose' stands on line 92 too; give one of them another",
         "92: topics › dose › id: the id 'dose' stands on line 75 too; give one of them another"]),
    # Places.
    ("topics:\n",
     f"{ENTRY}\ntopics:\n",
        ["91: look_alikes › eighth-disease: looks like an entry; move it under 'entries'"]),
    ("ivig: [",
     f"{ENTRY}\nivig: [",
        ["99: topics › eighth-disease: looks like an entry; move it under 'entries'"]),
    ("look_alikes:\n",
     "  - name: fourth disease\n    not: [alpha-disease]\n    names: [fourthosis]\n\nlook_alikes:\n",
        ["86: entries › fourth disease: looks like a look-alike; move it under 'look_alikes'"]),
    ("    forms:\n", "    forms:\n      - {name: FDD, also: nothing common, evidence: own}\n",
        ["70: entries › alpha-disease › forms › FDD: looks like an ambiguous name; move it under 'ambiguous'"]),
    # Ambiguous names and their evidence.
    ("{name: FD, also: nothing common, evidence: little}", "{name: FD, evidence: little}",
        ["66: entries › alpha-disease › ambiguous › FD › also: is missing; add it"]),
    ("{name: FD, also: nothing common, evidence: little}", "{name: FD, also: nothing common}",
        ["66: entries › alpha-disease › ambiguous › FD › evidence: is missing; add it"]),
    ("{name: FD, also: nothing common, evidence: little}", "{also: nothing common, evidence: little}",
        ["66: entries › alpha-disease › ambiguous › #1 › name: is missing; add it"]),
    ("{name: FD, also: nothing common, evidence: little}", "FD",
        ["66: entries › alpha-disease › ambiguous › #1: must be 'key: value' lines"]),
    ("also: nothing common", "also:",
        ["66: nothing stands behind 'also:'; fill it in, or remove the key"]),
    ("evidence: little", "evidence: litle",
        [("66: entries › alpha-disease › ambiguous › FD › evidence: must be one of: own, clinical, little; did you "
          "mean 'little'?")]),
    ("evidence: little", "evidence: [rigidity]",
        ["66: entries › alpha-disease › ambiguous › FD › evidence: must be one of: own, clinical, little"]),
    ("evidence: little", "evidence: little, unit: maybe",
        ["66: entries › alpha-disease › ambiguous › FD › unit: must be true or false"]),
    ("evidence: little", "evidence: little, ask: 1",
        ["66: entries › alpha-disease › ambiguous › FD › ask: must be true or false"]),
    ("evidence: little", "evidence: little, capitals: [yes]",
        ["66: entries › alpha-disease › ambiguous › FD › capitals: must be true or false"]),
    ("evidence: little", "evidence: little, exact: FD",
        ["66: entries › alpha-disease › ambiguous › FD › exact: must be true or false"]),
    ("evidence: little", "evidence: little, exact:",
        ["66: nothing stands behind 'exact:'; fill it in, or remove the key"]),
    ("evidence: little", "evidence: little, not_beside: pump",
        [("66: entries › alpha-disease › ambiguous › FD › not_beside: must be a list: lines that start with '- ', or "
          "[a, b]")]),
    ("evidence: little", "evidence: little, not_with: {pump: motor}",
        [("66: entries › alpha-disease › ambiguous › FD › not_with: must be a list: lines that start with '- ', or "
          "[a, b]")]),
    ("evidence: little", "evidence: little, not_wth: [pump]",
        ["66: entries › alpha-disease › ambiguous › FD › not_wth: is no key here; did you mean 'not_with'?"]),
    ("evidence: little", "evidence: little, not_with: [no]",
        [("66: entries › alpha-disease › ambiguous › FD › not_with › #1: YAML reads this word as yes or no; put it in "
          "quotes")]),
    ("evidence: little", "evidence: little, not_with: [water pump, pump]",
        [("66: entries › alpha-disease › ambiguous › FD › not_with › #1: 'water pump' is not one word; give single "
          "words of plain letters")]),
    ("evidence: little", "evidence: little, not_beside: [pump, anti-pump]",
        [("66: entries › alpha-disease › ambiguous › FD › not_beside › #2: 'anti-pump' is not one word; give single "
          "words of plain letters")]),
    ("evidence: little", "evidence: little, not_with: [pump, Smears]",
        [("66: entries › alpha-disease › ambiguous › FD › not_with › #2: 'Smears' stands on line 67 too, as evidence; "
          "it can't speak for the entry and against it, keep one")]),
    ("    ambiguous:\n", "    abbreviations:\n",
        ["65: entries › alpha-disease › abbreviations: is no key here; check its spelling, or remove it"]),
    ("    evidence: {signs: [rigidity], tests: [smear]}", "    evidence: [rigidity, smear]",
        ["67: entries › alpha-disease › evidence: must be 'key: value' lines"]),
    ("signs: [rigidity]", "signs: rigidity",
        [("67: entries › alpha-disease › evidence › signs: must be a list: lines that start with '- ', or [a, b]")]),
    ("signs: [rigidity]", "signs:",
        ["67: nothing stands behind 'signs:'; fill it in, or remove the key"]),
    ("signs: [rigidity]", "signs: [off]",
        ["67: entries › alpha-disease › evidence › signs › #1: YAML reads this word as yes or no; put it in quotes"]),
    ("signs: [rigidity]", "signs: [rigidity, blood film]",
        [("67: entries › alpha-disease › evidence › signs › #2: 'blood film' is not one word; give single words of "
          "plain letters")]),
    ("signs: [rigidity]", 'signs: ["?!"]',
        [("67: entries › alpha-disease › evidence › signs › #1: '?!' is not one word; give single words of plain "
          "letters")]),
    ("signs: [rigidity]", "signs: [a_marker]",
        [("67: entries › alpha-disease › evidence › signs › #1: 'a_marker' is not one word; give single words of plain "
          "letters")]),
    ("signs: [rigidity]", "signs: [rigidity, Rigidity]",
        ["67: entries › alpha-disease › evidence › signs › #2: 'Rigidity' stands on line 67 already; keep it once"]),
    ("    evidence: {signs: [rigidity], tests: [smear]}",
     "    evidence:\n      signs: [rigidity, smears]\n      tests:\n        - smear",
        ["70: entries › alpha-disease › evidence › tests › #1: 'smear' stands on line 68 already; keep it once"]),
    ("signs: [rigidity]", "signs: [fd]",
        [("67: entries › alpha-disease › evidence › signs › #1: 'fd' is what the evidence is to be for (line 66); "
          "delete it")]),
    ("ivig: [ivig, immunoglobulin]\n", "ivig: []\n",
        ["99: ivig: needs at least 1; add one"]),
    ("ivig: [ivig, immunoglobulin]\n", "",
        ["1: ivig: is missing; add it"]),
    ("[gammosis]", "[gammosis]\n    capitals: [GS]",
        ["90: look_alikes › gamma disease › capitals: is no key here; check its spelling, or remove it"]),
    ("[gammosis]", "[gammosis]\n    short: GS",
        [("90: look_alikes › gamma disease › short: must be a list: lines that start with '- ', or [a, b]")]),
    ("reading: answer", "reading: answer\n        short: [GS, and more]\n        capitals: [GS]",
        [("74: entries › alpha-disease › forms › alpha disease of children › capitals: is no key here; check its "
          "spelling, or remove it")]),
    ("kind: not_covered", "kind: not_covered\n    event: [hives]",
        ["95: topics › dose › event: is no key here; did you mean 'events'?"]),
    ("kind: not_covered", "kind: not_covered\n    treatments: steroids",
        ["95: topics › dose › treatments: must be a list: lines that start with '- ', or [a, b]"]),
    ("kind: not_covered", "kind: not_covered\n    events: [Eve disease]",
        [("83: entries › beta-disease › names › #1: 'Eve disease' stands on line 95 too, for the topic 'dose'; a name "
          "means one thing, keep one of them"),
         ("95: topics › dose › events › #1: 'Eve disease' stands on line 83 too, for beta-disease; a name means one "
          "thing, keep one of them")]),
    ("      - {name: FD, also: nothing common, evidence: little}\n    evidence: {signs: [rigidity]",
     "      - also: nothing common\n        name: FD\n        evidence: little\n    evidence: {signs: [FD]",
        [("69: entries › alpha-disease › evidence › signs › #1: 'FD' is what the evidence is to be for (line 67); "
          "delete it")]),
    ("names: [gammosis]", "names: [gammosis]\n    status: named\n    colour: red",
        ["90: look_alikes › gamma disease › status: is no key here; check its spelling, or remove it",
         "91: look_alikes › gamma disease › colour: is no key here; check its spelling, or remove it"]),
    ("sentences: [2]", "sentences: [12]",
        ["23: safety › reminder › #1 › sentences › #1: 'article' has no sentence 12; its last is 9"]),
    ("name: Beta disease", 'name: "Beta *disease*"',
        ["76: entries › beta-disease › name: '*' is mark-up; write it without"]),
    ("- name: alpha disease of children", '- name: "alpha *disease*"',
        ["70: entries › alpha-disease › forms › alpha *disease* › name: '*' is mark-up; write it without"]),
    ("- name: gamma disease", '- name: "gamma *disease*"',
        ["87: look_alikes › gamma *disease* › name: '*' is mark-up; write it without"]),
    ("label: dose", 'label: "*dose*"',
        ["93: topics › dose › label: '*' is mark-up; write it without"]),
    ("  - id: beta-disease\n    name: Beta disease", "  - name: Beta disease\n    id: alpha-disease",
        ["39: entries › alpha-disease › id: the id 'alpha-disease' stands on line 76 too; give one of them another",
         "76: entries › alpha-disease › id: the id 'alpha-disease' stands on line 39 too; give one of them another"]),
    ("- Eve syndrome", "- Alpha illness",
        [("40: entries › alpha-disease › name: 'Alpha disease' stands on line 84 too, for beta-disease; a name means "
          "one thing, keep one of them"),
         ("84: entries › beta-disease › names › #2: 'Alpha illness' stands on line 40 too, for alpha-disease; a name "
          "means one thing, keep one of them")]),
    ("- Eve syndrome", '- "?!"\n      - Gammosis',
        [("84: entries › beta-disease › names › #2: '?!' can't be found in a text; a name needs plain letters or "
          "digits"),
         ("85: entries › beta-disease › names › #3: 'Gammosis' stands on line 90 too, for the look-alike 'gamma "
          "disease'; a name means one thing, keep one of them"),
         ("90: look_alikes › gamma disease › names › #1: 'gammosis' stands on line 85 too, for beta-disease; a name "
          "means one thing, keep one of them")]),
    ("topics:\n", "  - {name: delta disease, also: nothing common}\ntopics:\n",
        ["91: look_alikes › delta disease › also: is no key here; check its spelling, or remove it",
         "91: look_alikes › delta disease › not: is missing; add it"]),
    ("topics:\n", "  - {id: delta-disease, status: named, colour: red}\ntopics:\n",
        ["91: look_alikes › delta-disease: looks like an entry; move it under 'entries'"]),
    # Spellings.
    ("[illness]", "[ill health]",
        ["102: spellings › same › disease › #1: 'ill health' is not one word; give it among an entry's names"]),
    ("spellings:\n", "words: {}\nspellings:\n",
        ["101: words: stands in slackbot/words/en/ since format 2; CHANGELOG.md says how to move it over"]),
    ("btea]", "very btea]",
        ["103: spellings › misspellings › beta › #1: 'very btea' is not one word; give it among an entry's names"]),
    ("btea]", "illness]",
        ["103: spellings › misspellings › beta › #1: 'illness' is already read as 'disease'; keep one"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), BROKEN)
def test_a_mistake_is_told_on_its_line_with_what_to_do(old: str, new: str, expected: list[str]) -> None:
    assert faults(changed(old, new)) == expected


def test_at_least_sixty_mistakes_are_in_the_table() -> None:
    assert len(BROKEN) >= 60


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1: the file is empty; start from the data/ivig.yaml in the repository"),
        ("# only a comment\n", "1: the file is empty; start from the data/ivig.yaml in the repository"),
        ("- a list\n", "1: the file holds no keys; start from the data/ivig.yaml in the repository"),
        ("just words\n", "1: the file holds no keys; start from the data/ivig.yaml in the repository"),
        ("a: 1\nb: [1, 2\n", "2: the [ that opens here is not closed; add ], or the file is cut off"),
        ("a: " + "[" * 100_000, "1: nested too deeply; check the brackets"),
        ("format: 2\n", "1: the file ends without 'document', 'sources', 'general', 'safety', 'footer', 'review', "
            "'entries', 'look_alikes', 'topics', 'ivig' and 'spellings'; it may be cut off: add what is missing"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_data_file_says_so(text: str, expected: str) -> None:
    assert faults(text) == [expected]


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("    phrases:\n      - dose\n", "96: the file ends without 'ivig' and 'spellings'; "
            "it may be cut off: add what is missing"),
        ("      - Eve syndrome\n", "84: the file ends without 'look_alikes', 'topics', 'ivig' and 'spellings'; "
            "it may be cut off: add what is missing"),
        ("names: [gamm", "89: the [ that opens here is not closed; add ], or the file is cut off"),
        ('text: "It says', "54: the quote that opens here is not closed on this line; add \" at the end of the text"),
    ],
)  # fmt: skip
def test_a_file_that_is_cut_off_says_so_where_it_ends(last: str, expected: str) -> None:
    assert faults(SMALL[: SMALL.index(last) + len(last)]) == [expected]


def test_every_fault_is_listed_at_once() -> None:
    text = changed("name: Beta disease", "name: NO").replace("sentences: [1]", "sentences: [11]")
    assert faults(text.replace("footer:\n  - For health professionals.\n", "")) == [
        "1: footer: is missing; add it",
        "17: general › #1 › sentences › #1: 'article' has no sentence 11; its last is 9",
        "74: entries › beta-disease › name: YAML reads this word as yes or no; put it in quotes",
    ]


def test_every_fault_of_the_syntax_is_listed_at_once() -> None:
    text = changed("text: The document names it", 'text: "The document names it')
    text = text.replace("title: The label", "title: The label: boxed").replace("- Eve disease", "-Eve disease")
    assert faults(text.replace("[dose, who]", "[dose, who").replace("text: There is", "text: *There* is")) == [
        "12: a colon stands in this text; put the text in quotes",
        "25: a text can't begin with *; put it in quotes",
        '78: the quote that opens here is not closed on this line; add " at the end of the text',
        "81: the [ that opens here is not closed; add ]",
        "83: put a space behind the -",
    ]


def test_a_fault_that_only_the_parser_sees_is_listed_with_the_others() -> None:
    text = changed("text: The document names it", "text: 1: one # two").replace("[dose, who]", "[dose,  # two\n who]")
    text = text.replace("format: 2", "---\nformat: 2").replace("title: The label", "title: The # label")
    assert faults(text.replace("---\n", "%FORMAT 2\n---\n")) == [
        "1: not YAML: found unknown directive name; check the indent and the quotes",
        "14: a # hides the rest of this line as a comment; put the text in quotes, or the comment on a line of its own",
        "80: a colon stands in this text; put the text in quotes",
    ]


@pytest.mark.parametrize(
    "texts",
    [
        "text: The document says 2 g/kg\n      allowed_because: It stands in the document, S7.",
        "text: The document calls it *contraindicated*\n      allowed_because: The document's own word.",
        "text: The document names it\n      silence: Never compared.\n      allowed_because: It is no order.",
        "text: Numbers as such (7 conditions, S7, 25 sentences, 2013) are no dose",
        "text: The document gives no contraindications; 1 gap is named, 2 are not",
        "text: A *bold* word, *two bold words*, and a snake_case_word",
    ],
)
def test_what_a_reason_allows_and_what_needs_none(texts: str) -> None:
    assert faults(changed("text: The document names it", texts)) == []


@pytest.mark.parametrize(
    "dose",
    ["2g/kg", "0.4 g/kg/day", "400mg", "2\u00a0g/kg", "1-2 g/kg", "0,5 ml/kg", "30 ml/h", "10 %", "5 units",
     "over 5 days", "every 4 weeks", "twice a week", "½ g", "five grams", "2 grams per kilogram"],
)  # fmt: skip
def test_a_dose_is_seen_however_it_is_written(dose: str) -> None:
    [fault] = faults(changed("text: The document names it", f"text: The document says {dose} here"))
    assert "reads as a dose, rate or timing" in fault


@pytest.mark.parametrize(
    "verdict",
    ["It must be given", "It should not be used", "Do not give it", "Don't use it", "Is safe to use", "Not indicated",
     "It is the treatment of choice", "It is inappropriate", "Early on: start it", "Avoid it", "Withhold it"],
)  # fmt: skip
def test_a_verdict_is_seen_however_it_is_worded(verdict: str) -> None:
    [fault] = faults(changed("text: The document names it", f'text: "{verdict}"'))
    assert "reads as a verdict" in fault


SIGNS = st.one_of(st.text(max_size=4), st.text("\"'[]{}:,#*&!-?|>@%` \t\n\u00a0“”", max_size=6))
PLACES = st.integers(0, len(SMALL))


@settings(max_examples=200, deadline=None)
@given(start=PLACES, length=st.integers(0, 30), signs=SIGNS)
def test_whatever_is_typed_or_deleted_brings_content_or_faults_within_the_file(
    start: int, length: int, signs: str
) -> None:
    text = SMALL[:start] + signs + SMALL[start + length :]
    content, listed = parse(text)
    assert (content is None) == bool(listed)
    assert all(1 <= fault.line <= text.count("\n") + 2 for fault in listed)


@pytest.mark.parametrize(
    ("characters", "expected"),
    [
        (3_000, []),
        (3_001, ["75: entries › beta-disease: its texts are too long for a Slack card; shorten them to 3000 characters "
            "in all"]),
    ],
)  # fmt: skip
def test_texts_that_would_not_fit_a_card_together_are_refused(characters: int, expected: list[str]) -> None:
    left = characters - len("The document names it" + "dose" + "who") - 5 * 500
    sizes = [(250, 250)] * 5 + [(250, left - 250)]
    statements = "".join(
        f"      - label: L{i}\n        text: {'x' * text}\n        silence: {'y' * silence}\n"
        "        source: article\n        sentences: [5]\n"
        for i, (text, silence) in enumerate(sizes)
    )
    assert faults(changed("      sentences: [7]\n", f"      sentences: [7]\n    statements:\n{statements}")) == expected
