"""Rules by their days on the command line, and alerts on them."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.deliver.cards import refresh
from monitor.errors import BadInput
from monitor.store import open_database
from tests.cli import desk
from tests.web.rule_stories import rule_article
from tests.world.receivers import webhook


@pytest.fixture
def run(sqlite_url, monkeypatch):
    """Commands on a database with a ban that ends in twenty days and one that ended ten ago."""
    monkeypatch.setenv("MONITOR_FETCH__ALLOW_PRIVATE", '["127.0.0.0/8"]')
    database = open_database(sqlite_url)
    now = datetime.now(UTC)
    for key, country, land, days in (("a", "KZ", "Kazakhstan", 20), ("b", "CN", "China", -10)):
        day = _day(days)
        words = (
            f"{land} bans scrap exports",
            f"{land} signed an export ban until {day.isoformat()}",
        )
        rule_article(
            database, key, words, at=now - timedelta(days=100), countries=(country,),
            dates=(("expiry", day.isoformat(), day.isoformat()),),
        )  # fmt: skip
    while refresh(database):
        pass
    database.close()
    return lambda *words: desk.run(sqlite_url, *words)


def _day(days) -> date:
    return datetime.now(UTC).date() + timedelta(days=days)


def test_what_is_ahead(run):
    """The next days, with the story; a script gets them as records."""
    found = run("calendar")
    assert found.status == 0
    assert "in 20 days: lapses: Kazakhstan, export ban: scrap" in found.out
    assert "China" not in found.out
    (record,) = run("calendar", "--json", "--country", "Kazakhstan").records
    assert (record["event"], record["day"]) == ("lapse", _day(20).isoformat())
    assert (record["country"], record["scope"], record["standing"]) == ("KZ", ["scrap"], "signed")
    assert record["quotes"][0]["quote"].endswith(_day(20).isoformat())


def test_what_is_behind(run):
    """What lapsed stands there with --past."""
    found = run("calendar", "--past")
    assert "10 days ago: lapses: China" in found.out
    assert run("calendar", "--past", "--stage", "expired", "--json").records[0]["country"] == "CN"


def test_nothing_is_said_in_words(run):
    """An empty answer says so on stderr and prints no data."""
    found = run("calendar", "--days", "5")
    assert (found.status, found.out) == (0, "")
    assert "No rule takes effect or lapses in these 5 days." in found.err


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--days", "0"), "not between 1 and"), (("--country", "Atlantis"), "no such country")],
)
def test_odd_questions(run, words, said):
    """A number of days that is none, a country that is none."""
    with pytest.raises(BadInput) as error:
        run("calendar", *words)
    assert said in str(error.value) or "Atlantis" in str(error.value)


def test_an_alert_on_rules_by_command(run):
    """Added, listed, changed; the digest has its lines."""
    with webhook() as hook:
        run("recipients", "add", "desk", hook.url)
        added = run("alerts", "add", "lapses", "--rules", "--days", "14", "--to", "desk")
        listed = run("alerts", "list")
        run("alerts", "edit", "lapses", "--gap", "900")
        same = json.loads(run("alerts", "list", "--json").out)
        run("alerts", "edit", "lapses", "--sources")
        other = json.loads(run("alerts", "list", "--json").out)
    assert added.status == 0
    assert "lapses: rules in all stories, 14 days before to desk" in listed.out
    assert (same["kind"], same["days_before"], same["gap_s"]) == ("rules", 14, 900)
    assert (other["kind"], other["days_before"]) == ("sources", 0)
    digest = run("digest", "--peek", "--since", "2020-01-01").out
    assert "## Lapses within 30 days" in digest
