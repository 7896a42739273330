"""Hostile words of publishers and people: nothing of them runs, anywhere they are shown or sent."""

import csv
import html
import io
import json
import re
import time
import zipfile
from datetime import UTC, datetime
from email import message_from_bytes, policy
from urllib.parse import quote, urlencode, urlsplit

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from monitor.deliver import mail
from monitor.model import Delivery, Role
from monitor.store import open_database
from monitor.web import passwords
from tests.cli import desk
from tests.end_to_end import hostile_desk
from tests.web import browsing, watching
from tests.web.visitor import Visitor
from tests.web.world import served
from tests.world import hostile, program
from tests.world.receivers import postbox, webhook

#: Long enough for the two crawls on a busy machine.
pytestmark = pytest.mark.timeout(300)

PASSWORD = "sample horse battery"

#: What the pages are asked for: an attack of each class in each place of an address.
WORDS = [attacks[0][:300] for attacks in hostile.CLASSES.values()]

#: A part of most of them, which stands on a page that shows them.
ATTACK = hostile.RUN

#: Beginnings that a spreadsheet takes for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def receivers():
    """A mail server and a webhook."""
    with postbox() as box, webhook() as hook:
        yield box, hook


@pytest.fixture(scope="module")
def world(tmp_path_factory, receivers):
    """The database of a desk that hostile outlets were crawled into."""
    targets = ("mailto:desk@mail.example", receivers[1].url)
    with hostile_desk.hostile_world(tmp_path_factory.mktemp("hostile"), targets) as made:
        yield made


@pytest.fixture(scope="module")
def site(world):
    """The review site over it, for somebody with a hostile name."""
    allow = {"allow_private": ("127.0.0.0/8",), "host_gap": 0.0}
    with served(world.url, sole_user=hostile_desk.WHO, fetch=allow) as here:
        here.now = datetime.now(UTC)
        yield here


@pytest.fixture(scope="module")
def chromium():
    """A running browser."""
    with browsing.browser() as running:
        yield running


@pytest.fixture
def watch(chromium):
    """Opens watched tabs, which must have seen nothing at the end."""
    opened = []

    def open_one(**options):
        opened.append(watching.Watched(chromium, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()
    if faults := [fault for one in opened for fault in one.faults]:
        pytest.fail("\n".join(faults[:40]))


@pytest.fixture
def run(world):
    """Runs a command of the program on the database; what it printed."""

    def printed(*words):
        answer = desk.run(world.url, *words)
        assert answer.status in {0, 1}
        return answer.out + answer.err

    return printed


@pytest.mark.parametrize(
    "name", ["scripts", "handlers", "foreign", "frames", "forms", "styles", "mutations", "htmx"]
)
def test_the_watch_sees_what_runs(watch, name):
    """Without defences each class is noticed, so that silence elsewhere means something."""
    tab = watch(bypass_csp=True)
    for attack in hostile.CLASSES[name][:2]:
        tab.show(f"<main>{attack}</main>")
        assert tab.faults, attack
        tab.faults.clear()


@pytest.mark.parametrize("options", [
    {"width": 390},
    {"bypass_csp": True, "width": 1280, "locale": "ru-RU"},
])  # fmt: skip
def test_nothing_runs_on_the_site(site, world, watch, options):
    """On every page, with the policy that is served and without it, in two widths and languages."""
    tab, silent = watch(**options), []
    for path in list(_paths(world))[:: 1 if "bypass_csp" in options else 4]:
        text = tab.visit(site.url + path)
        if ATTACK not in text.partition("<main")[2]:
            silent.append(path)
    # An address may ask for nothing that there is; pages that show all must show attacks.
    plain = {path for path in silent if not set(path) & {"?", "%"}}
    assert plain <= {"/help", "/account", "/sources/add", "/exchange"}
    if "bypass_csp" in options:
        _preview(site, world, tab)
    _upload(site, tab)
    for number in world.stories[:3]:
        tab.visit(f"{site.url}/stories/{number}")
        assert tab.page.locator("button[name=one]").first.is_visible()


def _paths(world):
    """Every page, and every place in an address that is shown again."""
    yield from ("/", "/?state=all&group=mineral", "/?state=all&group=country&order=relevance")
    for number in world.stories[::2]:
        yield f"/stories/{number}"
    database = open_database(world.url)
    for number in world.stories[::4]:
        found = [article.id for article in database.story(number).articles]
        yield f"/stories/{number}?left=a{found[0]}&right=a{found[-1]}&all=1&find=tungsten"
    sources = [one.id for one in database.sources()]
    database.close()
    for words in WORDS:
        yield "/search?" + urlencode({"q": words, "of": "articles"}, errors="replace")
    everywhere = dict(zip(
        ("q", "tag", "mineral", "company", "country", "event", "language", "outlet", "assignee",
         "state", "since", "within", "order", "after", "relevance", "nonsense"), WORDS, strict=False,
    ))  # fmt: skip
    for path in ("/", "/search", "/exchange", "/overview", "/sources", "/alerts", "/views"):
        yield f"{path}?" + urlencode(everywhere, errors="replace")
    yield from ("/search?q=tungsten", "/search?q=top+ran", "/views", "/overview?days=90")
    yield from ("/sources", "/sources/add", "/alerts", "/exchange", "/account", "/help")
    yield from (f"/sources/{number}" for number in sources)
    names = ("url", "name", "find", "next", "back", "left", "right", "removed", "view", "days")
    asked = urlencode([(n, bad) for n in names for bad in ("javascript:top.__ran=1", WORDS[7])])
    for path in ("/sources/add", "/sources", "/login", f"/stories/{world.stories[0]}", "/views"):
        yield f"{path}?{asked}"
    for words in (WORDS[0], WORDS[1], WORDS[7], "\u202egnp"):
        yield f"/nothing/{quote(words[:80], safe='', errors='replace')}"
        yield f"/stories/{quote(words[:80], safe='', errors='replace')}"


def _preview(site, world, tab):
    """Sources are looked for at hostile addresses: a feed, a page that shows attacks, raw ones."""
    visitor, outlet = Visitor(site.url), world.web.outlets[0]
    outlet.instead["/more.xml"] = outlet.instead["/feed.xml"]
    for path in ("/more.xml", "/news/0.html", "/news/100.html"):
        answer = visitor.post("/sources/add", {"url": outlet.base + path})
        end = time.monotonic() + 60
        while "http-equiv" in visitor.get(answer.to).text:
            assert time.monotonic() < end, "the search does not end"
        text = tab.visit(site.url + answer.to)
        assert ATTACK in text.partition("<main")[2] or path != "/more.xml"


def _upload(site, tab):
    """An edited table comes back with hostile cells, in what would change and in what is wrong."""
    tab.page.goto(f"{site.url}/exchange")
    text = Visitor(site.url).get("/exchange/export?format=csv&state=all").text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    for at, row in enumerate(rows):
        bad = hostile_desk.SHORT[at % len(hostile_desk.SHORT)]
        row["note_to_add"] = row["assignee"] = row["tags"] = bad
        if at % 3 == 0:
            row["state"] = bad
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    name = "x<img src=x onerror=top.__ran=1>\u202e.csv"
    data = out.getvalue().encode("utf-8", "replace")
    tab.page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": data}
    )
    tab.page.locator("form", has=tab.page.locator("input[type=file]")).locator("button").click()
    tab.page.wait_for_load_state()
    assert ATTACK in tab.visit(tab.page.url).partition("<main")[2]


def test_nothing_runs_where_users_sign_in(site, world, watch, tmp_path):
    """The users' page and each user's own, with names that came from a hostile administrator."""
    copy = tmp_path / "copy.sqlite"
    program.run(world.url, "backup", str(copy), folder=world.folder)
    database, now = open_database(f"sqlite:///{copy}"), datetime.now(UTC)
    database.add_user("ann", password_hash=passwords.hashed(PASSWORD), role=Role.ADMIN, now=now)
    for at, name in enumerate(hostile_desk.SHORT):
        hostile_desk.taken(
            lambda name=f"{at}{name}": database.add_user(
                name, password_hash="x", role=Role.ANALYST, now=now
            )
        )
    database.close()
    tab = watch(bypass_csp=True, user_agent=hostile.HANDLERS[0] + hostile.SCRIPTS[0])
    with served(f"sqlite:///{copy}", sole_user="") as here:
        here.now = now
        tab.visit(f"{here.url}/login?next=javascript:top.__ran=1")
        tab.page.fill("#name", "ann")
        tab.page.fill("#password", PASSWORD)
        tab.page.click("main button")
        for path in ("/users", "/account", "/"):
            tab.visit(here.url + path)


def test_a_look_alike_host_is_told_as_what_it_is(site, world):
    """Letters that pass for others are shown as punycode beside the link."""
    visitor, pages = Visitor(site.url), ""
    for number in world.stories:
        pages += visitor.get(f"/stories/{number}").text
        if "xn--" in pages:
            break
    assert "xn--" in pages
    shown = re.sub('href="[^"]*"', "", pages)
    assert "\u0440\u0435ut\u0435rs.example" not in shown.replace("http://\u0440", "")


def test_a_feed_is_whole_and_holds_only_text(site, world):
    """Feeds of views: XML that a strict parser reads, no markup, links to web pages alone."""
    for token in world.views:
        data = Visitor(site.url).get(f"/views/{token}/feed.atom").text.encode()
        _check_feed(data)


def _check_feed(data):
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=False))
    assert len(data) < watching.LARGEST
    for one in root.iter():
        assert one.tag.startswith(ATOM), one.tag
        assert one.get("type", "text") not in {"html", "xhtml"}
        if href := one.get("href"):
            assert _is_web(href), href
        assert not watching.RAW.search(one.text or ""), one.text
    return root


def _is_web(url):
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and url.isprintable()


@pytest.mark.parametrize("noun", ["stories", "claims", "articles", "sources"])
def test_a_table_holds_no_formula(site, noun):
    """CSV cells do not begin as formulas do, as a spreadsheet would read them."""
    text = Visitor(site.url).get(f"/exchange/export?format=csv&of={noun}&state=all").text
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert len(rows) > 3
    assert {len(row) for row in rows} == {len(rows[0])}
    for row in rows[1:]:
        for cell in row:
            stripped = cell.lstrip(" \u00a0\ufeff\u200b")
            is_number = re.fullmatch(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", cell)
            assert is_number or not stripped.startswith(FORMULA), cell[:80]
            assert not watching.RAW.search(cell), cell[:80]


def test_a_workbook_holds_no_formula(site, tmp_path):
    """XLSX: no formula, no DDE, no picture; links to web pages alone; readable again."""
    data = _raw(site, "/exchange/export?format=xlsx&state=all")
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names) > 50
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            assert not re.search("externalLink|ddeLink|vbaProject|drawing|media", name), name
            root = etree.fromstring(parts.read(name))
            tags = {etree.QName(one).localname for one in root.iter(etree.Element)}
            assert not tags & {"f", "ddeLink", "oleLink", "externalReference"}, name
            for one in root.iter("{*}Relationship"):
                if one.get("TargetMode") == "External":
                    assert _is_web(one.get("Target")), one.get("Target")


def _raw(site, path):
    import urllib.request

    with urllib.request.urlopen(site.url + path, timeout=60) as answer:
        return answer.read()


def test_a_brief_is_plain_markdown(site):
    """No raw HTML, no heading or link of a stranger's, footnotes to web pages alone."""
    text = _raw(site, "/exchange/export?format=markdown&state=all").decode()
    assert not watching.RAW.search(text)
    plain = re.sub(r"\\.", "", text)
    for found in re.findall(r"<([^<>\n]*)>", plain):
        assert _is_web(found), found
    assert "](" not in plain
    assert not re.search(r"^\[[^^]", plain, re.MULTILINE)
    assert not re.search(r"!\[", plain)
    for line in plain.splitlines():
        assert not line.startswith(("===", "---", "```", "    ", ">", "|", "\t")), line[:80]
        assert line.startswith(("## s", "# Brief")) or not line.startswith("#"), line[:80]


def test_json_lines_are_lines(site, world):
    """One object a line, no characters that end a line elsewhere or that a terminal obeys."""
    for noun in ("stories", "articles", "claims"):
        text = _raw(site, f"/exchange/export?format=jsonl&of={noun}&state=all").decode()
        assert not re.search(f"{watching.RAW.pattern}|[\u2028\u2029]", text)
        assert all(isinstance(json.loads(line), dict) for line in text.splitlines())


def test_an_evidence_pack_stays_in_its_folder(site, world, watch):
    """Names in the zip are our own; its picture runs nothing."""
    tab = watch(bypass_csp=True)
    for number in world.stories[::6]:
        with zipfile.ZipFile(io.BytesIO(_raw(site, f"/stories/{number}/evidence.zip"))) as pack:
            for name in pack.namelist():
                assert re.fullmatch(r"[A-Za-z0-9]+(/[A-Za-z0-9]+)*\.(txt|json|csv|svg)", name)
            picture = pack.read("story.svg")
        etree.fromstring(picture)
        tab.show(picture.decode(), own=f"{watching.OWN} style @style marker")


def test_a_digest_runs_nothing_in_a_mail_reader(world, receivers, watch):
    """Mail: no header of a stranger's, HTML without a script, a picture, or another's style."""
    box, hook = receivers
    environ = {
        "MONITOR_MAIL__HOST": "127.0.0.1",
        "MONITOR_MAIL__PORT": str(box.port),
        "MONITOR_MAIL__TLS": "none",
        "MONITOR_MAIL__SENDER": "monitor@mail.example",
        "MONITOR_WEB__PUBLIC_URL": "https://desk.example",
    }
    done = program.run(world.url, "digest", "--send", folder=world.folder, environ=environ)
    assert done.returncode == 0, done.stderr
    assert not watching.RAW.search(done.stdout + done.stderr)
    assert len(box.mails) == len(hook.posts) == 1
    for sent in box.mails:
        _check_headers(sent)
        assert not watching.RAW.search(sent.get_body(("plain",)).get_content())
        tab = watch()
        text = sent.get_body(("html",)).get_content()
        assert len(text) < watching.LARGEST
        tab.show(text, own=f"{watching.OWN} style @style")
        _check_mail_links(text)
    for post in hook.posts:
        _check_json(post)


@pytest.mark.parametrize("subject", [*hostile.HEADERS, *hostile.BIDI, *hostile.CONTROLS])
def test_a_subject_is_one_line(subject):
    """Whatever is queued, no header of a mail begins another or turns the direction."""
    queued = Delivery(
        key="k1", kind="digest", recipient_id=1, subject=subject,
        body={"text": subject, "html": ""}, created_at=datetime.now(UTC),
    )  # fmt: skip
    made = mail.compose(queued, sender="monitor@mail.example", to="desk@mail.example")
    sent = message_from_bytes(made.as_bytes(), policy=policy.default)
    assert set(sent.keys()) == set(made.keys())
    assert "Bcc" not in sent
    assert not watching.RAW.search(str(sent["Subject"]))


def _check_headers(sent):
    assert set(sent.keys()) <= {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
        "Content-Type", "X-Peer", "X-MailFrom", "X-RcptTo",
    }  # fmt: skip
    assert str(sent["To"]) == "desk@mail.example"
    assert [part.get_content_type() for part in sent.iter_parts()] == ["text/plain", "text/html"]
    for value in sent.values():
        assert not watching.RAW.search(str(value))
        assert "\n" not in str(value)


def _check_mail_links(text):
    for href in re.findall(r'href="([^"]*)"', text):
        assert _is_web(html.unescape(href)) or href.startswith("#"), href
    assert "src=" not in re.sub("&lt;.*?&gt;", "", text).partition("<body")[0]
    assert not re.search(r"@import|expression\(|url\(", text.partition("</style>")[0])


def _check_json(value):
    """No text of it holds controls; each address is one of the web."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name in {"url", "page"} and one:
                assert _is_web(one), one
            _check_json(one)
    elif isinstance(value, list):
        for one in value:
            _check_json(one)
    elif isinstance(value, str):
        assert not watching.RAW.search(value), value[:100]


@pytest.mark.parametrize(
    "words",
    [
        ("stories", "list"),
        ("stories", "--open", "--by", "mineral"),
        ("stories", "show", "s1"),
        ("stories", "list", "--json"),
        ("articles", "list", "--limit", "200"),
        ("articles", "show", "a1"),
        ("search", "tungsten", "--limit", "100"),
        ("search", "--", "<script>top.__ran=1</script>\u202e"),
        ("claims", "list"),
        ("sources", "list"),
        ("sources", "show", "1"),
        ("sources", "export"),
        ("health", "--all"),
        ("views", "list"),
        ("recipients", "list"),
        ("alerts", "list"),
        ("deliveries", "list"),
        ("review", "s1"),
        ("digest", "--peek"),
    ],
    ids=" ".join,
)
def test_a_terminal_obeys_nothing(run, words):
    """No control and no turned direction reaches it."""
    printed = run(*words)
    assert "Traceback" not in printed
    assert printed
    found = watching.RAW.search(printed)
    assert not found, ascii(printed[max(0, found.start() - 80) : found.end() + 40])


def test_a_log_obeys_nothing(world):
    """The crawls' own words: no control, no direction, no line that looks like another's."""
    assert "Traceback" not in world.said
    found = watching.RAW.search(world.said)
    assert not found, ascii(world.said[max(0, found.start() - 80) : found.end() + 40])
    for line in world.said.splitlines():
        assert re.match(r'\d{4}-|\{"|\w+ +\S', line) or not line, line[:100]
