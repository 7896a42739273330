"""Recipients, alerts and deliveries by command, against a receiver on loopback."""

import json
from dataclasses import replace

import pytest

from monitor.errors import BadInput
from monitor.model import StoryQuery
from monitor.settings import Settings, differences
from monitor.store import open_database
from tests.cli import desk
from tests.store.records import NOW
from tests.web.world import sample_stories
from tests.world.receivers import webhook


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs commands on a database with stories and a view; loopback may be reached."""
    monkeypatch.setenv("MONITOR_FETCH__ALLOW_PRIVATE", '["127.0.0.0/8"]')
    url = f"sqlite:///{tmp_path}/monitor.sqlite"
    database = open_database(url)
    sample_stories(database)
    database.add_view("Tungsten", StoryQuery(minerals=("tungsten",)), owner="ann", now=NOW)
    database.close()
    return lambda *words: desk.run(url, *words)


def test_from_a_recipient_to_a_digest(run):
    """Add, list, try, send: the receiver gets each once, and the target is never shown."""
    with webhook() as hook:
        said = [
            run("recipients", "add", "desk", hook.url, "--digest", "0 7 * * *", "--zone", "Asia/Almaty"),
            run("alerts", "add", "watch", "--view", "Tungsten", "--to", "desk", "--quiet", "22:00-07:00"),
            run("recipients", "list"),
            run("alerts", "list"),
            run("alerts", "test", "watch"),
            run("digest", "--send", "desk", "--since", "2026-01-01"),
            run("deliveries", "list"),
        ]  # fmt: skip
        kinds = [post["kind"] for post in hook.posts]
    assert [one.status for one in said] == [0] * 7, said
    assert kinds == ["test", "digest"]
    assert len(hook.posts[1]["stories"]) == 6
    assert "digest at '0 7 * * *' Asia/Almaty" in said[2].out
    assert "watch: view Tungsten to desk, every 300 s at most, quiet 22:00-07:00" in said[3].out
    assert all("secret-token" not in one.out + one.err for one in said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("recipients", "add", "x", "nonsense"), "has no scheme"),
        (("recipients", "add", "x", "mailto:a@b.example", "--zone", "Mars"), "no time zone"),
        (("recipients", "add", "x", "mailto:a@b.example", "--digest", "7"), "no cron expression"),
        (("recipients", "test", "nobody"), "There is no recipient yet."),
        (("alerts", "add", "x", "--view", "Lithium", "--to", "y"), "There are: Tungsten."),
        (("alerts", "add", "x"), "needs --to"),
        (("digest", "--send"), "nobody gets digests"),
        (("deliveries", "retry", "7"), "no such delivery"),
    ],
)
def test_what_cannot_be_ordered(run, words, said):
    """It is refused with what to do."""
    with pytest.raises(BadInput, match=said):
        run(*words)


def test_it_is_changed_and_removed(run):
    """What is edited is listed as it is then; what is removed is gone."""
    run("recipients", "add", "desk", "mailto:ann@desk.example")
    assert "Changed zone" in run("recipients", "edit", "desk", "--zone", "Europe/Berlin").err
    (record,) = run("recipients", "list", "--json").out.splitlines()
    assert json.loads(record)["zone"] == "Europe/Berlin"
    assert "ann" not in record
    run("recipients", "remove", "desk")
    assert run("recipients", "list").out == ""


def test_the_page_of_a_mail_is_printed(run):
    """`digest --html` prints a whole page, and remembers nothing."""
    page = run("digest", "--html", "--since", "2026-01-01").out
    assert page.startswith("<!doctype html>")
    assert "Sample Cove to sell tungsten mine" in page
    assert "<script" not in page


def test_a_changed_password_is_not_told():
    """What a reload logs of a secret is that it changed."""
    old = Settings()
    new = replace(old, mail=replace(old.mail, password="T0K3N"))
    assert differences(old, new) == [("mail.password", '"…"', '"…" (another password)')]
