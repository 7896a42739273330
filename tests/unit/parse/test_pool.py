"""Facts about parsing in processes that can be killed."""

import asyncio
import os
import pickle
import time

import pytest

from monitor.errors import BadInput, Permanent
from monitor.parse.pool import Workers


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
