"""Facts about parsing in processes that can be killed."""

import asyncio
import os
import pickle
import signal
import time
from pathlib import Path

import pytest

from monitor.errors import BadInput, Permanent, Unusable
from monitor.parse.pool import Workers, allowance


def double(number, *, plus=0):
    """Twice the number."""
    return number * 2 + plus


def complain():
    """Raise an error of ours."""
    raise BadInput("wrong", subject="thing", advice="Right it.")


def take_memory():
    """Ask for more than a worker may have."""
    return len(bytearray(8 * 1024**3))


@pytest.fixture
def workers():
    """One worker, closed twice, which does no harm."""
    pool = Workers(1)
    yield pool
    pool.close()
    pool.close()


def test_values_and_errors_come_back(workers):
    """A value comes back; an error comes back whole."""
    assert asyncio.run(workers.run(double, 4, plus=1)) == 9
    with pytest.raises(BadInput) as caught:
        asyncio.run(workers.run(complain))
    assert (caught.value.subject, caught.value.advice) == ("thing", "Right it.")


def test_a_fault_of_ours_costs_one_item(workers):
    """An error that nobody foresaw is Permanent and says where it was."""
    with pytest.raises(Permanent, match="fault of ours: ValueError in int"):
        asyncio.run(workers.run(int, "x"))


def test_a_task_that_hangs_is_stopped(workers):
    """A task over its time is killed, and the next one runs."""
    started = time.monotonic()
    with pytest.raises(Permanent, match=r"longer than 0\.5 s and was stopped"):
        asyncio.run(workers.run(time.sleep, 60, timeout_s=0.5))
    assert time.monotonic() - started < 30
    assert asyncio.run(workers.run(double, 1)) == 2


@pytest.mark.parametrize(("fn", "args"), [(os._exit, (3,)), (take_memory, ())])
def test_a_task_that_takes_its_process_along(workers, fn, args):
    """A crash or an excess of memory is Permanent, and the next task runs."""
    with pytest.raises(Permanent, match="crashed or ran out of memory"):
        asyncio.run(workers.run(fn, *args))
    assert asyncio.run(workers.run(double, 1)) == 2


def test_errors_survive_pickling():
    """Message, subject and advice of an error survive the way between processes."""
    error = pickle.loads(pickle.dumps(Permanent("m", subject="s", advice="a.")))
    assert (error.message, error.subject, error.advice, str(error)) == ("m", "s", "a.", "s: m a.")


def test_large_bodies_have_more_time():
    """A task has twenty seconds, and more for each megabyte that it is given."""
    assert allowance(["feed", b"x" * 1000]) == pytest.approx(20, abs=0.1)
    assert allowance(["feed", b"x" * 10_000_000]) == pytest.approx(80)


def test_an_offender_is_killed_alone(workers):
    """Tasks that wait behind one that hangs, or takes its process along, all get their value."""

    async def together():
        hanging = workers.run(time.sleep, 60, timeout_s=0.5)
        crashing = workers.run(os._exit, 3)
        return await asyncio.gather(
            hanging, crashing, *(workers.run(double, n) for n in range(20)), return_exceptions=True
        )

    hung, crashed, *values = asyncio.run(together())
    assert isinstance(hung, Permanent)
    assert isinstance(crashed, Permanent)
    assert values == [2 * number for number in range(20)]


def hang(_limit):
    """What a worker does that cannot start: nothing, for ever."""
    time.sleep(600)


def fall(_limit):
    """What a worker does that cannot start: it ends."""
    os._exit(1)


@pytest.mark.parametrize(("prepare", "words"), [(hang, "within 0.5 s"), (fall, "while they start")])
def test_workers_that_cannot_start(prepare, words):
    """Where no worker starts, all tasks end with what to check, and nothing waits for ever."""
    pool = Workers(1, prepare=prepare, start_s=0.5 if prepare is hang else 30)

    async def together():
        async with asyncio.timeout(40):
            return await asyncio.gather(
                *(pool.run(double, number) for number in range(3)), return_exceptions=True
            )

    ended = asyncio.run(together())
    pool.close()
    assert all(isinstance(error, Unusable) for error in ended)
    assert all(words in str(error) and "ulimit" in str(error) for error in ended)


def fall_at_first(folder):
    """What a worker does that is killed while it starts, unless it is the third."""
    starts = Path(folder, "starts")
    with starts.open("a") as file:
        file.write("x")
    if starts.stat().st_size < 3:
        os._exit(9)


def test_workers_that_are_killed_while_they_start(tmp_path):
    """Workers that do not survive their start are started again before we give up."""
    pool = Workers(1, prepare=fall_at_first, memory_limit=str(tmp_path))
    assert asyncio.run(pool.run(double, 4)) == 8
    pool.close()


def test_an_idle_worker_that_is_killed(workers):
    """A worker killed from outside while it has no task costs no task."""

    async def use():
        os.kill(await workers.run(os.getpid), signal.SIGKILL)
        return await workers.run(double, 4)

    assert asyncio.run(use()) == 8


def killed_at_first(folder):
    """Be killed, as by a system without memory, on the first try."""
    tries = Path(folder, "tries")
    if tries.exists():
        return "read"
    tries.touch()
    os.kill(os.getpid(), signal.SIGKILL)
    return None


def test_a_worker_that_is_killed_with_its_task(workers, tmp_path):
    """A task whose worker is killed from outside is tried again."""
    assert asyncio.run(workers.run(killed_at_first, str(tmp_path))) == "read"


def test_a_clock_that_is_set_forward(workers, monkeypatch):
    """A task whose time is over only by a clock that was set forward gets its value."""
    wall = time.time

    async def use():
        await workers.run(double, 1)
        slow = asyncio.create_task(workers.run(time.sleep, 1.5))
        await asyncio.sleep(0.5)
        monkeypatch.setattr(time, "time", lambda: wall() + 3600)
        return await slow

    assert asyncio.run(use()) is None
