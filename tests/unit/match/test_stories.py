"""Which articles tell one thing, and which only resemble each other."""

import pytest

from monitor.match import place, tokens
from monitor.match.turns import turns
from monitor.model import Claim
from tests.unit.match.tellings import telling

DEAL = ("mineral:tungsten", "country:KZ", "company:Cove Capital", "event:stake")
BAN = ("mineral:gallium", "country:CN", "event:export_control")


def stake(value, unit="%"):
    """A figure without a quote."""
    return Claim(kind="stake", value=value, unit=unit, quote="q", start=0, end=1)


def placed(new, *stored):
    """Where a new article belongs in a store of these."""
    return place(new, stored, {}, 0, copy=None)


FIRST = telling(
    1, "US firm wins tungsten deal", concepts=DEAL, claims=(stake(70.0),), development=4, story=3
)


def test_another_language():
    """Concepts and figures join tellings that share no word."""
    other = telling(
        0, "Компания получит 70 %", language="ru", hours=6, concepts=DEAL, claims=(stake(70.0),)
    )
    found = placed(other, FIRST)
    assert (found.development_id, found.story_id) == (4, 3)
    assert "Cove Capital" in found.reasons[0]


def test_the_closing_is_a_further_step():
    """The closing of a deal is of its story, but a development of its own."""
    closing = telling(0, "Company completes acquisition", hours=50, concepts=DEAL)
    found = placed(closing, FIRST)
    assert (found.development_id, found.story_id) == (0, 3)
    assert "closed: a further step" in found.reasons[0]


def test_weeks_later():
    """After a fortnight the same names are news of the same story."""
    found = placed(telling(0, "Tungsten deal", hours=24 * 14, concepts=DEAL), FIRST)
    assert (found.development_id, found.story_id) == (0, 3)


def test_months_later():
    """After months the same names open a story of their own."""
    found = placed(telling(0, "Tungsten deal", hours=24 * 60, concepts=DEAL), FIRST)
    assert (found.development_id, found.story_id) == (0, 0)


def test_another_metal():
    """The same company and country with another metal are another story."""
    concepts = ("mineral:lithium", *DEAL[1:])
    found = placed(telling(0, "US firm wins lithium deal", hours=5, concepts=concepts), FIRST)
    assert found.story_id == 0
    assert "other metals: lithium, tungsten" in found.reasons[0]


def test_another_deposit():
    """The same company with another deposit is another story."""
    one = telling(1, "A", concepts=(*DEAL, "deposit:Kairakty"), development=4, story=3)
    other = telling(0, "B", hours=5, concepts=(*DEAL, "deposit:Boguty"))
    assert placed(other, one).story_id == 0


def test_policy_links_for_days_only():
    """Metal, country and event alone join within three days, and not after."""
    first = telling(1, "Curbs on gallium", concepts=BAN, development=4, story=3)
    soon = telling(0, "Ограничения", language="ru", hours=30, concepts=BAN)
    late = telling(0, "Ограничения", language="ru", hours=100, concepts=BAN)
    assert placed(soon, first).development_id == 4
    assert placed(late, first).story_id == 0


def test_metal_and_country_are_not_enough():
    """A metal and a country are shared by much that is not the same."""
    first = telling(1, "Gallium", concepts=BAN[:2], development=4, story=3)
    assert placed(telling(0, "Галлий", language="ru", concepts=BAN[:2]), first).story_id == 0


def test_a_series():
    """Issues of a daily report are apart: one title, other numbers."""
    report = "Tungsten {} tin {} cobalt {} dollars"
    one = telling(
        1, "Daily price update", report.format(1, 2, 3), concepts=DEAL, development=4, story=3
    )
    other = telling(0, "Daily price update", report.format(4, 5, 6), hours=24, concepts=DEAL)
    found = placed(other, one)
    assert found.story_id == 0
    assert "a series" in found.reasons[0]


def test_irrelevant_articles_stand_alone():
    """What is not about minerals never joins a story."""
    other = telling(0, "Tungsten ring stolen", concepts=DEAL, is_relevant=False)
    assert placed(other, FIRST).story_id == 0


def test_a_full_store_does_not_part_a_story():
    """Forty tellings of one story make its names common, and still hold together."""
    new = telling(0, "Deal", hours=6, concepts=DEAL, claims=(stake(70.0),))
    counts = dict.fromkeys(tokens(new.title, new.text, new.enrichment), 40)
    assert place(new, [FIRST], counts, 120, copy=None).development_id == 4


@pytest.mark.parametrize(
    ("title", "turn"),
    [
        ("Company completes acquisition of mine", {"closed"}),
        ("Китай приостановил ограничения", {"suspended"}),
        ("商务部公告暂停实施", {"suspended"}),
        ("Запрет продлён на полгода", {"extended"}),
        ("Mine resumes output", {"resumed"}),
        ("US strikes renewable power deal", set()),
        ("EXIM signs letter of interest", {"financed"}),
    ],
)
def test_turns(title, turn):
    """A headline's words say how far a matter has come."""
    assert turns(title) == turn
