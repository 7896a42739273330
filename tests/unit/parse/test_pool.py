"""Facts about parsing in processes that can be killed."""

import asyncio
import os
import pickle
import time

import pytest

from monitor.errors import BadInput, Permanent
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
