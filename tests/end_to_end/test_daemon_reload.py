"""SIGHUP: the settings are read again in place, and every change is told."""

import signal

import pytest

from tests.end_to_end.daemons import starting


@pytest.fixture
def config(tmp_path):
    """The file that the daemon reads its settings from."""
    path = tmp_path / "monitor.toml"
    path.write_text("[schedule]\ntick = 0.2\n")
    return path


@pytest.fixture
def daemon(url, tmp_path, config):
    """A daemon that has crawled once."""
    with starting(tmp_path) as begin:
        running = begin(url)
        running.wait_for("crawl: ")
        yield running


def reload(daemon, config, text):
    """Change the file, and tell the daemon."""
    config.write_text(text)
    daemon.process.send_signal(signal.SIGHUP)


def test_every_change_is_told(daemon, config):
    """Each changed key is named with its old and its new value, and holds from then on."""
    text = '[schedule]\ntick = 0.5\n[fetch]\nhost_gap = 2.5\n[log]\nlevel = "debug"\n'
    reload(daemon, config, text)
    assert "schedule.tick: 0.2 → 0.5" in daemon.wait_for("settings read again")
    assert 'log.level: "info" → "debug"' in daemon.wait_for("settings read again")
    status, said = daemon.end()
    # The environment is the last word: the file's gap changes nothing.
    assert (status, "host_gap" in said) == (0, False)


def test_nothing_changed(daemon, config):
    """Where nothing changed, it says so."""
    reload(daemon, config, "[schedule]\ntick = 0.2\n")
    assert "nothing changed" in daemon.wait_for("settings read again")


def test_a_bad_file_leaves_the_old_one(daemon, config):
    """A broken file is named with its fault; the old settings stay, and so does the daemon."""
    reload(daemon, config, "[schedule]\ntack = 1\n")
    line = daemon.wait_for("ERROR")
    assert "Did you mean schedule.tick? The settings stay as they were." in line
    reload(daemon, config, "[schedule]\ntick = 0.3\n")
    assert "schedule.tick: 0.2 → 0.3" in daemon.wait_for("settings read again")
    assert daemon.end()[0] == 0


def test_what_needs_a_restart_says_so(daemon, config):
    """Where it listens cannot change under way: it says that, each time it is asked."""
    for _ in range(2):
        reload(daemon, config, '[schedule]\ntick = 0.2\n[web]\nhost = "127.0.0.9"\n')
        line = daemon.wait_for("settings read again")
        assert 'web.host: "127.0.0.1" → "127.0.0.9": that needs a restart' in line


def test_crawls_under_way_go_on(web, url, tmp_path, config):
    """A crawl that waits for a host is not thrown away by a reload."""
    web.hold("/feed.xml")
    with starting(tmp_path) as begin:
        daemon = begin(url, MONITOR_FETCH__TIMEOUT="3")
        web.wait_until_held()
        reload(daemon, config, "[schedule]\ntick = 0.4\n")
        daemon.wait_for("settings read again")
        asked = web.hits.copy()
        daemon.wait_for("crawl: |trying again in")
        # Every feed is asked as often as one crawl asks: once, and once more after a failure.
        assert all(web.hits[key] <= asked[key] + 2 for key in web.hits)
        assert daemon.end()[0] == 0
