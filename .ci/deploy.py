"""
The files in deploy/ as their linters see them: the unit, the Dockerfile, the compose file.

    python .ci/deploy.py [FOLDER]

What this machine has no linter for is named.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

DEPLOY = Path(__file__).parent.parent / "deploy"
UNIT = "critical-minerals-monitor.service"

#: `systemd-analyze security` counts from 0 (nothing exposed) to 100 (everything).
MOST_EXPOSED = 15


class NotHereError(Exception):
    """A linter is missing on this machine."""


def unit(folder: Path) -> Iterator[str]:
    """What systemd says of the unit; its program need not be installed here."""
    analyze = _program("systemd-analyze")
    text = (folder / UNIT).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as away:
        copy = Path(away, UNIT)
        copy.write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text), "utf-8")
        yield from _complaints(analyze, "verify", "--man=no", str(copy))
        exposed = ("security", "--no-pager", "--offline=true", f"--threshold={MOST_EXPOSED}")
        yield from _complaints(analyze, *exposed, str(copy))


def dockerfile(folder: Path) -> Iterator[str]:
    """What hadolint says of the Dockerfile."""
    yield from _complaints(_program("hadolint"), "--no-color", str(folder / "Dockerfile"))


def compose(folder: Path) -> Iterator[str]:
    """What the compose specification says of the compose file."""
    try:
        from compose_spec import PyCompose  # noqa: PLC0415  (only where linters are installed)
    except ImportError as error:
        raise NotHereError("compose-spec") from error
    try:
        PyCompose.from_yaml((folder / "compose.yaml").read_text(encoding="utf-8")).validate()
    except ValueError as error:
        yield f"compose.yaml: {error}"


CHECKS: tuple[Callable[[Path], Iterator[str]], ...] = (unit, dockerfile, compose)


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    if found is None:
        raise NotHereError(name)
    return found


def _complaints(*command: str) -> Iterator[str]:
    """What a linter prints when it is not content, or warns of."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode or (done.stderr.strip() and "verify" in command):
        yield (done.stdout + done.stderr).strip() or f"{command[0]} failed"


def main() -> int:
    """0 when all are content."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEPLOY
    failed = False
    for check in CHECKS:
        try:
            for complaint in check(folder):
                print(complaint)
                failed = True
        except NotHereError as error:
            print(f"NOT RUN: {check.__name__} of deploy/: there is no {error} here")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
