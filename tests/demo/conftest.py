"""The demo is run once, by its real command line, and its database read by many tests."""

import json
import subprocess
import sys

import pytest

from monitor.store import open_database
from tests.demo import labels


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """What `monitor demo --json --keep` printed, and the open database that it kept."""
    folder = tmp_path_factory.mktemp("demo")
    record = run("--json", "--keep", str(folder))
    database = open_database(f"sqlite:///{folder}/demo.sqlite", create=False)
    yield record, database
    database.close()


@pytest.fixture(scope="session")
def told(demo):
    """Article id of the content -> the stored article."""
    return labels.by_id(demo[1])


@pytest.fixture
def run_demo():
    """Run `monitor demo` with these arguments and read its JSON."""
    return run


def run(*arguments):
    """The JSON that the command printed."""
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "demo", *arguments],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
