"""What is watched first of what a site offers, and when a person must choose."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from monitor.model import Document, Entry, SourceKind
from monitor.sources.discovery import How
from monitor.sources.ranking import Asked, Candidate, Part, clear_best, described, part_of, ranked

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SITE = "https://ore.example"
HOME = Asked(url=f"{SITE}/")
SECTION = Asked(url=f"{SITE}/economy/")


def entries(count=10, folder="/news", *, age=1, site=SITE, text="A summary.", dated=True):
    """Stories of a folder, a day apart."""
    return tuple(
        Entry(
            url=f"{site}{folder}/{n}",
            title=f"Story {n}",
            summary=text,
            published_at=NOW - timedelta(days=age + n) if dated else None,
        )
        for n in range(count)
    )


def found(path="/feed", kind=SourceKind.FEED, how=How.GUESS, said=None, **more):
    """A candidate with ten fresh stories, or with others."""
    document = Document(entries=entries() if said is None else said)
    return Candidate(url=f"{SITE}{path}", kind=kind, how=how, document=document, **more)


def order(candidates, asked=HOME):
    """The paths of usable candidates, the best first."""
    return [one.candidate.url.removeprefix(SITE) for one in ranked(candidates, asked, now=NOW)[0]]


def test_a_desk_gets_what_it_wants_first():
    """Feed of the section, of the site, news sitemap, list, channel, plain sitemap, page."""
    page = Document(entries=entries(1, dated=False))
    wanted = [
        found("/economy/feed", said=entries(folder="/economy")),
        found("/feed"),
        found("/news.xml", SourceKind.SITEMAP, said=entries(text="")),
        found("/economy/", SourceKind.LISTING, sureness=0.8, said=entries(text="", folder="/x")),
        found("/s/channel", SourceKind.TELEGRAM),
        found("/sitemap.xml", SourceKind.SITEMAP, said=entries(dated=False, text="", folder="/y")),
        Candidate(url=f"{SITE}/p", kind=SourceKind.PAGE, how=How.PAGE, document=page),
    ]
    # The channel's fresh entries weigh about as much as a list's: only the others are in order.
    ways = [one for one in order(reversed(wanted), SECTION) if one != "/s/channel"]
    assert ways == [one.url.removeprefix(SITE) for one in wanted if "/s/" not in one.url]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (found("/feed"), found("/rss", said=entries(age=900))),
        (found("/feed"), found("/rss", said=entries(dated=False, folder="/b"))),
        (found("/feed"), found("/comments/feed", said=entries(age=0, folder="/c"))),
        (found("/feed"), found("/rss", said=entries(site="https://other.example"))),
        (found("/feed"), found("/sport/feed", said=entries(folder="/sport"))),
        (found("/feed"), found("/rss", said=())),
        (found("/feed"), found("/rss", said=entries(2, folder="/d"))),
        (found("/feed"), found("/rss", said=entries(text="", folder="/e"))),
        (found("/feed", how=How.HEAD), found("/rss", said=entries(folder="/f"))),
        (found("/b", SourceKind.LISTING), found("/a", SourceKind.LISTING, sureness=0.5)),
    ],
)
def test_each_point_counts(better, worse):
    """Fresh before old, dated before not, stories before comments, this site before others."""
    assert order([worse, better])[0] == better.url.removeprefix(SITE)


def test_the_score_is_the_sum_of_its_reasons():
    """What is shown is what was counted."""
    for one in ranked([found(), found("/sport/rss", said=entries(3))], HOME, now=NOW)[0]:
        points = sum(float(reason.split()[0]) for reason in one.reasons)
        assert points == pytest.approx(one.score, abs=0.51)


def test_equal_entries_are_told():
    """The same stories in another format fall behind everything that brings others."""
    three = [found("/feed"), found("/atom.xml"), found("/sport/rss", said=entries(folder="/s"))]
    best, other, twin = ranked(three, HOME, now=NOW)[0]
    assert (best.candidate.url, other.same_as) == (f"{SITE}/feed", "")
    assert (twin.candidate.url, twin.same_as) == (f"{SITE}/atom.xml", f"{SITE}/feed")
    assert (best.number, other.number, twin.number) == (1, 2, 3)


def test_a_part_of_the_whole_is_no_twin():
    """A section's feed is wanted though the whole site's holds its stories, too."""
    whole = found("/feed", said=(*entries(folder="/economy"), *entries(folder="/b")))
    best, second = ranked([whole, found("/economy/rss", said=entries(folder="/economy"))],
                          SECTION, now=NOW)[0]  # fmt: skip
    assert (best.part, second.part) == (Part.ASKED, Part.WHOLE)
    assert best.same_as == second.same_as == ""


def test_what_can_not_be_read_is_set_apart():
    """It has its cause, and no number."""
    lost = Candidate(url=f"{SITE}/x", kind=SourceKind.FEED, how=How.HEAD, cause="HTTP 404")
    assert ranked([lost], HOME, now=NOW) == ((), (lost,))


@pytest.mark.parametrize(
    ("candidates", "best"),
    [
        ([found("/feed"), found("/b", SourceKind.LISTING)], "/feed"),
        ([found("/feed"), found("/rss")], "/feed"),
        ([found("/a.rss", said=entries(folder="/a")), found("/b.rss")], ""),
        ([found("/b", SourceKind.LISTING, said=entries(dated=False), sureness=0.5)], "/b"),
        ([found("/b", SourceKind.LISTING, said=entries(age=900), sureness=0.5)], ""),
        ([found("/p", SourceKind.PAGE)], ""),
        ([found("/comments/feed")], ""),
        ([found("/f", said=(), how=How.GIVEN)], "/f"),
        ([], ""),
    ],
)
def test_only_what_is_clear_is_added_unasked(candidates, best):
    """A lead over others of its kind, and a score that is worth it; or the user gave it."""
    one = clear_best(ranked(candidates, HOME, now=NOW)[0])
    assert (one.candidate.url.removeprefix(SITE) if one else "") == best


@pytest.mark.parametrize(
    ("path", "folder", "part"),
    [
        ("/economy/rss.xml", "/x", Part.ASKED),
        ("/rss?section=economy", "/x", Part.ASKED),
        ("/rss/17.xml", "/economy", Part.ASKED),
        ("/feed", "/shown", Part.ASKED),
        ("/ru/rss/all.xml", "/x", Part.WHOLE),
        ("/rss/sport.xml", "/x", Part.OTHER),
    ],
)
def test_a_feed_belongs_to_the_section_by_name_or_by_its_stories(path, folder, part):
    """Its address, where its stories lie, or that they stand on the page."""
    links = frozenset(f"{SITE}/shown/{n}" for n in range(10))
    asked = Asked(url=SECTION.url, links=links)
    assert part_of(found(path, said=entries(folder=folder)), asked) is part


def test_an_article_names_no_section():
    """From a story's page the feed of the whole site is wanted."""
    asked = Asked(url=f"{SITE}/economy/2026/a-story-of-a-mine", is_article=True)
    assert order([found("/economy/feed"), found("/feed", said=entries(folder="/b"))], asked)[0] == (
        "/feed"
    )


def test_another_language_falls_behind():
    """Who gives a page in one language does not want the other's feed."""
    asked = Asked(url=f"{SITE}/kk/")
    feeds = [found(f"/{one}/rss", said=entries(folder=f"/{one}")) for one in ("ru", "kaz")]
    assert order(feeds, asked) == ["/kaz/rss", "/ru/rss"]


def test_a_candidate_is_described_in_one_line():
    """Number, newest, span, and what its entries carry."""
    said = "10 entries, newest 2026-11-23, over 9 days, summaries"
    assert described(found()) == said
    assert described(found(said=entries(1, dated=False, text=""))) == "1 entry, without dates"


def test_the_order_does_not_depend_on_when_something_was_found():
    """Scores decide."""
    some = [found("/feed"), found("/a", SourceKind.LISTING), found("/s/rss", said=entries(4))]
    scores = [one.score for one in ranked(some, HOME, now=NOW)[0]]
    assert all(first >= second for first, second in pairwise(scores))
    assert order(some) == order(some[::-1])
