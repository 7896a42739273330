"""No network at all: one explanation, and nothing is held against the sources."""

import asyncio
import json
import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from monitor.model import NewSource, SourceKind
from monitor.store import open_database
from spiders.outage import NO_NAMES, outage
from tests.world import program

NAMES = [f"http://ores{number}.invalid/feed" for number in range(40)]


@pytest.fixture
def watching(tmp_path):
    """A database that watches forty hosts that cannot be found."""
    url = f"sqlite:///{tmp_path}/monitor.sqlite"
    database = open_database(url)
    for name in NAMES:
        source = NewSource(name=name, kind=SourceKind.FEED, url=name)
        database.add_source(source, now=datetime.now(UTC))
    database.close()
    return url


def due(url):
    """How many sources are due now, and how many failures are counted."""
    database = open_database(url)
    sources = database.due_sources(now=datetime.now(UTC), limit=99)
    database.close()
    return len(sources), sum(source.failures for source in sources)


def test_one_explanation(watching, tmp_path):
    """Forty sources and no name that resolves: exit 1, one line, and all stay due."""
    done = program.run(watching, "crawl", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Nothing was reached: ")
    assert done.stderr.count("\n") == 1
    assert due(watching) == (40, 0)


def test_scripts_see_every_source(watching, tmp_path):
    """`--json` still counts them, with the cause."""
    done = program.run(watching, "crawl", "--json", folder=tmp_path)
    record = json.loads(done.stdout)
    assert (done.returncode, record["sources"]["failed"]) == (1, 40)
    assert len({failure["cause"] for failure in record["failures"]}) == 1


def test_one_dead_name_is_the_sources_fault(url, crawl, web):
    """While others answer, a host that cannot be found is counted against it."""
    database = open_database(url)
    dead = NewSource(name="dead", kind=SourceKind.FEED, url=NAMES[0])
    number, _ = database.add_source(dead, now=datetime.now(UTC))
    done = crawl()
    source = next(s for s in database.sources() if s.id == number)
    database.close()
    assert done.returncode == 1
    assert "failed    dead: the host name could not be resolved" in done.stderr
    assert source.failures == 1


def test_what_counts_as_an_outage():
    """Several names that do not resolve do; addresses that refuse do not."""
    assert asyncio.run(outage(NAMES))
    assert asyncio.run(outage(["http://127.0.0.1:1/", "http://127.0.0.2:1/"])) != NO_NAMES


def test_without_a_network(watching, tmp_path):
    """In a name space without any network the explanation says so."""
    shell = ["unshare", "-rn"]
    if not shutil.which("unshare") or subprocess.run([*shell, "true"], check=False).returncode:
        pytest.skip("name spaces: unshare -rn is not allowed here")
    done = subprocess.run(
        [*shell, *program.command(watching, "crawl")],
        cwd=tmp_path,
        env=program.environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Nothing was reached: this machine has no network.")
    assert done.stderr.count("\n") == 1
    assert due(watching) == (40, 0)
