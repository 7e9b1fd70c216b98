"""What the words around a name say of it: denied, somebody else's, past. Nothing of that is a card; it is offered."""

import pytest
from reading import cards_and_offers
from tables import CIDP, DM, GBS, ITP, KD, LE, MG

from slackbot.content.schema import Content


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("no features of kawasaki", (), (KD,)),
        ("not GBS", (), (GBS,)),
        ("no evidence of dermatomyositis", (), (DM,)),
        ("never had myasthenia gravis", (), (MG,)),
        ("patient without myasthenia gravis, ivig?", (), (MG,)),
        ("denies any history of lupus", (), (LE,)),
        ("no pmh of dermatomyositis or myasthenia gravis", (), (DM, MG)),
        ("negative for myasthenia gravis", (), (MG,)),
        ("ruled out GBS, what now", (), (GBS,)),
        ("ruled out a CIDP", (), (CIDP,)),
        ("doesn't meet criteria for Kawasaki disease", (), (KD,)),
        ("nothing to suggest ITP", (), (ITP,)),
        ("neither GBS nor CIDP", (), (GBS, CIDP)),
        ("no GBS or CIDP", (), (GBS, CIDP)),
        ("not really typical of CIDP", (), (CIDP,)),
        ("too quick for CIDP", (), (CIDP,)),
        ("argues against dermatomyositis", (), (DM,)),
        ("pas de Guillain-Barré", (), (GBS,)),
        ("not a case of Kawasaki disease", (), (KD,)),
        ("they dont think its GBS", (), (GBS,)),
        ("not GBS, thinking CIDP", (CIDP,), (GBS,)),
        ("no lupus, AChR pos myasthenia gravis, ivig?", (MG,), (LE,)),
        ("not ITP, it's SLE", (LE,), (ITP,)),
        ("no evidence of CIDP, dermatomyositis or lupus", (), (CIDP, DM, LE)),
        ("no severe dermatomyositis, ivig?", (), (DM,)),
        ("no evidence of acute severe dermatomyositis", (), (DM,)),
    ],
)
def test_what_is_denied_before_it_is_offered_and_what_is_thought_instead_answers(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("GBS ruled out", (), (GBS,)),
        ("cidp excluded", (), (CIDP,)),
        ("kawasaki disease unlikely, ivig held", (), (KD,)),
        ("lupus was ruled out last week", (), (LE,)),
        ("myasthenia gravis, dermatomyositis excluded", (), (MG, DM)),
        ("GBS: no", (), (GBS,)),
        ("GBS or infection excluded", (), (GBS,)),
        ("GBS + CIDP excluded", (), (GBS, CIDP)),
        ("Kawasaki disease/sepsis ruled out, ivig?", (), (KD,)),
        ("myasthenia gravis - stroke excluded", (), (MG,)),
        ("Guillain-Barré syndrome, stroke and cord compression excluded", (), (GBS,)),
        ("lupus, infection or malignancy not confirmed", (), (LE,)),
        ("GBS, reflexes normal so excluded", (), (GBS,)),
        ("dermatomyositis, rash turned out to be eczema", (), (DM,)),
        ("dermatomyositis, rash and weakness, excluded", (), (DM,)),
        ("GBS? no.", (), (GBS,)),
        ("ITP? nope plt clumps", (), (ITP,)),
        ("dermatomyositis no, myasthenia gravis yes", (MG,), (DM,)),
        ("GBS? no it is CIDP", (CIDP,), (GBS,)),
        ("myasthenia gravis yes, dermatomyositis no", (MG,), (DM,)),
        ("myasthenia is off the table", (), (MG,)),
        ("dermatomyositis doesn't fit", (), (DM,)),
        ("Kawasaki disease criteria not met", (), (KD,)),
        ("ITP has been excluded by haem", (), (ITP,)),
        ("CIDP no longer suspected, ivig?", (), (CIDP,)),
        ("GBS excluded, working dx CIDP", (CIDP,), (GBS,)),
        ("GBS: no, ITP", (ITP,), (GBS,)),
        ("GBS: no. CIDP now", (CIDP,), (GBS,)),
        ("CIDP was effectively ruled out", (), (CIDP,)),
        ("CIDP was considered, or felt very unlikely", (), (CIDP,)),
        ("CIDP, lupus, dermatomyositis ruled out", (), (CIDP, LE, DM)),
        ("CIDP severe and chronic unlikely", (), (CIDP,)),
        ("ptosis, CIDP rash unlikely", (), (CIDP,)),
        ("the CIDP label no longer stands", (), (CIDP,)),
        ("dermatomyositis: unlikely, ivig?", (), (DM,)),
        ("dermatomyositis, unlikely, ivig?", (), (DM,)),
        ("dermatomyositis was considered, and felt unlikely", (), (DM,)),
        ("please note dermatomyositis was ruled out", (), (DM,)),
        ("GBS? Unlikely", (), (GBS,)),
        ("Kawasaki disease? doubtful, day 2 only", (), (KD,)),
        ("GBS? unlikely given brisk reflexes", (), (GBS,)),
        ("GBS? doubtful benefit of ivig at 4 weeks", (GBS,), ()),
        ("ITP = no", (), (ITP,)),
        ("GBS, CIDP, excluded", (), (GBS, CIDP)),
        ("makes dermatomyositis implausible", (), (DM,)),
    ],
)
def test_what_is_denied_behind_it_is_offered(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("no clinical or serological support for dermatomyositis", (), (DM,)),
        ("couldn't find any features at all of Kawasaki disease", (), (KD,)),
        ("no clinical or serological support for a true dermatomyositis", (), (DM,)),
        ("no xrays done yesterday evening find his dermatomyositis", (), (DM,)),
        ("bloods not indicating dermatomyositis", (), (DM,)),
        ("no biopsy finding that would suggest dermatomyositis", (), (DM,)),
        ("no clinical sign that night would suggest dermatomyositis", (), (DM,)),
        ("no lab or imaging finding speaks for Kawasaki disease", (), (KD,)),
        ("confident that this is anything but dermatomyositis", (), (DM,)),
        ("free of any autoimmune disease incl. SLE and myasthenia", (), (LE, MG)),
        ("no evidence of connective tissue disease, including lupus, ivig?", (), (LE,)),
        # Something else is denied, or the line before.
        ("no response to steroids that would suggest dermatomyositis", (DM,), ()),
        ("no relapse yet but the rash would support dermatomyositis", (DM,), ()),
        ("no fever\nthe rash would suggest dermatomyositis", (DM,), ()),
    ],
)
def test_a_denial_reaches_its_object_over_other_words(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("Ruled out: GBS, CIDP", (), (GBS, CIDP)),
        ("Excluded: myasthenia gravis, lupus", (), (MG, LE)),
        ("Denies: dermatomyositis, myasthenia gravis", (), (DM, MG)),
        ("Ruled out: GBS; CIDP", (), (GBS, CIDP)),
        ("Ruled out: GBS. CIDP today, ivig?", (CIDP,), (GBS,)),
        ("Struck out: MG", (), (MG,)),
        ("DDx (rejected): myasthenia gravis, GBS", (), (MG, GBS)),
        ("Dx: myasthenia gravis\nRejected: GBS\nivig?", (MG,), (GBS,)),
    ],
)
def test_what_stands_under_a_heading_of_what_is_excluded_is_offered(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("GBS was now also formally and clinically felt by the neurology team on history as very unlikely", (GBS,), ()),
        ("r/o GBS, ivig?", (GBS,), ()),
        ("can't exclude Kawasaki disease, ivig?", (KD,), ()),
        ("GBS not yet excluded, give ivig?", (GBS,), ()),
        ("kawasaki disease cannot be ruled out", (KD,), ()),
        ("myasthenia gravis hasn't been ruled out", (MG,), ()),
        ("why not ivig in dermatomyositis", (DM,), ()),
        ("no response to steroids in dermatomyositis, ivig?", (DM,), ()),
        ("no ivig access, CIDP relapse, what does it say", (CIDP,), ()),
        ("no delay please, Kawasaki disease day 6", (KD,), ()),
        ("myasthenia gravis not responding to pyridostigmine, ivig?", (MG,), ()),
        ("not sure: GBS or CIDP?", (GBS, CIDP), ()),
        ("No. Kawasaki disease it is", (KD,), ()),
        ("GBS: yes or no", (GBS,), ()),
        ("no fever, and the big team on the ward round this morning thought the scans support lupus", (LE,), ()),
        ("GBS no response to ivig", (GBS,), ()),
        ("KD no. 2 this week, ivig?", (KD,), ()),
        ("GBS no? ivig?", (GBS,), ()),
        ("no its GBS, ivig?", (GBS,), ()),
        ("dermatomyositis, malignancy screen neg", (DM,), ()),
        ("myasthenia gravis (thymoma excluded), ivig?", (MG,), ()),
        ("SLE, sepsis ruled out, plt 20", (LE,), ()),
        ("myasthenia gravis, MuSK negative, ivig?", (MG,), ()),
        ("is it dermatomyositis, malignancy screen neg", (DM,), ()),
        ("dermatomyositis severe, unlikely to travel, ivig?", (DM,), ()),
        ("GBS (antibodies negative), ivig?", (GBS,), ()),
        ("GBS? no wait", (GBS,), ()),
        ("GBS: not that bad", (GBS,), ()),
        ("no rash\nto suggest Kawasaki disease", (KD,), ()),
        ("CIDP or not, it needs ivig", (CIDP,), ()),
    ],
)
def test_a_doubted_denial_or_the_denial_of_something_else_is_none(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("fhx lupus", (), (LE,)),
        ("family history of myasthenia gravis", (), (MG,)),
        ("dad has MG", (), (MG,)),
        ("mother had ITP years ago", (), (ITP,)),
        ("newborn whose mother has myasthenia gravis", (), (MG,)),
        ("infant of mother with SLE", (), (LE,)),
        ("her sister has dermatomyositis, she is well", (), (DM,)),
        ("colleague with CIDP wants to know", (), (CIDP,)),
        ("his twin brother was treated for Kawasaki disease", (), (KD,)),
        ("the mother of my patient has lupus", (), (LE,)),
        ("my flatmate's GBS", (), (GBS,)),
        ("FHx: myasthenia gravis, lupus", (), (MG, LE)),
        ("cousin had guillain barre after the jab, is mmr safe", (), (GBS,)),
        ("mum - CIDP", (), (CIDP,)),
        ("mum: dermatomyositis", (), (DM,)),
        ("dad (CIDP), ivig?", (), (CIDP,)),
        ("his dad says he has dermatomyositis", (), (DM,)),
        ("her friend was told she has CIDP", (), (CIDP,)),
        ("mum of px has dermatomyositis", (), (DM,)),
        ("our labrador has ITP", (), (ITP,)),
        ("dogs diagnosed with myasthenia gravis", (), (MG,)),
        ("IVIG in cats with ITP", (), (ITP,)),
        ("pig farmer with ITP, ivig?", (ITP,), ()),
    ],
)
def test_what_somebody_else_has_is_offered(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("lupus in his mother", (), (LE,)),
        ("dermatomyositis (mother)", (), (DM,)),
        ("lupus in a friend", (), (LE,)),
        ("CIDP - husband", (), (CIDP,)),
        ("dermatomyositis in his mother", (), (DM,)),
        ("CIDP on her dad", (), (CIDP,)),
        ("CIDP (mother), ivig?", (), (CIDP,)),
        ("his mum is here. CIDP in clinic", (CIDP,), ()),
        ("CIDP in him. Mum is here", (CIDP,), ()),
        ("CIDP in clinic. Mum is here", (CIDP,), ()),
        ("dermatomyositis in a man, mum is here", (DM,), ()),
        ("dermatomyositis in. Mum is here", (DM,), ()),
        ("CIDP and dermatomyositis in his mother", (), (CIDP, DM)),
    ],
)
def test_the_person_may_stand_behind_the_name(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("Kawasaki disease is in the next bay", (), (KD,)),
        ("dermatomyositis next door", (), (DM,)),
        ("GBS in bed opposite. CIDP in bed 4, ivig?", (CIDP,), (GBS,)),
        ("I once had a kid with kawasaki and no fever, this one has strep", (), (KD,)),
        ("is it like the one we had, CIDP?", (), (CIDP,)),
        ("reminded of a case from my days in Leeds, GBS on the vent", (), (GBS,)),
        ("I have a case from my ED, GBS, ivig?", (GBS,), ()),
        ("CIDP, the one I had asked about, ivig?", (CIDP,), ()),
    ],
)
def test_the_patient_in_the_next_bed_is_somebody_else(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("mother says pt has Kawasaki disease", (KD,), ()),
        ("wife reports myasthenia gravis in him, ivig?", (MG,), ()),
        ("fhx SLE in mum, child day 6 kawasaki crp 210, ivig now?", (KD,), (LE,)),
        ("her husband brought her in, GBS, ivig tonight?", (GBS,), ()),
        ("dad is a doctor. Kawasaki disease in my patient", (KD,), ()),
        ("because of delay mum says pt has dermatomyositis", (DM,), ()),
    ],
)
def test_the_text_may_turn_back_to_the_patient(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("expectant mother with lupus, ivig?", (LE,), ()),
        ("pregnant wife with ITP", (ITP,), ()),
        ("breastfeeding mum with ITP", (ITP,), ()),
        ("pregnant mum with lupus nephritis", (LE,), ()),
    ],
)
def test_an_expecting_mother_is_the_patient(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("thought to be GBS on admission, now possibly CIDP", (CIDP,), (GBS,)),
        ("was GBS in spring, and now a proper CIDP", (CIDP,), (GBS,)),
        ("GBS at first, now full CIDP picture", (CIDP,), (GBS,)),
        ("it was thought to be GBS, now CIDP", (CIDP,), (GBS,)),
        ("was GBS, now CIDP", (CIDP,), (GBS,)),
        ("initially treated as kawasaki disease, now confirmed sJIA", (), (KD,)),
        ("old notes say dermatomyositis, biopsy re-read = IBM", (), (DM,)),
        ("initially called GBS, turned out to be CIDP", (CIDP,), (GBS,)),
        ("GBS was the first label, relapsed twice, CIDP", (CIDP,), (GBS,)),
        ("misdiagnosed as myasthenia gravis for years", (), (MG,)),
        ("mislabelled as CIDP, really a genetic neuropathy", (), (CIDP,)),
        ("was wrongly treated as Kawasaki disease", (), (KD,)),
        ("dermatomyositis? wrong thread", (), (DM,)),
        ("lupus diagnosis withdrawn", (), (LE,)),
        ("ITP -> TTP", (), (ITP,)),
        ("GBS → CIDP, ivig maintenance", (CIDP,), (GBS,)),
        ("CIDP for years until genetics showed CMT", (), (CIDP,)),
        ("previously thought to be myasthenia gravis, final dx Lambert-Eaton", (), (MG,)),
        ("diagnosis changed from GBS to CIDP", (CIDP,), (GBS,)),
        ("admitted as GBS, diagnosis is now CIDP", (CIDP,), (GBS,)),
        ("label of lupus removed", (), (LE,)),
        ("treated as dermatomyositis until the muscle biopsy showed inclusion body myositis", (), (DM,)),
        ("previous Kawasaki disease, coronary aneurysm", (KD,), ()),
        ("GBS on the form, please recode to CIDP", (CIDP,), (GBS,)),
        ("CIDP? GBS on the form, recode to CIDP please", (CIDP,), (GBS,)),
        ("we had GBS, settled on CIDP, ivig?", (CIDP,), (GBS,)),
        ("misdiagnosed as having dermatomyositis", (), (DM,)),
        ("CIDP by neurology reclassified, ivig?", (), (CIDP,)),
        ("dermatomyositis by neurology was suspected, transpired to be IBM", (), (DM,)),
        ("dermatomyositis; amyloid on biopsy; diagnosis withdrawn", (), (DM,)),
        ("dermatomyositis. Withdrawn", (), (DM,)),
        ("dermatomyositis? Withdrawn", (DM,), ()),
        ("GBS -> final dx porphyria", (), (GBS,)),
        ("GBS -> ivig started", (GBS,), ()),
        ("so admitted as GBS, CIDP last year", (GBS, CIDP), ()),
        ("working diagnosis: GBS, now CIDP", (CIDP,), (GBS,)),
        ("came in as ?GBS, now CIDP", (CIDP,), (GBS,)),
        ("we had GBS, settled on a CIDP, ivig?", (CIDP,), (GBS,)),
        ("we had GBS, settled on a true CIDP, ivig?", (CIDP,), (GBS,)),
        ("genetics sent, admitted as CIDP, ivig?", (CIDP,), ()),
        ("ITP > actually CLL", (), (ITP,)),
        ("GBS => CIDP", (CIDP,), (GBS,)),
        ("admitted as GBS or now CIDP", (GBS, CIDP), ()),
        ("neuro revised the GBS to CIDP", (CIDP,), (GBS,)),
        ("haem have recoded her ITP as TTP, ivig?", (), (ITP,)),
        ("they reclassify the GBS as a true CIDP, ivig?", (CIDP,), (GBS,)),
        ("revised: ITP to ivig weekly", (ITP,), ()),
        ("relabelled her lupus as SLE, ivig?", (LE,), ()),
        ("update the CIDP to lupus letter, ivig?", (LE,), (CIDP,)),
        ("bring the GBS to CIDP clinic, ivig?", (GBS, CIDP), ()),
        ("GBS initially, progressing past 8 weeks → CIDP. ivig?", (CIDP,), (GBS,)),
        ("GBS initially, progressing past 8 weeks → ivig?", (GBS,), ()),
        ("carried a diagnosis of CIDP, TTR sequencing now establishes amyloidosis", (), (CIDP,)),
        ("might have myasthenia. I have told her that this is not the case.", (), (MG,)),
    ],
)
def test_what_was_thought_before_is_offered_and_what_replaces_it_answers(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("CIDP or multifocal motor neuropathy, now improving with ivig", (CIDP,), ()),
        ("history of CIDP, ivig monthly", (CIDP,), ()),
        ("known myasthenia gravis, now in crisis, ivig?", (MG,), ()),
        ("was diagnosed with dermatomyositis last year, ivig?", (DM,), ()),
        ("started ivig for GBS, now day 3", (GBS,), ()),
        ("ITP now off steroids", (ITP,), ()),
    ],
)
def test_what_was_found_before_and_still_holds_answers(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)
