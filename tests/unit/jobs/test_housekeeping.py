"""The daemon forgets old polls by itself."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.jobs.housekeeping import housekeeping, keep_house, repair_groups
from monitor.settings import DatabaseSettings, Settings
from monitor.store import open_database
from monitor.store.runner import Runner
from tests.store.records import poll, source, stake, stored


def test_old_polls_are_forgotten(tmp_path):
    """Polls older than the setting go, the newer ones stay."""
    url = f"sqlite:///{tmp_path}/m.sqlite"
    database = open_database(url)
    now = datetime.now(UTC)
    database.add_source(source(), now=now)
    for days in (40, 31, 2):
        database.commit_poll(poll(1, at=now - timedelta(days=days)))
    settings = Settings(database=DatabaseSettings(url=url))
    runner = Runner(database)
    assert asyncio.run(keep_house(settings, runner)) == 2
    longer = replace(settings, database=replace(settings.database, keep_polls=1))
    assert asyncio.run(keep_house(longer, runner)) == 1
    runner.close()
    database.close()


def test_it_is_planned_once_a_day():
    """Within the block one job is planned, for a quiet hour."""

    async def planned():
        with housekeeping(Settings(), None) as clock:
            return [job.next_run_time for job in clock.get_jobs()]

    (at,) = asyncio.run(planned())
    assert timedelta(0) < at - datetime.now(UTC) < timedelta(days=1, hours=1)


def test_groups_are_repaired_at_night(tmp_path):
    """After tidying up, articles that stand alone find those that came after them."""
    url = f"sqlite:///{tmp_path}/m.sqlite"
    database = open_database(url)
    now = datetime.now(UTC)
    for key in ("g1", "g2"):
        stored(
            database,
            key,
            tokens=("mineral:tungsten",),
            claims=(stake(73.5),),
            published_at=now,
            seen_at=now,
        )
    runner = Runner(database)
    asyncio.run(keep_house(Settings(database=DatabaseSettings(url=url)), runner))
    assert [step.action for step in database.regroupings()] == ["merge"]
    assert asyncio.run(repair_groups(runner)) == 0
    runner.close()
    database.close()
