"""The command as a whole: help, errors, exit statuses, and what it does not load."""

import os
import subprocess
import sys

import pytest

from monitor.cli.app import COMMANDS, cli
from tests.cli.desk import told_story


def monitor(*words, env=(), cwd=None):
    """The real command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "monitor", *words],
        cwd=cwd,
        env={**os.environ, **dict(env)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_loads_no_command():
    """Help and version answer at once: neither Scrapy nor the database is imported."""
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from monitor.cli.app import cli\n"
        "assert 'monitor demo' in CliRunner().invoke(cli, ['--help']).output\n"
        "print(sorted({'scrapy', 'sqlalchemy', 'rich', 'lxml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_loads_and_helps(name):
    """Each command that the list names exists and says what it does."""
    command = cli.get_command(None, name)
    assert command.name == name
    assert command.help


def test_wrong_usage_ends_with_2():
    """An unknown command is wrong usage, not a traceback."""
    done = monitor("crwal")
    assert done.returncode == 2
    assert "No such command 'crwal'" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_key_ends_with_2_and_the_nearest(tmp_path):
    """The configuration's mistake is named with the key that was meant."""
    (tmp_path / "monitor.toml").write_text("[fetch]\nhost_gab = 2\n")
    done = monitor("stories", "list", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "fetch.host_gab" in done.stderr
    assert "Did you mean fetch.host_gap?" in done.stderr


@pytest.mark.parametrize("words", ["claims list --json", "stories list"])
def test_a_closed_pipe_is_no_error(tmp_path, words):
    """`monitor … | head` ends quietly and with success, for data and for tables."""
    url = f"sqlite:///{tmp_path}/x.sqlite"
    told_story(url)
    command = (
        f"{sys.executable} -m monitor --database {url} {words} | true; exit ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_command_is_answered_with_the_nearest():
    """Though no command's module is loaded to know its name."""
    done = monitor("storys")
    assert done.returncode == 2
    assert "No such command 'storys'. Did you mean 'stories'?" in done.stderr
