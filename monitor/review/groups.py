"""What a decision about groups moves; the same before it is taken, to be shown, and when it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.errors import BadInput


def with_copies(copies: Mapping[int, int | None], wanted: Sequence[int], story_id: int) -> set[int]:
    """
    What a split moves: the wanted articles, with all that copy them.

    Args:
        copies: by each article of the story: what it copies.

    Raises:
        BadInput: one is not in the story, none was chosen, or all would go.
    """
    for number in wanted:
        if number not in copies:
            raise BadInput(f"is not in s{story_id}.", subject=f"a{number}")
    moving, more = set(wanted), set(wanted)
    while more:
        more = {number for number, original in copies.items() if original in more} - moving
        moving |= more
    if not moving:
        raise BadInput("no article was chosen.", subject=f"s{story_id}")
    if len(moving) == len(copies):
        raise BadInput(
            "would be left empty.",
            subject=f"s{story_id}",
            advice="Leave at least one article that is no copy of those.",
        )
    return moving
