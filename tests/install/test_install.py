"""A plain `pip install .` in an empty environment gives a working `monitor`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: Put into the copy that is installed: what a source distribution holds.
SHIPPED = ("monitor", "spiders", "pyproject.toml", "README.md", "LICENSE", "NOTICE", "CHANGELOG.md")


def said(*command, cwd, check=True):
    """What a command printed, outside this checkout and without its environment's settings."""
    keep = {
        k: v for k, v in os.environ.items() if not k.startswith(("MONITOR_", "PYTHON", "VIRTUAL"))
    }
    done = subprocess.run(
        command, cwd=cwd, env=keep, capture_output=True, text=True, check=False, timeout=280
    )
    if check and done.returncode:
        if "Could not find a version" in done.stderr or "NewConnectionError" in done.stderr:
            pytest.skip("no package registry can be reached, so installing cannot be tried")
        raise AssertionError(f"{command[:4]} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The bin folder of a fresh environment into which pip installed the project."""
    folder = tmp_path_factory.mktemp("install")
    source = folder / "source"
    source.mkdir()
    for name in SHIPPED:
        place = ROOT / name
        copy = shutil.copytree if place.is_dir() else shutil.copy
        copy(place, source / name)
    said(sys.executable, "-m", "venv", "--without-pip", str(folder / "empty"), cwd=folder)
    binaries = folder / "empty" / "bin"
    # Compiling all of it would take longer than what is tried here.
    said(
        sys.executable, "-m", "pip", "--python", str(binaries / "python"), "install", "--quiet",
        "--no-compile", "--disable-pip-version-check", ".", cwd=source,
    )  # fmt: skip
    shutil.rmtree(source)
    return binaries


@pytest.mark.timeout(300)
def test_the_installed_command_answers(installed, tmp_path):
    """The console script runs from any folder, with nothing of the checkout at hand."""
    assert said(str(installed / "monitor"), "--version", cwd=tmp_path).startswith(
        "monitor, version"
    )
    assert "monitor demo" in said(str(installed / "monitor"), "--help", cwd=tmp_path)


def test_the_installed_packages_are_ours(installed, tmp_path):
    """`spiders` is a generic name: what is imported is what we shipped."""
    code = "import spiders.batch, monitor; print(spiders.__file__); print(monitor.__file__)"
    places = said(str(installed / "python"), "-c", code, cwd=tmp_path).split()
    assert all(place.startswith(str(installed.parent)) for place in places)


def test_the_installed_data_is_whole(installed, tmp_path):
    """Catalogue, taxonomy and migrations came along: init works in an empty folder."""
    url = f"sqlite:///{tmp_path}/first.sqlite"
    said(str(installed / "monitor"), "--database", url, "init", cwd=tmp_path)
    listed = said(
        str(installed / "monitor"), "--database", url, "sources", "list", "--json", cwd=tmp_path
    )
    assert len(listed.splitlines()) > 50
