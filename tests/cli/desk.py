"""A desk for tests of commands: a database with one told story, and the real command line."""

import json
from dataclasses import dataclass

from click.testing import CliRunner

from monitor.cli.app import cli
from monitor.model import Claim, Copy, Placement
from monitor.store import open_database
from tests.store.records import hours, stored

SAME = Placement(development_id=1, story_id=1)


@dataclass(frozen=True)
class Answer:
    """What a command printed, and how it ended."""

    status: int
    out: str
    err: str

    @property
    def records(self):
        """Its lines of JSON."""
        return [json.loads(line) for line in self.out.splitlines()]


def run(url, *words):
    """Run one command on a database; errors of the monitor come as they would end the process."""
    result = CliRunner().invoke(
        cli, ["--database", url, *words], standalone_mode=False, catch_exceptions=True
    )
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    status = result.return_value if isinstance(result.return_value, int) else result.exit_code
    return Answer(status, result.stdout, result.stderr)


def resource(value, basis):
    """A resource as an article with the title `Ore sold` may state it."""
    return Claim(
        kind="resource", value=value, unit="t", basis=basis, quote="Ore sold", start=0, end=8
    )


def told_story(url):
    """A story: one telling, its copy, a telling with another figure, a later development."""
    database = open_database(url)
    try:
        stored(database, "first", site="First Post", claims=(resource(1.4e6, "WO3"),))
        stored(
            database,
            "copy",
            Placement(
                development_id=1,
                story_id=1,
                copy=Copy(original_id=1, containment=0.93, why="93 % of its text is in a1"),
            ),
            site="Second Post",
            claims=(resource(1.4e6, "WO3"),),
        )
        stored(
            database,
            "other",
            SAME,
            site="Третья газета",
            language="ru",
            title="=Рудник продан",
            claims=(resource(410_000, "W"),),
        )
        stored(
            database,
            "closing",
            Placement(story_id=1),
            site="First Post",
            title="Sale closed",
            seen_at=hours(5),
        )
    finally:
        database.close()
