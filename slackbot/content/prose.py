"""What a text that is shown may not hold: a dose, a verdict, mark-up that Slack would not show."""

import re
from collections.abc import Iterator

_NUMBER = r"(?:\d+(?:[.,·]\d+)*|½|¼|¾|half an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)"
_AMOUNT = (
    r"(?:[kmµu]?g|mcg|micrograms?|milligrams?|(?:kilo)?grams?|grammes?|m?l|mls|millilit(?:re|er)s?|lit(?:re|er)s?"
    r"|iu|units?|mmol|drops?|vials?|%|per ?cent)"
)
_TIME = r"(?:sec(?:ond)?s?|min(?:ute)?s?|h|hrs?|hours?|d|days?|wks?|weeks?|months?)"
_DOSE = re.compile(
    rf"(?<![\w.]){_NUMBER}(?:\s?[-–]\s?{_NUMBER}|\s(?:to|or)\s{_NUMBER})?[\s-]?(?:{_AMOUNT}|{_TIME})(?!\w)"
    rf"(?:\s?(?:/|per|an?)\s?\w+)*"
    rf"|(?<!\w){_AMOUNT}\s?(?:/|per)\s?(?:kg|kilo\w*|h|hr|hour|min|minute|day|dose)(?!\w)"
    rf"|(?<!\w)(?:once|twice|{_NUMBER} times)(?: an?| per| each| every)? ?(?:day|daily|week|weekly|month|monthly)(?!\w)"
    rf"|(?<!\w)(?:every|each) {_NUMBER}? ?{_TIME}(?!\w)",
    re.IGNORECASE,
)
_VERDICT = re.compile(
    r"(?<!\w)(?:always|never|must|should|ought to|do not|don't|need not|avoid\w*|withhold|recommend\w*"
    r"|(?:contra-?)?indicated|(?:un|in)?appropriate|treatment of choice|first choice|(?:un)?safe(?:ly)?)(?!\w)"
    r"|(?:^|[.:;!] )(?:please )?(?:give|start|stop|administer|infuse|hold|consider|prescribe|offer|treat)(?!\w)",
    re.IGNORECASE,
)
_BOLD = re.compile(r"(?<![\w*])\*[^\s*](?:[^*\n]*[^\s*])?\*(?![\w*])")
_MARK_UP = re.compile(
    r"(?<!\w)_[^_]+_(?!\w)|~[^~]+~|`[^`]*`?|\[[^\]]*\]\([^)]*\)|</?[\w@#!][^>]*>|https?://\S+|&(?:amp|lt|gt);"
    r"|(?<!\w):[a-z][\w+-]*:|^(?:#+|>|•) |\*+"
)


def faults(text: str, *, reason: str | None = None, bold: bool = True) -> Iterator[str]:
    """What is wrong with a text that is shown.

    `reason` is what its editor says for a number with a unit or a verdict's word, None where no reason can be given;
    `bold` says that it may hold *bold*.
    """
    if not reason:
        or_else = "" if reason is None else ", or say why under allowed_because"
        if dose := _DOSE.search(text):
            yield f"'{dose[0].strip()}' reads as a dose, rate or timing; leave it out{or_else}"
        if verdict := _VERDICT.search(text):
            word = verdict[0].strip(" .:;!")
            yield f"'{word}' reads as a verdict; say what the document says{or_else}"
    rest = _BOLD.sub("", text) if bold else text
    if rest.count("*") == 1 and bold:
        yield "has a single *; bold text needs one on both sides"
    elif mark := _MARK_UP.search(rest):
        yield f"'{mark[0].strip()}' is mark-up; " + ("only *bold* is read here" if bold else "write it without")
