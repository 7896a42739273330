"""Facts about what belongs to a block of a list: one story, its headline, its date."""

from datetime import UTC, datetime

import pytest
from lxml import html

from monitor.parse.listing.datespots import is_date_line
from monitor.parse.listing.reader import parse_listing
from monitor.parse.listing.zones import is_page_itself

NOW = datetime(2026, 11, 24, tzinfo=UTC)
URL = "https://www.example.org/news/"
TITLES = (
    "Tin smelter opens in the north",
    "Cobalt refinery lost its licence",
    "Antimony stocks fall again this week",
    "Graphite plant waits for power",
    "Rhenium found in old tailings",
    "Tungsten buyers meet in spring",
    "Bauxite port resumes its loading",
)
TEXT = "Papers are shown on the day they are signed, or a few days later, as the rules ask. " * 3


#: A story with the number of something before it.
ITEM = '<li><b>%D</b> <a href="/n/%N-a-story">%T</a></li>'


def read(body, **options):
    """Headlines, days and ends of addresses of the stories of a page."""
    page = f'<html lang="en"><body>{body}</body></html>'.encode()
    return parse_listing(page, url=URL, content_type="", now=NOW, options=options).entries


def titles(body):
    """The headlines of a page."""
    return [one.title for one in read(body)]


def days(body):
    """The days of a page's stories."""
    return [f"{one.published_at:%F}" if one.published_at else "" for one in read(body)]


def blocks(pattern):
    """A block for each headline, by `%N`, its number, `%T`, its words, `%D`, its day."""
    made = [
        pattern.replace("%N", str(4100 + at)).replace("%T", title).replace("%D", str(23 - at))
        for at, title in enumerate(TITLES)
    ]
    return "".join(made)


def test_an_attachment_is_no_story():
    """A link to a file beside a headline is not one more story of its block."""
    row = (
        '<tr><td class="subject"><a href="/view?id=%N">%T</a></td><td class="day">2026-11-%D</td>'
        '<td class="file"><a href="/down?id=%N"><img src="/file.gif"></a></td></tr>'
    )
    assert [one.url[-12:-4] for one in read(f"<table>{blocks(row)}</table>")] == ["view?id="] * 7


def test_the_headline_is_in_the_heading():
    """Of two links to a story that in the heading is its headline, not "Read more about"."""
    item = (
        '<div class="story"><h3><a href="/n/%N">%T</a></h3><time datetime="2026-11-%D">%D</time>'
        '<a class="more" href="/n/%N">Read more <span>about the story "%T"</span></a></div>'
    )
    assert titles(blocks(item)) == list(TITLES)
    short = ["Tin rises", "Zinc falls", "Lead waits", "Gold rests"]
    made = "".join(
        item.replace("%N", f"41{at}0").replace("%T", title).replace("%D", str(23 - at))
        for at, title in enumerate(short)
    )
    assert titles(made) == short


def test_the_header_of_an_article_is_no_furniture():
    """A header within what calls itself an article holds the headline."""
    item = (
        '<div itemtype="http://schema.org/NewsArticle"><div class="header">'
        '<a href="/n/%N">%T</a></div><time datetime="2026-11-%D">%D</time></div>'
    )
    assert titles(blocks(item)) == list(TITLES)
    named = item.replace('itemtype="http://schema.org/NewsArticle"', 'class="article"')
    assert titles(blocks(named)) == list(TITLES)


def test_days_under_their_month():
    """A day in a block and the month in the heading above it are one date."""
    months = (
        f"<h2>November 2026 <a href=#n>#</a></h2><ul>{blocks(ITEM)}</ul>"
        "<h2>October 2026</h2><ul><li><b>31</b> "
        '<a href="/n/old-finds">October finds</a></li>'
        '<li><b>30</b> <a href="/n/older-finds">Older finds of the year</a></li></ul>'
    )
    assert days(months) == [*(f"2026-11-{23 - at}" for at in range(7)), "2026-10-31", "2026-10-30"]


def test_the_date_of_a_neighbour_is_not_taken():
    """A story that begins with words like a date is no heading of the next."""
    found = days(f"<ul><li><b>31</b> <a href=/n/4000>August finds</a></li>{blocks(ITEM)}</ul>")
    assert found[1] == ""


ROW = '<div class="row"><a class="t" href="%s">%s</a></div>'


@pytest.mark.parametrize(
    ("row", "is_story"),
    [
        (ROW % ("/letters/brief", "Get our free brief every day"), False),
        (ROW % ("/news/index2.html", "Previous headlines"), False),
        (ROW % ("/tin/a-story-of-metal", "A story without its day"), True),
    ],
)
def test_what_stands_between_stories(row, is_story):
    """Promotions and ways to further pages, without a date among dates, are no stories."""
    item = (ROW % ("/n/%N", "%T")).replace("</div>", "<span>%D Nov 2026</span></div>")
    assert len(read(blocks(item) + row)) == len(TITLES) + is_story


@pytest.mark.parametrize(
    "note",
    [
        "（PDF：896KB）",
        " (PDF, 1.2 MB)",
        " [pdf]",
        " (815 Кб)",
        " 54 pages 129.4KB",
        " PDF 212 KB",
        " (DOCX | 3 стр. | 40 Кб)",
    ],
)
def test_notes_on_files_are_no_headlines(note):
    """Format, pages and size of the file are not of the headline."""
    item = f'<li><a href="/f/%N.pdf">%T<span>{note}</span></a> 2026-11-%D</li>'
    assert titles(f"<ul>{blocks(item)}</ul>") == list(TITLES)


@pytest.mark.parametrize(
    "title", ["Mine sold for 5 m", "A report of 54 pages", "Chips hold 64 KB", "(PDF)"]
)
def test_figures_stay_in_headlines(title):
    """Figures that are no note on a file stay."""
    assert read(f'<p><a href="/n/1">{title}</a></p>', item="p")[0].title == title


def test_lines_that_begin_with_their_date():
    """Links behind dates in one paragraph are a list, not sentences; so among short texts."""
    years = " | ".join(f'<a href="{year}.html">{year}</a>' for year in range(2000, 2026))
    lines = blocks('%D.11.2026 г. &mdash; <a href="f/order-%N.pdf">%T</a> On the order itself<br>')
    page = (
        f'<div><p>{TEXT}</p><p>{TEXT} <a href="/viewer">The viewer of all our documents</a> is '
        f"free of charge.</p><p>Archive: {years}</p><p>{lines}</p></div>"
    )
    assert titles(page) == list(TITLES)
    assert days(page)[0] == "2026-11-23"


def test_date_lines():
    """Only a date and little else makes a line of its own."""
    assert is_date_line("20.11.2026 г. —")
    assert not is_date_line("On 20.11.2026 the")
    assert not is_date_line("20.11.2026 the ministry wrote")


def test_a_lead_of_another_look():
    """The first story is taken too where its block looks like those of other things."""
    teaser = '<div class="teaser X"><p>WHEN</p><h2 class="title"><a href="HREF">WHAT</a></h2></div>'
    lead = (
        teaser.replace("X", "teaser--lead")
        .replace("WHEN", "24 November 2026")
        .replace("HREF", "/n/4200")
        .replace("WHAT", "Minister speaks of rare metals")
    )
    others = "".join(
        teaser.replace("X", "").replace("WHEN", "").replace("HREF", href).replace("WHAT", what)
        for href, what in (
            ("/office/map", "Where our office in the capital is"),
            ("/office/press", "Whom the press can ask questions"),
        )
    )
    stories = blocks('<li class="e"><h3><a href="/n/%N">%T</a></h3><time>2026-11-%D</time></li>')
    page = f"<div>{lead}</div><ul>{stories}</ul><div>{others}</div>"
    assert titles(page) == ["Minister speaks of rare metals", *TITLES]


def test_a_box_of_stories_called_tags():
    """What holds most of a page and many headlines is what it is for, whatever its name."""
    item = '<div class="it"><a href="/n/%N">%T</a> <span>2026-11-%D</span></div>'
    found = f'<div class="list list-tags">{blocks(item)}</div><p>Found by the word metal</p>'
    assert titles(found) == list(TITLES)


def test_a_cloud_of_tags_stays_one():
    """Short words in a box called tags are no stories, however much of the page they are."""
    cloud = "".join(f"<a href=/t/{at}>metals of {at}</a>" for at in range(60))
    assert not is_page_itself(html.fromstring(f"<div class=tags>{cloud}</div>"), 1)
    tags = "".join(
        f'<a href="/n/41{at}">{title.split()[0]}</a> ' for at, title in enumerate(TITLES)
    )
    item = '<div class="it"><a href="/n/%N">%T</a> <span>2026-11-%D</span></div>'
    assert titles(f'<div class="tags">{tags * 20}</div>{blocks(item)}') == list(TITLES)


def test_dates_before_words_like_dates():
    """A headline with a word that can be read as a day does not hide the date behind it."""
    items = "".join(
        f'<p class="n"><font><a href="/n/{at}00">{title}</a></font> <font>{9 - at}.11.2026</font></p>'
        for at, title in enumerate(("Yesterday's prices of tin and zinc", *TITLES[:4]))
    )
    found = read(items, item=".n", date="font")
    assert [f"{one.published_at:%d}" for one in found] == ["09", "08", "07", "06", "05"]


def test_short_months_of_uzbek():
    """The months of Uzbek are read when cut, as calendar leaves have them."""
    item = '<div class="n"><p><b>%D</b><i>Noy</i></p><a href="/n/%N">%T</a></div>'
    assert days(blocks(item))[:2] == ["2026-11-23", "2026-11-22"]
