"""The sources as the site remembers them, and changes to them that it sees at once."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request

from monitor.model import SourceState
from monitor.ports import Store
from monitor.web.board import KEPT_S, STALE_S, Board, board_of, renewed
from monitor.web.desk import desk_of
from monitor.web.memory import Memory, memory_of


async def set_states(request: Request, ids: Iterable[int], *, action: str, who: str) -> int:
    """Pause or resume sources; how many there were."""
    numbers = list(ids)
    is_pause = action == "pause"
    state = SourceState.PAUSED if is_pause else SourceState.ACTIVE
    reason = f"paused by {who}" if is_pause else ""

    def work(store: Store) -> int:
        with store.together():
            there = [number for number in numbers if store.source(number)]
            for number in there:
                store.set_source_state(number, state, reason)
        return len(there)

    count = await desk_of(request).runner.write(work)
    await look_again(request, numbers)
    return count


async def remembered(request: Request) -> Board:
    """The board as it was seen some seconds ago at most, or while it is looked at anew."""
    desk = desk_of(request)
    memory: Memory[Board] = memory_of(request, "board", KEPT_S, STALE_S)

    def made(store: Store) -> Board:
        return board_of(store, now=desk.now())

    return await memory.get("all", lambda: desk.runner.read(made))


async def look_again(request: Request, ids: Iterable[int]) -> None:
    """These sources were changed: the board knows of it at once."""
    desk, numbers = desk_of(request), list(ids)
    memory: Memory[Board] = memory_of(request, "board", KEPT_S, STALE_S)

    async def changed(seen: Board) -> Board:
        return await desk.runner.read(lambda store: renewed(seen, store, numbers, now=desk.now()))

    await memory.amend("all", changed)
