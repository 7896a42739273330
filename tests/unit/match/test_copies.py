"""What is a copy, and what only looks like one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match import bands, judge, turned
from tests.unit.match.tellings import telling

SENTENCES = (
    "The ministry in the capital said on Tuesday that it would grant the company a licence.",
    "Drilling last summer found ore over 42 metres at a depth of 310 metres.",
    "Local officials expect 850 jobs when the concentrator starts.",
    "Analysts at two brokers called the schedule ambitious for a site without rail.",
    "The nearest port lies 1,900 kilometres away and has no spare berth this year.",
    "Power will come from a line that the state grid operator plans to finish by then.",
    "A spokeswoman declined to name the buyers of the first concentrate.",
    "Shares of the company rose before trading was halted in the afternoon.",
)
WIRE = " ".join(SENTENCES)
OTHER = (
    "Farmers in the valley met the governor to ask who would pay for new wells. They fear for "
    "the river, which feeds 14 villages, and want the works moved north before spring comes."
)


def test_a_text_taken_over_whole():
    """The same words are a copy, wholly contained."""
    edge = judge(telling(0, "A", WIRE), [telling(1, "B", WIRE)])
    assert edge is not None
    assert (edge.original_id, edge.containment) == (1, 1.0)


def test_an_extract_of_three_sentences():
    """A cut text is wholly contained in the long one."""
    edge = judge(telling(0, "A", " ".join(SENTENCES[:3])), [telling(1, "B", WIRE)])
    assert edge is not None
    assert edge.containment == 1.0


def test_a_copy_with_an_advertisement():
    """Words put around a text do not hide it."""
    text = f"Sign up for our letter. {WIRE} Read more on our pages about mines and men."
    edge = judge(telling(0, "A", text), [telling(1, "B", WIRE)])
    assert edge is not None
    assert edge.containment == 1.0


def test_another_text():
    """Two texts on one matter in their own words are no copies."""
    assert judge(telling(0, "A", OTHER), [telling(1, "A", WIRE)]) is None


def test_a_template_filled_anew():
    """The same sentences with other numbers are another report."""
    report = (
        "Tungsten was quoted at {} dollars, tin at {}, cobalt at {}, unchanged on the week. " * 2
    )
    one = telling(0, "Daily prices", report.format(*range(101, 107)))
    other = telling(1, "Daily prices", report.format(*range(201, 207)), hours=-24)
    assert judge(one, [other]) is None


def test_another_deal_in_the_same_words():
    """A text that names another deposit is no copy, though half its words are the same."""
    first = telling(1, "A", WIRE, concepts=["deposit:Kairakty"])
    text = " ".join((*SENTENCES[:5], OTHER))
    assert judge(telling(0, "B", text, concepts=["deposit:Boguty"]), [first]) is None
    assert judge(telling(0, "B", text, concepts=["deposit:Kairakty"]), [first]) is not None


def test_a_title_as_witness():
    """With half of the words, the same title makes a copy; another title does not."""
    text = " ".join((*SENTENCES[:4], OTHER, "The river floods each May."))
    candidate = telling(1, "Licence for the tungsten mine", WIRE)
    assert judge(telling(0, "Licence for the Tungsten Mine!", text), [candidate]) is not None
    assert judge(telling(0, "Farmers ask the governor", text), [candidate]) is None


@pytest.mark.parametrize("days", [15, -15])
def test_the_window(days):
    """The same words weeks apart are no copy."""
    assert judge(telling(0, "A", WIRE, hours=24 * days), [telling(1, "A", WIRE)]) is None


def test_a_copy_of_a_copy():
    """A copy of a copy points to the original, and says what it was compared with."""
    edge = judge(telling(0, "A", WIRE), [telling(5, "B", WIRE, copy_of=3)])
    assert edge is not None
    assert edge.original_id == 3
    assert "a5, itself a copy" in edge.why


def test_the_earlier_text_becomes_the_original():
    """All that copied the later text turn to the earlier one, with measured containment."""
    late, copy = telling(1, "B", WIRE, hours=5), telling(2, "C", WIRE, hours=6, copy_of=1)
    early = telling(0, "A", WIRE)
    edge = judge(early, [late, copy])
    assert edge is not None
    edges = turned(early, edge, [late, copy])
    assert {number: one.containment for number, one in edges.items()} == {1: 1.0, 2: 1.0}
    assert "5 h later" in edges[1].why


def test_the_later_text_turns_nothing():
    """The original stays when the new article is later."""
    first = telling(1, "B", WIRE)
    late = telling(0, "A", WIRE, hours=timedelta(hours=1).seconds / 3600)
    edge = judge(late, [first])
    assert edge is not None
    assert turned(late, edge, [first]) == {}


def test_a_day_without_its_hour_is_not_before_the_hours_of_that_day():
    """A date alone reads as midnight; only an earlier day makes such a text the original."""
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    dated, wire = (replace(telling(n, "A", WIRE), at=midnight) for n in (0, 1))
    wire = replace(wire, at=midnight + timedelta(hours=5))
    edge = judge(dated, [wire])
    assert edge is not None
    assert turned(dated, edge, [wire]) == {}
    eve = replace(dated, at=midnight - timedelta(days=1))
    assert list(turned(eve, edge, [wire])) == [1]


@pytest.mark.parametrize("start", range(6))
def test_an_extract_finds_its_whole(start):
    """Extracts share keys with the whole, wherever they begin."""
    assert set(bands(" ".join(SENTENCES[start:]))) & set(bands(WIRE))


@given(st.text())
def test_keys_of_any_text(text):
    """Keys are distinct, ascending, bounded, and fit a signed column."""
    keys = bands(text)
    assert keys == sorted(set(keys))
    assert len(keys) <= 72
    assert all(0 <= key < 2**63 for key in keys)


def test_an_update_in_the_same_words():
    """One other number in the same sentences makes another report, however long the text."""
    first = telling(1, "Mine found rich", WIRE)
    later = telling(0, "Mine found richer", WIRE.replace("42 metres", "44 metres"), hours=5)
    assert judge(later, [first]) is None


def test_a_title_with_another_date():
    """Issues of a series differ by the number in their titles, even where nothing else does."""
    first = telling(1, "Prices on 9 December", WIRE)
    assert judge(telling(0, "Prices on 10 December", WIRE, hours=24), [first]) is None


def test_the_same_outlet_on_the_next_day():
    """An outlet that uses its title again a day later opens the next issue."""
    first = telling(1, "Daily note", WIRE)
    again = replace(telling(0, "Daily note", WIRE, hours=24), url=first.url)
    assert judge(again, [first]) is None
    assert judge(replace(again, url="https://other.example/"), [first]) is not None


def test_news_on_top_of_old_words():
    """A later text that opens anew under another title is no copy of the background below."""
    lede = (
        "The company has sold the whole of the project to a rival for cash, it said after the "
        "markets had closed on Friday, and its founder leaves the board with immediate effect. "
    )
    later = telling(0, "Founder leaves as rival pays cash", lede + WIRE, hours=30)
    assert judge(later, [telling(1, "Licence for the mine", WIRE)]) is None


def test_the_furniture_of_a_page_is_no_text():
    """What two pages of one site share around their texts makes no copy of them."""
    menu = "\n".join(f"Menu entry number {word} of the outlet" for word in "abcdefghijklmnop")
    one = telling(1, "A", f"{menu}\n{SENTENCES[0]}\n{SENTENCES[1]}\n{SENTENCES[2]}")
    other = telling(0, "B", f"{menu}\n{SENTENCES[4]}\n{SENTENCES[5]}\n{SENTENCES[6]}")
    assert judge(other, [one]) is None


def test_two_pages_share_what_their_site_repeats():
    """A promotion longer than the story makes no copy; the same page at two addresses is one."""
    promotion = f"{WIRE}\n"
    one = telling(1, "A", f"{promotion}Farmers in the valley met the governor at noon on Sunday.")
    other = telling(0, "B", f"{promotion}Children may pick what has fallen from the old trees.")
    other = replace(other, url=f"{one.url}b")
    assert judge(other, [one]) is None
    assert judge(replace(other, text=one.text), [one]) is not None
    assert judge(replace(other, url="https://elsewhere.example/"), [one]) is not None
