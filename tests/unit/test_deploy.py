"""The files in deploy/: their linters are content, and notice what is wrong; times agree."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.jobs.daemon import CANCEL_S, GRACE_S
from monitor.jobs.vitals import LATE_S
from monitor.settings import Settings

ROOT = Path(__file__).parents[2]
UNIT = "critical-minerals-monitor.service"


@pytest.fixture
def copy(tmp_path):
    """The folder, to be spoiled."""
    return Path(shutil.copytree(ROOT / "deploy", tmp_path / "deploy"))


def checked(folder):
    """Exit status and words of the check."""
    command = [sys.executable, str(ROOT / ".ci/deploy.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def spoil(path, old, new):
    """Change one thing in a file."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_the_linters_are_content(copy):
    """Nothing to complain of, whatever of the linters this machine has."""
    status, said = checked(copy)
    assert status == 0, said


@pytest.mark.parametrize(
    ("file", "old", "new", "linter"),
    [
        (UNIT, "Type=notify", "Tipe=notify", "systemd-analyze"),
        (UNIT, "CapabilityBoundingSet=\n", "", "systemd-analyze"),
        ("Dockerfile", "WORKDIR /app", "WORKDIR app", "hadolint"),
        ("Dockerfile", "USER 10001:10001", "USER root", "hadolint"),
        ("compose.yaml", "read_only: true", "readonly: true", "compose-spec"),
    ],
)
def test_a_fault_is_noticed(copy, file, old, new, linter):
    """What systemd, hadolint or compose does not know or like fails the check, if it is here."""
    is_missing = f"there is no {linter}" in checked(copy)[1]
    spoil(copy / file, old, new)
    assert checked(copy)[0] == (0 if is_missing else 1)


def test_the_times_agree():
    """Whoever ends the daemon waits for its grace; whoever watches it lets it tick."""
    unit = (ROOT / "deploy" / UNIT).read_text()
    compose = (ROOT / "deploy/compose.yaml").read_text()
    stop = int(re.search(r"TimeoutStopSec=(\d+)", unit)[1])
    watchdog = int(re.search(r"WatchdogSec=(\d+)", unit)[1])
    assert stop > GRACE_S + CANCEL_S + 5
    assert f"stop_grace_period: {stop}s" in compose
    # Twice the longest tick that can be set, and a database that is held for half a minute.
    assert watchdog >= 60 + LATE_S + 30
    assert Settings().schedule.tick < watchdog


def test_no_secret_is_written_down():
    """Passwords come from the environment."""
    for name in ("compose.yaml", UNIT, "Dockerfile"):
        text = (ROOT / "deploy" / name).read_text()
        assert not re.search(r"PASSWORD: (?!\$\{)\S", text)
