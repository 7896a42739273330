"""A story's page shows which lines of a text its site repeats, and whom a text goes back to."""

from dataclasses import replace

from monitor.model import Placement
from tests.store.records import draft, entry_of, hours, item, poll, source
from tests.web import story_page
from tests.web.visitor import Visitor
from tests.web.world import served

APPEAL = "Give us five, and we go on telling you of tin."
REASON = "repeated on this site: does not count"


def tell(database, number, text, **said):
    """One article of the site, as the store gets it."""
    source_id, _ = database.add_source(source(), now=hours(0))
    database.commit_poll(poll(source_id, item(f"g{number}")))
    made = draft(
        source_id, entry_of(database, source_id, f"g{number}"), f"https://ores.example/g{number}",
        text=text, claims=(),
    )  # fmt: skip
    made = replace(made, enrichment=replace(made.enrichment, **said))
    return database.commit_article(made, Placement(), bands=(), tokens=(), page_id=None)


def test_repeated_lines_are_named(sqlite_url):
    """From the third page on the line is marked, in every text of the site; the others are not."""
    with served(sqlite_url) as here:
        for number in range(2):
            tell(here.database, number, f"Story {number} of the mine.\n{APPEAL}")
        page = Visitor(here.url).get("/stories/1")
        assert APPEAL in story_page.words(page)
        assert REASON not in page.text
        tell(here.database, 2, f"Story 2 of the mine.\n{APPEAL}")
        page = Visitor(here.url).get("/stories/1")
        assert f'<span class="mark-furniture" title="{REASON}">{APPEAL}' in page.text
        assert page.text.count("mark-furniture") == 1


def test_whom_a_text_goes_back_to(sqlite_url):
    """`after Reuters` stands in the timeline, with the words that say so; not at Reuters itself."""
    with served(sqlite_url) as here:
        tell(here.database, 0, "Sold.", attributed_to="Reuters", attribution="<b>Reuters</b> says")
        tell(here.database, 1, "Sold.", attributed_to="Reuters")
        said = story_page.words(Visitor(here.url).get("/stories/1"))
        assert "after Reuters" in said
        assert "Reuters: <b>Reuters</b> says" in said
        assert "after Reuters" not in story_page.words(Visitor(here.url).get("/stories/2"))
