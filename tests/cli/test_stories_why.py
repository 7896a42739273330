"""Why stories are one or two, and the repair of groups, from the terminal."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.store import open_database
from tests.cli.desk import run, told_story
from tests.store.records import stake, stored


@pytest.fixture
def url(tmp_path):
    """The address of a database that holds one story."""
    address = f"sqlite:///{tmp_path}/desk.sqlite"
    told_story(address)
    return address


@pytest.fixture
def two_alone(tmp_path):
    """The address of a database whose two stories say the same, and were never compared."""
    address = f"sqlite:///{tmp_path}/two.sqlite"
    database = open_database(address)
    for hour, key in enumerate(("g1", "g2")):
        at = datetime.now(UTC) - timedelta(hours=3 - hour)
        more = {"published_at": at, "seen_at": at, "tokens": ("mineral:tungsten",)}
        stored(database, key, claims=(stake(73.5),), **more)
    database.close()
    return address


def test_why_a_story_is_one(url):
    """Each article by its development, with its copy edge; and what analysts said of groups."""
    run(url, "stories", "split", "s1", "a1")
    (found,) = run(url, "stories", "show", "s1", "--why", "--json").records
    articles = [one for group in found["developments"] for one in group["articles"]]
    assert {"id", "origin", "reasons", "copy_of", "copy_why"} <= articles[0].keys()
    assert [one["action"] for one in found["decisions"]] == ["split"]
    out = run(url, "stories", "show", "s1", "--why").out
    assert "split s1 → s2" in out


def test_why_two_stories_are_not_one(two_alone):
    """Their nearest articles are compared, with the values."""
    (pair,) = run(two_alone, "stories", "why", "s1", "s2", "--json").records
    assert pair["articles"] == ["a1", "a2"]
    assert pair["is_story"] is True
    assert 5.5 < pair["evidence"] < 20
    out = run(two_alone, "stories", "why", "s1", "s2").out
    assert "evidence" in out
    assert "enough for one development by themselves" in out


def test_a_repair_is_shown_done_and_told(two_alone):
    """A preview changes nothing; what was done is in the log, and in the story's reasons."""
    planned = run(two_alone, "stories", "repair", "--dry-run", "--json").records
    assert {one["action"] for one in planned} == {"merge"}
    assert run(two_alone, "stories", "repairs", "--json").records == []
    assert "a1 brought s1 into s2" in run(two_alone, "stories", "repair").out
    (logged,) = run(two_alone, "stories", "repairs", "--json").records
    assert (logged["story"], logged["from"], logged["article"]) == ("s2", "s1", "a1")
    assert "shares with a2" in logged["why"]
    assert "a1 brought s1 into s2" in run(two_alone, "stories", "show", "s1", "--why").out
    assert run(two_alone, "stories", "repair", "--json").records == []
    assert "They are one" in run(two_alone, "stories", "why", "s1", "s2").err
