"""What `check` tells a maintainer to look at twice."""

from doors import FROZEN

from slackbot.content.load import parse
from slackbot.matching.curation import warnings
from slackbot.matching.match import Matcher

DATA = FROZEN.read_text(encoding="utf-8")
KAWASAKI = "    names: [\n      morbus Kawasaki,"


def test_the_project_s_own_file_gives_no_warning(matcher: Matcher) -> None:
    assert warnings(matcher.lexicon) == []


MISLEADING = {  # a new name for Kawasaki disease, and what is said of it
    "KS": ["kawasaki-disease: 'KS' is short: put it under ambiguous and say under `also` what else it means"],
    "Kawa": ["kawasaki-disease: 'Kawa' is short: put it under ambiguous and say under `also` what else it means"],
    "Morbus  Kawasaki": [
        "kawasaki-disease: 'Morbus  Kawasaki' is read the same as 'morbus Kawasaki': one of the two is enough",
    ],
    "morbuskawasaki": [
        "kawasaki-disease: 'morbuskawasaki' is read the same as 'morbus Kawasaki': one of the two is enough",
    ],
    "Landra": [
        "kawasaki-disease: 'Landra' is a letter away from 'Landry' (guillain-barre-syndrome): make sure it is meant"
    ],
    "Kikuchii disease": [
        "kawasaki-disease: 'Kikuchii disease' is a letter away from 'Kikuchi disease' (Kikuchi disease): "
        "make sure it is meant",
    ],
    "Kikuchidiseasez": [
        "kawasaki-disease: 'Kikuchidiseasez' is a letter away from 'Kikuchi disease' (Kikuchi disease): "
        "make sure it is meant",
    ],
    "dermatomyositisz": [
        "kawasaki-disease: 'dermatomyositisz' is a letter away from 'Dermatomyositis' (dermatomyositis): "
        "make sure it is meant",
        "dermatomyositis: 'Dermatomyositis' is a letter away from 'dermatomyositisz' (kawasaki-disease): "
        "make sure it is meant",
    ],
}


ALSO = "also: a county's or community's development plan; one letter from AIDP"
SAYS_NOTHING = "cidp: 'CIDP' is a letter away from 'AIDP' (guillain-barre-syndrome): say so under `also`"


def test_names_that_may_mislead_and_a_short_form_that_does_not_say_so_are_pointed_out_and_nothing_else() -> None:
    assert DATA.count(KAWASAKI) == DATA.count(ALSO) == 1
    listed = ", ".join(f'"{name}"' for name in MISLEADING)
    content, faults = parse(DATA.replace(KAWASAKI, f"{KAWASAKI} {listed},").replace(ALSO, "also: nothing common"))
    assert content is not None, faults
    misleading = [line for lines in MISLEADING.values() for line in lines]
    assert sorted(warnings(Matcher(content).lexicon)) == sorted([*misleading, SAYS_NOTHING])
