"""Recipients, alerts, digests, and what was delivered."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import available_timezones

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.deliver import digest_queue, orders
from monitor.deliver.sending import usable
from monitor.deliver.targets import shown
from monitor.errors import BadInput
from monitor.model import Alert, Delivery, DeliveryState, Recipient, Role, View
from monitor.ports import Store
from monitor.review.queries import query_pairs
from monitor.web.desk import desk_of, reader_of, require
from monitor.web.gate import posted
from monitor.web.language import msgid, words_of
from monitor.web.pages import page, see_other, tell

#: Days before a rule takes effect or lapses, unless others are asked for.
USUAL_DAYS = 30

#: Deliveries on the page.
DELIVERIES = 50

#: What waits for so long waits for a daemon.
WAITING = timedelta(minutes=2)

#: States of a delivery as the page names them, so that they are found for translation.
STATE_WORDS = (msgid("waiting"), msgid("sending"), msgid("sent"), msgid("failed"))

#: Kinds of deliveries, and sections of a digest, likewise.
KIND_WORDS = (msgid("digest"), msgid("alert"), msgid("test"), msgid("mineral"), msgid("country"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """All that the page shows."""

    recipients: Sequence[Recipient]
    alerts: Sequence[Alert]
    views: Sequence[View]
    deliveries: Sequence[Delivery]
    counts: Mapping[DeliveryState, int]


async def alerts(request: Request) -> Response:
    """Alerts, recipients, and the last deliveries."""
    desk, reader = desk_of(request), reader_of(request)
    known = await desk.runner.read(_known)
    return page(
        request,
        "alerts.html",
        known=known,
        views={one.id: one.name for one in known.views},
        addresses={one.id: f"/search?{urlencode(query_pairs(one.query))}" for one in known.views},
        recipients={one.id: one.name for one in known.recipients},
        reached={one.id: shown(one.target) for one in known.recipients},
        sections=orders.SECTIONS,
        zones=sorted(available_timezones()),
        chosen_view=request.query_params.get("view", ""),
        may_change=reader.role.may(Role.ANALYST),
        is_stuck=_is_stuck(known.deliveries, desk.now()),
    )


async def change(request: Request) -> Response:
    """One change, by the form's `action`."""
    require(request, Role.ANALYST)
    form = await posted(request)
    fields = {key: value for key, value in form.items() if isinstance(value, str)}
    action = fields.get("action", "")
    if action not in _ACTIONS:
        raise BadInput("is nothing that can be done here.", subject=action[:40] or "the form")
    said = await _ACTIONS[action](request, fields)
    return tell(request, see_other("/alerts"), words_of(request).gettext(said))


def _known(store: Store) -> _Known:
    return _Known(
        recipients=store.recipients(),
        alerts=store.alerts(),
        views=store.views(),
        deliveries=store.deliveries(limit=DELIVERIES),
        counts=store.delivery_counts(),
    )


def _is_stuck(found: Sequence[Delivery], now: datetime) -> bool:
    """Something is due, and nobody has taken it."""
    return any(
        one.state is DeliveryState.WAITING and now - (one.not_before or one.created_at) > WAITING
        for one in found
    )


async def _save_alert(request: Request, fields: dict[str, str]) -> str:
    desk = desk_of(request)
    number = _number(fields, "id")
    # "rules-3": rules in the stories of view 3.
    about = fields.get("view", "").removeprefix("rules-")
    is_on_rules = about != fields.get("view", "")

    def save(store: Store) -> None:
        checked = orders.alert_fields(
            store,
            name=fields.get("name", ""),
            view_id=_number({"view": about}, "view"),
            recipient_id=_number(fields, "recipient"),
            gap_s=60 * _number(fields, "gap"),
            quiet=fields.get("quiet", ""),
            days_before=(_number(fields, "days") or USUAL_DAYS) if is_on_rules else 0,
            is_active="is_active" in fields if number else None,
        )
        if number:
            store.change_alert(number, **checked)
        else:
            orders.add_alert(store, checked, now=desk.now())

    await desk.runner.write(save)
    return msgid("Saved.")


async def _save_recipient(request: Request, fields: dict[str, str]) -> str:
    desk = desk_of(request)
    number = _number(fields, "id")
    target = fields.get("target", "").strip()
    if target:
        # It may ask another process: never in the thread that writes.
        target = await asyncio.to_thread(usable, target, os.environ)
    wish = orders.Wish(
        name=fields.get("name", ""),
        # A secret is not shown: an empty field leaves it as it is.
        target=target or None,
        zone=fields.get("zone", ""),
        digest_cron=fields.get("digest", ""),
        digest_view_id=_number(fields, "view"),
        digest_by=fields.get("by", "mineral"),
        even_empty="even_empty" in fields,
        is_active="is_active" in fields if number else None,
    )

    def save(store: Store) -> None:
        if number:
            orders.change_recipient(store, _recipient(store, number), wish, now=desk.now())
        else:
            orders.add_recipient(store, wish, now=desk.now())

    await desk.runner.write(save)
    return msgid("Saved.")


async def _remove_alert(request: Request, fields: dict[str, str]) -> str:
    desk, number = desk_of(request), _number(fields, "id")
    await desk.runner.write(lambda store: store.remove_alert(number, now=desk.now()))
    return msgid("Removed.")


async def _remove_recipient(request: Request, fields: dict[str, str]) -> str:
    desk, number = desk_of(request), _number(fields, "id")
    await desk.runner.write(lambda store: store.remove_recipient(number, now=desk.now()))
    return msgid("Removed, with its alerts.")


async def _test_alert(request: Request, fields: dict[str, str]) -> str:
    desk, number = desk_of(request), _number(fields, "id")

    def queue(store: Store) -> int:
        alert = next((one for one in store.alerts() if one.id == number), None)
        if alert is None:
            raise BadInput("there is no such alert.", subject=str(number))
        recipient = _recipient(store, alert.recipient_id)
        return orders.queue_test(store, recipient, alert, now=desk.now())

    await desk.runner.write(queue)
    return msgid("A test is on its way; see below what came of it.")


async def _test_recipient(request: Request, fields: dict[str, str]) -> str:
    desk, number = desk_of(request), _number(fields, "id")
    await desk.runner.write(
        lambda store: orders.queue_test(store, _recipient(store, number), None, now=desk.now())
    )
    return msgid("A test is on its way; see below what came of it.")


async def _digest_now(request: Request, fields: dict[str, str]) -> str:
    desk, number = desk_of(request), _number(fields, "id")
    public_url = desk.settings.web.public_url
    made = await desk.runner.read(
        lambda store: digest_queue.prepare(
            store, _recipient(store, number), now=desk.now(), public_url=public_url, is_asked=True
        )
    )
    await desk.runner.write(made.queue)
    return msgid("A digest is on its way; see below what came of it.")


async def _retry(request: Request, fields: dict[str, str]) -> str:
    number = _number(fields, "id")
    await desk_of(request).runner.write(lambda store: store.retry_delivery(number))
    return msgid("It is sent again.")


async def _drop(request: Request, fields: dict[str, str]) -> str:
    number = _number(fields, "id")
    await desk_of(request).runner.write(lambda store: store.drop_delivery(number))
    return msgid("Dropped; what it tells is not told.")


def _recipient(store: Store, number: int) -> Recipient:
    found = store.recipient(number)
    if found is None:
        raise BadInput("there is no such recipient.", subject=str(number))
    return found


def _number(fields: Mapping[str, str], name: str) -> int:
    """A whole number of a form; 0 when it is not given."""
    text = fields.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise BadInput(f"{text[:20]!r} is no whole number.", subject=name)
    return int(text)


_ACTIONS: dict[str, Callable[[Request, dict[str, str]], Awaitable[str]]] = {
    "save-alert": _save_alert,
    "remove-alert": _remove_alert,
    "test-alert": _test_alert,
    "save-recipient": _save_recipient,
    "remove-recipient": _remove_recipient,
    "test-recipient": _test_recipient,
    "digest-now": _digest_now,
    "retry": _retry,
    "drop": _drop,
}

routes = [
    Route("/alerts", alerts, methods=["GET"], name="alerts"),
    Route("/alerts", change, methods=["POST"]),
]
