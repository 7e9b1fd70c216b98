"""What a text asks about IVIG itself: only the name of a topic brings it, and only a live reaction the alarm."""

import pytest
from frames import FRAMES, faults, names_a_topic
from msgspec.structs import replace
from reading import match

from slackbot.content.schema import Content
from slackbot.matching.match import Matcher, Outcome


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("CIDP or GBS – dose differ?", "dose"),
        ("SCIg instead for CIDP?", "subcutaneous"),
        ("premeds?", "premedication"),
        ("headache after ivig", "side-effects"),
        ("headache during the second ivig", "side-effects"),
        ("do you do frequent vital signs?", "monitoring"),
        ("what are the contraindications for ivig?", "contraindications"),
        ("what rate?", "rate"),
        ("clot after ivig?", "thrombosis"),
        ("live vaccines after ivig", "vaccines"),
        ("ITP in pregnancy", "pregnancy"),
        ("IgA deficiency?", "iga-deficiency"),
        ("ivig side effects", "side-effects"),
        ("is ivig safe", "side-effects"),
        ("how fast can it run", "rate"),
        ("ivig and breastfeeding", "breastfeeding"),
        ("what is the price of ivig", "cost"),
        ("which brand?", "product"),
        ("PLEX or ivig in GBS", "other-treatments"),
        ("myasthenia gravis, plasma exchange instead", "other-treatments"),
        ("haemolysis after ivig", "haemolysis"),
        ("risk of haemolysis with ivig", "haemolysis"),
        ("aseptic meningitis after ivig", "aseptic-meningitis"),
        ("TRALI after ivig", "lung-injury"),
        ("follow-up after ivig", "follow-up"),
        ("how late is too late for Kawasaki disease", "timing"),
        ("platelet threshold in ITP", "thresholds"),
        ("rigors during ivig", "side-effects"),
        ("ivig in pregnancy", "pregnancy"),
        ("dose", "dose"),
        ("dvt after ivig", "thrombosis"),
    ],
)
def test_topics_are_noticed(text: str, topic: str, content: Content) -> None:
    assert match(text, content).topics == (topic,)


def test_several_topics_come_in_the_order_asked(content: Content) -> None:
    assert match("ivig dose and rate?", content).topics == ("dose", "rate")


@pytest.mark.parametrize(
    "text",
    [
        "is IVIG used for vasculitis?",
        "ivig for CLL",
        "ivig for covid",
        "ivig for gout",
        "ivig for HIV",
        "IVIG for stroke",
        "IVIG for kidney transplant",
        "ivig for chronic urticaria",
        "ivig for allergic rhinitis",
        "ivig for sepsis",
        "is ivig any good in asthma",
        "ivig for pneumonia?",
        "ivig for migraine",
        "ivig for hypogammaglobulinaemia",
        "help with asthma",
        "about asthma",
        "list for theatre tomorrow",
        "thanks for the asthma leaflet",
        "pt can not find the kitchen",
        "chronic fatigue dose of ivig",
        "clot in the leg",
        "headache",
        "pt with epilepsy on ivig",
        "PLEX for the room next door",
        "plasmapheresis",
    ],
)
def test_a_question_about_a_disease_that_is_not_in_the_document_is_a_miss(text: str, content: Content) -> None:
    assert match(text, content).outcome is Outcome.MISS


@pytest.mark.parametrize(
    "text",
    [
        "pt can not breathe after ivig",
        "BP 70/40 during ivig",
        "sats dropping on ivig",
        "seizure during ivig",
        "chest pain during ivig",
        "swollen tongue on ivig",
        "lips swelling during infusion",
        "SOB during ivig",
        "angioedema",
        "anaphylaxis",
        "anaphylaxis during the infusion!!",
        "kawasaki kid, anaphylaxis now",
        "can't breathe during ivig",
        "collapsed during the ivig infusion",
        "stridor on ivig",
        "on ivig, lips swelling",
        "ivig running, wheezing now",
        "during ivig: hypotensive",
        "sats 82% on ivig",
        "hr 160 during infusion",
        "bp 60 systolic after starting ivig",
        "ivig caused anaphylaxis",
        "unresponsive after second dose of ivig",
        "MG on ivig, sats 79%",
        "throat closing during infusion",
        "fainted during his first ivig",
        "cardiac arrest",
        "GBS, short of breath after ivig",
        "facial swelling since ivig started",
        "crash call",
        "reacting to the ivig",
        "bronchospasm after ivig",
        "she went blue lips during ivig",
    ],
)
def test_a_live_reaction_brings_the_emergency_first(text: str, content: Content) -> None:
    found = match(text, content)
    assert found.outcome is Outcome.EMERGENCY
    assert found.topics[0] == "emergency"
    assert not found.public


def test_an_alarm_leaves_the_entry_answered(content: Content) -> None:
    assert match("GBS, short of breath after ivig", content).answered == ("guillain-barre-syndrome",)


@pytest.mark.parametrize(
    "text",
    [
        "Kawasaki unresponsive to first IVIG",
        "emergency department asks about GBS",
        "emergency supply of ivig",
        "kawasaki in a&e",
        "history of anaphylaxis, ivig ok?",
        "ivig for angioedema?",
        "what if anaphylaxis happens during ivig",
        "risk of anaphylaxis with ivig",
        "seizure disorder, ivig dose?",
        "GBS with chest pain",
        "MG and short of breath, ivig?",
        "how to prevent anaphylaxis",
        "bp 120/80 before ivig",
        "could ivig cause anaphylaxis",
        "ivig for seizures",
        "pt with asthma and wheeze on ivig for CIDP",
        "can anaphylaxis occur with ivig",
        "code blue drill next week",
        "if bp drops during ivig",
        "myasthenia gravis, breathless, ivig?",
        "MG, unresponsive to steroids since ivig",
    ],
)
def test_no_false_alarm(text: str, content: Content) -> None:
    assert "emergency" not in match(text, content).topics


def test_a_content_without_an_emergency_has_no_alarm(content: Content) -> None:
    topics = tuple(topic for topic in content.topics if topic.kind != "emergency")
    found = Matcher(replace(content, topics=topics)).match("anaphylaxis during ivig")
    assert found.outcome is Outcome.MISS


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("GBS, anaphylaxis during ivig, what dose?", ("emergency", "dose")),
        ("help list", ("help",)),  # one card of that kind is enough
        ("dose? thanks", ("dose",)),
        ("GBS, thanks", ()),
        ("dose for asthma", ()),
        ("thanks @ivig", ("thanks",)),
        ("help @ivig", ()),
    ],
)
def test_of_several_topics_the_weighty_ones_count(text: str, topics: tuple[str, ...], content: Content) -> None:
    assert match(text, content).topics == topics


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("PLEX or ivig?", ("other-treatments",)),
        ("ivig or PLEX?", ("other-treatments",)),
        ("ivig rather than PLEX", ("other-treatments",)),
        ("PLEX rather than ivig", ("other-treatments",)),
        ("PLEX today, ivig", ()),
        ("ivig today PLEX", ()),
        ("PLEX or perhaps ivig", ()),
        ("ivig or perhaps PLEX", ()),
        ("lupus, PLEX", ("other-treatments",)),
        ("not GBS, PLEX?", ("other-treatments",)),
        ("TTP, PLEX?", ()),
    ],
)
def test_another_treatment_counts_beside_an_entry_or_compared_with_ivig(
    text: str, topics: tuple[str, ...], content: Content
) -> None:
    assert match(text, content).topics == topics


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("headache during the 2nd ivig", ("side-effects",)),
        ("headache. After ivig", ("side-effects",)),
        ("after ivig. Headache", ("side-effects",)),
        ("headache after lunch ivig", ()),
        ("headache after. Ivig", ()),
        ("headache before ivig", ()),
        ("ivig, headache", ()),
        ("ivig gave him a headache", ("side-effects",)),
        ("ivig running, headache", ("side-effects",)),
        ("after ivig for headache", ()),
        ("after ivig in migraine", ()),
        ("after immune globulin for headache", ()),
        ("after the infusion for headache", ()),
        ("headache, ivig running", ()),
        ("headache, ivig given, started after the infusion", ("side-effects",)),
        ("she gets ivig, headache", ()),
        ("with CIDP, migraine on ivig", ()),
        ("migraine on ivig", ("side-effects",)),
        ("CIDP pt with migraine on ivig", ()),
        ("CIDP pt with a 3 day bad old migraine on ivig", ()),
        ("CIDP pt with a 3 day very bad old migraine on ivig", ("side-effects",)),
        ("headache after the 2nd of the 3 ivig", ("side-effects",)),
        ("headache after the 2nd of the 3 or 4 ivig", ()),
        ("CIDP, after ivig he had a bad 2 day headache", ("side-effects",)),
        ("CIDP, after ivig he had a very bad 2 day headache", ()),
        ("ivig to headache", ()),
        ("headache to ivig", ()),
    ],
)
def test_an_event_is_laid_to_an_infusion_by_a_word_between_or_before(
    text: str, topics: tuple[str, ...], content: Content
) -> None:
    assert match(text, content).topics == topics


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("bp fell to 70 during ivig", ("emergency",)),
        ("bp then fell to 70 during ivig", ()),
        ("sats on ivig 82", ("emergency",)),
        ("bp (ivig) 70/40", ("emergency",)),
        ("hr 140 during infusion", ("emergency",)),
        ("day 2 sats ok on ivig", ()),
        ("sats 82", ()),
        ("anaphylaxis in bed 4", ("emergency",)),
        ("anaphylaxis, qwilby", ()),
        ("anaphylaxis now, qwilby", ("emergency",)),
        ("anaphylaxis after ivig, qwilby", ("emergency",)),
        ("ivig for anaphylaxis", ()),
        ("unresponsive to ivig", ()),
        ("unresponsive, to ivig", ()),
    ],
)
def test_what_is_severe_is_an_alarm_alone_now_or_with_an_infusion(
    text: str, topics: tuple[str, ...], content: Content
) -> None:
    assert match(text, content).topics == topics


# Diseases that are none of the entries, from general knowledge.
OTHER_DISEASES = (
    "asthma", "vasculitis", "covid", "gout", "HIV infection", "stroke", "chronic urticaria", "allergic rhinitis",
    "kidney transplant rejection", "chronic lymphocytic leukaemia", "multiple myeloma", "Parkinson disease",
    "Alzheimer disease", "epilepsy", "migraine", "psoriasis", "eczema", "coeliac disease", "Crohn disease",
    "ulcerative colitis", "irritable bowel syndrome", "rheumatoid arthritis", "osteoarthritis", "osteoporosis",
    "ankylosing spondylitis", "giant cell arteritis", "polymyalgia rheumatica", "Behçet disease", "sarcoidosis",
    "amyloidosis", "scleroderma", "Sjögren syndrome", "fibromyalgia", "cystic fibrosis", "sickle cell disease",
    "thalassaemia", "haemophilia", "von Willebrand disease", "aplastic anaemia", "iron deficiency", "malaria",
    "dengue", "tuberculosis", "measles", "mumps", "rubella", "scarlet fever", "whooping cough", "Lyme disease",
    "toxic shock syndrome", "necrotising fasciitis", "tetanus", "rabies", "botulism", "polio", "rotavirus",
    "type 1 diabetes", "Graves disease", "Hashimoto thyroiditis", "Addison disease", "Cushing syndrome",
    "pemphigus vulgaris", "bullous pemphigoid", "stiff person syndrome", "multifocal motor neuropathy",
    "neuromyelitis optica", "autoimmune encephalitis", "narcolepsy", "Huntington disease", "motor neurone disease",
)  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES)
def test_names_of_other_diseases_bring_no_card_and_no_topic(frame: str, matcher: Matcher) -> None:
    allowed = {"refused"}
    wrong = {
        name: found
        for name in OTHER_DISEASES
        if (found := set(faults(matcher.match(frame.format(name)), FRAMES[frame])) - allowed)
    }
    assert wrong == {}


def test_a_topic_s_own_name_is_told_from_a_disease(matcher: Matcher) -> None:
    assert names_a_topic("SCIg", matcher)
    assert names_a_topic("DOC", matcher)
    assert not names_a_topic("gout", matcher)


def test_an_event_is_laid_to_an_infusion_that_is_near(matcher: Matcher) -> None:
    topics = [
        bool(matcher.match(f"after immune globulin or ivig {'today ' * apart}a headache").topics) for apart in range(20)
    ]
    assert topics[0]
    assert not topics[-1]
    assert topics == sorted(topics, reverse=True)
