"""Settings are read from a file and the environment, and refuse what they do not know."""

from pathlib import Path

import pytest

from monitor.errors import BadInput
from monitor.settings import Settings, default_toml, load_settings, redacted, reference_markdown

ROOT = Path(__file__).parents[2]


def written(tmp_path: Path, text: str) -> Path:
    """A configuration file with this text."""
    path = tmp_path / "monitor.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_commented_file_reads_back_as_the_defaults(tmp_path: Path):
    """What `monitor init` writes changes nothing."""
    path = written(tmp_path, default_toml())
    read = load_settings(path, environ={}, database="sqlite:///x")
    assert read == load_settings(written(tmp_path, ""), environ={}, database="sqlite:///x")
    assert read.fetch == Settings().fetch


def test_an_unknown_key_names_the_nearest_right_one(tmp_path: Path):
    """A typing error costs no search."""
    path = written(tmp_path, "[fetch]\ntime_out = 3\n")
    with pytest.raises(BadInput, match=r"fetch\.time_out in .*Did you mean fetch\.timeout"):
        load_settings(path, environ={})


def test_an_unknown_section_is_refused(tmp_path: Path):
    """A section that nothing reads is an error too."""
    with pytest.raises(BadInput, match="Did you mean fetch"):
        load_settings(written(tmp_path, "[fetsh]\npages = true\n"), environ={})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[fetch]\ntimeout = 'soon'", "no number"),
        ("[fetch]\ntimeout = true", "no number"),
        ("[fetch]\ntimeout = 0", "out of bounds"),
        ("[fetch]\ntimeout = nan", "out of bounds"),
        ("[fetch]\npages = 1", "neither true nor false"),
        ("[fetch]\nallow_private = '10.0.0.0/8'", "no list of texts"),
        ("[fetch", "is no TOML"),
        ("fetch = 3", "there is no such key"),
        ("[schedule]\nmin_interval = 90000", "above schedule.max_interval"),
    ],
)
def test_a_bad_value_is_refused_with_its_meaning(tmp_path: Path, text: str, words: str):
    """The error says which form is wanted."""
    with pytest.raises(BadInput, match=words):
        load_settings(written(tmp_path, text), environ={})


def test_the_environment_overrides_the_file(tmp_path: Path):
    """Lists in the environment are JSON."""
    path = written(tmp_path, "[fetch]\ntimeout = 3\npages = true\n")
    environ = {"MONITOR_FETCH__ALLOW_PRIVATE": '["127.0.0.0/8"]', "MONITOR_FETCH__PAGES": "false"}
    fetch = load_settings(path, environ=environ).fetch
    assert (fetch.allow_private, fetch.pages, fetch.timeout) == (("127.0.0.0/8",), False, 3.0)


def test_an_unknown_variable_is_refused():
    """A mistyped variable is not silently ignored."""
    with pytest.raises(BadInput, match=r"MONITOR_FETCH__PAGE.*Did you mean fetch\.pages"):
        load_settings(None, environ={"MONITOR_FETCH__PAGE": "false"})


def test_the_argument_overrides_everything():
    """--database is the last word."""
    environ = {"MONITOR_DATABASE__URL": "sqlite:///a"}
    assert (
        load_settings(None, environ=environ, database="sqlite:///b").database.url == "sqlite:///b"
    )


def test_a_missing_file_is_named(tmp_path: Path):
    """A file that was asked for must be there."""
    with pytest.raises(BadInput, match=r"nowhere\.toml"):
        load_settings(tmp_path / "nowhere.toml", environ={})


def test_a_password_is_never_shown():
    """Only the user and the place of a database are printed."""
    assert redacted("postgresql://me:secret@db/x") == "postgresql://me:…@db/x"


def test_the_reference_holds_every_key():
    """The page in docs is what the code says."""
    assert (ROOT / "docs/configuration.md").read_text(encoding="utf-8") == reference_markdown()
