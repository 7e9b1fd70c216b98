"""What a text itself says that letters in it stand for."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

import pytest
from reading import cards_and_offers
from tables import CIDP, DM, GBS, ITP, KD, LE, MG

from slackbot.content.schema import Content, Entry
from slackbot.matching.match import Matcher


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("congenital myasthenic syndrome with weakness (myasthenia)", (), (MG,)),
        ("Kikuchi-Fujimoto disease (KD)", (), ()),
        ("histiocytic necrotizing lymphadenitis (KD)", (), ()),
        ("Garin-Bujadoux-Bannwarth syndrome (GBS)", (), ()),
        ("TTP (ITP)", (), ()),
        ("LEMS (MG)", (), ()),
        ("discoid lupus (SLE)", (), ()),
        ("Krabbe disease (KD), ivig?", (), ()),
        ("diabetes mellitus (DM) and dermatomyositis", (DM,), ()),
        ("myotonic dystrophy (DM), ptosis", (), ()),
        ("methylglyoxal (MG) in patients with ptosis", (), ()),
        ("isolated thoracic perfusion (ITP). Does ITP help?", (), ()),
        ("knowledge distillation (KD), ivig", (), ()),
        ("gastric band surgery (GBS), weakness", (), ()),
        ("Guillain-Barré syndrome (GBS), ivig?", (GBS,), ()),
        ("Kawasaki disease (KD)", (KD,), ()),
        ("immune thrombocytopenia [ITP]", (ITP,), ()),
        ("myasthenia (MG)", (MG,), ()),
        ("ascending weakness (GBS)", (GBS,), ()),
        ("my patient (SLE, hydroxychloroquine)", (LE,), ()),
        ("platelets low (ITP), ivig?", (ITP,), ()),
        ("dermatomyositis (diabetes), DM, ivig?", (DM,), ()),
        ("kwilby dose [KD], fever", (), ()),
        ("severe botulism (GBS), ivig?", (), ()),
        ("botulism screen sent (GBS), ivig?", (GBS,), ()),
        ("Madrid autumn doctors sailing and music (MADSAM), ivig?", (), ()),
        ("the kid has fever, kwilby zone (KD), ivig?", (KD,), ()),
    ],
)
def test_letters_in_brackets_stand_for_the_words_before_them(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("KD (Kikuchi disease)", (), ()),
        ("ITP (thrombotic thrombocytopenic purpura)", (), ()),
        ("MG (Lambert-Eaton)", (), ()),
        ("GBS (group B strep)", (), ()),
        ("SLE (St Louis encephalitis)", (), ()),
        ("SLE [sodium lauryl ether]", (), ()),
        ("MG (methylglyoxal), ptosis", (), ()),
        ("GBS (Guillain-Barré), ivig", (GBS,), ()),
        ("ITP (platelets 5), ivig", (ITP,), ()),
        ("CIDP (relapsed, weak)", (CIDP,), ()),
        ("GBS (AIDP)", (GBS,), ()),
        ("GBS (botulism), ivig?", (), ()),
        ("CIDP (GBS), ivig?", (), (CIDP, GBS)),
        ("GBS (botulism severe), ivig?", (), ()),
        ("KD [kwilby dose], fever", (), ()),
        ("KD [rash] kwilby dose, fever", (KD,), ()),
        ("(yes) KD (kwilby dose), fever", (), ()),
        ("the pt in bed 4 on the ward was seen today by the team and has KD (a kwilby dose), fever", (), ()),
        ("GBS (possible botulism), ivig?", (GBS,), ()),
        ("GBS (or botulism), ivig?", (GBS,), ()),
        ("CIDP (GBS excluded), ivig?", (), (CIDP, GBS)),
        ("SLE (Qwilby), ivig?", (LE,), ()),
        ("ITP [Qwilby], ivig?", (ITP,), ()),
        ("MG (the mono glyxal of ours), ptosis", (), ()),
        ("SLE (sodium qwilby lauryl ether)", (), ()),
        ("SLE (sodium qwilby and more like ether)", (), ()),
        ("SLE (sodium qwilby and more things like ether)", (), (LE,)),
        ("SLE (sodium qwilby lauryl and more and more of an ether)", (), (LE,)),
    ],
)
def test_words_in_brackets_say_what_the_letters_before_them_stand_for(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("KD = Kikuchi disease", (), ()),
        ("KD = ketogenic diet, fever", (), ()),
        ("Krabbe disease = KD", (), ()),
        ("SLE = subset of lower extremity, patient", (), ()),
        ("KD = Kawasaki disease", (KD,), ()),
        ("GBS = Guillain-Barré", (GBS,), ()),
        ("KD = Qwilby, fever", (), ()),
        ("KD = not Qwilby, fever", (KD,), ()),
        ("KD = rash, fever", (KD,), ()),
        ("the pt in bed 4 on the ward was seen today and has KD = rash of kwilby, fever", (), ()),
        ("Qwilby, rash = KD, fever", (), (KD,)),
        ("Qwilby, bad rash = KD, fever", (), (KD,)),
        ("Qwilby = ITP, ivig?", (), ()),
    ],
)
def test_an_equals_sign_defines(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("Kikuchi disease aka KD", (), ()),
        ("botulism aka GBS", (), ()),
        ("GBS aka Guillain-Barré", (GBS,), ()),
        ("Kikuchi disease, i.e. KD, ivig?", (), ()),
        ("a qwilby thing, i.e. KD, fever", (), ()),
        ("the pt in bed 4 on the ward was seen today and has a kwilby bad rash aka KD, fever", (), ()),
        ("a qwilby thing aka KD, fever", (), ()),
        ("fever day 5 and qwilby = Kawasaki", (KD,), ()),
        ("CIDP in the trial protocol = cumulative incidence of disease progression", (), ()),
        ("KD aka Qwilby, fever", (), ()),
    ],
)
def test_aka_and_ie_define(text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("what does ITP stand for", (), (ITP,)),
        ("KD stands for key driver, fever", (), ()),
        ("here MG means metabolic gap, ptosis", (), ()),
        ("KD here means ketogenic diet, ivig", (), ()),
        ("KD - by which I mean Qwilby, fever", (), ()),
        ("fever, KD (by which we mean Qwilby)", (), ()),
        ("KD, I mean Qwilby, fever", (), ()),
        ("KD, by which I mean Kawasaki, fever", (KD,), ()),
        ("ivig helps in GBS. That is meant seriously", (GBS,), ()),
        ("does ivig work in GBS? By which I mean steroid failure", (GBS,), ()),
        ("KD that is by Qwilby which I mean, fever", (KD,), ()),
        ("ITP meaning inferior thyroid pole, surgery", (), ()),
        ("MG is short for Morgagni, ptosis", (), ()),
        ("MG is short of breath, ptosis", (MG,), ()),
        ("KD is defined as key driver, fever", (), ()),
        ("ITP denotes isotachophoresis; ITP in patients", (), ()),
        ("we define ITP as intention to plan, patient", (), ()),
        ("ITP defined as isolated tibial plateau, surgery", (), ()),
        ("ITP means immune thrombocytopenia", (ITP,), ()),
        ("GBS stands for Guillain-Barré syndrome", (GBS,), ()),
        ("we use KD as qwilby, fever", (), ()),
        ("use KD with qwilby, fever", (KD,), ()),
        ("KD is Qwilby, fever", (KD,), ()),
        ("fever, what do we use KD as", (KD,), ()),
        ("KD here means Qwilby, fever", (), ()),
        ("Qwilby qwobby, KD stands for rash, fever", (KD,), ()),
        ("fever, is that what KD is", (KD,), ()),
        ("ITP. Means qwilby bleed, ivig?", (ITP,), ()),
        ("ITP is short for Qwilby, ivig?", (), ()),
        ("ITP is short, Qwilby regimen, ivig?", (ITP,), ()),
        ("ITP stands for Qwilby, ivig?", (), ()),
        ("ITP stands. Qwilby regimen, ivig?", (ITP,), ()),
        ("ITP means. Qwilby, ivig?", (ITP,), ()),
        ("we define KD as: qwilby disease, ivig?", (), ()),
        ("we define KD as fever, Qwilby says, ivig?", (KD,), ()),
        ("KD denotes the fever, ivig?", (KD,), ()),
    ],
)
def test_verbs_define(text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("KD: ketogenic diet, seizure", (), ()),
        ("GBS: gastric band surgery, weak", (), ()),
        ("GBS: ascending weakness", (GBS,), ()),
        ("KD: Qwilby has fever", (KD,), ()),
        ("KD: Kwilby had fever", (KD,), ()),
        ("KD: kwilby dose, fever", (), ()),
    ],
)
def test_a_colon_defines_where_the_words_spell_the_letters(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("KD, key driver, fever", (), ()),
        ("GBS, group B strep, neonate", (), ()),
        ("GBS, weak legs, ivig?", (GBS,), ()),
        ("KD, kwilby and dust, fever", (), ()),
        ("Kienböck's disease KD, ivig?", (), ()),
        ("Qwilby had kienböck disease KD, ivig?", (), ()),
        ("kwilby dancing, KD with fever", (), (KD,)),
        ("kwilby bed KD, fever", (KD,), ()),
        ("pt has rash, kwilby dose KD, fever", (), ()),
    ],
)
def test_an_apposition_defines_where_the_words_spell_the_letters(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("ITP (isotachophoresis) separates ions. ITP with ivig?", (), ()),
        ("The inferior tip of the patella (ITP) was sore. Is ITP treated?", (), ()),
        ("Kikuchi-Fujimoto disease (KD). KD with fever, ivig?", (), ()),
        ("Kikuchi disease (KD). KD's fever, ivig?", (), ()),
        ("Kikuchi disease (KD's). KD with fever, ivig?", (), ()),
        ("kwilby dose (KD's). KD with fever, ivig?", (), ()),
    ],
)
def test_what_is_defined_once_holds_everywhere_in_the_text(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("glucose balance score in weak patients, GBS 4", (), ()),
        ("go back, sit. glucose balance score in weak patients, GBS 4", (), ()),
        ("gwilby boarded ship and GBS, ivig?", (), ()),
        ("glucose balance score, go back, sit, GBS, ivig?", (), ()),
        ("go back, sit. glucose balance score. Go back, sit. GBS, ivig?", (), ()),
        ("gwilby boarded, ship and GBS, ivig?", (GBS,), ()),
        ("gwilby, boarded ship and GBS, ivig?", (GBS,), ()),
        ("Madrid autumn doctors sailing art music, MADSAM tickets, ivig?", (), ()),
        ("gwilby botulism service and GBS, ivig?", (), ()),
    ],
)
def test_words_that_spell_the_letters_anywhere_define_them(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


def short_forms(entry: Entry) -> list[str]:
    """The ambiguous short forms of an entry."""
    return [each.name for each in entry.ambiguous if each.name.isalpha() and sum(map(str.isupper, each.name)) > 1]


def definitions(entries: Sequence[Entry], names: Iterable[str]) -> Iterator[str]:
    """Each name with each short form of the entries, either way round."""
    for entry, name in product(entries, names):
        for short in short_forms(entry):
            yield f"{name} ({short})"
            yield f"{short} ({name})"


def test_a_look_alike_with_the_letters_of_an_entry_it_is_taken_for_never_answers(matcher: Matcher) -> None:
    content = matcher.content
    texts = [
        text
        for other in content.look_alikes
        for text in definitions(
            [entry for entry in content.entries if entry.id in other.not_], (other.name, *other.names)
        )
    ]
    assert len(texts) > 2 * 231
    assert [text for text in texts if matcher.match(text).answered] == []


def test_a_look_alike_with_any_short_form_never_answers(matcher: Matcher) -> None:
    texts = [
        text for other in matcher.content.look_alikes for text in definitions(matcher.content.entries, (other.name,))
    ]
    assert [text for text in texts if matcher.match(text).answered] == []
