"""Which articles tell one thing, and which only resemble each other."""

from dataclasses import replace

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


def test_a_closing_after_months():
    """What shares company, deposit and figure stays one story for half a year."""
    named = (*DEAL, "deposit:Upper Kairakty", "company:Tau-Ken Samruk")
    first = telling(1, "Deal", concepts=named, claims=(stake(70.0),), development=4, story=3)
    late = telling(0, "Deal closed", hours=24 * 100, concepts=named, claims=(stake(70.0),))
    found = placed(late, first)
    assert (found.development_id, found.story_id) == (0, 3)


def test_two_deals_of_one_company():
    """Titles that each name a party which the other does not are two matters."""
    country = ("mineral:lithium", "country:CL", "event:joint_venture", "company:Codelco")
    first = telling(
        1, "A", concepts=(*country, "company:SQM"), claims=(stake(50.0),), development=4, story=3
    )
    other = telling(0, "B", hours=20, concepts=(*country, "company:Rio Tinto"))
    found = placed(other, first)
    assert found.story_id == 0
    assert "other parties: Rio, SQM" in found.reasons[0]


def test_a_unit_and_its_parent():
    """A unit in one title and its parent in the other are one party."""
    deal = ("mineral:gold", "country:KZ", "event:stake", "deposit:Raygorodok")
    first = telling(1, "A", concepts=(*deal, "company:Zijin Mining"), development=4, story=3)
    unit = telling(0, "B", hours=5, concepts=(*deal, "company:Zijin Gold International"))
    assert placed(unit, first).development_id == 4


def test_a_country_and_an_event_are_no_matter():
    """Without a metal, a name or a figure in common there is no story."""
    ban = ("country:KZ", "event:export_control", "event:construction", "event:licence")
    first = telling(1, "A ban", concepts=ban, development=4, story=3)
    assert placed(telling(0, "Запрет", language="ru", concepts=ban), first).story_id == 0


def test_scrap_is_no_ore():
    """A ban on scrap and a ban on metal are two, with the same country and metals."""
    ban = ("mineral:copper", "mineral:lead", "country:KZ", "event:export_control")
    first = telling(1, "Ban on copper and lead", concepts=ban, development=4, story=3)
    scrap = telling(0, "Scrap ban", hours=9, concepts=(*ban, "event:scrap"))
    assert "only one is of scrap" in placed(scrap, first).reasons[0]


def test_one_outlet_with_two_subjects():
    """An outlet's pages share much; titles on different metals tell different things."""
    first = telling(1, "Tungsten", concepts=DEAL, development=4, story=3)
    other = telling(0, "Lithium", hours=3, concepts=("mineral:lithium", *DEAL))
    other = replace(other, url=first.url)
    assert placed(other, first).story_id == 3
    other = telling(0, "Lithium", hours=3, concepts=("mineral:lithium", "company:SQM"))
    assert placed(replace(other, url=first.url), first).story_id == 0


def test_another_word_within_hours():
    """Within hours a matter takes one step only: "closes" is another way of telling it."""
    closing = telling(0, "Company completes acquisition", hours=3, concepts=DEAL)
    assert placed(closing, FIRST).development_id == 4


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
        ("Zijin unit completes Raygorodok purchase", {"closed"}),
        ("Zijin алтын кенішін сатып алуды аяқтады", {"closed"}),
        ("Verträge sind unterschrieben", {"signed"}),
        ("Подписаны обязывающие документы", {"signed"}),
        ("China setzt Regeln bis November aus", {"suspended"}),
    ],
)
def test_turns(title, turn):
    """A headline's words say how far a matter has come."""
    assert turns(title) == turn


def test_a_year_to_come_in_the_title():
    """A title that speaks of 2030 tells something else than a text that does not."""
    plan = telling(0, "Mining is to begin in 2030", hours=20, concepts=DEAL)
    found = placed(plan, FIRST)
    assert (found.development_id, found.story_id) == (0, 3)
    assert "speaks of 2030: a further step" in found.reasons[0]
    same = telling(0, "Deal", "Mining begins in 2030.", hours=30, concepts=DEAL)
    told = telling(5, "Mining is to begin in 2030", hours=10, concepts=DEAL, development=6, story=3)
    assert placed(same, told).development_id == 6
