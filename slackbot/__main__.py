"""The command line: `python -m slackbot`, installed as `ivig-bot`."""

import gc
import os
import signal
import sys
from collections.abc import Coroutine, Iterator
from typing import Any


def prepare(arguments: list[str]) -> None:
    """Make ready for a door that is to load.

    A signal ends it at once: as a container's first process it would ignore a SIGTERM. And what it loads is there to
    stay, so nobody looks through it for garbage.
    """
    if arguments[:1] in ([], ["web"], ["worker"]):
        for number in (signal.SIGTERM, signal.SIGINT):
            # There is no work in hand yet; and an exception may be swallowed, in a weak reference's callback say.
            signal.signal(number, lambda *_: os._exit(0))
        gc.disable()


if __name__ == "__main__":
    prepare(sys.argv[1:])  # before the imports, which take half a second

import argparse
import asyncio
import datetime as dt
import difflib
import errno
import importlib
import io
import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from slackbot import manifest, settings
from slackbot.cards.card import is_answer
from slackbot.content.load import ContentError, load_content
from slackbot.content.schema import Content, Signed
from slackbot.matching import curation
from slackbot.matching.match import Match, Matcher
from slackbot.signing import records, signature
from slackbot.signing.digests import digests, in_short
from slackbot.slack import blocks, command
from slackbot.terminal import Terminal, written
from slackbot.version import VERSION

DESCRIPTION = "Look up what the reference document says about treating a condition with IVIG."
EPILOG = """\
without a verb: worker

exit status: 0 an answer, help, list, safety or about; 1 a miss, a refusal or a question back;
             2 a broken data file, missing variables or wrong usage

environment, also read from a file .env in this folder:
  SLACK_BOT_TOKEN SLACK_APP_TOKEN SLACK_SIGNING_SECRET SLACK_API_URL PORT LOG_LEVEL REDIS_URL
  IVIG_DATA IVIG_CONTACT IVIG_REPLY (public or private: who sees what /ivig answers) IVIG_COMMAND
  HTTPS_PROXY HTTP_PROXY ALL_PROXY NO_PROXY SSL_CERT_FILE REQUESTS_CA_BUNDLE
  METRICS_PORT METRICS_HOST METRICS_TOKEN
  IVIG_REQUIRE_REVIEW (1: start only with a content that somebody has signed as it is)"""

UNSIGNED = (
    "The bot does not start: IVIG_REQUIRE_REVIEW is 1, and the content is {state}. "
    "Have it read and signed: `python -m slackbot review` and `python -m slackbot sign`."
)
PLAYGROUND_MISSING = "The playground comes with the bot's source: run `make try` in a checkout of it"


class _UsageError(Exception):
    """Input that is not of the form the verb takes."""


def main(arguments: list[str] | None = None) -> int:
    """Run the verb in `arguments` (default: the process's own) and return its exit status."""
    if arguments is None:
        prepare(sys.argv[1:])
    _never_fail_on_a_letter()
    try:
        options = _options(sys.argv[1:] if arguments is None else arguments)
        status = int(options.run(options))
        if sys.stdout is not None:  # a process may have none
            sys.stdout.flush()
        return status
    except (ContentError, settings.SettingsError, _UsageError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        pass
    except OSError as error:
        if error.errno == errno.ENOSPC:
            print("The output can't be written: no space is left.", file=sys.stderr)
        elif error.errno not in (errno.EPIPE, errno.EINVAL):  # whoever read our output has left: on Windows EINVAL
            raise
    sys.stderr.close()  # Python would complain at exit about what it could not write
    return 130


def _never_fail_on_a_letter() -> None:
    """Let a console that lacks a letter, as Windows' cp1252 lacks "≤", show it by its number."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _options(arguments: list[str]) -> argparse.Namespace:
    """The verb and its options. Raises _UsageError for a verb that there is not; ends the process for other faults."""
    parser, verbs = _parser()
    if arguments and not arguments[0].startswith("-") and arguments[0] not in verbs:
        close = difflib.get_close_matches(arguments[0].lower(), verbs, n=1) or ["ask"]
        raise _UsageError(f"There is no such verb. Did you mean `{close[0]}`? The verbs are {', '.join(verbs)}.")
    return parser.parse_args(arguments)


def _parser() -> tuple[argparse.ArgumentParser, tuple[str, ...]]:
    """What reads the arguments, and the names of the verbs."""
    parser = argparse.ArgumentParser(
        "slackbot",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the bot's version and its content's")
    parser.set_defaults(run=_worker)
    verbs = parser.add_subparsers(title="verbs", metavar="")

    worker = verbs.add_parser(
        "worker", help="answer in Slack over Socket Mode (needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN)"
    )
    worker.set_defaults(run=_worker)

    web = verbs.add_parser(
        "web", help="answer in Slack over HTTP, on PORT (needs SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET)"
    )
    web.add_argument(
        "--root-path", default="", metavar="PATH", help="what a proxy in front puts before /slack/events, like /ivig"
    )
    web.set_defaults(run=_web)

    ask = verbs.add_parser("ask", help="print the card that /ivig TEXT brings")
    ask.add_argument("text", nargs="*", metavar="TEXT", help="what one would type after /ivig")
    form = ask.add_mutually_exclusive_group()
    form.add_argument(
        "--full", action="store_true", help="print all that the document says, as the button More shows it"
    )
    form.add_argument("--json", action="store_true", help="print the message as Slack gets it")
    ask.set_defaults(run=_ask)

    matching = verbs.add_parser("match", help="read texts on standard input, one a line, and say how they are read")
    matching.add_argument("--json", action="store_true", help='read and write JSON lines: {"text": …}')
    matching.set_defaults(run=_match)

    check = verbs.add_parser("check", help="check a data file and list every fault (exit status 0 or 1)")
    check.add_argument("file", nargs="?", type=Path, metavar="FILE", help="default: the data file in use")
    check.add_argument("--signed", action="store_true", help="fail unless all of it has been signed as it is")
    check.set_defaults(run=_check)

    sign = verbs.add_parser("sign", help="sign the content: write into the data file who has reviewed it")
    sign.add_argument("file", nargs="?", type=Path, metavar="FILE", help="default: the data file in use")
    sign.add_argument("--by", required=True, metavar="NAME", help='name and role: "Dr A. Reader, immunologist"')
    sign.add_argument("--due", required=True, type=_date, metavar="DATE", help="when to read it again, as 2027-12-31")
    sign.add_argument(
        "--of", choices=list(Signed), type=Signed, metavar="PART", help="cards or readings; default: both"
    )
    sign.set_defaults(run=_sign)

    review = verbs.add_parser("review", help="write all there is to review as one page to read, print and sign")
    review.add_argument("file", nargs="?", type=Path, metavar="FILE", help="default: the data file in use")
    review.add_argument("--source", type=Path, metavar="FILE", help="your copy of the document, for its sentences")
    review.add_argument("--since", metavar="FILE|REV", help="only what differs from this data file, or git revision")
    review.add_argument(
        "-o", "--output", type=Path, default=Path("pack.html"), metavar="FILE", help="default: pack.html"
    )
    review.set_defaults(run=_review)

    schema = verbs.add_parser("schema", help="print the data file's JSON Schema, for editors")
    schema.set_defaults(run=_schema)

    app_manifest = verbs.add_parser("manifest", help="print the app's manifest, to paste at api.slack.com/apps")
    app_manifest.add_argument("--url", metavar="URL", help="the bot's public https address: for HTTP, not Socket Mode")
    app_manifest.add_argument("--json", action="store_true", help="JSON instead of YAML")
    app_manifest.set_defaults(run=_manifest)

    doctor = verbs.add_parser("doctor", help="check everything between here and Slack (exit status 0 or 1)")
    doctor.set_defaults(run=_doctor)

    playground = verbs.add_parser("playground", help="try the bot in a browser, on a stand-in for Slack")
    playground.add_argument("--port", type=int, metavar="PORT", help="default: 4844, or any that is free")
    playground.add_argument(
        "--open", action="store_true", help="open it in a browser; without a terminal, fetch the page once and stop"
    )
    playground.set_defaults(run=_playground)
    return parser, tuple(verbs.choices)


class _Version(argparse.Action):
    """Prints the versions; the content's is reckoned only for whoever asks."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        try:
            reckoned = digests(Matcher(_content()))
            content = f"content {reckoned.version}, readings {in_short(reckoned.readings)}"
        except (ContentError, settings.SettingsError):
            content = "content unknown: run `python -m slackbot check`"
        print(f"ivig-bot {VERSION} ({content})")
        parser.exit()


def _worker(_: argparse.Namespace) -> int:
    from slackbot.slack import socket_mode  # the other verbs start faster without Slack's libraries

    async def run(configuration: settings.Settings, matcher: Matcher, _: object) -> int:
        return await socket_mode.run(configuration, matcher)

    return _serve("socket_mode", settings.SOCKET_MODE, run)


def _web(options: argparse.Namespace) -> int:
    from slackbot.slack import http  # the other verbs start faster without Slack's libraries

    return _serve("http", settings.HTTP, partial(http.run, prefix=options.root_path))


def _serve(door: str, needed: tuple[str, ...], run: Callable[..., Coroutine[Any, Any, int]]) -> int:
    """Open a door, with the log and the metrics around it."""
    from slackbot import logs
    from slackbot.metrics import measured

    logs.set_up("INFO", queued=True)
    configuration = settings.load(needed)
    logs.set_level(configuration.log_level)
    matcher = Matcher(load_content(configuration.data, configuration.contact))

    async def work() -> int:
        reckoned = await asyncio.to_thread(digests, matcher)
        state = records.state_of(matcher.content, reckoned, records.today())
        logs.started(
            door,
            VERSION,
            content=reckoned.version,
            readings=in_short(reckoned.readings),
            review=state.replace(" ", "_"),
        )
        if configuration.require_review and not state.is_signed:
            print(UNSIGNED.format(state=state), file=sys.stderr)
            return 1
        gc.freeze()  # what has been loaded is never looked through again, which would be a pause of 40 ms each time
        gc.enable()
        entries = [entry.id for entry in matcher.content.entries]
        async with measured(configuration, door, reckoned.version, entries) as metrics:
            return await run(configuration, matcher, metrics)

    return asyncio.run(work())


def _ask(options: argparse.Namespace) -> int:
    configuration = settings.load()
    matcher = Matcher(load_content(configuration.data, configuration.contact))
    answer = command.answer(
        " ".join(options.text), matcher, private=configuration.private, command=configuration.command
    )
    if options.json:
        print(json.dumps(answer.payload, ensure_ascii=not _has_all_letters(), indent=2))
    elif options.full:
        cards = records.signed_cards(matcher, command=configuration.command)
        print(written(cards.full(answer.match), _terminal()))
    else:
        print(written(answer.card, _terminal()))
    return 0 if is_answer(answer.match) else 1


def _terminal() -> Terminal:
    """Where we print: a terminal has its width and bold letters; anything else only what `COLUMNS` says."""
    if sys.stdout is None or not sys.stdout.isatty():
        return Terminal(settings.columns())
    return Terminal(shutil.get_terminal_size().columns, bold=not settings.wants_plain_letters())


def _has_all_letters() -> bool:
    return (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"


def _match(options: argparse.Namespace) -> int:
    """Read every line; 2 when one of them could not be read."""
    matcher, status = Matcher(_content()), 0
    for number, line in enumerate(_lines(), start=1):
        if options.json and not line.strip():
            continue
        text = _text_of(line) if options.json else line
        if text is None:
            status = 2
            fault = f'line {number}: not a JSON object with a text: {{"text": "…"}}'
            print(json.dumps({"error": fault}, ensure_ascii=not _has_all_letters()), flush=True)
        else:
            match = matcher.match(text)
            print(_as_json(text, match) if options.json else _as_lines(text, match), flush=True)
    return status


def _check(options: argparse.Namespace) -> int:
    path = options.file or settings.load().data
    try:
        content = load_content(path)
    except ContentError as error:
        print(error, file=sys.stderr)
        count = len(error.faults)
        print(f"{path}: {count} {'fault' if count == 1 else 'faults'}", file=sys.stderr)
        return 1
    matcher = Matcher(content)
    if unfit := blocks.cut_cards(records.signed_cards(matcher)):
        print("\n".join(f"{path}: {fault}" for fault in unfit), file=sys.stderr)
        return 1
    standings = records.standings(content, digests(matcher), records.today())
    for warning in (*curation.warnings(matcher.lexicon), *records.warnings(standings)):
        print(f"{path}: warning: {warning}", file=sys.stderr)
    print(f"{path}: fine: {len(content.entries)} entries, {len(content.look_alikes)} look-alikes")
    for standing in standings:
        print(f"{standing.of} {in_short(standing.digest)}: {standing}")
    if options.signed and not all(standing.is_signed for standing in standings):
        print(
            f"{path}: not signed as it is: `python -m slackbot sign` signs it, once it has been read", file=sys.stderr
        )
        return 1
    return 0


def _sign(options: argparse.Namespace) -> int:
    path = options.file or settings.load().data
    try:
        signature.sign(path, (options.of,) if options.of else tuple(Signed), options.by, options.due, records.today())
    except signature.SignatureError as error:
        raise _UsageError(str(error)) from None
    matcher = Matcher(load_content(path))
    for standing in records.standings(matcher.content, digests(matcher), records.today()):
        print(f"{standing.of} {in_short(standing.digest)}: {standing}")
    return 0


def _date(text: str) -> dt.date:
    """A date as the data file writes it. Raises ValueError."""
    return dt.date.fromisoformat(text)


def _review(options: argparse.Namespace) -> int:
    from slackbot.signing import pack  # nobody else waits for it

    path = options.file or settings.load().data
    try:
        page = pack.page(path, options.source, options.since, records.today())
    except pack.PackError as error:
        raise _UsageError(str(error)) from None
    options.output.write_text(page, encoding="utf-8")
    print(f"{options.output}: open it in a browser, and print it from there")
    return 0


def _schema(_: argparse.Namespace) -> int:
    from slackbot.content.json_schema import json_schema  # no other verb reads the schema's source

    print(json.dumps(json_schema(), ensure_ascii=False, indent=2))
    return 0


def _manifest(options: argparse.Namespace) -> int:
    try:
        print(manifest.show(options.url, command=settings.load().command, as_json=options.json), end="")
    except manifest.AddressError as error:
        raise _UsageError(str(error)) from None
    return 0


def _doctor(_: argparse.Namespace) -> int:
    from slackbot import doctor  # the other verbs start faster without Slack's libraries

    return asyncio.run(doctor.run(partial(print, flush=True)))


def _playground(options: argparse.Namespace) -> int:
    try:
        page = importlib.import_module("playground.run")  # by name: no clinic has it, nor may one need it
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("playground", "standin", "starlette"):
            raise
        raise _UsageError(f"{error}. {PLAYGROUND_MISSING}") from None
    return int(page.main(options.port, show=options.open))


def _content() -> Content:
    configuration = settings.load()
    return load_content(configuration.data, configuration.contact)


def _lines() -> Iterator[str]:
    """The lines on standard input, as they come."""
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # it is a text stream
    yield from (line.rstrip("\r\n") for line in sys.stdin)


def _text_of(line: str) -> str | None:
    """The text in a line of JSON; None when there is none that UTF-8 can write."""
    try:
        text = json.loads(line)["text"]
        text.encode()
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):  # a lone surrogate is a ValueError
        return None
    return text if isinstance(text, str) else None


def _as_json(text: str, match: Match) -> str:
    return json.dumps(
        {
            "text": text,
            "answered": match.answered,
            "suggested": match.suggested,
            "lookalikes": match.lookalikes,
            "topics": match.topics,
            "readings": [
                {"words": r.words, "outcome": r.outcome, "target": r.target, "rule": r.rule, "note": r.note}
                for r in match.readings
            ],
        },
        ensure_ascii=not _has_all_letters(),
    )


def _as_lines(text: str, match: Match) -> str:
    lines = [f"{text!r}: {match.outcome}"]
    lines += [f"  “{r.words}” → {r.outcome} {r.target} ({r.rule})" for r in match.readings]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
