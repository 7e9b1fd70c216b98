"""The playground's page in a real Chromium: what people do in Slack, done here; and the README's screenshots."""

import asyncio
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from playground.run import playground

api = pytest.importorskip("playwright.sync_api", reason="the group browser is not installed: make browser")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the group browser is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine: apt install chromium")

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"
DATA = ROOT / "data" / "ivig.yaml"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1160, "height": 1024}
NARROW = {"width": 390, "height": 800}
KAWASAKI = "Kawasaki disease"
Page = Any  # Playwright's: the group browser need not be there for mypy


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("data") / "ivig.yaml"
    file.write_bytes(DATA.read_bytes())
    return file


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The address of a playground that runs in a thread of its own: Playwright's loop leaves no room for it."""
    ready, addresses, ends = threading.Event(), [], []

    async def serve() -> None:
        async with playground(0) as site:
            loop, over = asyncio.get_running_loop(), asyncio.Event()
            addresses.append(site.url)
            ends.append(lambda: loop.call_soon_threadsafe(over.set))
            ready.set()
            await over.wait()

    with mock.patch.dict("os.environ", {"IVIG_DATA": str(data)}):
        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        assert ready.wait(10)
        try:
            yield addresses[0]
        finally:
            ends[0]()
            thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with api.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def url(data: Path) -> Iterator[str]:
    with served(data) as address:
        yield address


@pytest.fixture
def page(browser: Any, url: str) -> Iterator[Page]:
    with visit(browser, url) as page:
        yield page


@contextmanager
def visit(browser: Any, url: str, **options: Any) -> Iterator[Page]:
    """A page that must log no error and may load nothing from elsewhere."""
    context = browser.new_context(**{"viewport": WIDE, "reduced_motion": "reduce", **options})
    context.set_default_timeout(5000)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console", lambda line: faults.append(line.text) if line.type == "error" and "409" not in line.text else None
    )
    page.on("request", lambda request: None if request.url.startswith(url) else faults.append(request.url))
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.goto(url)
    page.get_by_role("textbox", name="Message #immunology").wait_for()
    yield page
    context.close()
    assert faults == []


def say(page: Page, text: str, box: str = "Message #immunology") -> None:
    field = page.get_by_role("textbox", name=box)
    field.fill(text)
    field.press("Enter")


def lines(page: Page, place: str = "#main") -> Any:
    return page.locator(f"{place} .line")


def card(page: Page, title: str | re.Pattern[str] = KAWASAKI, place: str = "#main") -> Any:
    """The last message with this title."""
    line = lines(page, place).filter(has=page.get_by_role("heading", name=title)).last
    line.wait_for()
    return line


def test_asks_by_command_with_the_keyboard_alone(page: Page) -> None:
    page.get_by_role("textbox", name="Message #immunology").focus()
    page.keyboard.type("/iv")
    api.expect(page.get_by_role("option", name="/ivig")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("kawasaki")
    page.keyboard.press("Enter")
    answer = card(page)
    api.expect(answer).to_contain_text("Safety monitoring")
    api.expect(answer).not_to_contain_text("Only visible to you")
    api.expect(lines(page).filter(has_text="/ivig kawasaki")).to_have_count(1)


def test_answers_a_mention_in_its_thread(page: Page) -> None:
    page.get_by_role("textbox", name="Message #immunology").focus()
    page.keyboard.type("@iv")
    page.keyboard.press("Enter")
    page.keyboard.type("is kawasaki in it?")
    page.keyboard.press("Enter")
    open_thread(page)
    api.expect(card(page, place="#thread")).to_contain_text("Safety monitoring")
    say(page, "@ivig and GBS?", "Reply …")
    card(page, re.compile("Guillain"), "#thread")
    page.keyboard.press("Escape")
    api.expect(page.locator("#thread")).to_be_hidden()


def test_offers_what_may_be_meant_and_shares_it(page: Page) -> None:
    say(page, "/ivig dm")
    offered = lines(page).filter(has_text="Did you mean").last
    api.expect(offered).to_contain_text("Only visible to you")
    offered.get_by_role("button", name=re.compile("Dermatomyositis$")).click()
    private = card(page, "Dermatomyositis")
    api.expect(private).to_contain_text("Only visible to you")
    private.get_by_role("button", name=re.compile("^Share")).click()
    shared = lines(page).filter(has_text="shared this").last
    api.expect(shared).to_contain_text("Dermatomyositis")
    api.expect(shared).not_to_contain_text("Only visible to you")


def test_a_menu_is_narrowed_by_typing(page: Page) -> None:
    say(page, "/ivig help")
    lines(page).get_by_role("button", name="Choose an entry").last.click()
    page.keyboard.type("kawa")
    api.expect(page.locator(".popup").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    card(page)


def test_home_opens_a_card_in_a_modal(page: Page) -> None:
    page.get_by_role("link", name="Home").first.click()
    page.get_by_role("button", name=f"Open {KAWASAKI}").click()
    dialog = page.get_by_role("dialog")
    api.expect(dialog).to_contain_text("Safety monitoring")
    assert violations(page) == []
    page.keyboard.press("Escape")
    api.expect(dialog).to_have_count(0)


def look_up(page: Page, text: str) -> Any:
    """The modal of the shortcut once it has answered this text."""
    page.get_by_role("button", name="Shortcuts").first.click()
    page.get_by_role("menuitem", name="Look up IVIG").click()
    page.get_by_role("textbox", name="Condition or question").wait_for()
    page.keyboard.type(text)  # the field has the focus
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Safety monitoring").wait_for()
    return dialog


def test_the_shortcut_answers_in_its_modal_and_nobody_sees_it(page: Page) -> None:
    count = lines(page).count()
    dialog = look_up(page, "kawasaki")
    dialog.get_by_role("heading", name=KAWASAKI).wait_for()
    api.expect(dialog.get_by_role("textbox")).to_have_value("kawasaki")
    assert violations(page) == []
    dialog.get_by_role("textbox").fill("ttp")
    dialog.get_by_role("button", name="Look up").click()
    dialog.get_by_text("TTP is not ITP.").wait_for()
    dialog.get_by_role("button", name="Or find a name").click()
    page.keyboard.type("lupus neph")
    page.locator(".popup").get_by_role("option", name="lupus nephritis").wait_for()
    assert violations(page) == []
    page.keyboard.press("Enter")
    dialog.get_by_text("does not discuss lupus nephritis").wait_for()
    dialog.get_by_role("button", name="Boxed warning and sources").click()
    page.get_by_role("dialog").get_by_role("heading", name="Boxed warning and sources").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").get_by_text("does not discuss lupus nephritis").wait_for()
    page.keyboard.press("Escape")
    api.expect(page.get_by_role("dialog")).to_have_count(0)
    api.expect(lines(page)).to_have_count(count)


def test_the_home_is_searched_by_typing_and_by_name(page: Page) -> None:
    page.get_by_role("link", name="Home").first.click()
    page.get_by_role("textbox", name=re.compile("^Look up a condition")).fill("werlhof itp")
    assert violations(page) == []
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("heading", name=re.compile("ITP")).wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Or find a name").click()
    page.keyboard.type("qwzx")
    page.get_by_text("Nothing fits.").wait_for()
    page.locator(".popup input").fill("guillain")
    page.locator(".popup").get_by_role("option", name="Guillain-Barré syndrome (GBS)").click()
    page.get_by_role("dialog").get_by_role("heading", name=re.compile("Guillain")).wait_for()


def test_direct_messages(page: Page) -> None:
    page.locator("#places").get_by_role("link", name="IVIG").first.click()
    say(page, "kawasaki", "Message IVIG")
    card(page)


def test_the_shortcut_in_the_menu_of_a_message(page: Page) -> None:
    say(page, "Has anybody given it for kawasaki?")
    line = lines(page).filter(has_text="Has anybody").last
    line.hover()
    line.get_by_role("button", name=re.compile("^More")).click()
    page.get_by_role("menuitem", name=re.compile("Look up IVIG")).click()
    open_thread(page, once=False)
    api.expect(page.locator(".line.private").filter(has_text=KAWASAKI).last).to_be_visible()


def test_shows_json_the_builder_and_how_it_was_read(page: Page) -> None:
    say(page, "/ivig kawasaki")
    answer = card(page)
    answer.hover()
    answer.get_by_role("button", name=re.compile("JSON")).click()
    dialog = page.get_by_role("dialog")
    api.expect(dialog).to_contain_text('"type": "header"')
    builder = dialog.get_by_role("link", name=re.compile("Block Kit Builder"))
    assert builder.get_attribute("href").startswith("https://app.slack.com/block-kit-builder/#%7B%22blocks%22")
    page.keyboard.press("Escape")
    answer.hover()
    answer.get_by_role("button", name=re.compile("How was this read")).click()
    api.expect(dialog).to_contain_text("answered")


@pytest.mark.parametrize("text", ["<!channel> <@U2>", "<img src=x onerror=alert(1)>", "x" * 40_000])
def test_hostile_text_stays_text(page: Page, text: str) -> None:
    say(page, f"@ivig {text}")
    line = lines(page).filter(has_text=text[:16]).last
    line.wait_for()
    line.get_by_role("button", name=re.compile("repl")).wait_for()
    assert page.locator("#main img[src=x], .mention.to-all").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_broken_data_file_and_its_repair(page: Page, data: Path) -> None:
    good = DATA.read_text(encoding="utf-8")
    try:
        data.write_text(f"{good}\nnonsense: true\n", encoding="utf-8")
        place = f"ivig.yaml:{good.count(chr(10)) + 2}"
        api.expect(page.locator("#main")).to_contain_text(place)
        say(page, "/ivig kawasaki")
        card(page)
        assert violations(page) == []
        data.write_text(good.replace("name: Kawasaki disease", "name: Kawasaki illness", 1), encoding="utf-8")
        api.expect(page.locator("#main")).not_to_contain_text(place)
        page.get_by_role("link", name="Data file").first.click()
        api.expect(page.locator("#main")).to_contain_text("Before")
        api.expect(page.locator(".block.differs").first).to_be_visible()
        assert violations(page) == []
    finally:
        data.write_text(good, encoding="utf-8")


def test_fits_a_telephone(browser: Any, url: str) -> None:
    with visit(browser, url, viewport=NARROW) as page:
        say(page, "/ivig kawasaki")
        card(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert violations(page) == []
        page.get_by_role("button", name=re.compile("list of places")).first.click()
        page.get_by_role("link", name="Home").first.click()
        page.get_by_role("button", name=f"Open {KAWASAKI}").wait_for()
        assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_keeps_nobody_out_and_writes_the_screenshots(browser: Any, url: str, theme: str) -> None:
    with visit(browser, url, color_scheme=theme, device_scale_factor=2) as page:
        say(page, "/ivig kawasaki")
        card(page)
        quiet(page)
        page.screenshot(path=DOCS / ("playground.png" if theme == "light" else "playground-dark.png"))
        assert violations(page) == []
        say(page, "@ivig is GBS in the document?")
        open_thread(page)
        card(page, re.compile("Guillain"), "#thread")
        assert violations(page) == []


def test_the_screenshot_of_the_card(browser: Any, url: str) -> None:
    tall = {"width": 704, "height": 1400}
    with visit(browser, url, viewport=tall, color_scheme="light", device_scale_factor=2) as page:
        say(page, "/ivig kawasaki")
        answer = card(page)
        quiet(page)
        answer.screenshot(path=DOCS / "card.png")


def quiet(page: Page) -> None:
    """Nothing hovered, no focus ring, and no time of day: a picture changes only when the page does."""
    page.mouse.move(2, 2)
    page.evaluate("document.querySelectorAll('time').forEach((shown) => (shown.textContent = '09:30'))")
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(300)


def open_thread(page: Page, *, once: bool = True) -> None:
    replies = page.locator("#main .replies").last
    if once:
        replies.wait_for()
    else:
        page.wait_for_timeout(500)
    if page.locator("#thread").is_hidden() and replies.count():
        replies.click()


def violations(page: Page) -> list[str]:
    """What axe-core finds that keeps people out."""
    violations = axe.Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:200] for node in each['nodes']][:3]}" for each in violations
    ]
