"""The page of alerts and recipients in a real browser, and a hostile digest without any policy."""

import random
from dataclasses import replace

import pytest

from monitor.deliver import courier
from monitor.model import Alert, AlertKind, Delivery, DeliveryState, Recipient, StoryQuery
from monitor.settings import Settings
from tests.store.records import NOW, hours
from tests.unit.deliver.telling import alerted, digested, recipient
from tests.web import browsing
from tests.web.world import HOSTILE
from tests.world.receivers import webhook


def fill(database):
    """Recipients, alerts and deliveries of all kinds, with names that strangers could choose."""
    view = database.add_view("Tungsten " + HOSTILE[:60], StoryQuery(minerals=("tungsten",)), owner="ann", now=NOW)  # fmt: skip
    one = database.add_recipient(
        Recipient(id=0, name=HOSTILE[:90], target="https://hook.example/T0K3N", digest_cron="0 7 * * *", digest_view_id=view.id),
        now=NOW,
    )  # fmt: skip
    for name, kind, number in (
        ("W" * 90, AlertKind.VIEW, view.id),
        ("Broken", AlertKind.SOURCES, 0),
    ):
        database.add_alert(
            Alert(id=0, name=name, kind=kind, view_id=number, recipient_id=one, quiet="22:00-07:00", created_at=NOW)
        )  # fmt: skip
    for number, state in enumerate(DeliveryState):
        queued = database.queue(
            Delivery(key=f"k{number}", kind="alert", recipient_id=one, subject=HOSTILE, body={}, created_at=hours(11))
        )  # fmt: skip
        database.settle_delivery(queued, state, now=hours(11), error="answered 404. " * 9)


@pytest.mark.parametrize("width", [390, 1280, 1920])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_holds(desk, tab, width, scheme):
    """On a phone and a wide screen, light and dark: nothing runs, nothing sticks out."""
    fill(desk.database)
    opened = tab(width=width, color_scheme=scheme)
    page = opened.goto(desk.url + "/alerts")
    for one in page.query_selector_all("details"):
        one.evaluate("one => { one.open = true }")
    assert opened.wider() == []
    assert "T0K3N" not in page.content()


def test_from_nothing_to_a_message(desk, tab):
    """A recipient, an alert and a test by clicks, without JavaScript; the receiver gets it."""
    desk.database.add_view("Tungsten", StoryQuery(minerals=("tungsten",)), owner="ann", now=NOW)
    with webhook() as hook:
        page = tab(java_script_enabled=False).goto(desk.url + "/alerts")
        page.fill("#to-name-new", "Desk")
        page.fill("#to-target-new", hook.url)
        page.fill("#to-digest-new", "0 7 * * *")
        page.select_option("#to-zone-new", "Asia/Almaty")
        browsing.follow(page, "text=Add the recipient")
        page.click("summary:has-text('Add an alert')")
        page.fill("#alert-name-new", "Watch")
        page.fill("#alert-quiet-new", "22:00-07:00")
        browsing.follow(page, "text=Add the alert")
        assert "Quiet from 22:00-07:00" in page.inner_text("main")
        browsing.follow(page, "text=Send a test >> nth=0")
        assert "A test is on its way" in page.inner_text("main, body")
        (sent,) = _send(desk, Settings())
        assert (sent.state, hook.posts) == (DeliveryState.FAILED, [])
        page.reload()
        assert "is private; allow it with fetch.allow_private" in page.inner_text("table")
        browsing.follow(page, "text=Try again")
        made = Settings()
        allowed = replace(made, fetch=replace(made.fetch, allow_private=("127.0.0.0/8",)))
        (sent,) = _send(desk, allowed)
        assert sent.state is DeliveryState.SENT
        page.reload()
        assert "secret-token" not in page.content()
    assert [post["kind"] for post in hook.posts] == ["test"]


def _send(desk, settings):
    found = []
    for one in desk.database.take_deliveries(now=desk.now, limit=9):
        who = desk.database.recipient(one.recipient_id)
        failure = courier.hand_over(one, who, settings, {})
        courier.settle(desk.database, one, failure, now=desk.now, dice=random.Random(1))
        found.append(desk.database.delivery(one.id))
    return found


def test_what_nobody_sends(desk, tab):
    """When something has waited for minutes, the page says that no daemon runs."""
    fill(desk.database)
    page = tab().goto(desk.url + "/alerts")
    assert "sent by monitor run" in page.inner_text("main")


def test_bad_orders_are_refused(desk, tab):
    """Each field that cannot be is named, and nothing is added."""
    page = tab(java_script_enabled=False).goto(desk.url + "/alerts")
    for field, value, words in (
        ("target", "nonsense", "no scheme"),
        ("digest", "at seven", "no cron expression"),
        ("target", "mailtos://u:T0K3N@h.example", "not how mail is sent"),
    ):
        opened = tab(java_script_enabled=False)
        page = opened.goto(desk.url + "/alerts")
        page.fill("#to-name-new", "x")
        page.fill("#to-target-new", "mailto:a@b.example")
        page.fill(f"#to-{field}-new", value)
        browsing.follow(page, "text=Add the recipient")
        assert words in page.inner_text("main")
        assert "T0K3N" not in page.content()
        opened.faults.clear()
    assert desk.database.recipients() == []


@pytest.mark.parametrize("form", ["digest", "alert"])
def test_a_hostile_digest_without_a_policy(desk, tab, tmp_path, form):
    """What strangers wrote does not run in a mail, though no policy forbids it, nor breaks it."""
    store = desk.database
    who = recipient(store, name=HOSTILE, digest_cron="0 7 * * *", digest_view_id=0)
    view = store.add_view(HOSTILE[:90], StoryQuery(), owner="ann", now=NOW)
    store.add_alert(
        Alert(id=0, name=HOSTILE, kind=AlertKind.VIEW, view_id=view.id, recipient_id=who.id, created_at=NOW)
    )  # fmt: skip
    digested(store, NOW)
    (made,) = digested(store, hours(30)) if form == "digest" else alerted(store, hours(12))
    assert len(made.body["stories"]) >= 6
    file = tmp_path / "mail.html"
    file.write_text(made.body["html"], encoding="utf-8")
    for width in (320, 1280):
        opened = tab(width=width)
        page = opened.page
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert (
            page.evaluate(
                "[...document.querySelectorAll('script, img, iframe, svg, object, embed, link')].length"
            )
            == 0
        )
        addresses = page.evaluate("[...document.links].map(one => one.protocol)")
        assert set(addresses) <= {"https:", "http:"}
        assert addresses
