"""
Where messages go: mail, a webhook, or one of Apprise's services.

A target is a secret: it may hold a token. It is kept as it was given, `${VARIABLES}` in it are
filled in when something is sent, and what is shown of it is `shown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from email.errors import HeaderParseError
from email.headerregistry import Address
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from monitor.errors import BadInput, Permanent
from monitor.wording import plain_line

#: Longest target.
LONGEST = 2000

#: Shortest part of a secret that is looked for in a cause.
SHORTEST = 4

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


class TargetKind(StrEnum):
    """How a target is reached."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    #: By Apprise.
    SERVICE = "service"


def kind_of(target: str) -> TargetKind:
    """
    How it is reached.

    Raises:
        BadInput: it is no target.
    """
    scheme = _scheme(target)
    if scheme in {"mailto", "mailtos"}:
        mail_address(target)
        return TargetKind.MAIL
    if scheme in {"http", "https"}:
        return TargetKind.WEBHOOK
    return TargetKind.SERVICE


def checked(target: str) -> str:
    """
    A target as it is kept.

    Raises:
        BadInput: it is none; the message does not show it.
    """
    text = target.strip()
    if len(text) > LONGEST or not text.isprintable() or " " in text:
        raise _bad("is too long, or holds blanks or control characters.")
    if kind_of(text) is TargetKind.WEBHOOK and not _VARIABLE.search(text):
        _web_host(text)
    return text


def mail_address(target: str) -> str:
    """
    The address of a `mailto:`; one that holds a variable is not looked at.

    Raises:
        BadInput: it is none.
    """
    text = unquote(target.partition(":")[2])
    if text.startswith("//"):
        raise _bad(
            "is not how mail is sent here.",
            "Write mailto:desk@example.org, and the server in [mail] of monitor.toml.",
        )
    if _VARIABLE.search(text):
        return text
    try:
        address = Address(addr_spec=text)
    except (HeaderParseError, ValueError, IndexError):
        address = Address()
    if not (address.username and address.domain and text.isprintable()):
        raise _bad("names no mail address.", "Write mailto:desk@example.org")
    return address.addr_spec


def shown(target: str) -> str:
    """What may be seen of a target: how it is reached, and at which host."""
    try:
        kind = kind_of(target)
    except BadInput:
        return "nowhere"
    if kind is TargetKind.MAIL:
        domain = mail_address(target).rpartition("@")[2]
        return f"mail at {_plain(domain)}"
    if kind is TargetKind.WEBHOOK:
        try:
            host = urlsplit(target).hostname or ""
        except ValueError:
            host = ""
        return f"webhook at {_plain(host)}"
    return _scheme(target)


def resolved(text: str, environ: Mapping[str, str]) -> str:
    """
    The text with its `${VARIABLES}` filled in.

    Raises:
        Permanent: one of them is not set.
    """
    missing = [name for name in _VARIABLE.findall(text) if name not in environ]
    if missing:
        raise Permanent(
            "is not set in the environment of the monitor.",
            subject=f"${{{missing[0]}}}",
            advice="Set it, start the monitor again, and retry the delivery.",
        )
    return _VARIABLE.sub(lambda match: environ[match[1]], text)


def hidden(text: str, secrets: Iterable[str]) -> str:
    """A cause from elsewhere without what could be a secret of ours, on one line."""
    flat = plain_line(" ".join(text.split()))
    whole = [secret for secret in secrets if secret]
    # The name of a service is none.
    inner = [_SCHEME.sub("", secret, count=1) for secret in whole]
    parts = {part for secret in inner for part in re.split(r"[^\w.-]+", secret)}
    parts |= {*whole, *inner}
    for part in sorted((p for p in parts if len(p) >= SHORTEST), key=len, reverse=True):
        flat = flat.replace(part, "…")
    return flat


def _scheme(target: str) -> str:
    match = _SCHEME.match(target)
    if match is None:
        raise _bad("has no scheme.")
    return match[1].lower()


def _web_host(target: str) -> str:
    try:
        parts = urlsplit(target)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host:
        raise _bad("names no host.")
    return host


def _plain(host: str) -> str:
    return "…" if _VARIABLE.search(host) or "$" in host else plain_line(host)[:100]


def _bad(message: str, advice: str = "") -> BadInput:
    return BadInput(
        message,
        subject="the target",
        advice=advice or "Write mailto:NAME@HOST, https://HOST/PATH or an address of Apprise.",
    )
