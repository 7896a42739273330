"""Facts about what is remembered: packed sets and texts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.parse.remembered import KnownTexts, packed_set, packed_text, unpacked_text


@settings(deadline=None, max_examples=60)
@given(st.sets(st.text(max_size=20), max_size=60), st.integers(100, 2000))
def test_a_packed_set_forgets_nothing(texts, room):
    """What was put in is found; the size stays within the room, or nothing is kept."""
    packed = packed_set(texts, room)
    assert len(packed) <= room + 16
    known = KnownTexts(packed)
    assert not packed or all(text in known for text in texts)


def test_a_packed_set_rarely_knows_a_stranger():
    """With sixteen bits a text, one stranger in 65,000 is taken for known."""
    known = KnownTexts(packed_set((f"a{n}" for n in range(20_000)), 140_000))
    assert sum(f"b{n}" in known for n in range(20_000)) <= 5


@pytest.mark.parametrize("packed", ["", "x", "1:2", "5:16:!!", None, 7, "9:16:AAAA", "2:0:qg=="])
def test_a_broken_set_is_empty_or_harmless(packed):
    """What is no packed set raises nothing."""
    assert "text" not in KnownTexts(packed)


@given(st.text(max_size=200))
def test_texts_are_unpacked_as_they_were(text):
    """A packed text comes back; anything else is empty."""
    assert unpacked_text(packed_text(text)) == text.encode("utf-8", "surrogatepass").decode(
        "utf-8", "replace"
    )
    assert unpacked_text(f"!{text}") == ""
