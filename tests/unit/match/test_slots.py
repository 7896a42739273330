"""Numbers and names in one place of two texts."""

import pytest

from monitor.match import judge
from monitor.match.slots import filled_anew
from monitor.model import Mention
from tests.unit.match.tellings import telling

LONG = (
    "The fund will take {stake} percent of the deposit in the steppe, the ministry said on Monday. "
    "The state keeps the rest, and may buy back what it sold within six years of the signing. "
    "Work on the road to the site employs {men} people, most of them from the villages around it. "
    "The first ore is to be lifted when the line for power has been laid across the dry river. "
)


def named(title, text, *names):
    """A telling in which these companies are found where they stand."""
    whole = f"{title}\n{text}"
    mentions = tuple(
        Mention(kind="company", concept=name, start=at, end=at + len(name), surface=name)
        for name in names
        for at in [whole.index(name)]
    )
    made = telling(0, title, text)
    return made.__class__(
        **{
            **{name: getattr(made, name) for name in made.__slots__},
            "enrichment": made.enrichment.__class__(language="en", mentions=mentions),
        }
    )


@pytest.mark.parametrize("men", [850, 60])
def test_a_corrected_figure(men):
    """70 became 60: no copy, whether or not 60 stands elsewhere in the older text too."""
    first = telling(1, "Stake sold", LONG.format(stake=70, men=men))
    later = telling(0, "Stake sold", LONG.format(stake=60, men=men), hours=2)
    assert filled_anew(later, first) == "60, not 70"
    assert judge(later, [first]) is None
    assert judge(telling(0, "Stake sold", first.text, hours=2), [first]) is not None


def test_sentences_left_out():
    """Where two numbers come to stand together because a sentence went, nothing was changed."""
    first = telling(1, "A", "Output was 41. In 2031 it rose. 58 men work there, and 12 women.")
    shorter = telling(0, "A", "Output was 41. 58 men work there, and 12 women.")
    assert filled_anew(shorter, first) == ""


def test_a_template_with_another_name():
    """The same sentence about another company is another report."""
    text = "Shares of {} rose in the morning after the company said that it would dig for tin."
    one = named("A", text.format("Steppe Ore"), "Steppe Ore")
    other = named("A", text.format("Lake Metals"), "Lake Metals")
    assert filled_anew(one, other) == "Steppe Ore, not Lake Metals"
    assert filled_anew(one, one) == ""


def test_a_number_with_its_letters():
    """A number is compared with a number that is written with the same letters."""
    one, other = (
        telling(0, "A", f"They will drill the hole {n} again this year") for n in ("d14", "d15")
    )
    assert filled_anew(one, other) == "d14, not d15"
    other = telling(0, "A", "They will drill the hole q15 again this year")
    assert filled_anew(one, other) == ""
