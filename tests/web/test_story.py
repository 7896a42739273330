"""The page of a story: who told what first, its figures and texts, and what is new since a look."""

import re
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from monitor.deliver.cards import refresh
from monitor.model import Copy, Mention, Placement, Role
from monitor.web import passwords
from tests.store.records import hours
from tests.web import story_page
from tests.web.visitor import Visitor
from tests.web.world import HOSTILE, claim, sample_stories, served, tell


@pytest.fixture
def visitor(desk):
    """Somebody at the desk with the sample stories."""
    return Visitor(desk.url)


def section(answer, name):
    """The part of the page under the heading of that id."""
    return answer.text.partition(f'id="{name}"')[2].partition("</section>")[0]


def test_who_told_it_first_and_who_copied(visitor):
    """Each development says who told it first, what it adds, and what was folded and why."""
    answer = visitor.get("/stories/1")
    said = story_page.words(answer)
    assert answer.status == 200
    assert "first told by First Post" in said
    assert "4 articles · 3 outlets · 2 origins · 1 copy folded · 2 developments" in said
    assert "1 copy folded: Second Post 93%" in said
    assert "93% of its text: 93 % of its text is in a1" in said
    assert "further development" in said
    assert "+0.60 mineral in the title: tungsten" in said


def test_figures_that_disagree_stand_side_by_side(visitor):
    """Both sides with their outlets, and the conversion that was used."""
    answer = visitor.get("/stories/1")
    said = story_page.words(answer)
    assert "1.4 Mt WO3 is 1.11 Mt W; 410 kt W: × 2.7" in said
    figures = answer.text.partition('id="figures"')[2]
    assert "“1.4 Mt”" in html_quotes(figures)
    for row in ("1.4 Mt WO3 — First Post", "410 kt W — Третья газета"):
        assert row in said


def html_quotes(text):
    """Quotes as a browser draws them."""
    return re.sub(r"<[^>]*>", "", text.replace("<q>", "“").replace("</q>", "”"))


def test_a_text_is_marked(desk, visitor):
    """A mention says its kind and concept, a figure what it means; both are there to be read out."""
    title, text = "Mine sold", "The tungsten mine was sold for $70 million, tungsten and all."
    whole = f"{title}\n{text}"
    places = [found.start() for found in re.finditer("tungsten", whole)]
    mentions = tuple(
        Mention(kind="mineral", concept="tungsten", start=at, end=at + 8, surface="tungsten")
        for at in places
    )
    price = claim("price", 7e7, "USD", text, start=len(title) + 1)
    made = tell(desk.database, "m", title=title, text=text, mentions=mentions, claims=(price,))
    found = section(visitor.get(f"/stories/{made.story_id}"), "compare")
    assert found.count('<span class="mark-mineral" title="mineral: tungsten">tungsten') == 2
    assert found.count('<span class="story-named"> (mineral: tungsten)</span>') == 1
    assert '<span class="mark-figure" title="figure: price 70 m USD">$70 million' in found


def test_any_two_texts_side_by_side(visitor):
    """The address says which; what is no article of the story is left out."""
    for query, numbers in (
        ("left=a3&right=a2", ["3", "2"]),
        ("left=2&right=2", ["2"]),
        ("left=a9999&right=x", ["1", "4"]),
        ("left=a1&right=", ["1"]),
    ):
        text = section(visitor.get(f"/stories/1?{query}"), "compare")
        assert re.findall(r'<span class="small muted">a(\d+)</span>', text) == numbers, query


def test_a_long_text_is_shown_in_part(desk, visitor):
    """A text of 100,000 characters is cut, and shown whole when that is asked for."""
    tell(desk.database, "long", title="Tungsten at length", text="word " * 20_000 + "END OF IT")
    number = desk.database.article(10).story_id
    answer = visitor.get(f"/stories/{number}")
    assert "END OF IT" not in answer.text
    assert len(answer.text) < 50_000
    (link,) = re.findall(r'href="([^"]*all=1#compare)"', answer.text)
    assert "END OF IT" in visitor.get(link.replace("&amp;", "&").partition("#")[0]).text


@pytest.mark.parametrize(
    "path",
    [
        "/stories/99",
        "/stories/x",
        "/stories/0",
        f"/stories/{'9' * 40}",
        "/stories/-1",
        "/stories/%00",
    ],
)
def test_no_such_story(visitor, path):
    """It is said on a page."""
    answer = visitor.get(path)
    assert answer.status == 404
    assert "There is no such page." in answer.text


def test_the_address_of_a_story_that_went(desk, visitor):
    """It leads to what the story has become, and to itself again after the merge is undone."""
    desk.database.merge_stories(1, 2, who="ann", now=desk.now)
    found = visitor.get("/stories/2?left=a5")
    assert (found.status, found.to) == (303, "/stories/1?left=a5")
    assert visitor.get("/stories/s1").status == 200
    desk.database.undo_review(who="ann", now=desk.now)
    assert visitor.get("/stories/2").status == 200


def test_a_look_makes_it_seen(desk, visitor):
    """What is new is marked once; the next look shows nothing as new until something happens."""
    assert "You see this story for the first time." in story_page.words(visitor.get("/stories/1"))
    (line,) = desk.database.lines_of([1], reader="ann")
    assert line.news == ()
    assert "New since you looked" not in visitor.get("/stories/1").text
    place = Placement(development_id=1, story_id=1)
    tell(desk.database, "late", place, title="Late", site="Late Post", seen_at=hours(12))
    said = story_page.words(visitor.get("/stories/1"))
    assert "New since you looked" in said
    assert "1 further telling" in said
    assert "en new Late Post" in said
    assert "New since you looked" not in visitor.get("/stories/1").text
    (other,) = desk.database.lines_of([1], reader="bob")
    assert other.news != (), "what ann has seen is new to bob"


def test_a_corrected_text(desk, visitor):
    """The figures that changed stand on top of the words that went and came."""
    visitor.get("/stories/1")
    tell(
        desk.database, "sale", site="First Post", title="Sample Cove to sell tungsten mine",
        text="Sample Cove sells its tungsten mine with 1.2 Mt of ore to a buyer in Almaty.",
        claims=(claim("resource", 1.2e6, "t", "1.2 Mt", "WO3", start=38),), seen_at=hours(12),
    )  # fmt: skip
    answer = visitor.get("/stories/1")
    changes = section(answer, "changes")
    assert "resource 1.4 Mt WO3 → 1.2 Mt WO3" in changes
    assert re.search(r"<del>.*?1\.4</del><ins>.*?1\.2</ins>", changes)
    assert "figures or facts" in changes
    assert "resource 1.4 Mt → 1.2 Mt by First Post" in story_page.words(answer)


def test_a_text_that_retention_emptied(desk, visitor):
    """It is said that it was emptied; figures keep their quotes, and nothing is marked wrongly."""
    desk.database.prune(hours(20))
    answer = visitor.get("/stories/1?left=a1")
    assert "The text was emptied by retention" in section(answer, "compare")
    assert "1.4 Mt" in answer.text.partition('id="figures"')[2]


def test_where_an_article_was_seen(desk, visitor):
    """Its sources, why it stands where it stands, its date's evidence, its hash."""
    said = story_page.words(visitor.get("/stories/1?left=a1"))
    assert "Seen in Ores" in said
    assert "as its feed says" in said
    assert re.search(r"SHA-256 [0-9a-f]{64}", said)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example/x", "vbscript:x", "\x01javascript:alert(1)"],
)  # fmt: skip
def test_an_address_that_is_no_web_address(desk, visitor, url):
    """It is shown as text, and never stands in a link."""
    made = tell(desk.database, "odd", title="Odd tungsten", url=url)
    answer = visitor.get(f"/stories/{made.story_id}")
    assert "Its address is no web address" in story_page.words(answer)
    assert not re.search(r'href="[^"]*(script:|data:|evil)', answer.text, re.IGNORECASE)


def test_strangers_words_stay_words(desk, visitor):
    """Markup in titles, texts, outlets, quotes, reasons and concepts is shown, not obeyed."""
    bad = "<img src=x onerror=alert(1)>"
    whole = f"{bad}\n{bad}"
    made = tell(
        desk.database, "bad", Placement(reasons=(bad,)), title=bad, text=bad, site=bad, language='en" x=',
        companies=(bad,), reasons=(bad,),
        mentions=(Mention(kind=bad, concept=bad, start=2, end=9, surface=whole[2:9]),),
        claims=(replace(claim("stake", 70.0, "%", bad), subjects=(bad,)),),
    )  # fmt: skip
    copied = Placement(copy=Copy(original_id=made.article_id, containment=0.9, why=bad))
    tell(desk.database, "bad-copy", copied, title=bad, text=HOSTILE, site=bad)
    for action in ("note", "tag", "assign"):
        desk.database.review(made.story_id, action=action, value=bad, who=bad, now=desk.now)
    refresh(desk.database)
    answer = visitor.get(
        f"/stories/{made.story_id}?{urlencode({'find': bad})}&back=javascript:alert(1)"
    )
    assert answer.status == 200
    assert "<img" not in answer.text
    assert 'href="javascript' not in answer.text
    assert '" x=' not in answer.text


def test_a_story_of_many_articles_stays_small(desk, visitor):
    """Of a hundred tellings the first are shown, with how many more there are; nothing is lost."""
    place = Placement(development_id=1, story_id=1)
    for number in range(250):
        tell(desk.database, f"more{number}", place, site=f"Outlet {number}", text="Sold. " * 300)
    for _ in range(60):
        desk.database.review(1, action="state", value="kept", who="ann", now=desk.now)
    answer = visitor.get("/stories/1?right=a250")
    assert len(answer.text.encode()) < 150_000
    assert "Show 20 older changes" in answer.text
    assert "more tellings" in answer.text
    assert "Outlet 249" in section(visitor.get("/stories/1?all=1"), "told")


def test_a_reader_decides_nothing(tmp_path):
    """Who may only read sees the story without its forms, and is refused what they would do."""
    with served(f"sqlite:///{tmp_path}/desk.sqlite", sole_user="") as here:
        sample_stories(here.database)
        hashed = passwords.hashed("x")
        here.database.add_user("ron", password_hash=hashed, role=Role.READER, now=here.now)
        visitor = Visitor(here.url)
        assert visitor.sign_in("ron", "x").status == 303
        answer = visitor.get("/stories/1")
        assert answer.status == 200
        assert "/decide" not in answer.text
        assert 'action="/stories/1/' not in answer.text
        assert 'href="/stories/1/evidence.zip"' in answer.text
        for action in ("note", "merge", "split", "not-a-copy"):
            assert visitor.post(f"/stories/1/{action}", {"value": "x", "other": "2"}).status == 403
        assert here.database.decisions(1) == []
