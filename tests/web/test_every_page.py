"""
Every page of the site in a real browser: at three widths, light and dark, in three languages.

With MONITOR_TEST_SHOTS=FOLDER each is kept there as a picture, to be looked at.
"""

import asyncio
import csv
import io
import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from starlette.routing import Match, Route

from monitor.health.conditions import Condition
from monitor.health.look import look
from monitor.settings import Settings
from monitor.web.app import site
from monitor.web.desk import Desk
from monitor.web.inbox import PAGE
from tests.cli.sites import SITES
from tests.end_to_end import loopback
from tests.web import browsing, rich
from tests.web.visitor import Visitor
from tests.web.world import served

#: A phone, a laptop, a wide screen.
WIDTHS = (390, 1280, 1920)

#: Widths to the scheme in which axe-core looks at the pages.
AXE = {390: "dark", 1280: "light"}

#: Pages to their addresses; `{found}` and `{looking}` are searches for sources.
PAGES = {
    "inbox": "/",
    "inbox-groups": "/?group=mineral&state=all&order=relevance",
    "inbox-narrow": "/?mineral=tungsten&country=KZ&language=ru&relevance=0.5&within=30d&q=sample",
    "inbox-nothing": "/?tag=nowhere&state=kept",
    "story": "/stories/1",
    "story-forms": "/stories/1?find=sample&split=a1&left=a1&right=a3",
    "story-hostile": "/stories/5",
    "search": "/search",
    "search-words": "/search?q=tungsten+mine",
    "search-nothing": "/search?q=unobtainium",
    "views": "/views",
    "claims": "/claims",
    "claims-subject": "/claims?subject=Sample+Cove",
    "claims-about": "/claims/about?subject=Sample+Cove",
    "claims-nothing": "/claims?mineral=unobtainium",
    "overview": "/overview",
    "overview-days": "/overview?days=90",
    "calendar": "/calendar",
    "calendar-past": "/calendar?past=1",
    "sources": "/sources",
    "source-failing": "/sources/2",
    "source-healthy": "/sources/1",
    "sources-add": "/sources/add",
    "sources-found": "/sources/add/{found}",
    "sources-looking": "/sources/add/{looking}",
    "alerts": "/alerts",
    "desk-rules": "/rules",
    "exchange": "/exchange",
    "exchange-preview": "/exchange/preview",
    "login": "/login",
    "account": "/account",
    "users": "/users",
    "help": "/help",
    "missing": "/nothing-here",
}

#: Addresses that answer with files and parts, and with no page.
NO_PAGES = {
    "/news",
    "/exchange/export",
    "/claims.csv",
    "/stories/{number:int}/evidence.zip",
    "/views/{token}/feed.atom",
    "/views/{token}/stories.csv",
    "/views/{token}/calendar.ics",
    "/calendar.ics",
    "/static/{digest}/{name}",
}

#: What a first visit of the inbox may weigh: the page as it is, its files as they are sent.
WEIGHT, MARGIN = 150_000, 10_000

FOUND, HANGS = "127.0.6.3", "127.0.6.4"

OPEN = {"allow_private": ("127.0.0.0/8",), "host_gap": 0.0, "timeout": 600.0}

_FOLD_OUT = "() => document.querySelectorAll('main details').forEach(one => { one.open = true })"

#: Of what is alike axe-core, which needs its time for each, sees the first ten.
_THIN_OUT = """() => document.querySelectorAll("main :is(ol, ul, tbody, tr) > :nth-child(n + 11)")
  .forEach(one => one.remove())"""

_SEVERE = """async () => {
  const found = (await axe.run(document, { resultTypes: ["violations"] })).violations;
  return found.filter(one => one.impact === "serious" || one.impact === "critical")
    .map(one => `${one.id}: ${one.nodes.slice(0, 4).map(node => node.html.slice(0, 160)).join(" | ")}`);
}"""


@pytest.fixture(scope="module")
def world():
    """A site with feeds, and one that never answers."""

    async def hang(_hit):
        await asyncio.Event().wait()

    with loopback.site((FOUND, HANGS)) as one:
        made = SITES["wordpress"](one.web.url("", FOUND))
        one.web.routes.update({(FOUND, path): said for path, said in made.items()})
        one.web.routes[HANGS, "/robots.txt"] = hang
        yield one.web


@pytest.fixture(scope="module")
def desk(tmp_path_factory, world):
    """The rich desk, where users sign in."""
    folder = tmp_path_factory.mktemp("every")
    with served(f"sqlite:///{folder}/desk.sqlite", sole_user="", fetch=OPEN) as here:
        rich.fill(here.database)
        here.now = rich.PRESENT
        yield here


@pytest.fixture(scope="module")
def signed_in(desk, chromium):
    """What a browser keeps of a sign-in, made once; the first tab also gives back a table."""
    tab = browsing.Tab(chromium, locale="en")
    page = tab.goto(f"{desk.url}/login")
    page.fill("#name", "ann")
    page.fill("#password", rich.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{desk.url}/")
    _give_back_a_table(desk, page)
    kept = page.context.storage_state()
    assert tab.faults == []
    tab.close()
    return kept


@pytest.fixture(scope="module")
def pages(desk, signed_in, world):
    """Names of all pages to their paths."""
    visitor = Visitor(desk.url)
    visitor.cookies = {one["name"]: one["value"] for one in signed_in["cookies"]}
    searches = {}
    for name, host in (("found", FOUND), ("looking", HANGS)):
        begun = visitor.post("/sources/add", {"url": world.url("/", host)})
        searches[name] = begun.to.rpartition("/")[2]
    while "hx-trigger" in visitor.get(f"/sources/add/{searches['found']}").text:
        pass
    return {name: path.format(**searches) for name, path in PAGES.items()}


@pytest.fixture(scope="module")
def open_tab(desk, chromium, signed_in):
    """
    Opens a page in a tab of its kind, of which there is one: `open_tab("/", width=390)`.

    A fault of any page fails the test in which it is met.
    """
    tabs = {}

    def opened(path, **kind):
        key = (path == "/login", *sorted(kind.items()))
        if key not in tabs:
            state = None if path == "/login" else signed_in
            phone = {"has_touch": True, "is_mobile": True} if kind["width"] < 600 else {}
            options = {"locale": "en", **phone, **kind}
            tabs[key] = browsing.Tab(chromium, storage_state=state, **options)
        tabs[key].goto(desk.url + path)
        return tabs[key]

    yield opened
    for tab in tabs.values():
        tab.close()


def _give_back_a_table(desk, page):
    """An edited export waits for its reader: with changes, a clash and lines that are wrong."""
    url = f"{desk.url}/exchange/export?format=csv&state=all"
    text = page.context.request.get(url).body().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    rows[0] |= {"state": "flagged", "tags": "follow-up"}
    rows[1] |= {"state": "dismissed", "tags": "not ours"}
    rows[2] |= {"state": "nonsense"}
    rows[3] |= {"id": "s99999", "state": "kept"}
    rows[4] |= {"state": "kept", "assignee": "ron"}
    number = int(rows[4]["id"].removeprefix("s"))
    desk.database.review(number, action="state", value="flagged", who="ben", now=desk.now)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    page.goto(f"{desk.url}/exchange")
    table = {"name": "edited.csv", "mimeType": "text/csv", "buffer": out.getvalue().encode()}
    page.set_input_files("input[type=file]", table)
    page.locator("form", has=page.locator("input[type=file]")).locator("button").click()
    page.wait_for_url("**/exchange/preview")


def _shot(tab, *names, is_whole=True):
    """Keep a picture, where one is wanted: of the whole page, or of what the window shows of it."""
    if folder := os.environ.get("MONITOR_TEST_SHOTS"):
        tab.shot(Path(folder) / f"{'-'.join(names)}.png", is_whole=is_whole)


def _faults(tab, name):
    """What went wrong since the last look; that a missing page is missing is no fault."""
    found = [one for one in tab.faults if name != "missing" or "404 (Not Found)" not in one]
    tab.faults.clear()
    return found


def _severe(page):
    """Serious and critical violations that axe-core finds."""
    if not page.evaluate("() => 'axe' in window"):
        # By way of the debugger: the page's own policy would not let it in, and stays on.
        page.evaluate(Axe().axe_script)
    return page.evaluate(_SEVERE)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_it_holds(pages, open_tab, name, width):
    """No sideways scroll, no fault, nobody shut out: as it comes, and with all folded out."""
    tab = open_tab(pages[name], width=width)
    page = tab.page
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found[scheme] = tab.wider()
        _shot(tab, name, str(width), scheme)
    page.evaluate(_FOLD_OUT)
    found["folded out"] = tab.wider()
    if scheme := AXE.get(width):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(_THIN_OUT)
        found["axe"] = _severe(page)
    found["faults"] = _faults(tab, name)
    assert {what: said for what, said in found.items() if said} == {}


@pytest.mark.parametrize("language", ["ru", "zh"])
@pytest.mark.parametrize("name", PAGES)
def test_it_holds_in_another_language(pages, open_tab, name, language):
    """On a phone, where longer words have the least room."""
    tab = open_tab(pages[name], width=390, locale=language)
    assert tab.page.get_attribute("html", "lang") == language
    _shot(tab, name, "390", language)
    tab.page.evaluate(_FOLD_OUT)
    assert (tab.wider(), _faults(tab, name)) == ([], [])


@pytest.mark.parametrize("name", PAGES)
def test_it_can_be_read_without_javascript(pages, open_tab, name):
    """Nothing is there that needs JavaScript; each form has a button, and says what it is sent to."""
    tab = open_tab(pages[name], width=1280, java_script_enabled=False)
    page = tab.page
    _shot(tab, name, "1280", "plain")
    assert page.locator("h1").count() == 1
    assert len(page.inner_text("main")) > 30
    assert [one for one in page.locator(".only-js").all() if one.is_visible()] == []
    for form in page.locator("main form").all():
        button = form.locator("button, input[type=submit]")
        assert button.count(), form.evaluate("one => one.outerHTML.slice(0, 200)")
    assert (tab.wider(), _faults(tab, name)) == ([], [])


def test_each_page_of_the_site_is_looked_at(pages):
    """Whoever adds a page adds it here, or says that it is none."""
    desk = Desk(settings=Settings(), runner=None, now=None, sole_user="")
    routes = [one for one in site(desk).routes if isinstance(one, Route) and "GET" in one.methods]
    looked = set()
    for path in pages.values():
        scope = {"type": "http", "method": "GET", "path": path.partition("?")[0], "headers": []}
        looked |= {next((one.path for one in routes if one.matches(scope)[0] is Match.FULL), "")}
    assert {one.path for one in routes} - looked == NO_PAGES


def test_the_desk_is_rich(desk):
    """Sources in every condition, so that the board has all of them to show."""
    found = {one.condition for one in look(desk.database, now=desk.now)}
    assert found == set(Condition)


def test_the_policy_is_on(pages, open_tab):
    """Script that a page did not bring as a file does not run, though axe-core did."""
    tab = open_tab(pages["inbox"], width=1280)
    tab.page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.body.append(script);
          document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.ran = true'>");
        }"""
    )
    tab.page.wait_for_timeout(0)
    assert tab.page.evaluate("() => window.ran") is None
    assert any("Content Security Policy" in one for one in tab.faults)
    tab.faults.clear()


def test_the_first_load_is_light(desk, signed_in):
    """A full inbox of ordinary lines and all that it needs, with an empty cache."""
    visitor = Visitor(desk.url, Accept_Encoding="gzip")
    visitor.cookies = {one["name"]: one["value"] for one in signed_in["cookies"]}
    found = visitor.get("/?country=KZ&state=all")
    assert found.text.count("data-item") == PAGE
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', found.text)
    sizes = {one: int(visitor.get(one).headers["Content-Length"]) for one in files}
    sizes["/"] = int(found.headers["Content-Length"])
    assert sum(sizes.values()) <= WEIGHT - MARGIN, sizes


def test_a_morning_without_javascript(desk, open_tab):
    """A story is kept, a note is left, a search is saved: by forms and links alone."""
    tab = open_tab("/?country=KZ&order=first-seen", width=390, java_script_enabled=False)
    page = tab.page
    title = page.locator("[data-item] .title").last
    number = int(title.get_attribute("href").rpartition("/")[2])
    page.locator(f"#s{number}").get_by_role("button", name="Keep").click()
    assert desk.database.standings([number])[number].state.value == "kept"
    page.goto(f"{desk.url}/stories/{number}")
    page.get_by_label("Add a note").fill("Seen without a script")
    page.get_by_role("button", name="Add note").click()
    assert "Seen without a script" in page.inner_text("main")
    page.goto(f"{desk.url}/search?q=tungsten")
    page.get_by_label("Save this search as").fill("Plain tungsten")
    page.get_by_role("button", name="Save view").click()
    page.goto(f"{desk.url}/views")
    assert "Plain tungsten" in page.inner_text("main")
    assert tab.faults == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_decision_that_came_too_late_is_shown(desk, open_tab, width):
    """Somebody else dismissed it meanwhile: a page says who and what, and asks anew."""
    tab = open_tab("/?country=KZ&order=first-seen", width=width, java_script_enabled=False)
    page = tab.page
    title = page.locator("[data-item] .title").first
    number = int(title.get_attribute("href").rpartition("/")[2])
    desk.database.review(number, action="state", value="dismissed", who="ben", now=desk.now)
    page.locator(f"#s{number}").get_by_role("button", name="Keep").click()
    assert "ben decided meanwhile" in page.inner_text("main")
    assert desk.database.standings([number])[number].state.value == "dismissed"
    _shot(tab, "conflict", str(width))
    assert tab.wider() == []
    assert [one for one in _faults(tab, "conflict") if "409 (Conflict)" not in one] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_what_comes_up_over_a_page_holds(desk, open_tab, width, scheme):
    """The list of keys, the bar for the chosen stories, what was done and can be undone."""
    tab = open_tab("/?order=first-seen&state=all", width=width, color_scheme=scheme)
    page = tab.page
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    _shot(tab, "keys", str(width), scheme, is_whole=False)
    severe = _severe(page) if AXE.get(width) == scheme else []
    page.keyboard.press("Escape")
    for key in "jxjx":
        page.keyboard.press(key)
    page.wait_for_selector(".inbox-bulk:visible")
    page.keyboard.press("s")
    page.wait_for_selector(".toast")
    assert page.inner_text("[data-checked-count]") == "2", "a star is no reason to forget a choice"
    toast, bar = (page.locator(one).bounding_box() for one in (".toast", ".inbox-bulk"))
    assert toast["y"] + toast["height"] <= bar["y"]
    _shot(tab, "chosen", str(width), scheme, is_whole=False)
    assert (tab.wider(), _faults(tab, "chosen")) == ([], [])
    page.evaluate(_THIN_OUT)
    severe += _severe(page) if AXE.get(width) == scheme else []
    assert severe == []
