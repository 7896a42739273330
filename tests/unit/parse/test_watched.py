"""Facts about pages that are watched for change."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import Permanent
from monitor.parse.watched.entries import MOST_LINKED
from monitor.parse.watched.reader import parse_watched
from tests.unit.pdf_files import pdf

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
URL = "https://ministry.test/orders"
INTRODUCTION = "All orders of the sample ministry of ores are listed here, the newest first. " * 6


def orders(*numbers):
    """Rows of a table of orders."""
    return "".join(
        f"<tr><td>No. {number}</td><td>{number:02}.11.2026</td>"
        f'<td><a href="/files/{number}.pdf">Order on licences for ore {number}</a></td></tr>'
        for number in numbers
    )


def page(rows="", more=""):
    """A page with a table of orders."""
    return (
        "<html lang=en><head><title>Orders</title></head><body><nav><a href=/x>Our menu</a></nav>"
        f"<main><h1>List of orders</h1><p>{INTRODUCTION}</p><table>{rows}</table>{more}</main>"
        "<footer><p>Some words in the footer</p></footer></body></html>"
    )


class Visits:
    """A watched page over several visits, an hour apart."""

    def __init__(self, **options):
        self.options = options
        self.memory = {}
        self.now = NOW

    def see(self, body):
        """The document of one visit; what it remembers is kept as JSON."""
        self.now += timedelta(hours=1)
        raw = body if isinstance(body, bytes) else body.encode()
        document = parse_watched(
            raw, url=URL, content_type="", now=self.now, options=self.options, memory=self.memory
        )
        self.memory = json.loads(json.dumps({**self.memory, **document.memory}))
        return document


def test_the_first_visit_is_the_baseline():
    """One entry stands for the page as it is, without its menu and footer."""
    (entry,) = Visits().see(page(orders(2, 1))).entries
    assert (entry.guid, entry.url, entry.title, entry.language) == (URL, URL, "Orders", "en")
    assert "No. 2 02.11.2026 Order on licences for ore 2" in entry.content.split("\n")
    assert "menu" not in entry.content
    assert "footer" not in entry.content


def test_nothing_new_shows_the_last_entry_again():
    """An unchanged page gives the very entry that was shown before, so it is known, not empty."""
    visits = Visits()
    first = visits.see(page(orders(1)))
    assert visits.see(page(orders(1))).entries == first.entries
    changed = visits.see(page(orders(1), "<p>A new paragraph was added to it.</p>"))
    again = visits.see(page(orders(1), "<p>A new paragraph was added to it.</p>"))
    assert again.entries == changed.entries


def test_a_new_document_in_a_list_is_an_entry_of_its_own():
    """A new row with a link becomes an entry with its address, title, row and date."""
    visits = Visits()
    visits.see(page(orders(2, 1)))
    (entry,) = visits.see(page(orders(4, 2, 1))).entries
    assert entry.url == "https://ministry.test/files/4.pdf"
    assert entry.title == "Order on licences for ore 4"
    assert entry.summary == "No. 4 04.11.2026 Order on licences for ore 4"
    assert entry.published_at == datetime(2026, 11, 4, tzinfo=UTC)
    assert entry.published_raw == "04.11.2026"


def test_the_link_of_a_row_may_be_a_mark():
    """A link that only says "PDF" takes its title from the words before it."""
    visits = Visits()
    visits.see(page())
    row = '<li>Order on the quota of antimony (<a href="/7.pdf">PDF</a>)</li>'
    (entry,) = visits.see(page(more=f"<ul>{row}</ul>")).entries
    assert (entry.url, entry.title) == (
        "https://ministry.test/7.pdf",
        "Order on the quota of antimony (PDF)",
    )


def test_many_new_documents_are_bounded_and_none_is_lost():
    """Beyond the bound the rest of the rows is told by one entry with their links."""
    visits = Visits()
    visits.see(page())
    entries = visits.see(page(orders(*range(1, MOST_LINKED + 4)))).entries
    assert len(entries) == MOST_LINKED + 1
    assert len(entries[-1].links) == 3


def test_changed_prose_is_one_entry():
    """Lines that came and went are one entry, named after the first, with its links and date."""
    visits = Visits()
    visits.see(page(more="<p>Exports need no licence.</p>"))
    words = 'From 5 December 2026 exports need a licence, as <a href="/law">the law</a> says now.'
    soon = words.replace("December", "November")
    (entry,) = visits.see(page(more=f"<p>{soon}</p><p>It lasts a year.</p>")).entries
    assert entry.guid.startswith(f"{URL}#")
    assert entry.url == ""
    assert entry.title.startswith("Orders: From 5 November 2026 exports need a licence")
    assert entry.summary == "2 lines added, 1 removed"
    assert entry.content.split("\n")[1:] == [
        "It lasts a year.",
        "[removed] Exports need no licence.",
    ]
    assert entry.published_at == datetime(2026, 11, 5, tzinfo=UTC)
    assert entry.links == ("https://ministry.test/law",)


def test_lines_that_only_go_are_told():
    """A removed line is a change, too."""
    visits = Visits()
    visits.see(page(orders(2, 1)))
    (entry,) = visits.see(page(orders(2))).entries
    assert entry.title == "Orders: 0 lines added, 1 removed"
    assert "[removed] No. 1" in entry.content


def test_two_dates_are_no_date():
    """Where two different dates stand in the new lines, neither is believed."""
    visits = Visits()
    visits.see(page())
    (entry,) = visits.see(page(more="<p>From 1.11.2026 to 2.11.2026 it was closed.</p>")).entries
    assert entry.published_at is None


@pytest.mark.parametrize(
    "line",
    [
        "Current time: {n}:15",
        "Monday, {n} November 2026",
        "Visitors today: {n}",
        "Page generated in 0.{n} seconds",
        "© 20{n} All rights reserved",
        "Просмотров: {n}",
        "Сегодня {n} ноября 2026 г.",
        "访问量：{n} 次",
        "今天是2026年11月{n}日 星期一",
        "session 8f3a9c{n}d1e4b7aa0c",
        "{n} {n} | {n}.5",
    ],
)
def test_clocks_and_counters_are_no_change(line):
    """Lines that only tell the time or count visitors raise nothing, not even once."""
    visits = Visits()
    first = visits.see(page(more=f"<p>{line.format(n=11)}</p>"))
    assert visits.see(page(more=f"<p>{line.format(n=12)}</p>")).entries == first.entries


def test_hidden_tokens_are_no_change():
    """Values of forms and hidden elements are not watched."""
    visits = Visits()
    form = '<form><input type=hidden value="{0}"><span style="display:none">token {0}</span></form>'
    first = visits.see(page(more=form.format("abc")))
    assert visits.see(page(more=form.format("xyz"))).entries == first.entries


def test_a_place_that_changes_at_every_visit_is_no_longer_believed():
    """From the third change in a row on a line is ignored, while others still count."""
    visits = Visits()
    shown = [
        visits.see(page(more=f"<p>Weather in the capital: wind {word} and clouds</p>")).entries
        for word in ("weak", "strong", "mild", "wild", "icy", "warm")
    ]
    assert len({entries[0].guid for entries in shown}) == 3
    (entry,) = visits.see(
        page(orders(9), "<p>Weather in the capital: wind calm and clouds</p>")
    ).entries
    assert entry.url == "https://ministry.test/files/9.pdf"


def test_much_in_a_restless_place_is_believed():
    """More than a few lines at once are no counter."""
    visits = Visits()
    for word in ("weak", "strong", "mild", "wild"):
        visits.see(page(more=f"<p>The minister is {word}</p>"))
    lines = "".join(f"<p>Paragraph {word} of a new law on ores</p>" for word in "abcd")
    (entry,) = visits.see(page(more=lines)).entries
    assert entry.summary == "4 lines added, 1 removed"


def test_what_stays_restless_long_ago_is_believed_again():
    """A place that was quiet for days may report again."""
    visits = Visits()
    for word in ("weak", "strong", "mild", "wild"):
        visits.see(page(more=f"<p>The minister is {word}</p>"))
    visits.now += timedelta(days=3)
    (entry,) = visits.see(page(more="<p>The minister is gone</p>")).entries
    assert "gone" in entry.title


def test_a_login_form_is_an_alarm_and_is_not_remembered():
    """The page that asks for a password instead is told; afterwards nothing is new."""
    visits = Visits()
    first = visits.see(page(orders(2, 1)))
    wall = visits.see("<title>Sign in</title><form>Name <input><input type=password></form>")
    assert "login form" in wall.alarm
    assert wall.entries == first.entries
    after = visits.see(page(orders(2, 1)))
    assert (after.alarm, after.entries) == ("", first.entries)


def test_a_login_form_at_the_first_visit_is_no_baseline():
    """What asks for a password from the start is an alarm without an entry."""
    wall = Visits().see("<title>Sign in</title><p>Welcome</p><input type=password>")
    assert "login form" in wall.alarm
    assert (wall.entries, dict(wall.memory)) == ((), {})


def test_a_page_that_shrinks_to_nothing_is_an_alarm():
    """A page of which hardly anything is left is told, and compared with what it was."""
    visits = Visits()
    first = visits.see(page(orders(2, 1)))
    assert "characters of text where it had" in visits.see("<p>Be right back</p>").alarm
    assert visits.see(page(orders(2, 1))).entries == first.entries


def test_a_layout_that_changed_is_an_alarm():
    """When nearly all lines are replaced at once, a person must look."""
    visits = Visits()
    visits.see(page("".join(f"<tr><td>Old row of words {n} a</td></tr>" for n in range(40))))
    found = visits.see(
        page("".join(f"<tr><td>New row of words {n} b</td></tr>" for n in range(40)))
    )
    assert "replaced at once" in found.alarm
    assert found.entries[0].summary == "40 lines added, 40 removed"


def test_only_the_chosen_part_is_watched():
    """The option `watch` names the part; another selector begins anew."""
    visits = Visits(watch="table")
    first = visits.see(page(orders(1), "<p>One</p>"))
    assert "List of orders" not in first.entries[0].content
    assert visits.see(page(orders(1), "<p>Two</p>")).entries == first.entries
    visits.options = {"watch": "//main"}
    (entry,) = visits.see(page(orders(1), "<p>Two</p>")).entries
    assert (entry.guid, "Two" in entry.content) == (URL, True)


@pytest.mark.parametrize(
    ("body", "options", "cause"),
    [
        ("", {}, "empty body"),
        ("\x89PNG\r\n", {}, "neither a page nor a PDF"),
        ("<script>draw()</script>", {}, "drawn by a script"),
        (page(), {"watch": ".gone"}, r"watch=\.gone finds nothing; the layout may have changed"),
        (page(), {"watch": "li["}, "is not valid"),
        (page(), {"watch": "(count(//p))"}, "finds nothing"),
        (b"%PDF-1.4 torn", {}, "a PDF that cannot be read"),
        ("<p>" * 400_000, {}, "too large"),
    ],
)
def test_what_cannot_be_watched_says_why(body, options, cause):
    """Each cause is named, with the address."""
    with pytest.raises(Permanent, match=cause) as caught:
        Visits(**options).see(body.encode("latin-1") if isinstance(body, str) else body)
    assert URL in str(caught.value)


def test_a_pdf_is_watched_by_its_lines():
    """A new paragraph of a PDF is a change."""
    visits = Visits()
    lines = ["1. The first order of this list is about tungsten.", "2. The second is about tin."]
    first = visits.see(pdf(lines, title="Orders of 2026"))
    assert first.title == "Orders of 2026"
    (entry,) = visits.see(pdf([*lines, "3. The third is about antimony."])).entries
    assert entry.title.endswith(": 3. The third is about antimony.")


def test_a_scan_is_watched_by_its_bytes():
    """A PDF without text says so, and that it was replaced is seen all the same."""
    visits = Visits()
    first = visits.see(pdf([""]))
    assert first.problems == ("it has no text: its pages are pictures (1 page)",)
    assert visits.see(pdf([""], [""])).entries != first.entries


def test_plain_text_is_watched():
    """A text file is read line by line."""
    visits = Visits()
    visits.see("First line of words\nSecond line of words\n")
    (entry,) = visits.see("First line of words\nThird line of words\n").entries
    assert entry.content == "Third line of words\n[removed] Second line of words"


def test_memory_is_bounded():
    """A page too long to be remembered is watched in part, and says so."""
    visits = Visits()
    rows = "".join(f"<p>{hash((n, 'x')):x} {hash((n, 'y')):x} ore</p>" for n in range(20_000))
    found = visits.see(page(more=rows))
    assert "lines are watched" in found.problems[0]
    assert len(json.dumps(visits.memory)) < 200_000


@pytest.mark.parametrize("memory", [{"lines": "x", "last": "y"}, {"lines": 7, "restless": [1]}])
def test_a_broken_memory_is_a_first_visit(memory):
    """What cannot be unpacked is forgotten."""
    visits = Visits()
    visits.memory = memory
    assert visits.see(page()).entries[0].guid == URL


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.sampled_from(
                [
                    b"<p>",
                    b"<li><a href='/x'>",
                    b"</a>",
                    b"<table><tr><td>",
                    b"</table>",
                    b"<!--",
                    b"%PDF-1.4 ",
                    b"<input type=password>",
                    b"<header>",
                    b"word " * 30,
                ]
            ),
        ),
        max_size=20,
    ).map(b"".join)
)
def test_any_bytes_are_read_or_refused(body):
    """Whatever comes is a document or a lasting failure, at the first visit and the next."""
    visits = Visits()
    visits.see(page(orders(1)))
    for one in (visits, Visits()):
        try:
            one.see(body)
        except Permanent:
            continue
