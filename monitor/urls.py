"""
Addresses: the key that identifies a page, and what may be followed at all.

The address that was published is kept untouched; `canonical_key` is for comparing.
Nothing here does I/O, and nothing but `checked` raises.
"""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from typing import NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

import idna

from monitor.errors import BadInput

#: Longer addresses are taken for hostile (code points).
MAX_LENGTH = 8192

#: Longer keys end in a hash: databases bound what they index (ASCII characters).
MAX_KEY = 1500

#: Aggregators whose links are opaque.
OPAQUE_HOSTS = frozenset({"news.google.com"})

#: Hosts where each first part of a path is a publication of its own.
SHARED_HOSTS = frozenset({"t.me", "telegram.me", "medium.com"})

_LINES = files("monitor").joinpath("urls_tracking.txt").read_text("utf-8").splitlines()
_NAMES = [line.strip() for line in _LINES if line.strip() and not line.startswith("#")]
#: Query parameters that say how a reader came, never what is read.
TRACKING = frozenset(name for name in _NAMES if not name.endswith("*"))
#: The same, by beginning.
TRACKING_PREFIXES = tuple(name[:-1] for name in _NAMES if name.endswith("*"))

_DROPPED = re.compile(r"[\t\r\n]")
_HOSTILE = re.compile(
    "[\x00-\x20\x7f-\x9f\\\\\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_-])?")
_IPV6 = re.compile(r"[0-9a-f:.]+")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|%|([^\x21-\x7e])|([\"<>\\^`{|}])")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_HOST_PORT = re.compile(r"[^/:?#@]+:\d{1,5}(?:[/?#]|$)")
_FILE_NAME = re.compile(
    r"[^/]*\.(?:opml|xml|rss|atom|csv|json|txt|html?|toml|ya?ml|db|sqlite)", re.IGNORECASE
)


class _Parts(NamedTuple):
    """An address whose scheme, host and port hold."""

    split: SplitResult
    host: str
    port: int | None


def canonical_key(url: str) -> str:
    """
    The key by which two addresses of one page are equal; '' for what is not http(s).

    https, lower-case IDNA host, no default port or credentials, no tracking parameters, the
    rest sorted by name, no fragment unless it is a route (`#!`, `#/`). Idempotent.
    """
    parts = _parts(_DROPPED.sub("", url.strip()))
    if parts is None:
        return ""
    split = parts.split
    netloc = f"[{parts.host}]" if ":" in parts.host else parts.host
    if parts.port not in {None, 80, 443}:
        netloc += f":{parts.port}"
    path = _without_dots(_SESSION.sub("", _escaped(split.path)))
    query = _query(split.query)
    fragment = _escaped(split.fragment) if split.fragment.startswith(("!", "/")) else ""
    key = f"https://{netloc}{path}{'?' if query else ''}{query}{'#' if fragment else ''}{fragment}"
    return key if len(key) <= MAX_KEY else _shortened(key)


def _shortened(key: str) -> str:
    """The beginning of a key, without a cut escape, and the hash of the whole."""
    start = key[: MAX_KEY - 100].partition("?")[0].partition("#")[0]
    start = re.sub("%.?$", "", start)
    return f"{start}~{hashlib.sha256(key.encode()).hexdigest()}"


def host(url: str) -> str:
    """Lower-case IDNA host of an http(s) address, or ''."""
    parts = _parts(_DROPPED.sub("", url.strip()))
    return parts.host if parts else ""


def publication(url: str) -> str:
    """What a page is one of the pages of: a host, or a channel of one that has many; or ''."""
    name = host(url)
    if name not in SHARED_HOSTS:
        return name
    first = urlsplit(url).path.strip("/").removeprefix("s/").partition("/")[0]
    return f"{name}/{first.lower()}"


def is_opaque(url: str) -> bool:
    """
    Whether an address only names an article to an aggregator, which alone knows where it leads.

    No such address is fetched: it would bring the aggregator's page.
    """
    return host(url) in OPAQUE_HOSTS


def absolute(base: str, link: str) -> str:
    """
    `link` resolved against `base` (RFC 3986); '' when that is not http(s) or is hostile.

    Hostile are control, bidi and backslash characters, credentials and excessive length.
    """
    link = _DROPPED.sub("", link.strip())
    if not link or len(link) > MAX_LENGTH:
        return ""
    try:
        joined = urljoin(base, link) if base else link
    except ValueError:
        return ""
    joined = joined.replace(" ", "%20")
    parts = _parts(joined)
    if parts is None or "@" in parts.split.netloc or _HOSTILE.search(joined):
        return ""
    return joined


def checked(url: str) -> str:
    """
    The http(s) address that a user meant; a missing scheme becomes https.

    Raises:
        BadInput: it is a file, a folder, another scheme or no address at all.
    """
    typed = url.strip().strip("<>\"'").strip()
    if not typed:
        raise BadInput(
            "the address is empty.", advice="Give an address like https://example.org/feed."
        )
    if _looks_like_path(typed):
        raise BadInput(
            "this is a file or folder, not a web address.",
            subject=typed,
            advice="Give an address that starts with https://, or import the file instead.",
        )
    found = absolute("", _with_scheme(typed))
    name = host(found)
    if not found or ("." not in name and ":" not in name and name != "localhost"):
        raise BadInput(
            f"{_fault(typed)}.",
            subject=typed,
            advice="Give an address like https://example.org/feed.",
        )
    return found


def _looks_like_path(typed: str) -> bool:
    lowered = typed.lower()
    if lowered.startswith("file:") or _DRIVE.match(typed):
        return True
    if typed.startswith(("/", "./", "../", "~", "\\", ".\\")) and not typed.startswith("//"):
        return True
    return typed in {".", ".."} or bool(_FILE_NAME.fullmatch(typed))


def _with_scheme(typed: str) -> str:
    if typed.lower().startswith(("feed:", "rss:")):
        rest = typed.split(":", 1)[1]
        typed = rest if rest.lower().startswith(("http:", "https:")) else rest.lstrip("/")
    if typed.startswith("//"):
        return f"https:{typed}"
    if _SCHEME.match(typed) and not _HOST_PORT.match(typed):
        return typed
    return f"https://{typed}"


def _fault(typed: str) -> str:
    scheme = _SCHEME.match(typed)
    if scheme and not _HOST_PORT.match(typed) and scheme[0].lower() not in {"http:", "https:"}:
        return f"{scheme[0][:-1]} addresses cannot be read, only http and https"
    if "@" in typed:
        return "addresses with a user name or password are not accepted"
    if " " in typed:
        return "the address contains spaces"
    return "this is not a web address"


def _parts(url: str) -> _Parts | None:
    if len(url) > MAX_LENGTH:
        return None
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        return None
    if split.scheme not in {"http", "https"}:
        return None
    name = _ascii_host(split.hostname or "")
    return _Parts(split, name, port) if name else None


def _ascii_host(name: str) -> str:
    """`name` in the form that DNS uses (UTS 46), or '' when it has none."""
    if ":" in name:
        return name.lower() if _IPV6.fullmatch(name.lower()) else ""
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError, ValueError, IndexError):
            return ""
    name = name.lower().rstrip(".")
    return name if len(name) < 254 and ".." not in name and _HOST.fullmatch(name) else ""


def _escaped(text: str) -> str:
    """Percent-encoding in one form (RFC 3986, 6.2.2): upper case, unreserved decoded."""
    return _ESCAPE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    if match[1]:
        value = int(match[1], 16)
        return chr(value) if value in _UNRESERVED else f"%{value:02X}"
    raw = (match[2] or match[3] or "%").encode("utf-8", "replace")
    return "".join(f"%{byte:02X}" for byte in raw)


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4 for an absolute path; empty becomes `/`."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    pairs = (_escaped(pair).partition("=") for pair in query.split("&"))
    kept = [pair for pair in pairs if (pair[0] or pair[2]) and not _is_tracking(pair[0])]
    return "&".join("".join(pair) for pair in sorted(kept, key=lambda pair: pair[0]))


def _is_tracking(name: str) -> bool:
    lowered = name.lower()
    return lowered in TRACKING or lowered.startswith(TRACKING_PREFIXES)
