"""A reason in the inbox is one that decided: other input, other reasons, another decision."""

import re
from dataclasses import replace

import pytest

from monitor.deliver.cards import refresh
from monitor.drafts import enricher
from monitor.model import Placement
from tests.store.records import NOW, draft, entry_of, item, poll, source
from tests.web.inbox_page import listed
from tests.web.visitor import Visitor
from tests.web.world import served

TITLE = "Sample miner opens a tungsten mine in Kazakhstan"
TEXT = "The company will ship ore and concentrate from the deposit to a smelter from next year."


@pytest.fixture
def desk(tmp_path):
    """An empty desk; `read` stores an article as it is read."""
    with served(f"sqlite:///{tmp_path}/desk.sqlite") as here:
        yield here


def read(desk, key, title=TITLE, text=TEXT, *, threshold=0.5, is_dedicated=False):
    """Read an article's words, store what comes of it; (its enrichment, how it is listed)."""
    said = enricher(threshold).enrich(title=title, text=text, is_dedicated=is_dedicated)
    source_id, _ = desk.database.add_source(source(), now=NOW)
    desk.database.commit_poll(poll(source_id, item(key)))
    made = draft(source_id, entry_of(desk.database, source_id, key), f"https://ores.example/{key}")
    stored = desk.database.commit_article(
        replace(made, title=title, text=text, enrichment=said),
        Placement(),
        bands=(),
        tokens=(key,),
        page_id=None,
    )
    while refresh(desk.database):
        pass
    return said, shown(desk, stored.story_id)


def shown(desk, number):
    """(value, reasons with their points) that the inbox shows of a story; None = not listed."""
    page = listed(Visitor(desk.url))
    if number not in page.ids:
        return None
    (value,) = page.names(f"//li[@id='s{number}']//summary/span/text()")
    reasons = page.names(f"//li[@id='s{number}']//details//li/text()")
    return float(value), {r.partition(" ")[2]: float(r.partition(" ")[0]) for r in reasons}


def test_the_reasons_shown_sum_to_the_value_shown(desk):
    """Value and reasons are those of the reading, and the points of the reasons make the value."""
    said, (value, reasons) = read(desk, "a")
    assert value == said.relevance
    assert len(reasons) == len(said.reasons) >= 3
    assert round(sum(reasons.values()), 2) == value


def test_the_value_shown_is_the_one_that_decides(desk):
    """At a threshold of just this value the story is listed; a hair above it is not."""
    _, (value, _) = read(desk, "a", is_dedicated=False)
    assert read(desk, "b", threshold=value)[1] is not None
    assert read(desk, "c", threshold=value + 0.001)[1] is None


def test_taking_a_reason_away_takes_its_points_away(desk):
    """What a reason names, taken out of what is read, lowers the value by just its points."""
    _, (_, reasons) = read(desk, "a")
    whole = sum(points for reason, points in reasons.items() if not reason.startswith("kept"))
    (country,) = [reason for reason in reasons if reason.startswith("country in the title")]
    _, (lower, left) = read(desk, "b", TITLE.replace(" in Kazakhstan", ""))
    assert country not in left
    assert lower < 1
    assert lower == pytest.approx(whole - reasons[country])


def test_taking_the_decisive_reason_away_takes_the_story_away(desk):
    """Without its mineral and the words of the trade nothing is left to list."""
    _, (_, reasons) = read(desk, "a")
    assert any("tungsten" in reason for reason in reasons)
    plain = re.sub(
        "tungsten mine|ore and concentrate|deposit|smelter|miner", "sample", TITLE + "\n" + TEXT
    )
    said, line = read(desk, "b", *plain.split("\n"))
    assert said.relevance < 0.5
    assert line is None


def test_what_is_said_of_the_source_is_a_reason_and_decides_too(desk):
    """A source about minerals only adds its points, as a reason, and may tip the scale."""
    weak = ("Antimony at the fair", "A short walk through the halls of the sample fair.")
    said, line = read(desk, "a", *weak)
    assert line is None
    told, line = read(desk, "b", *weak, threshold=said.relevance + 0.2, is_dedicated=True)
    assert line is not None
    assert line[0] == told.relevance == pytest.approx(said.relevance + 0.2)
    assert line[1]["the source is about minerals only"] == 0.2
