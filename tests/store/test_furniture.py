"""Lines that a site repeats, counted in both databases."""

from monitor.store.furniture import MOST_PAGES
from monitor.text import line_keys, without_lines
from tests.store.records import stored

MENU = "Home, markets and mines\nGold 2,314 up, copper 9,871 down"


def told(number):
    """A page of the site, with its menu."""
    return f"{MENU}\nThe story with the number {number} is told here alone.\nAnd it ends so, at {number}."


def test_lines_of_three_pages_are_repeated(database):
    """What three pages carry, whatever its digits, is the site's; what one carries is its own."""
    for number in range(3):
        text = told(number).replace("2,314", f"2,{number}99.5")
        last = stored(database, f"g{number}", text=text)
    keys = set(line_keys(told(9)))
    found = database.repeated_lines(["ores.example", "other.example"])
    assert found["ores.example"] == set(line_keys(MENU)) < keys
    assert "other.example" not in found
    assert last.learned == set(line_keys(MENU)), "it counted on this page"
    assert database.carrying(1, "ores.example", found["ores.example"]) == [3, 2, 1]
    assert database.carrying(1, "other.example", found["ores.example"]) == []
    known = found["ores.example"]
    assert stored(database, "g9", text=told(9), furniture=known).learned == set()


def test_pages_seen_again_and_copies_count_once(database):
    """A text at many addresses, or seen often, is not its site's furniture."""
    from tests.store.test_articles import copy_of

    first = stored(database, "g0", text=told(0))
    for number in range(1, 6):
        stored(database, f"g{number}", copy_of(first.article_id), text=told(0))
        stored(database, "g0", text=told(0))
    assert database.repeated_lines(["ores.example"]) == {"ores.example": frozenset()}


def test_a_line_of_few_pages_among_many(database):
    """Three pages of twenty are no fifth; counts are halved, and so stay bounded."""
    for number in range(20):
        text = told(number) if number < 3 else f"Story {number}.\nIt is told in {number} words."
        stored(database, f"g{number}", text=text)
    assert database.repeated_lines(["ores.example"]) == {"ores.example": frozenset()}
    for number in range(20, MOST_PAGES + 20):
        stored(database, f"g{number}", text=told(number))
    assert database.repeated_lines(["ores.example"])["ores.example"] == set(line_keys(MENU))


def test_a_line_is_blanked_where_it_stands():
    """Offsets stay; a text of one line has no furniture."""
    text = told(1)
    masked = without_lines(text, frozenset(line_keys(MENU)))
    assert len(masked) == len(text)
    assert masked.split("\n")[2:] == text.split("\n")[2:]
    assert masked.split("\n")[0].strip() == ""
    assert line_keys("Only one line.") == []
    assert without_lines(text, frozenset()) is text
