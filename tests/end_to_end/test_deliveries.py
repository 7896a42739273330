"""Digests and alerts by a running daemon: each change once, and its end is not held up."""

import random
import time
from datetime import UTC, datetime

import pytest

from monitor.model import DeliveryState, Recipient
from monitor.store import open_database
from tests.end_to_end.daemons import asked, free_port, metric, starting
from tests.world import program, told
from tests.world.receivers import webhook
from tests.world.web import fake_web

KILLS = 2


@pytest.fixture
def start(tmp_path):
    """Starts daemons on a database of the test's."""
    with starting(tmp_path) as begin:
        yield begin


def test_every_change_is_told_once(tmp_path):
    """Killed when a message has come, and by the clock, it tells every change under one id."""
    url = f"sqlite:///{tmp_path}/monitor.sqlite"
    with fake_web(outlets=2, items=1) as web, webhook() as alerts, webhook() as digests:
        told.prepare(url, web, alerts, digests)
        for _ in range(KILLS):
            told.kill_once(url, web, [alerts], random.Random(3))
        told.finish(url, web)
        found = told.judge(url, alerts, digests)
    assert not found.faults, "\n".join(found.faults)
    assert found.changes >= 2


def test_a_slow_receiver_holds_nothing_up(start, tmp_path):
    """While a receiver does not answer, crawls go on, and the end comes within its grace."""
    url, port = f"sqlite:///{tmp_path}/monitor.sqlite", free_port()
    with fake_web(outlets=2, items=1) as web, webhook() as alerts, webhook() as digests:
        told.prepare(url, web, alerts, digests)
        alerts.before = lambda: time.sleep(60)
        daemon = start(url, **told.QUICK, MONITOR_WEB__PORT=str(port))
        alerts.wait_for(1)
        web.outlets[0].publish()
        daemon.wait_for("crawl: .* new article")
        began = time.monotonic()
        status, said = daemon.end()
    assert (status, said.count("Traceback")) == (0, 0)
    assert time.monotonic() - began < 25
    database = open_database(url)
    assert database.delivery_counts()[DeliveryState.SENDING] == 1
    database.close()


def test_a_failure_is_shown_everywhere(start, tmp_path):
    """A delivery that failed is counted, logged, listed with its cause, and no secret is told."""
    url, port = f"sqlite:///{tmp_path}/monitor.sqlite", free_port()
    database = open_database(url)
    now = datetime.now(UTC)
    with webhook() as hook:
        hook.answers = [404]
        database.add_recipient(
            Recipient(id=0, name="desk", target=hook.url, digest_cron="* * * * *", even_empty=True, told_until=now),
            now=now,
        )  # fmt: skip
        database.change_recipient(1, next_digest_at=now)
        database.close()
        daemon = start(url, MONITOR_WEB__PORT=str(port))
        line = daemon.wait_for("not sent")
        assert (
            "digest 1 to desk (webhook at 127.0.0.1): not sent: the webhook: answered 404" in line
        )
        failed = 'monitor_deliveries{state="failed"}'
        while f"{failed} 1.0" not in _metrics(port):
            time.sleep(0.1)
        assert metric(port, 'monitor_delivery_attempts_total{outcome="failed"}') == 1
        listed = program.run(url, "deliveries", "list", folder=tmp_path)
        assert "answered 404" in listed.stdout
        checked = program.run(url, "doctor", folder=tmp_path)
        assert "1 delivery failed" in checked.stdout
        retried = program.run(url, "deliveries", "retry", "1", folder=tmp_path)
        assert "Sent to desk (webhook at 127.0.0.1)." in retried.stderr
        said = daemon.end()[1]
    for text in (said, listed.stdout, checked.stdout, retried.stderr):
        assert "secret-token" not in text


def _metrics(port):
    return asked(port, "/metrics")[2]
