"""`init`: what it writes, what it leaves alone, and where the catalogue goes."""

import tomllib

import pytest

from monitor.errors import BadInput
from monitor.sources.catalogue import load_catalogue
from tests.cli.desk import run


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Run a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: run("sqlite:///x.sqlite", *words)


def test_the_first_run_writes_and_loads(desk, tmp_path):
    """A commented configuration and the whole catalogue; what to do next is said."""
    done = desk("init", "--json")
    size = len(load_catalogue())
    assert done.records == [{"config": "monitor.toml", "written": True, "added": size, "known": 0}]
    assert "fetch" in tomllib.loads((tmp_path / "monitor.toml").read_text())
    assert len(desk("sources", "list", "--json").records) == size
    again = desk("init").err
    assert "monitor crawl" in again
    assert "fetch.contact" in again


def test_the_second_run_changes_nothing(desk, tmp_path):
    """Settings, edited sources and removed ones stay as the user left them."""
    desk("init")
    (tmp_path / "monitor.toml").write_text('[fetch]\ncontact = "desk@ore.example"\n')
    desk("sources", "edit", "1", "--name", "Mine")
    desk("sources", "remove", "2")
    before = desk("sources", "list", "--json").out
    done = desk("init", "--json")
    assert (done.records[0]["written"], done.records[0]["added"]) == (False, 0)
    assert desk("sources", "list", "--json").out == before
    assert "contact" in (tmp_path / "monitor.toml").read_text()
    assert "set fetch.contact" not in desk("init").err


def test_a_removed_source_returns_when_it_is_added_by_hand(desk):
    """Only `init` leaves removed sources alone."""
    desk("init")
    url = desk("sources", "show", "2", "--json").records[0]["url"]
    desk("sources", "remove", "2")
    assert desk("sources", "add", url, "--no-fetch", "--json").records[0]["new"] is True


def test_without_the_catalogue_only_the_file_is_written(desk, tmp_path):
    """`--no-catalogue` leaves the database alone."""
    desk("init", "--no-catalogue")
    assert [path.name for path in tmp_path.iterdir()] == ["monitor.toml"]


def test_a_configuration_elsewhere_is_written_there(desk, tmp_path):
    """`--config` names the file; its folder is made."""
    desk("--config", "conf/m.toml", "init", "--no-catalogue")
    assert (tmp_path / "conf" / "m.toml").is_file()


@pytest.mark.parametrize(
    ("place", "cause"),
    [("folder", "is a folder"), ("file/m.toml", "cannot be written")],
)
def test_a_place_that_can_not_be_written_is_named(desk, tmp_path, place, cause):
    """One line says which place and why."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match=cause):
        desk("--config", place, "init")


def test_a_broken_configuration_is_named(desk, tmp_path):
    """`init` does not write over a file that can not be read; the error names it."""
    (tmp_path / "monitor.toml").write_text("[fetch\n")
    with pytest.raises(BadInput, match=r"monitor\.toml: is no TOML"):
        desk("init", "--no-catalogue")
    assert (tmp_path / "monitor.toml").read_text() == "[fetch\n"
