"""Exports, packs and edited tables over HTTP: the same as in the terminal, by role and token."""

import csv
import html
import io
import json
import re
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from monitor.model import Choice, Role
from monitor.web import passwords, waiting
from tests.store.records import NOW
from tests.web.visitor import Visitor
from tests.web.world import sample_stories, served

#: A password that the desk's users have.
PASSWORD = "sample horse battery"


@pytest.fixture
def visitor(desk):
    """Somebody at the open desk with sample stories."""
    return Visitor(desk.url)


def raw(visitor, path):
    """Status, headers and bytes of an answer."""
    import urllib.request

    with urllib.request.urlopen(f"http://{visitor.place}{path}", timeout=60) as answer:
        return answer.status, answer.headers, answer.read()


def send(visitor, data, name="edited.csv", token=None):
    """Upload a file as the page does."""
    mark = b"--0123456789"
    head = 'Content-Disposition: form-data; name="{}"'
    parts = [
        head.format("token").encode() + b"\r\n\r\n" + (token or visitor.token()).encode(),
        head.format("file").encode()
        + f'; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'.encode()
        + data,
    ]
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
    return visitor.ask(
        "POST", "/exchange/import", body, Content_Type="multipart/form-data; boundary=0123456789"
    )


def table(visitor, path="/exchange/export?format=csv&state=all"):
    """The exported stories by id."""
    text = raw(visitor, path)[2].decode("utf-8-sig")
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def written(rows):
    """The rows as a file."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(next(iter(rows.values()))))
    writer.writeheader()
    writer.writerows(rows.values())
    return out.getvalue().encode()


def key_of(page):
    """What the form of a preview brings back."""
    return re.search(r'name="key" value="([^"]+)"', page)[1]


def state(desk, number=1):
    """The state of a story."""
    return desk.database.standings([number])[number].state.value


def test_a_workbook_of_what_the_query_chooses(desk, visitor):
    """The export takes the same parameters as the inbox, and comes as a file."""
    status, headers, data = raw(visitor, "/exchange/export?mineral=tungsten&state=all")
    assert status == 200
    assert headers["Content-Disposition"].startswith('attachment; filename="stories-2026-03-0')
    assert int(headers["Content-Length"]) == len(data)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = book.get_sheet_by_name("Stories").to_python()
    assert {row[0] for row in rows[1:]} == {"s1", "s5"}


@pytest.mark.parametrize(
    ("path", "begin"),
    [
        ("format=csv&of=claims", b"\xef\xbb\xbfid,article_id"),
        ("format=jsonl&of=articles", b'{"id":"a'),
        ("format=atom&state=all", b"<?xml version='1.0' encoding='utf-8'?>\n<feed "),
        ("format=markdown", b"# Brief, 2026-03-02 21:00 UTC"),
    ],
)
def test_other_formats(visitor, path, begin):
    """Tables of figures and articles, lines for programs, a brief."""
    _, _, data = raw(visitor, f"/exchange/export?{path}")
    assert data.startswith(begin)


@pytest.mark.parametrize(
    "path", ["format=exe", "of=users", "format=markdown&of=claims", "format=../../x"]
)
def test_what_cannot_be_exported(visitor, path):
    """A clear message, no fault."""
    assert visitor.get(f"/exchange/export?{path}").status == 400


def test_the_page_shows_the_present_choice(visitor):
    """What the inbox was narrowed to goes along into the form, whatever its values are."""
    page = visitor.get("/exchange?mineral=tungsten&company=%22%3E%3Cscript%3E&q=%3Cb%3E").text
    assert '<input type="hidden" name="mineral" value="tungsten">' in page
    assert "<script>" not in page.partition("<main")[2].partition("</main>")[0]
    assert "<b>" not in page.partition("<main")[2]


def test_a_pack_of_a_story(visitor):
    """The evidence as a zip; no such story is no such page."""
    status, headers, data = raw(visitor, "/stories/1/evidence.zip")
    assert (status, headers["Content-Type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        assert json.loads(pack.read("manifest.json"))["story"] == "s1"
    for number in ("99", "9" * 30):
        assert visitor.get(f"/stories/{number}/evidence.zip").status == 404


def test_a_story_is_handed_on_from_its_page(visitor):
    """Its brief, its workbook and its evidence; no other story is in them."""
    page = visitor.get("/stories/s2").text
    found = re.findall(r'href="(/exchange/export[^"]*|/stories/2/evidence.zip)"', page)
    brief, workbook, pack = (raw(visitor, html.unescape(address)) for address in found)
    assert re.findall(r"^## (s\d+)", brief[2].decode(), re.MULTILINE) == ["s2"]
    head, *rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(workbook[2])).get_sheet_by_index(0).to_python()
    )
    assert [row[head.index("Id")] for row in rows] == ["s2"]
    assert re.search(r'filename="s2-[\d-]+\.xlsx"', workbook[1]["Content-Disposition"])
    assert zipfile.is_zipfile(io.BytesIO(pack[2]))


def test_stories_may_be_named(visitor):
    """In this order, each once, whatever their state; what is no story is said."""
    path = "/exchange/export?format=csv&state=kept&story=s2&story=1&story=s2"
    assert list(table(visitor, path)) == ["s2", "s1"]
    assert visitor.get("/exchange/export?story=s99").status == 404
    answer = visitor.get("/exchange/export?story=tungsten")
    assert answer.status == 400
    assert "tungsten: is no story." in answer.text
    assert visitor.get("/exchange/export?" + "story=1&" * 201).status == 400


def test_an_edited_table_is_seen_confirmed_and_undone(desk, visitor):
    """Nothing changes at the preview; all of it at the word; one undo takes it back."""
    rows = table(visitor)
    rows["s1"].update(state="kept", tags="deal", note_to_add="<i>ask</i>")
    assert send(visitor, written(rows)).to == "/exchange/preview"
    page = visitor.get("/exchange/preview").text
    assert state(desk) == "new"
    assert "&lt;i&gt;ask&lt;/i&gt;" in page
    assert "Take 3 changes" in page
    answer = visitor.post("/exchange/confirm", {"key": key_of(page), "action": "take"})
    assert answer.to == "/exchange"
    assert "3 changes were taken." in visitor.get("/exchange").text
    now = desk.database.standings([1])[1]
    assert (now.state.value, now.tags, now.notes) == ("kept", ("deal",), ("<i>ask</i>",))
    desk.database.undo_review(who="ann", now=desk.now)
    assert state(desk) == "new"


def test_a_preview_is_confirmed_once(desk, visitor):
    """The same form again finds that nothing waits."""
    rows = table(visitor)
    rows["s1"].update(note_to_add="once")
    send(visitor, written(rows))
    fields = {"key": key_of(visitor.get("/exchange/preview").text), "action": "take"}
    for _ in range(2):
        assert visitor.post("/exchange/confirm", fields).to == "/exchange"
    assert desk.database.standings([1])[1].notes == ("once",)


def test_what_was_decided_meanwhile_is_shown(desk, visitor):
    """Between preview and word too: it is not overwritten, and who did what is on the page."""
    rows = table(visitor)
    rows["s1"].update(state="kept")
    rows["s2"].update(state="kept")
    send(visitor, written(rows))
    fields = {"key": key_of(visitor.get("/exchange/preview").text), "action": "take"}
    choice = Choice(story_id=1, action="state", value="dismissed")
    desk.database.decide([choice], who="bob", now=desk.now)
    answer = visitor.post("/exchange/confirm", fields)
    assert answer.status == 200
    assert "bob state: dismissed" in answer.text
    assert "1 change was taken." in answer.text
    assert (state(desk, 1), state(desk, 2)) == ("dismissed", "kept")


def test_one_unreadable_row_holds_back_all(desk, visitor):
    """Until the reader says that it is left out."""
    rows = table(visitor)
    rows["s1"].update(state="kept")
    rows["s2"].update(state="<b>kepd</b>")
    send(visitor, written(rows))
    page = visitor.get("/exchange/preview").text
    assert "&lt;b&gt;kepd&lt;/b&gt;" in page
    fields = {"key": key_of(page), "action": "take"}
    assert visitor.post("/exchange/confirm", fields).to == "/exchange/preview"
    assert state(desk) == "new"
    visitor.post("/exchange/confirm", fields | {"skip_bad": "1"})
    assert state(desk) == "kept"


@pytest.mark.parametrize(
    ("data", "name", "what"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "photo.xlsx", "photo.xlsx: is no spreadsheet"),
        (b"", "empty.csv", "empty.csv: is empty"),
        (b"a,b\n1,2\n", "../../etc/x.csv", "x.csv: has no columns id and version"),
        (b"PK\x03\x04", "<script>.xlsx", "&lt;script&gt;.xlsx: is damaged"),
    ],
)
def test_what_is_no_table_of_ours(visitor, data, name, what):
    """The page says what is wrong with the file, by the name that the reader knows."""
    answer = send(visitor, data, name)
    assert answer.status == 400
    assert what in re.sub("</?bdi>", "", answer.text)


def test_no_file_at_all(visitor):
    """An empty form, and a field that is no file."""
    for fields in ({}, {"file": "text"}):
        answer = visitor.post("/exchange/import", fields)
        assert (answer.status, "No file was chosen." in answer.text) == (400, True)


def test_an_upload_that_is_too_large(tmp_path):
    """It is refused while it comes, and nothing waits."""
    with served(f"sqlite:///{tmp_path}/desk.sqlite", max_upload=10_000) as here:
        visitor = Visitor(here.url)
        assert send(visitor, b"x" * 20_000).status == 413
        assert visitor.get("/exchange/preview").to == "/exchange"


def test_a_table_waits_for_minutes_only(desk, visitor):
    """Then it must be sent again."""
    rows = table(visitor)
    rows["s1"].update(state="kept")
    send(visitor, written(rows))
    key = key_of(visitor.get("/exchange/preview").text)
    desk.now += waiting.KEPT + waiting.KEPT
    visitor.post("/exchange/confirm", {"key": key, "action": "take"})
    assert "waits no longer" in visitor.get("/exchange").text
    assert state(desk) == "new"


def test_a_table_may_be_dropped(desk, visitor):
    """Nothing changes, and nothing waits."""
    rows = table(visitor)
    rows["s1"].update(state="kept")
    send(visitor, written(rows))
    key = key_of(visitor.get("/exchange/preview").text)
    visitor.post("/exchange/confirm", {"key": key, "action": "drop"})
    assert visitor.get("/exchange/preview").to == "/exchange"
    assert state(desk) == "new"


def test_roles_tokens_and_readers(tmp_path):
    """Readers export; analysts import; nobody confirms another's table, or without a token."""
    with served(f"sqlite:///{tmp_path}/desk.sqlite") as here:
        sample_stories(here.database)
        people = {}
        for name, role in (("ann", Role.ANALYST), ("bob", Role.ANALYST), ("eve", Role.READER)):
            hashed = passwords.hashed(PASSWORD)
            here.database.add_user(name, password_hash=hashed, role=role, now=NOW)
            people[name] = Visitor(here.url)
            people[name].sign_in(name, PASSWORD)
        eve, ann, bob = people["eve"], people["ann"], people["bob"]
        assert eve.get("/exchange/export?format=csv").status == 200
        assert 'action="/exchange/import"' not in eve.get("/exchange").text
        text = eve.get("/exchange/export?format=csv&state=all").text.removeprefix("\ufeff")
        rows = {row["id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
        rows["s1"].update(state="kept")
        assert send(eve, written(rows)).status == 403
        assert send(ann, written(rows), token="0" * 64).status == 403
        assert send(ann, written(rows)).to == "/exchange/preview"
        key = key_of(ann.get("/exchange/preview").text)
        assert bob.get("/exchange/preview").to == "/exchange"
        bob.post("/exchange/confirm", {"key": key, "action": "take"})
        assert ann.post("/exchange/confirm", {"key": key}, token="x").status == 403
        assert here.database.standings([1])[1].state.value == "new"
        assert Visitor(here.url).get("/exchange/export").to.startswith("/login")
