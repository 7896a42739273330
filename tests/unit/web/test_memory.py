"""What pages remember: made once for all who ask, renewed while the old one is shown."""

import asyncio

import pytest

from monitor.web.memory import MOST, Memory


class Maker:
    """Makes 1, 2, 3…; fails while it is told to."""

    def __init__(self):
        self.made, self.fails = 0, False

    async def __call__(self):
        """The next number, after giving way once."""
        await asyncio.sleep(0)
        if self.fails:
            raise ValueError("no")
        self.made += 1
        return self.made


def remembering(kept_s=10.0, stale_s=0.0):
    """A memory with a clock that a test sets, and its maker."""
    now = [0.0]
    return Memory(kept_s, stale_s, clock=lambda: now[0]), Maker(), now


def test_many_readers_cost_no_more_than_one():
    """Whoever asks while it is made, or while it is good, gets the same."""

    async def run():
        memory, make, now = remembering()
        assert await asyncio.gather(*(memory.get("a", make) for _ in range(5))) == [1] * 5
        now[0] = 9.0
        assert await memory.get("a", make) == 1
        now[0] = 10.0
        assert await memory.get("a", make) == 2

    asyncio.run(run())


def test_an_old_value_is_shown_while_the_next_is_made():
    """Within its grace nobody waits; the next reader has the new one."""

    async def run():
        memory, make, now = remembering(stale_s=100.0)
        await memory.get("a", make)
        now[0] = 50.0
        assert await memory.get("a", make) == 1
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert await memory.get("a", make) == 2
        assert make.made == 2

    asyncio.run(run())


def test_what_failed_is_not_kept():
    """The error goes to who asked; the next one asks anew."""

    async def run():
        memory, make, _ = remembering()
        make.fails = True
        with pytest.raises(ValueError, match="no"):
            await memory.get("a", make)
        make.fails = False
        assert await memory.get("a", make) == 1

    asyncio.run(run())


def test_a_change_is_seen_at_once():
    """What is remembered is put right, and a look that began before does not undo it."""

    async def run():
        memory, make, now = remembering(stale_s=100.0)
        await memory.get("a", make)
        now[0] = 50.0
        await memory.get("a", make)  # begins to renew

        async def changed(value):
            return value + 100

        await memory.amend("a", changed)
        await asyncio.sleep(0.01)
        assert await memory.get("a", make) == 101
        await memory.amend("none", changed)

    asyncio.run(run())


def test_it_stays_small():
    """Beyond its bound the oldest goes."""

    async def run():
        memory, make, _ = remembering()
        for key in range(MOST + 1):
            await memory.get(key, make)
        assert await memory.get(MOST, make) == MOST + 1
        assert await memory.get(0, make) == MOST + 2

    asyncio.run(run())
