"""Rules out of many tellings: one rule, its terms, and what tellings do not agree on."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.deliver import instruments
from monitor.deliver.calendar import Wanted, by_month, chosen, record
from monitor.deliver.instruments import instruments_of
from monitor.deliver.rule_words import happening, line, title
from monitor.deliver.terms import counted_end, duration_text
from monitor.enrich.annotate import Enricher
from monitor.enrich.taxonomy import load_taxonomy
from monitor.model import Copy, Placement
from monitor.model.instruments import Dated, Term, day_of, standing
from monitor.store import open_database
from tests.web.rule_stories import (
    PAUSE_EN,
    PLAN_ZH,
    RENEWED_RU,
    SCRAP_EN,
    SCRAP_KK,
    SCRAP_RU,
    autumn,
    rule_article,
    scrap_story,
)
from tests.web.world import tell

TODAY = date(2026, 3, 2)


@pytest.fixture
def database(sqlite_url):
    """A fresh store."""
    opened = open_database(sqlite_url)
    yield opened
    opened.close()


def rules(database, story_id):
    """The rules of a story."""
    return instruments_of(database.story(story_id))


def test_the_worked_example(database):
    """A ban, its order, in force from a day for six months, and its renewal; scrap is not ore."""
    told = scrap_story(database)
    scrap, ore = rules(database, told.story_id)
    assert (scrap.country, scrap.what, scrap.direction, scrap.scope) == ("KZ", "ban", "export", ("scrap",))  # fmt: skip
    assert scrap.documents == ("приказ № 449", "приказ № 120")
    first, second = scrap.terms
    assert (first.in_force_from, first.until, first.duration) == ("2025-10-30", "2026-04-30", "P6M")
    assert (first.stage, first.documents) == ("in_force", ("приказ № 449",))
    assert (second.in_force_from, second.until) == ("2026-04-30", "2026-10-30")
    assert (second.stage, second.documents) == ("signed", ("приказ № 120",))
    assert second.evidence["renewal"][0].site == "Дело"
    assert (ore.scope, ore.terms[0].until) == (("ore",), "")
    assert scrap.notes == ("of scrap, not of ore: that is rule 2",)
    assert ore.notes == ("of ore, not of scrap: that is rule 1",)


def test_the_worked_example_by_the_words_alone(database):
    """The real reading finds the days, also those without a year, in three languages."""
    enricher = Enricher(load_taxonomy(), threshold=0.0)
    placement = None
    for key, words, at in (
        ("ru", SCRAP_RU, autumn(24)),
        ("kk", SCRAP_KK, autumn(25)),
        ("en", SCRAP_EN, autumn(26)),
        ("again", RENEWED_RU, autumn(25, 2, 2026)),
    ):
        said = enricher.enrich(title=words[0], text=words[1])
        told = tell(
            database, key, placement, title=words[0], text=words[1], seen_at=at, published_at=at,
            language=said.language, claims=said.claims, mentions=said.mentions,
            countries=said.countries, minerals=said.minerals, site=key,
        )  # fmt: skip
        placement = Placement(story_id=told.story_id)
    (rule,) = rules(database, told.story_id)
    assert (rule.country, rule.what, rule.scope) == ("KZ", "ban", ("scrap",))
    assert [(t.in_force_from, t.until) for t in rule.terms] == [
        ("2025-10-30", "2026-04-30"),
        ("2026-04-30", "2026-10-30"),
    ]
    assert [w.site for w in rule.terms[0].evidence["from"]] == ["ru", "kk", "en"]
    assert all(term.disputes == {} for term in rule.terms)


def test_tellings_in_three_languages_are_one_rule(database):
    """Who says what: each value has its articles with their words, in every language."""
    scrap, _ = rules(database, scrap_story(database).story_id)
    witnesses = scrap.terms[0].evidence["from"]
    assert [one.language for one in witnesses] == ["ru", "kk", "en"]
    for one in witnesses:
        article = database.article(one.article_id)
        assert f"{article.title}\n{article.text}"[one.start : one.end] == one.quote
    assert {w.how for w in scrap.terms[0].evidence["until"]} == {"6 months from 2025-10-30"}


def test_another_date_is_shown_beside_the_one_of_most(database):
    """An outlet that tells another day is named with it; nothing is silent."""
    scrap, _ = rules(database, scrap_story(database).story_id)
    sides = scrap.terms[0].disputes["from"]
    assert [(side.value, [w.site for w in side.witnesses]) for side in sides] == [
        ("2025-10-30", ["Дело", "Хабар", "Steppe Post"]),
        ("2025-11-01", ["Hasty Herald"]),
    ]
    assert [side.value for side in scrap.terms[0].disputes["until"]] == ["2026-04-30", "2026-05-01"]


def test_a_copy_is_no_witness(database):
    """Dates count by who tells them, not by who copies."""
    told = scrap_story(database)
    story = database.story(told.story_id)
    wrong = next(a for a in story.articles if a.site == "Hasty Herald")
    first = story.articles[0]
    copied = replace(wrong, copy=Copy(original_id=first.id, containment=0.9, why="like it"))
    articles = tuple(copied if a.id == wrong.id else a for a in story.articles)
    scrap = instruments_of(replace(story, articles=articles))[0]
    assert scrap.terms[0].disputes == {}
    assert wrong.id not in scrap.articles


def test_a_renewal_without_a_day_begins_when_the_term_ends(database):
    """An extension by six months counts from the last day of the term before."""
    words = ("Казахстан продлил запрет на вывоз лома", "Запрет на вывоз лома из Казахстана продлён на шесть месяцев.")  # fmt: skip
    one = rule_article(
        database, "first", SCRAP_RU, at=autumn(24), language="ru", minerals=(),
        dates=(("effective", "2025-10-30", "30 октября и"),),
    )  # fmt: skip
    rule_article(
        database, "again", words, Placement(story_id=one.story_id), at=autumn(20, 4, 2026),
        language="ru", minerals=(),
    )  # fmt: skip
    (rule,) = rules(database, one.story_id)
    first, second = rule.terms
    assert (second.in_force_from, second.until) == (first.until, "2026-10-30")
    assert second.stage == "extended"
    assert second.evidence["from"][0].how == "when the term before it ends"


def test_a_suspension_is_a_term_of_its_own(database):
    """Its last day is when the rule applies again."""
    one = rule_article(
        database, "pause", PAUSE_EN, at=autumn(7, 11), countries=("CN",), minerals=("rare_earths",),
        dates=(("expiry", "2026-11-10", "November 10, 2026"),),
    )  # fmt: skip
    (rule,) = rules(database, one.story_id)
    (term,) = rule.terms
    assert (rule.what, term.stage, term.until) == ("licence", "suspended", "2026-11-10")
    assert rule.documents == ("Announcement No. 70",)
    assert standing(term, date(2026, 11, 10)) == "suspended"
    assert standing(term, date(2026, 11, 11)) == "in_force"


def test_at_once_is_not_weeks_before(database):
    """Rules of October that are suspended from now on are suspended now, and not in October."""
    words = (
        "China suspends its October rare earth export controls",
        "With immediate effect China suspended the rare earth export controls of October 9, 2025.",
    )
    one = rule_article(
        database, "pause", words, at=autumn(7, 11), countries=("CN",), minerals=("rare_earths",),
        dates=(("effective", "2025-10-09", "October 9, 2025"),),
    )  # fmt: skip
    (term,) = rules(database, one.story_id)[0].terms
    assert (term.in_force_from, term.disputes) == ("2025-11-07", {})


def test_who_is_silent_on_the_stage_may_mean_the_suspension(database):
    """The same last day, told without a word for it, makes no term of its own."""
    one = rule_article(
        database, "pause", PAUSE_EN, at=autumn(7, 11), countries=("CN",), minerals=("rare_earths",),
        dates=(("expiry", "2026-11-10", "November 10, 2026"),),
    )  # fmt: skip
    words = ("China's rare earth export controls", "Export controls of China wait until November 10, 2026.")  # fmt: skip
    rule_article(
        database, "silent", words, Placement(story_id=one.story_id), at=autumn(8, 11),
        countries=("CN",), minerals=("rare_earths",), site="Silent Post",
        dates=(("expiry", "2026-11-10", "November 10, 2026"),),
    )  # fmt: skip
    (rule,) = rules(database, one.story_id)
    (term,) = rule.terms
    assert (term.stage, len(rule.articles)) == ("suspended", 2)


def test_a_day_tells_more_than_its_month(database):
    """An article that tells a month and the day in it tells one thing."""
    one = rule_article(
        database, "pause", PAUSE_EN, at=autumn(7, 11), countries=("CN",), minerals=("rare_earths",),
        dates=(("expiry", "2026-11", "November 2026"), ("expiry", "2026-11-10", "November 10, 2026")),
    )  # fmt: skip
    (term,) = rules(database, one.story_id)[0].terms
    assert (term.until, term.disputes) == ("2026-11-10", {})


def test_a_plan_stays_a_plan(database):
    """A draft with a last day is neither in force nor lapsed by its dates."""
    one = rule_article(
        database, "plan", PLAN_ZH, at=autumn(1, 3, 2026), language="zh", minerals=("copper",),
        dates=(("expiry", "2026-12-31", "2026年12月31日"),),
    )  # fmt: skip
    (rule,) = rules(database, one.story_id)
    assert (rule.terms[0].stage, rule.scope) == ("draft", ("unwrought",))
    assert standing(rule.terms[0], date(2027, 1, 1)) == "draft"


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2025-10-30", "P6M", "2026-04-30"),
        ("2025-08-31", "P6M", "2026-02-28"),
        ("2026-01-01", "P30D", "2026-01-31"),
        ("2024-02-29", "P1Y", "2025-02-28"),
    ],
)
def test_a_duration_counts_from_the_first_day(start, duration, end):
    """Six months from 30 October are 30 April; a month that has no such day ends earlier."""
    assert counted_end(date.fromisoformat(start), duration) == date.fromisoformat(end)


def test_a_duration_beyond_the_calendar_has_no_end():
    """What no calendar holds is no day."""
    assert counted_end(date(9990, 1, 1), "P900Y") is None
    assert (duration_text("P6M"), duration_text("P1Y")) == ("6 months", "1 year")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-11-10", date(2026, 11, 10), date(2026, 11, 10)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2029", date(2029, 1, 1), date(2029, 12, 31)),
        ("2026-13-40", None, None),
        ("", None, None),
        ("soon", None, None),
    ],
)
def test_as_much_of_a_day_as_is_told(text, first, last):
    """Of a month or a year the first or the last day; nonsense is no day."""
    assert (day_of(text), day_of(text, is_last=True)) == (first, last)


@pytest.mark.parametrize(
    ("term", "stands"),
    [
        (Term(number=1, in_force_from="2026-03-02", stage="signed"), "in_force"),
        (Term(number=1, in_force_from="2026-03-03", stage="signed"), "signed"),
        (Term(number=1, until="2026-03-02", stage="in_force"), "in_force"),
        (Term(number=1, until="2026-03-01", stage="in_force"), "expired"),
        (Term(number=1, until="2026-03-01", stage="repealed"), "repealed"),
        (Term(number=1), ""),
    ],
)
def test_dates_pass_without_anybody_telling_it(term, stands):
    """How a rule stands follows from the day that it is."""
    assert standing(term, TODAY) == stands


def test_what_happens_on_a_day(database):
    """The end of a term that goes on is told as a renewal, and the next term as one."""
    scrap, _ = rules(database, scrap_story(database).story_id)
    first, second = scrap.terms
    ends = Dated(instrument=scrap, term=first, event="lapse", day=date(2026, 4, 30))
    begins = Dated(instrument=scrap, term=second, event="effect", day=date(2026, 4, 30))
    last = Dated(instrument=scrap, term=second, event="lapse", day=date(2026, 10, 30))
    assert [happening(one) for one in (ends, begins, last)] == ["renewed", "next_term", "lapse"]
    assert title(scrap) == "Kazakhstan, export ban: scrap"
    assert line(last, today=TODAY) == (
        "30 Oct 2026, in 242 days: lapses: Kazakhstan, export ban: scrap; приказ № 120"
    )
    assert "also told: 2026-05-01 (Hasty Herald)" in line(ends, today=TODAY)


def test_filters_and_months(database):
    """By state, mineral and how a rule stands; then under their months."""
    scrap, _ = rules(database, scrap_story(database).story_id)
    found = [
        Dated(instrument=scrap, term=scrap.terms[0], event="lapse", day=date(2026, 4, 30)),
        Dated(instrument=scrap, term=scrap.terms[1], event="lapse", day=date(2026, 10, 30)),
    ]
    assert chosen(found, Wanted(country="KZ"), today=TODAY) == found
    assert chosen(found, Wanted(country="CN"), today=TODAY) == []
    assert chosen(found, Wanted(mineral="cobalt"), today=TODAY) == []
    assert chosen(found, Wanted(stage="in_force"), today=TODAY) == found[:1]
    assert [month for month, _ in by_month(found)] == [date(2026, 4, 1), date(2026, 10, 1)]
    made = record(found[0], today=TODAY)
    assert (made["event"], made["standing"], made["until"]) == ("renewed", "in_force", "2026-04-30")
    assert made["quotes"][0]["how"] == "6 months from 2025-10-30"


def test_a_fault_of_ours_leaves_the_card(database, monkeypatch):
    """A story whose rules cannot be made is shown without them."""
    told = scrap_story(database)

    def broken(*_):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(instruments, "read_rules", broken)
    assert instruments.instruments_at_most(database.story(told.story_id)) == ()


def test_many_tellings_take_little_time(database):
    """Two hundred tellings of one rule are put together within seconds."""
    told = scrap_story(database)
    story = database.story(told.story_id)
    first = story.articles[0]
    many = tuple(
        replace(first, id=n, published_at=autumn(24) + timedelta(minutes=n)) for n in range(300)
    )
    began = datetime.now(UTC)
    (rule,) = instruments_of(replace(story, articles=many))
    assert (datetime.now(UTC) - began) < timedelta(seconds=8)
    assert rule.terms[0].until == "2026-04-30"
