"""A foreign title's names in the reader's language, on the inbox and on the story's page."""

import pytest

from monitor.deliver.cards import refresh
from tests.web.inbox_page import listed, words
from tests.web.visitor import Visitor
from tests.web.world import tell


@pytest.fixture
def told(desk):
    """The number of a story with a Kazakh title."""
    seen = tell(
        desk.database,
        "gloss",
        title="Қазақстанда вольфрам табылды",
        language="kk",
        site="Кен газеті",
        minerals=("tungsten",),
        countries=("KZ",),
    )
    while refresh(desk.database):
        pass
    return seen.story_id


def test_a_foreign_title_is_glossed_in_the_inbox(desk, told):
    """Its minerals and countries, as they stand there and as the reader calls them."""
    line = listed(Visitor(desk.url), "/?state=all").line(told)
    assert "Қазақстанда: Kazakhstan · вольфрам: tungsten" in line


def test_and_on_its_page_with_the_lists_of_its_minerals(desk, told):
    """The chip of a mineral names the critical lists of today."""
    page = Visitor(desk.url).get(f"/stories/{told}").text
    assert "Қазақстанда: Kazakhstan · вольфрам: tungsten" in words(page)
    assert "us-2025" in page


def test_a_title_in_the_readers_language_is_not(desk):
    """There is nothing to say of it."""
    page = listed(Visitor(desk.url))
    assert page.names("//li[@id='s1']//p[contains(@class, 'line-gloss')]") == []
