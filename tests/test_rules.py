"""What a name that may mean something else needs to answer, and what takes an answer away."""

import pytest
from reading import cards_and_offers, matcher_of
from tables import CIDP, DM, GBS, ITP, KD, LE, MG

from slackbot.content.schema import Content
from slackbot.matching.names import LookAlikeName


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("prednisone 60 mg patient improving", (), ()),
        ("EpiPen at 0.3 mg Patient was then stable", (), ()),
        ("2.5 mg neostigmine given", (), ()),
        ("give 60 mg pyridostigmine", (), ()),
        ("give 60 MG pyridostigmine, ptosis", (), ()),
        ("Mg 0.6 replaced, ptosis better", (), ()),
        ("400 mg/kg ivig", (), ()),
        ("0.4 g vs 400 mg per kg ivig", (), ()),
        ("pyridostigmine 60 mg for ptosis, MG?", (MG,), ()),
        ("MG 4/5 weakness, ivig?", (MG,), ()),
        ("60 MG tabs, MG worse", (), (MG,)),
        ("pred 60 mg, ptosis, which mg first", (), (MG,)),
        ("ptosis since day 2. mg worse, ivig?", (MG,), ()),
        ("bed 2 mg, ptosis, ivig for mg?", (MG,), ()),
        ("ptosis on 60mg pyridostigmine, mg crisis", (MG,), ()),
        ("mg", (MG,), ()),
        ("MG", (MG,), ()),
        ("mg ivig", (), (MG,)),
        ("low Mg and ptosis, ivig", (), ()),
        ("MG crisis", (MG,), ()),
        ("MG per kg", (), ()),
        ("MG of ivig", (), ()),
        ("MG/L low", (), ()),
        ("MG/SLE overlap", (MG, LE), ()),
        ("bed 2 MG, ptosis", (MG,), ()),
        ("bed 2 mg", (), ()),
        ("Mg 1.2", (), ()),
        ("mg 4/5 weakness", (MG,), ()),
        ("weakness in mg 4/5", (MG,), ()),
        ("mg/day", (), ()),
    ],
)
def test_units_are_no_short_forms(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("20 GBs of RAM", (), ()),
        ("3 GBs left on the drive, ivig scans", (), ()),
        ("GBS weakness", (GBS,), ()),
        ("two KDs", (), ()),
        ("GBs of ivig, weakness", (), ()),
        ("Gbs, legs weak", (GBS,), ()),
        ("GBS's weakness", (GBS,), ()),
        ("GBS's ivig dose?", (GBS,), ()),
    ],
)
def test_the_plural_of_something_else_is_no_short_form(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("SLE 5000 ventilator", (), ()),
        ("MG-63 cells, ivig", (), ()),
        ("KD-4 blade for the ultrasound", (), ()),
        ("GBS 2019 criteria, ascending weakness", (GBS,), ()),
        ("MG 6 drove past", (), (MG,)),
        ("SLE-4000 on the shelf", (), ()),
        ("SLE 2012 criteria, ivig?", (LE,), ()),
        ("SLE 500 ventilator", (), ()),
        ("ITP 100 patients", (), ()),
        ("SLE 50 patients", (LE,), ()),
        ("SLE 1900 patients", (), ()),
        ("SLE 1901 criteria, patient", (LE,), ()),
        ("SLE 2099 criteria, patient", (LE,), ()),
        ("SLE 2100 patients", (), ()),
        ("SLE, 5000 patients", (LE,), ()),
    ],
)
def test_letters_before_a_model_number_are_no_short_form(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("MG asked if the ivig order for bay 2 has gone in", (), ()),
        ("DM said he will chase it", (), ()),
        ("KD is off today", (), ()),
        ("MG – chase ct head", (), ()),
        ("spoke to MG and DM will call back", (), (MG,)),
        ("thanks, KD", (), ()),
        ("regards MG", (), ()),
        ("cc MG, ivig order", (), ()),
        ("dear DM, ivig order", (), ()),
        ("from KD via bleep, ivig list", (), ()),
        ("ITP is asking: platelets 5, ivig?", (ITP,), ()),
        ("MG has ptosis and needs ivig", (MG,), ()),
        ("KD has fever and coronary changes", (KD,), ()),
        ("MG - chase the ivig order", (), ()),
        ("MG: chase the ivig order", (), ()),
        ("ivig order, MG said he would chase it", (), ()),
        ("ivig order or MG to chase", (), ()),
        ("the lady with MG said she feels better", (), (MG,)),
        ("thanks. KD", (KD,), ()),
        ("ivig list for the ward, thanks GBS for chasing", (), ()),
    ],
)
def test_initials_are_no_short_forms(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("Dr Kawasaki will see her", (), ()),
        ("Prof. Landry on call", (), ()),
        ("Mr Lupus in bed 4", (), ()),
        ("surname: Kawasaki", (), ()),
        ("pharmacist q: Kawasaki 2 g/kg, how fast?", (KD,), ()),
        ("Dr von Werlhof", (), ()),
        ("Nurse Guillain", (), ()),
        ("Mr W Kawasaki", (), ()),
        ("seen by dr w kawasaki yesterday", (), ()),
        ("Miller Fisher, 34", (), (GBS,)),
        ("lady w dermatomyositis, ivig?", (DM,), ()),
        ("Dr asks about Kawasaki disease", (KD,), ()),
        ("Kawasaki disease, Dr Smith, ivig?", (KD,), ()),
        ("surname: KD", (), (KD,)),
        ("Dr Y Kawasaki in clinic", (), ()),
        ("Dr von Kawasaki in clinic", (), ()),
    ],
)
def test_a_name_behind_a_title_is_a_person(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("Kawasaki, Y. et al. 2011 IgA nephropathy paper pdf?", (), ()),
        ("ITP, H. pylori eradicated, still plt 12. Next: immunoglobulin or rituximab?", (ITP,), ()),
        ("Kawasaki T. et al, fever", (), (KD,)),
        ("Kawasaki, T. et al", (), ()),
        ("Kawasaki, T et al", (), (KD,)),
        ("Kawasaki, To. et al", (), (KD,)),
        ("Kawasaki, T.", (), (KD,)),
        ("Kawasaki, T. 1967", (), ()),
    ],
)
def test_an_author_is_no_condition(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("Yuki Kawasaki, ivig?", (), (KD,)),
        ("Anarhichas lupus, patient?", (), (LE,)),
        ("Lewis Sumner, 34, laceration", (), (CIDP,)),
        ("Miller, Fisher and Patel", (), (GBS,)),
        ("Yuki Landry patient, weak", (), (GBS,)),
        ("grumpy Kawasaki patient", (KD,), ()),
        ("Miller Fisher, 44M", (), (GBS,)),
        ("Miller Fisher, 34, needs a bed on the ward", (), (GBS,)),
        ("Miller Fisher 34, needs a bed on the ward", (GBS,), ()),
        ("Miller Fisher, 34 needs a bed on the ward", (GBS,), ()),
        ("MYASTHENIA GRAVIS, 34, needs a bed on the ward", (MG,), ()),
        ("myasthenia gravis, 34, needs a bed on the ward", (MG,), ()),
        ("Dermatomyositis, 34, needs a bed on the ward", (DM,), ()),
        ("Known Dermatomyositis, 34, needs a bed on the ward", (DM,), ()),
    ],
)
def test_a_full_name_of_somebody_is_at_most_offered(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("an SLE on my phone, patient waiting", (), (LE,)),
        ("my ITP bracket is due, surgery next week", (), (ITP,)),
        ("Kawasaki exhaust fitted, patient", (), (KD,)),
        ("WNV and SLE, patients", (), (LE,)),
        ("ITP/XYZ assay in patients", (), (ITP,)),
        ("ABC/ITP assay in patients", (), (ITP,)),
        ("ITP 3.2 bracket for the patient", (), (ITP,)),
        ("ITP 2 g/kg for the patient", (ITP,), ()),
        ("GBS 12", (), (GBS,)),
        ("GBS 36/40", (), (GBS,)),
        ("GBS >2", (), (GBS,)),
        ("GBS 2 weeks ago, weak legs", (GBS,), ()),
        ("SLE patient, lupus nephritis, MMF", (LE,), ()),
        ("a patient with SLE", (LE,), ()),
        ("ITP and XYZ, patient", (), (ITP,)),
        ("AIDP/XYZ on the shelf, patient", (), (GBS,)),
        ("and SLE in patients with qwilby", (LE,), ()),
        ("qwilby in patients with SLE or?", (LE,), ()),
        ("WNV or SLE in patients", (), (LE,)),
        ("SLE or WNV in patients", (), (LE,)),
        ("SLE/WNV in patients", (), (LE,)),
        ("WNV/SLE in patients", (), (LE,)),
        ("ITP (3) patients", (ITP,), ()),
        ("ITP > 3 brackets for the patient", (), (ITP,)),
        ("a lupus exhaust, patient", (), (LE,)),
        ("a lupus patient", (LE,), ()),
        ("an SLE flare", (LE,), ()),
        ("my lupus, doctor?", (), (LE,)),
        ("#GBS please", (), (GBS,)),
        ("#lupus", (LE,), ()),
        ("XYZ SLE patients with qwilby", (LE,), ()),
        ("GBS <2", (), (GBS,)),
        ("GBS = 12", (), (GBS,)),
        ("GBS ≥ 2", (), (GBS,)),
        ("GBS ≤ 2", (), (GBS,)),
    ],
)
def test_what_makes_it_a_thing_takes_the_answer_away(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("cITP level in patients with bone loss", (), (ITP,)),
        ("sLE patients", (), ()),
        ("CSLE", (LE,), ()),
        ("cSLE nephritis", (LE,), ()),
        ("MLNS sampling, lung", (), (KD,)),
        ("the lomg list of tasks", (), ()),
        ("LOMG", (MG,), ()),
        ("LOMG, AChR positive", (MG,), ()),
        ("TOTAL ITP PATIENTS ON IVIG TODAY", (ITP,), ()),
        ("GbS, areflexia", (GBS,), ()),
        ("jSLE's course on the ward", (LE,), ()),
        ("jsle with nephritis", (LE,), ()),
    ],
)
def test_rare_short_forms_count_in_their_own_spelling(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("DM me", (), ()),
        ("DM me the lupus line", (LE,), ()),
        ("kd", (KD,), ()),
        ("dm", (), (DM,)),
        ("gbs", (GBS,), ()),
        ("DM", (), (DM,)),
        ("KD", (KD,), ()),
        ("50 MG", (), ()),
        ("omg thanks", (), ()),
        ("distal tip", (), ()),
        ("Usher syndrome", (), ()),
        ("gastric bypass GBS, weight", (), (GBS,)),
        ("ivig list in my DM", (), ()),
        ("our LE fan club", (), ()),
        ("jmg", (), (MG,)),
        ("jmg, ivig?", (), (MG,)),
        ("Bickerstaff lecture on the shelf", (), (GBS,)),
        ("kd for epilepsy, ratio 3:1", (), ()),
        ("kd on the shelf", (), ()),
        ("kd on the shelf, ivig", (), (KD,)),
        ("kd on the shelf, coronary", (KD,), ()),
        ("DM on the shelf", (), (DM,)),
        ("dm gottron", (DM,), ()),
    ],
)
def test_everyday_words_bring_no_card(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("GBS list, ivig for refractory hypogammaglobulinaemia", (), (GBS,)),
        ("MG and ivig for refractory hypogammaglobulinaemia", (), (MG,)),
        ("GBS, ivig?", (GBS,), ()),
        ("is IVIG first line in GBS?", (GBS,), ()),
        ("GBS + CKD3", (), (GBS,)),
        ("GBS swab positive", (), ()),
        ("GBS swab at 36 weeks, penicillin", (), ()),
        ("MG and ptosis", (MG,), ()),
        ("ptosis, MG?", (MG,), ()),
        ("DM with Gottron papules", (DM,), ()),
        ("DM on metformin", (), (DM,)),
        ("DM heliotrope rash", (DM,), ()),
        ("KD day 5, ivig 2g/kg?", (KD,), ()),
        ("KD fever and conjunctivitis", (KD,), ()),
        ("KD coronary aneurysm", (KD,), ()),
        ("toddler with KD, echo tomorrow", (KD,), ()),
        ("KD on the plant", (), (KD,)),
        ("ITP patient", (ITP,), ()),
        ("ITP", (ITP,), ()),
        ("ITP fan club", (), (ITP,)),
        ("lupus server rebooted", (), (LE,)),
        ("lupus", (LE,), ()),
        ("lupus patient on hydroxychloroquine", (LE,), ()),
        ("Kawasaki", (KD,), ()),
        ("kawasaki child with fever", (KD,), ()),
        ("flight to Kawasaki via Haneda", (), (KD,)),
        ("GBS vs CIDP", (GBS, CIDP), ()),
        ("GBS or botulism?", (GBS,), ()),
        ("Guillain-Barré syndrome (GBS) on the list of things", (GBS,), ()),
        ("CIDP", (CIDP,), ()),
        ("CIDP tomorrow", (CIDP,), ()),
        ("the CIDP, 2 g/kg of qwilby", (CIDP,), ()),
        ("the CIDP, 2 kg of qwilby", (), (CIDP,)),
        ("the CIDP, 2 g/l of qwilby", (), (CIDP,)),
        ("chair 4 CIDP, 81kg, qwilby", (CIDP,), ()),
        ("kd infusion rate", (), (KD,)),
        ("GBS and what we can do now with it and then also ivig from Qwilby", (GBS,), ()),
        ("from Qwilby ivig and what we can do now with it and then also GBS", (GBS,), ()),
        # Six words between a short form and IVIG, or what is asked of it, are one clause.
        ("KD and what we can do with ivig from Qwilby", (KD,), ()),
        ("KD and what we can do now with ivig from Qwilby", (), (KD,)),
        ("Qwilby asks for ivig and what we can do with KD", (KD,), ()),
        ("Qwilby asks for ivig and what we can do now with KD", (), (KD,)),
        ("Qwilby KD ivig", (KD,), ()),
        ("Qwilby ivig KD", (KD,), ()),
        ("ivig Qwilby KD", (), (KD,)),
        ("Qwilby sent ivig. KD", (KD,), ()),
        ("ivig from Qwilby. And KD", (), (KD,)),
        ("KD and GBS ivig from Qwilby", (KD, GBS), ()),
        ("KD and dose from Qwilby", (KD,), ()),
        ("Qwilby and dose in KD", (KD,), ()),
        # IVIG for something that has no name here.
        ("GBS list, ivig in qwilby", (), (GBS,)),
        ("GBS list, ivig for the weekend", (GBS,), ()),
        ("GBS list from Qwilby, ivig in 2", (GBS,), ()),
        ("Qwilby asks: GBS, is it what we use ivig for?", (GBS,), ()),
        # Named too, by words that mean nothing else.
        ("the KD club, MG with ptosis and Kawasaki disease", (KD, MG), ()),
        ("AIDP on the shelf beside dermatomyositis", (GBS, DM), ()),
        ("AIDP on the shelf", (), (GBS,)),
        ("AIDP on the shelf, ivig", (GBS,), ()),
        ("AIDP on the shelf, patient", (GBS,), ()),
        ("AIDP of the legs", (GBS,), ()),
        ("Qwilby asks: KD or measles?", (KD,), ()),
        ("KD list for Krabbe disease", (), ()),
        ("ITP baclofen patient", (), (ITP,)),
    ],
)
def test_an_ambiguous_name_answers_on_evidence_and_else_is_offered(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("What causes Dermatomyositis?", (DM,), ()),
        ("Myasthenia gravis affects about 20 per 100,000", (MG,), ()),
        ("Vitamin D in Systemic Lupus Erythematosus", (LE,), ()),
        ("Etanercept in Kawasaki Disease", (KD,), ()),
        ("Ultrasound in dermatomyositis", (DM,), ()),
        ("dermatomyositis with zork", (DM,), ()),
        ("zork zork in dermatomyositis", (DM,), ()),
        ("porphobilinogenuria in dermatomyositis", (), (DM,)),
        ("dermatomyositis in zork", (), (DM,)),
        ("dermatomyositis, zork qwilby", (), (DM,)),
        ("dermatomyositis, zork qwilby lala", (DM,), ()),
        ("dermatomyositis, with qwilby", (), (DM,)),
        ("dermatomyositis with canine zork", (), (DM,)),
        ("zork, dermatomyositis", (), (DM,)),
        ("with zork dermatomyositis", (), (DM,)),
    ],
)
def test_a_plain_name_answers_beside_verbs_and_adjectives(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("neonatal lupus", (), ()),
        ("zosteriform lupus", (), (LE,)),
        ("lupus anticoagulant", (), ()),
        ("lupus in dogs", (), (LE,)),
        ("myasthenia gravis in a cocker spaniel", (), (MG,)),
        ("lupus, zosteriform", (), (LE,)),
        ("kidneys of mice with lupus nephritis", (), (LE,)),
        ("lupus relapse in a dog", (), (LE,)),
        ("is ivig used for dogs with severe chronic dermatomyositis?", (), (DM,)),
        ("is ivig used in a murine model of dermatomyositis?", (), (DM,)),
        ("is there a new model of dermatomyositis care, ivig?", (DM,), ()),
        ("is ivig used for dermatomyositis in vitro?", (), (DM,)),
        ("dermatomyositis 8yo, spaniel, ivig?", (), (DM,)),
        ("dermatomyositis 8yo, spaniel bites, ivig?", (DM,), ()),
        ("dermatomyositis, cutis, ivig?", (), (DM,)),
        ("risk of haemolysis dermatomyositis, ivig?", (DM,), ()),
        ("dogs with acute dermatomyositis", (), (DM,)),
        ("dermatomyositis 8yo, spaniel", (), (DM,)),
        ("dermatomyositis patient, dog bite, ivig?", (DM,), ()),
        ("lupus in an 8 year old dog", (), (LE,)),
        ("canine ITP (immune thrombocytopenia), ivig?", (), (ITP,)),
        ("Kawasaki disease 4 cases in macaques", (), (KD,)),
        ("lupus patients mouse model", (), (LE,)),
        ("ate undercooked chicken, now with dermatomyositis, ivig?", (DM,), ()),
        ("has a dog. Presents with dermatomyositis, ivig?", (DM,), ()),
        ("horse rider with dermatomyositis, ivig dose?", (DM,), ()),
        ("dermatomyositis, ivig in a dog owner", (DM,), ()),
        ("experimental treatment of CIDP", (CIDP,), ()),
        ("does ivig help in a murine model of immune thrombocytopenia (ITP)?", (), (ITP,)),
        ("Immune thrombocytopenia (ITP): ivig?", (ITP,), ()),
        ("in hospital with dermatomyositis, ivig?", (DM,), ()),
        ("myasthenia gravis, congenital", (), (MG,)),
        ("congenital myasthenic syndrome", (), ()),
        ("pernio, lupus", (), (LE,)),
        ("lupus of the moon", (), (LE,)),
        ("Myasthenia gravis, limb-girdle", (), (MG,)),
        ("circulating anticoagulant lupus", (), (LE,)),
        # Some words make it another only before it, some only behind it.
        ("drug GBS, ivig?", (), (GBS,)),
        ("ivig for familial CIDP?", (), (CIDP,)),
        ("is ivig given for etanercept dermatomyositis?", (), (DM,)),
        ("is ivig used in CIDP gene carriers?", (), (CIDP,)),
        ("do we give ivig for dermatomyositis like rash?", (), (DM,)),
        ("is ivig given for canine dermatomyositis?", (), (DM,)),
        ("is ivig given for dermatomyositis canine?", (), (DM,)),
        ("is ivig given for crest lupus?", (), (LE,)),  # of another disease's name
        ("is ivig given for becker lupus?", (), (LE,)),
        ("is ivig given for slow dermatomyositis?", (DM,), ()),
        ("is ivig given for acute lupus canine?", (), (LE,)),
        ("is ivig given for familial acute CIDP?", (), (CIDP,)),
        ("is ivig used in lupus in dogs?", (), (LE,)),
        ("is ivig used in lupus in a small dog?", (), (LE,)),
        ("is ivig used in lupus in children?", (LE,), ()),
        ("is ivig used in lupus, neonatal?", (), (LE,)),
        ("is ivig used in lupus, acute, neonatal?", (), (LE,)),
        ("is ivig used in lupus\nneonatal?", (LE,), ()),
        ("is ivig used in CIDP, drug of choice?", (CIDP,), ()),
        ("is ivig used in pernio, lupus?", (LE,), ()),
        ("crest, lupus?", (), (LE,)),
        ("foot, pernio, lupus?", (), (LE,)),
        ("canine, lupus?", (), (LE,)),
        ("CIDP, lupus?", (CIDP, LE), ()),
        ("ivig for canine patient lupus?", (), (LE,)),
        ("is there a CIDP SCIG model letter?", (CIDP,), ()),
        ("crest, dermatomyositis?", (), (DM,)),
        ("canine, dermatomyositis?", (), (DM,)),
        ("foot pernio, dermatomyositis?", (DM,), ()),
        ("is ivig used in myasthenia gravis, mouse?", (), (MG,)),
    ],
)
def test_a_word_that_makes_it_another_condition_takes_the_answer_away(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        ("myasthenia gravis tremor", (MG,), ()),
        ("CIDP, cardiology", (CIDP,), ()),
        ("dermatomyositis erb", (DM,), ()),
        ("lupus sural nerve", (LE,), ()),
        ("CIDP q168h", (CIDP,), ()),
        ("CIDP, qwilby", (), (CIDP,)),
        # A number, a measure or a word of the clinic ends the name, and what follows is of something else.
        ("new CIDP pt 81kg infusion centre first dose", (CIDP,), ()),
        ("dermatomyositis 81 kg gene panel sent, ivig?", (DM,), ()),
        # What is only shaped like a disease is one when it stands before a name, and behind it a finding.
        ("is ivig given for dermatomyositis neuropathitis?", (DM,), ()),
        ("is ivig given for neuropathitic dermatomyositis?", (), (DM,)),
    ],
)
def test_a_word_of_another_entry_or_of_a_dose_makes_it_no_other_condition(
    text: str, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    assert cards_and_offers(text, content) == (answered, offered)


@pytest.mark.parametrize(
    ("text", "sign", "of"),
    [
        ("on call we called it CIDP, the panel came back as POEMS", "<another-last>", [CIDP]),
        ("label on the chart Kawasaki disease. Echo fine. Measles serology in", "<another-last>", [KD]),
        # Compared, listed, denied, with IVIG, or first.
        ("CIDP this week, or POEMS", "<another-last>", []),
        ("Kawasaki disease confirmed. Measles excluded", "<another-last>", []),
        ("CIDP on biopsy, POEMS screen due, ivig?", "<another-last>", []),
        ("POEMS screen was sent, CIDP on biopsy", "<another-last>", []),
        ("Kawasaki disease, measles", "<another-last>", []),
        ("was labelled CIDP until the biopsy", "<thought-before>", [CIDP]),
        ("CIDP until the biopsy", "<thought-before>", []),
        ("I was diagnosed with CIDP, then moved house", "<thought-before>", [CIDP]),
        ("admitted as CIDP, POEMS", "<may-turn>", []),
        ("admitted as CIDP and then POEMS was looked for", "<may-turn>", [CIDP]),
        ("they said CIDP until porphobilinogenuria was found", "<may-turn>", [CIDP]),
        ("CIDP and GBS until porphobilinogenuria was found", "<may-turn>", [GBS]),
        ("CIDP and then POEMS was looked for", "<may-turn>", []),
        ("CIDP then porphobilinogenuria", "<may-turn>", []),
        ("admitted as CIDP and then GBS was looked for", "<may-turn>", []),
        ("porphobilinogenuria, they said CIDP until now", "<may-turn>", []),
        # Six words from what was told are near.
        ("told of it all the while: CIDP until porphobilinogenuria came", "<may-turn>", [CIDP]),
        ("told us of it all the while: CIDP until porphobilinogenuria came", "<may-turn>", []),
        ("after porphobilinogenuria they said CIDP until xanthomatosis came", "<may-turn>", [CIDP]),
    ],
)
def test_what_may_speak_against_a_name_is_weighed(text: str, sign: str, of: list[str], content: Content) -> None:
    sentence = matcher_of(content).sentence(text)
    names = [span for span in sentence.spans if not isinstance(span.name, LookAlikeName)]
    assert [span.name.target for span in names if sign in sentence.surroundings(span)["name"]] == of


@pytest.mark.parametrize(("words", "answered", "offered"), [(39, (CIDP,), (GBS,)), (40, (GBS, CIDP), ())])
def test_what_was_thought_before_is_replaced_by_what_is_told_soon(
    words: int, answered: tuple[str, ...], offered: tuple[str, ...], content: Content
) -> None:
    text = "admitted as GBS, now " + "we " * (words - 1) + "CIDP"
    assert cards_and_offers(text, content) == (answered, offered)
