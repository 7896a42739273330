"""Figures across stories on a page: chosen, put in order, drawn, side by side, as a file."""

import csv
import io
import re
import time

import pytest

from monitor.deliver.cards import refresh
from monitor.model import Claim
from monitor.model.ledger import LedgerQuery
from tests.store.records import hours
from tests.web import story_page
from tests.web.visitor import Visitor
from tests.web.world import HOSTILE, tell


@pytest.fixture
def visitor(desk):
    """Somebody at the desk with the sample stories, of which two state figures."""
    return Visitor(desk.url)


def about(kind, value, unit, *names, quote="x", **more):
    """A figure that names what it is about."""
    return Claim(
        kind=kind, value=value, unit=unit, subjects=names, quote=quote, start=0, end=len(quote), **more
    )  # fmt: skip


def loans(desk):
    """An offer of 900 m, told twice, and a later loan of 700 m, about one subject."""
    offer = about(
        "loan", 9e8, "USD", "Sample Bank", stage="letter_of_interest", quote="up to $900 million"
    )
    loan = about("loan", 7e8, "USD", "Sample Bank", stage="binding", quote="lends $700 million")
    tell(
        desk.database,
        "offer",
        site="One",
        title="An offer",
        claims=(offer,),
        published_at=hours(1),
        seen_at=hours(1),
    )
    tell(
        desk.database,
        "again",
        site="Two",
        title="It again",
        claims=(offer,),
        published_at=hours(3),
        seen_at=hours(3),
    )
    tell(
        desk.database,
        "loan",
        site="Three",
        title="A loan",
        claims=(loan,),
        published_at=hours(9),
        seen_at=hours(9),
    )
    while refresh(desk.database):
        pass


def amounts(answer):
    """The figures of the table, in its order."""
    return [re.sub(r"<[^>]*>", "", one).strip() for one in
            re.findall(r'<span class="ledger-amount">(.*?)</span> <a', answer.text)]  # fmt: skip


def test_the_table_tells_each_figure_with_its_verdict_and_its_story(visitor):
    """What, how much, who first, how many outlets and origins, why it is disputed, in which words."""
    answer = visitor.get("/claims")
    said = story_page.words(answer)
    assert answer.status == 200
    assert '<a href="/claims" aria-current="page">' in answer.text
    assert "7 figures" in said
    assert amounts(answer)[-3:] == ["1.4 Mt WO3", "410 kt W", "70 %"]
    assert "1.4 Mt WO3 is 1.11 Mt W; 410 kt W: × 2.7" in said
    assert 'href="/stories/1#figures"' in answer.text
    assert "Quote 1.4 Mt" in said


DISPUTED = ["1.4 Mt WO3", "410 kt W"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=resource", DISPUTED),
        ("unit=t", DISPUTED),
        ("mineral=wolfram&kind=resource", DISPUTED),
        ("mineral=%E9%92%A8&country=Kazakhstan&kind=resource", DISPUTED),
        ("verdict=contradiction&order=value", DISPUTED),
        ("verdict=contradiction&order=value&q=410", ["410 kt W"]),
        ("verdict=both-may-hold", []),
        ("q=First+post&kind=resource", ["1.4 Mt WO3"]),
        ("since=2999-01-01", []),
        ("until=2026-01-01", []),
        ("kind=resource&since=x&until=y&order=z&verdict=w&page=-1", DISPUTED),
        ("page=2", []),
        ("kind=%3Cb%3E&unit=%00&subject=%FF", []),
    ],
)
def test_figures_are_chosen(visitor, query, expected):
    """By each field of the form; what cannot be read is left out."""
    answer = visitor.get(f"/claims?{query}")
    assert (answer.status, amounts(answer)) == (200, expected)


def test_no_figure_says_what_to_do(visitor, empty_desk):
    """Of a narrow choice, and where there are none at all."""
    said = story_page.words(visitor.get("/claims?mineral=unobtainium"))
    assert "No figures" in said
    assert "there is no such mineral" in said
    assert "Figures appear here" in story_page.words(Visitor(empty_desk.url).get("/claims"))


def test_one_subject_is_drawn_over_time_and_told_as_a_table(desk, visitor):
    """Each point says who and how much, leads to its story, and stands in the table."""
    loans(desk)
    answer = visitor.get("/claims?subject=Sample+Bank")
    picture = answer.text.partition('class="points"')[2].partition("</svg>")[0]
    assert picture.count("<circle") == 3
    assert "Three: 700 m USD" in picture
    said = story_page.words(answer)
    assert "(an offer, not a loan)" in said
    assert said.count("letter of interest") == 2
    assert "The same as a table" in said


def test_a_subject_side_by_side_across_stories(desk, visitor):
    """Offer and loan stand beside each other: both may hold, as their stages differ."""
    loans(desk)
    said = story_page.words(visitor.get("/claims/about?subject=Sample+Bank"))
    assert "figures of 3 stories" in said
    assert "both may hold with 700 m USD: stage: letter of interest and binding; × 1.3" in said
    assert "2 outlets, 2 origins" in said
    assert visitor.get("/claims/about?subject=Nobody").status == 404
    assert visitor.get("/claims/about").status == 404


def test_the_same_as_a_file(desk, visitor):
    """What the form chooses, as a table whose cells are no formulas."""
    loans(desk)
    answer = visitor.get("/claims.csv?kind=loan&order=value")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [(row["value"], row["stage"], row["verdict"], row["outlets"]) for row in rows] == [
        ("900000000.0", "letter_of_interest", "one origin", "1"),
        ("900000000.0", "letter_of_interest", "one origin", "1"),
        ("700000000.0", "binding", "one origin", "1"),
    ]  # fmt: skip
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_hostile_names_stay_text(desk, visitor):
    """Subjects, quotes, bases and stages of strangers are escaped wherever they are shown."""
    bad = about(
        "resource",
        1.0,
        "t",
        HOSTILE,
        quote=HOSTILE,
        basis=HOSTILE[:60],
        stage="<i>",
        standard="<b>",
        as_of="<u>",
    )
    tell(
        desk.database,
        "bad",
        site=HOSTILE,
        title=HOSTILE,
        text=HOSTILE,
        claims=(bad,),
        seen_at=hours(2),
    )
    refresh(desk.database)
    for path in ("/claims", "/claims?q=%3Cscript%3E", "/claims?subject=%3Cscript%3Ealert(1)"):
        text = visitor.get(path).text
        assert "<script>alert" not in text, path
        assert "<img src" not in text, path


def test_the_page_of_a_story_follows_its_texts(desk, visitor):
    """An edit that brings the figures together ends the contradiction, there and in the table."""
    before = visitor.get("/stories/1").text
    assert "× 2.7" in before
    first = desk.database.article(1)
    tell(
        desk.database, "sale", site="First Post", title=first.title, text=f"{first.text} Edited.",
        claims=(about("resource", 517_000, "t", basis="WO3"),), seen_at=hours(11),
    )  # fmt: skip
    while refresh(desk.database):
        pass
    lines = desk.database.ledger_lines(LedgerQuery(kind="resource"), limit=9)
    assert {(line.row.value, line.row.verdict) for line in lines} == {
        (517_000, "agreed"), (410_000, "agreed"), (1.4e6, "drift"),
    }  # fmt: skip
    assert "First Post: resource 1.4 Mt → 517 kt" in story_page.words(visitor.get("/stories/1"))


def test_a_table_of_many_figures_is_quick(desk, visitor):
    """Two thousand figures take no longer than a blink, warm."""
    figures = [about("stake", float(n % 90), "%", f"Sample {n % 40}") for n in range(40)]
    for number in range(50):
        tell(
            desk.database,
            f"m{number}",
            title=f"Many {number}",
            claims=tuple(figures),
            seen_at=hours(3),
        )
    while refresh(desk.database):
        pass
    visitor.get("/claims")
    began = time.perf_counter()
    answer = visitor.get("/claims?kind=stake&order=value")
    assert time.perf_counter() - began < 1
    assert "1,000 figures and more" in story_page.words(answer)
    assert len(amounts(answer)) == 50
    assert 'rel="next" href="/claims?kind=stake&amp;order=value&amp;page=2"' in answer.text
    last = visitor.get("/claims?kind=stake&order=value&page=200")
    assert (last.status, amounts(last)) == (200, [])
