"""Sends a delivery where its recipient wants it, and decides when a failed one is tried again."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from monitor.addresses import AddressPolicy
from monitor.deliver import mail, service, webhook
from monitor.deliver.targets import TargetKind, checked, kind_of, resolved
from monitor.errors import BadInput, Permanent
from monitor.model import Delivery
from monitor.settings import Settings

#: Attempts before a person must look; they take about half a day.
ATTEMPTS = 9

#: The first wait, what each further one is longer by, the longest; seconds.
FIRST_S, GROWTH, LONGEST_S = 30.0, 3.0, 3 * 3600.0

#: Each wait is up to so much longer or shorter, so that many do not come at once.
JITTER = 0.2


def send(
    delivery: Delivery, target: str, settings: Settings, *, environ: Mapping[str, str]
) -> None:
    """
    Send it; blocks for as long as its other side takes.

    Raises:
        Refused: the address guard forbids it.
        Permanent: it will not succeed, however often it is tried.
        Retryable: it may go well later.
    """
    address = resolved(target, environ)
    try:
        kind = kind_of(address)
    except BadInput as error:
        raise Permanent(error.message, subject=error.subject, advice=error.advice) from None
    policy = AddressPolicy.parse(settings.fetch.allow_private)
    if kind is TargetKind.MAIL:
        mail.send(delivery, address, settings.mail, environ=environ)
    elif kind is TargetKind.WEBHOOK:
        agent = settings.fetch.user_agent
        webhook.send(delivery, address, policy, agent=agent, timeout_s=webhook.TIMEOUT_S)
    else:
        service.send(delivery, address, policy, environ=environ)


def usable(target: str, environ: Mapping[str, str]) -> str:
    """
    A target as it is kept, when it can be one.

    Raises:
        BadInput: it cannot.
    """
    text = checked(target)
    if kind_of(text) is TargetKind.SERVICE:
        try:
            address = resolved(text, environ)
        except Permanent:
            # Its variables may be set for the daemon only.
            return text
        service.check(address, environ=environ)
    return text


def next_attempt(attempts: int, *, now: datetime, dice: random.Random) -> datetime | None:
    """When to try again after so many attempts; None = not at all."""
    if attempts >= ATTEMPTS:
        return None
    wait = min(FIRST_S * GROWTH ** (attempts - 1), LONGEST_S)
    return now + timedelta(seconds=wait * dice.uniform(1 - JITTER, 1 + JITTER))
