"""Facts about listings that change from poll to poll."""

from datetime import UTC, datetime

import pytest

from monitor.errors import Permanent
from monitor.parse.listing.reader import parse_listing
from monitor.parse.listing.usual import PATIENCE

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SELECTORS = {"item": "li.n", "date": "span"}


def page(count=30, dated=True, block="li", name="n", start=0):
    """A page of stories."""
    day = "<span>20 Nov 2026</span>" if dated else ""
    rows = (
        f'<{block} class="{name}"><a href="/2026/story-of-metal-{n}">The story of metal {n}</a>{day}'
        f"</{block}>"
        for n in range(start, start + count)
    )
    return f'<div class="list">{"".join(rows)}</div>'


def poll(body, memory, options=()):
    """One poll; what it remembers goes into `memory`."""
    found = parse_listing(
        f"<html><body>{body}</body></html>".encode(),
        url="https://e.org/news",
        content_type="",
        now=NOW,
        options=dict(options),
        memory=memory,
    )
    memory.update(found.memory)
    return found


def polled(body, times=3, options=()):
    """The memory of some polls."""
    memory = {}
    for _ in range(times):
        assert not poll(body, memory, options).alarm
    return memory


@pytest.mark.parametrize("options", [{}, SELECTORS])
def test_dates_that_vanish_are_an_alarm(options):
    """Dates before and none now is an alarm with figures, and the entries are kept."""
    memory = polled(page(), options=options)
    found = poll(page(dated=False), memory, options)
    assert found.alarm == (
        "0 of 30 items have a date; before, 30 of 30 had. "
        "The layout may have changed: see `monitor sources preview ID`."
    )
    assert len(found.entries) == 30


@pytest.mark.parametrize("options", [{}, SELECTORS])
def test_few_items_are_an_alarm(options):
    """A small part of the usual number is an alarm, and the entries are kept."""
    memory = polled(page(), options=options)
    found = poll(page(4), memory, options)
    assert found.alarm.startswith("4 items where usually 30 are. ")
    assert len(found.entries) == 4


def test_no_items_are_an_error():
    """Selectors that find nothing any more end the poll, with what was usual."""
    memory = polled(page(), options=SELECTORS)
    with pytest.raises(Permanent, match=r"usually 30 items.*layout may have changed.*preview ID"):
        poll(page(name="other"), memory, SELECTORS)


def test_no_list_any_more_is_an_error():
    """A list that was found and is gone ends the poll."""
    memory = polled(page())
    with pytest.raises(Permanent, match=r"finds 0 items \(usually 30 items\)"):
        poll('<nav><a href="/a">About us and our work</a></nav><p>Back soon.</p>', memory)


def test_fewer_items_within_the_usual_range_are_none():
    """A list that shrinks by half is no alarm."""
    assert not poll(page(14), polled(page())).alarm


def test_an_alarm_lasts():
    """The odd state is not learnt from: the alarm stays until it has lasted for many polls."""
    memory = polled(page())
    alarms = [bool(poll(page(dated=False), memory).alarm) for _ in range(PATIENCE)]
    assert alarms == [True] * (PATIENCE - 1) + [False]
    assert not poll(page(dated=False), memory).alarm


def test_what_is_taken_for_usual_is_said():
    """The poll that takes the odd state for the usual one says so."""
    memory = polled(page())
    for _ in range(PATIENCE):
        found = poll(page(dated=False), memory)
    assert found.problems[0].startswith("taken for usual now: 0 of 30 items have a date")


def test_an_alarm_ends_with_its_cause():
    """When the page is as before, the alarm ends, and a later one begins anew."""
    memory = polled(page())
    assert poll(page(4), memory).alarm
    assert not poll(page(), memory).alarm
    assert poll(page(4), memory).alarm


def test_other_selectors_begin_anew():
    """What was usual for other selectors is forgotten."""
    memory = polled(page(), options=SELECTORS)
    assert not poll(page(4), memory, {"item": "div.list li"}).alarm


def test_the_list_stays_the_same():
    """The list that was found is read again, even if another would now be the better one."""
    body = page(8, dated=False) + page(30, block="p", name="new-story", start=100)
    memory = polled(page(8, dated=False))
    assert len(poll(body, memory).entries) == 8


def test_a_new_layout_is_found():
    """A list whose blocks changed is sought anew, which is said, and remembered."""
    memory = polled(page())
    found = poll(page(28, block="p", name="story"), memory)
    assert (len(found.entries), found.alarm) == (28, "")
    assert found.problems == ("the list item=.n finds 0 items; found anew: item=.story finds 28",)
    assert poll(page(28, block="p", name="story"), memory).problems == ()


def test_a_poorer_layout_is_an_alarm():
    """A list found anew with few items is read, with an alarm, and not learnt."""
    memory = polled(page())
    poor = page(4, block="p", name="story")
    for _ in range(2):
        found = poll(poor, memory)
        assert found.alarm.startswith("the list item=.n finds 0 items, another list: 4 items")
        assert len(found.entries) == 4
    assert poll(page(), memory).problems == ()


@pytest.mark.parametrize(
    "memory",
    [
        {"listing": 3},
        {"listing": {"selectors": {}, "layouts": 7, "seen": "x", "odd": [[1], ["a", "b"]]}},
        {"listing": {"selectors": {}, "layouts": [{"item": 5}, 3], "seen": [[30, 28, 1]]}},
    ],
)
def test_memory_of_any_shape(memory):
    """What cannot be understood of the memory is forgotten."""
    assert len(poll(page(), dict(memory)).entries) == 30


def test_memory_is_small():
    """However long a source is polled, it remembers little."""
    memory = polled(page(), times=120)
    assert len(str(memory)) < 2000
