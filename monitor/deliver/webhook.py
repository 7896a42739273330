"""
A message as one POST of JSON to a webhook.

The address that is connected to is judged, no proxy of the environment is asked and no
redirect followed, so nothing leads elsewhere. All of it ends within `DEADLINE_S`.
"""

from __future__ import annotations

import base64
import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from monitor.addresses import AddressPolicy
from monitor.errors import Permanent, Refused, Retryable
from monitor.model import Delivery
from monitor.wording import stamp

#: Seconds for one step, and for all.
TIMEOUT_S, DEADLINE_S = 20.0, 60.0

#: Characters of the text; stories beyond it are in `stories`.
TEXT = 100_000

#: Answers that promise that it may go well later.
PASSING = frozenset({408, 425, 429})

_SUBJECT = "the webhook"


def payload(delivery: Delivery) -> dict[str, Any]:
    """What is posted; `id` is the same, however often it is sent."""
    return {
        "id": delivery.key,
        "kind": delivery.kind,
        "subject": delivery.subject,
        "text": str(delivery.body["text"])[:TEXT],
        "stories": delivery.body["stories"],
        "created_at": stamp(delivery.created_at),
    }


def send(
    delivery: Delivery, target: str, policy: AddressPolicy, *, agent: str, timeout_s: float
) -> None:
    """
    Post it.

    Args:
        target: with its variables filled in.

    Raises:
        Refused: the address guard forbids it.
        Permanent: the other side will not take it.
        Retryable: it may go well later.
    """
    try:
        place = urlsplit(target)
        port = place.port or (443 if place.scheme == "https" else 80)
        host = (place.hostname or "").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise Permanent("is no address.", subject=_SUBJECT) from None
    content = json.dumps(payload(delivery), ensure_ascii=False).encode()
    try:
        with _connected(host, port, policy, is_tls=place.scheme == "https", s=timeout_s) as sock:
            status = _posted(sock, host, place, content, _headers(place, delivery, agent))
    except ssl.SSLCertVerificationError as error:
        raise Permanent(
            f"has a certificate that is not trusted: {error.verify_message}.", subject=_SUBJECT
        ) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        words = getattr(error, "strerror", "") or type(error).__name__
        raise Retryable(f"{words}.", subject=_SUBJECT) from None
    _judge(status)


def _headers(place: SplitResult, delivery: Delivery, agent: str) -> dict[str, str]:
    found = {
        "Host": place.netloc.rpartition("@")[2].encode("idna").decode("ascii"),
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": agent,
        "Idempotency-Key": delivery.key,
        "Connection": "close",
    }
    if place.username is not None:
        pair = f"{unquote(place.username)}:{unquote(place.password or '')}"
        found["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return found


def _posted(
    sock: socket.socket, host: str, place: SplitResult, content: bytes, headers: dict[str, str]
) -> int:
    """The status of the answer; its body is not read."""
    connection = http.client.HTTPConnection(host)
    connection.sock = sock
    path = (place.path or "/") + (f"?{place.query}" if place.query else "")
    connection.request("POST", path, content, headers)
    return connection.getresponse().status


def _judge(status: int) -> None:
    if 200 <= status < 300:
        return
    if status in PASSING or status >= 500:
        raise Retryable(f"answered {status}.", subject=_SUBJECT)
    why = ": redirects are not followed" if 300 <= status < 400 else ""
    raise Permanent(f"answered {status}{why}.", subject=_SUBJECT)


@contextmanager
def _connected(
    host: str, port: int, policy: AddressPolicy, *, is_tls: bool, s: float
) -> Iterator[socket.socket]:
    """A connection to one of a host's addresses that may be reached; ends at the deadline."""
    sock = _reached(host, port, policy, s)
    end = threading.Timer(DEADLINE_S, _cut, (sock,))
    end.daemon = True
    end.start()
    try:
        if is_tls:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        yield sock
    finally:
        end.cancel()
        sock.close()


def _reached(host: str, port: int, policy: AddressPolicy, s: float) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    refusals, failures = [], []
    for family, kind, protocol, _, address in found:
        refusal = policy.refusal(str(address[0]), port)
        if refusal:
            refusals.append(refusal)
            continue
        sock = socket.socket(family, kind, protocol)
        sock.settimeout(s)
        try:
            sock.connect(address)
        except OSError as error:
            sock.close()
            failures.append(error)
        else:
            return sock
    if failures:
        raise failures[0]
    raise Refused(f"{refusals[0] if refusals else 'has no address'}.", subject=_SUBJECT)


def _cut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
