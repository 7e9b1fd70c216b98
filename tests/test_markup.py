"""What is left of Slack's mark-up when a text comes in: a table of (sent by Slack, read by the bot)."""

import time

import pytest

from slackbot.slack.markup import plain
from slackbot.words.tokens import MASKED

M = MASKED


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("", ""),
        ("is it used in kawasaki?", "is it used in kawasaki?"),
        ("GBS\n\n*CIDP* _or_ MG", "GBS\n\n*CIDP* _or_ MG"),
        # People and places.
        ("<@U0BOT> kawasaki", "kawasaki"),
        ("<@U0BOT|ivig> kawasaki", "kawasaki"),
        ("kawasaki<@U1>", "kawasaki"),
        ("<!here> GBS", f"{M} GBS"),
        ("<!subteam^S1|@neuro> GBS", f"{M} GBS"),
        ("<!date^1392734382^{date}|kawasaki> GBS", f"{M} GBS"),
        ("<#C1|kawasaki> GBS", f"{M} GBS"),
        ("<#C1> GBS", f"{M} GBS"),
        ("#kawasaki", "#kawasaki"),
        ("@kawasaki", "@kawasaki"),
        # Links: the label is read, the address never.
        ("<https://example.org/kawasaki>", M),
        ("<https://example.org/x|Kawasaki disease> dose", "Kawasaki disease dose"),
        ("see <https://example.org/x|> dose", f"see {M} dose"),
        ("see <https://example.org/x| > dose", f"see {M} dose"),
        ("<mailto:dm@example.org|dm@example.org>", "dm@example.org"),
        ("<tel:+4930123|call> GBS", "call GBS"),
        ("<https://example.org/x|A &amp; B>", "A & B"),
        ("platelets <20 and >10 in ITP", "platelets <20 and >10 in ITP"),
        ("<kawasaki>", "<kawasaki>"),
        ("<https://example.org GBS", "<https://example.org GBS"),
        # Code is read when it is a name and nothing else.
        ("`kawasaki`", "kawasaki"),
        ("`Guillain-Barré syndrome`", "Guillain-Barré syndrome"),
        ("`Behçet's disease` dose", "Behçet's disease dose"),
        ("```MIS-C```", "MIS-C"),
        ("`GBS=1`", M),
        ("`ivig --condition kawasaki`", M),
        ("`dm_user`", M),
        ("`kawasaki.py`", M),
        ("```kawasaki\nGBS```", M),
        (f"`{'a' * 60}`", "a" * 60),
        (f"`{'a' * 61}`", M),
        ("`<@U1>`", M),
        ("GBS` or `CIDP", "GBS or CIDP"),
        ("`GBS\nCIDP`", "`GBS\nCIDP`"),
        ("```GBS", "```GBS"),
        # Struck through.
        ("~GBS~ CIDP", f"{M} CIDP"),
        ("(~GBS~) CIDP", f"( {M} ) CIDP"),
        ("~not kawasaki but~ GBS", f"{M} GBS"),
        ("~K~", M),
        ("2 g/kg over ~5 days, ~12 h each", "2 g/kg over ~5 days, ~12 h each"),
        ("~GBS ~", "~GBS ~"),
        ("~GBS\nCIDP~", "~GBS\nCIDP~"),
        ("a~GBS~b", "a~GBS~b"),
        ("~~GBS~~", "~~GBS~~"),
        # Pictures.
        (":thinking_face: GBS", f"{M} GBS"),
        ("GBS :+1::skin-tone-2:", f"GBS {M}"),
        ("GBS:wave:", "GBS:wave:"),
        ("diluted 1:2:3", "diluted 1:2:3"),
        ("ask: GBS: dose", "ask: GBS: dose"),
        # Escapes come last: what they make is no mark-up.
        ("&lt;@U1&gt; GBS", "<@U1> GBS"),
        ("ITP &amp; GBS", "ITP & GBS"),
        ("&amp;lt;", "&lt;"),
        ("&nbsp;", "&nbsp;"),
    ],
)
def test_what_is_seen_of_what_slack_sends(sent: str, seen: str) -> None:
    assert plain(sent).split() == seen.split()
    assert plain(sent).count("\n") == seen.count("\n")


ENDLESS = ("<@", "<!", "<https://a|", "<a:", "`", "```", "`a\n", "~a ", "~", "a~", ":a", ":a:", "::", "&amp;", "<")


@pytest.mark.parametrize("piece", [*ENDLESS, "~a\n", " :", " ~a"])
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (40_000 // len(piece))
    started = time.perf_counter()
    plain(text)
    assert time.perf_counter() - started < 0.1
