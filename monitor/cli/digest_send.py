"""`monitor digest --send` and `--html`: digests as recipients get them, now."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.cli.sending_now import send_now
from monitor.cli.session import Session
from monitor.deliver import digest_queue, orders
from monitor.deliver.cards import refresh
from monitor.deliver.mail_page import mail_html
from monitor.errors import BadInput
from monitor.model import Recipient


def send_digests(session: Session, name: str, *, since: datetime | None) -> int:
    """Send one recipient, or all who get digests, what they were not told yet; exit status."""
    database = session.database
    _make_cards(session)
    found = database.recipients()
    chosen = [orders.named(found, name, "recipient")] if name else _who_get_digests(found)
    status = 0
    for one in chosen:
        now = datetime.now(UTC)
        made = digest_queue.prepare(
            database,
            one,
            now=now,
            public_url=session.settings.web.public_url,
            since=since,
            is_asked=True,
        ).queue(database)
        if made is not None:
            number = next(d.id for d in database.deliveries(limit=50) if d.key == made.key)
            status = max(status, send_now(session, number))
    return status


def digest_page(session: Session, since: datetime | None, *, now: datetime) -> str:
    """What changed since then, as the page of a mail to nobody in particular."""
    _make_cards(session)
    nobody = Recipient(id=0, name="", target="", told_until=since)
    made = digest_queue.compose(
        session.database, nobody, now=now, public_url=session.settings.web.public_url, since=since
    )
    return mail_html(made.message)


def _who_get_digests(found: list[Recipient]) -> list[Recipient]:
    chosen = [one for one in found if one.is_active and one.digest_cron]
    if not chosen:
        raise BadInput(
            "nobody gets digests.",
            subject="--send",
            advice="Name a recipient, or: monitor recipients add NAME TARGET --digest '0 7 * * *'",
        )
    return chosen


def _make_cards(session: Session) -> None:
    while refresh(session.database):
        pass
