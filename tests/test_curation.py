"""What `check` tells a maintainer to look at twice."""

import pytest
from doors import FROZEN

from slackbot.content.load import parse
from slackbot.content.schema import Content
from slackbot.matching.curation import warnings
from slackbot.matching.match import Matcher

DATA = FROZEN.read_text(encoding="utf-8")
KAWASAKI = "    names: [\n      morbus Kawasaki,"


def with_name(name: str) -> Content:
    """The data file with one more name for Kawasaki disease."""
    assert DATA.count(KAWASAKI) == 1
    content, faults = parse(DATA.replace(KAWASAKI, f'{KAWASAKI} "{name}",'))
    assert content is not None, faults
    return content


def test_the_project_s_own_file_gives_no_warning(content: Content) -> None:
    assert warnings(Matcher(content).lexicon) == []


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        ("KS", "kawasaki-disease: 'KS' is short: put it under ambiguous and say under `also` what else it means"),
        (
            "Morbus  Kawasaki",
            "kawasaki-disease: 'Morbus  Kawasaki' is read the same as 'morbus Kawasaki': one of the two is enough",
        ),
        (
            "Kikuchii disease",
            "kawasaki-disease: 'Kikuchii disease' is a letter away from 'Kikuchi disease' (Kikuchi disease): "
            "make sure it is meant",
        ),
        (
            "dermatomyositisz",
            "kawasaki-disease: 'dermatomyositisz' is a letter away from 'Dermatomyositis' (dermatomyositis): "
            "make sure it is meant",
        ),
    ],
)
def test_a_new_name_that_may_mislead_is_pointed_out(name: str, warning: str) -> None:
    assert warning in warnings(Matcher(with_name(name)).lexicon)


def test_a_short_form_that_is_near_another_must_say_so() -> None:
    also = "also: a county's or community's development plan; one letter from AIDP"
    assert DATA.count(also) == 1
    new, faults = parse(DATA.replace(also, "also: nothing common"))
    assert new is not None, faults
    assert [line for line in warnings(Matcher(new).lexicon) if "'CIDP'" in line] == [
        "cidp: 'CIDP' is a letter away from 'AIDP' (guillain-barre-syndrome): say so under `also`"
    ]
