"""Texts that were made to cost time: keys, judgement and furniture of them in bounded time."""

import time

import pytest

from monitor import match
from monitor.text import line_keys, without_lines
from tests.unit.match.tellings import telling

#: Processor seconds; each takes a fraction of it on a slow machine.
MOST_S = 4.0


@pytest.mark.parametrize(
    "part",
    [
        "a", "mine ore tin ", "钨矿", "7", "1,", ". ", "\n", "Ã©", "Рё", "Рё ", "éèàü ", "\ufdfa",
        "12 345 ", "Ore 5. ", '."', "\u0301", "a\n", "Tungsten 5\n",
    ],
    ids=ascii,
)  # fmt: skip
def test_a_long_text_in_bounded_time(part):
    """A million characters, in one line or many."""
    text = part * (1_000_000 // len(part))
    began = time.process_time()
    match.bands(text)
    match.judge(telling(0, "A", f"{text} b"), [telling(1, "A", text)])
    without_lines(text, frozenset(line_keys(text)))
    assert time.process_time() - began < MOST_S
