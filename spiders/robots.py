"""
What a robots.txt says to us (RFC 9309): read in one pass, asked in bounded steps.

Only the group that binds us is kept. Paths are compared in one normal form (section 2.2.2);
the rule with most octets wins, and on ties the one that allows. Work is linear in the length
of the address for each rule, without backtracking; rules that cannot fit are not looked at.
Beyond the RFC: `Crawl-delay`, a missing colon, and the common misspellings are understood.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

#: RFC 9309, section 2.5: at least 500 KiB are read.
MOST_BYTES = 512_000
#: Crawl-delay is honoured up to this; some files ask for hours.
LONGEST_CRAWL_DELAY_S = 60.0
#: Steps (rules to try, by octets of the address and what each rule costs anyhow) that the loop
#: may wait for: less than 2 ms.
QUICK = 250_000
_COST_OF_RULE = 100

_AGENT, _ALLOW, _DISALLOW, _DELAY = "agent", "allow", "disallow", "delay"
_KEYS = {
    "user-agent": _AGENT,
    "useragent": _AGENT,
    "user agent": _AGENT,
    "allow": _ALLOW,
    "disallow": _DISALLOW,
    "dissallow": _DISALLOW,
    "dissalow": _DISALLOW,
    "disalow": _DISALLOW,
    "diasllow": _DISALLOW,
    "disallaw": _DISALLOW,
    "crawl-delay": _DELAY,
    "crawldelay": _DELAY,
    "crawl delay": _DELAY,
}
#: A line whose colon was forgotten: two words, the first of them a key.
_NO_COLON = re.compile(r"(user-agent|allow|disallow|crawl-delay)[ \t]+(\S+)", re.IGNORECASE)
#: The characters of a product token (section 2.2.1).
_TOKEN = re.compile(r"[A-Za-z_-]*")
#: The byte order mark, whole or cut off.
_MARKS = (b"\xef\xbb\xbf", b"\xef\xbb", b"\xef")

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ODD = re.compile(r"%[0-9A-Fa-f]{2}|[^!-~]|[\"<>\\^`{|}]")
#: These delimit nothing in a query, so encoded and plain they are one (table of section 2.2.2).
_FREE_IN_QUERY = {"%2F": "/", "%3A": ":", "%3F": "?", "%40": "@"}
_FREE = re.compile("|".join(_FREE_IN_QUERY))

#: How strong a rule is: its octets, then whether it allows.
Rank = tuple[int, bool]
_NO_RULE: Rank = (0, True)


@dataclass(frozen=True, slots=True)
class _Wild:
    """A rule with wildcards between its parts."""

    rank: Rank
    #: In this order, each after the one before; the last ends the address if it is anchored.
    parts: tuple[str, ...]
    is_anchored: bool

    def fits(self, target: str, at: int) -> bool:
        """Whether the parts stand in `target` from `at` on; leftmost is always best."""
        parts = self.parts[:-1] if self.is_anchored else self.parts
        for part in parts:
            at = target.find(part, at)
            if at < 0:
                return False
            at += len(part)
        if not self.is_anchored:
            return True
        return len(target) - len(self.parts[-1]) >= at and target.endswith(self.parts[-1])


@dataclass(slots=True)
class Robots:
    """The rules that bind us; without any, everything is allowed."""

    crawl_delay_s: float = 0.0
    #: How many rules there are.
    size: int = 0
    #: Rules by the literal text that an address begins with, or wholly is.
    _starts: dict[str, Rank] = field(default_factory=dict)
    _wholes: dict[str, Rank] = field(default_factory=dict)
    #: Rules with wildcards, by the text before the first of them.
    _wild: dict[str, list[_Wild]] = field(default_factory=dict)
    _start_lengths: tuple[int, ...] = ()
    _wild_lengths: tuple[int, ...] = ()

    @classmethod
    def read(cls, body: bytes, token: str) -> Robots:
        """
        What a robots.txt says to the product `token`.

        Args:
            body: unpacked; what is beyond 500 KiB is not read. Anything at all can be read:
                what is no rule says nothing.
        """
        group = _group_for(token, _records(body))
        robots = cls(group.delay_s)
        for pattern, is_allowed in dict.fromkeys(group.rules):
            robots._add(pattern, is_allowed=is_allowed)
        robots._start_lengths = tuple(sorted({len(text) for text in robots._starts}))
        robots._wild_lengths = tuple(sorted({len(text) for text in robots._wild}))
        return robots

    def allows(self, target: str) -> bool:
        """Whether an address may be asked for; `target` is what `target_of` makes of it."""
        if target == "/robots.txt":
            return True
        best = max(_NO_RULE, self._wholes.get(target, _NO_RULE))
        for length in self._start_lengths:
            if length > len(target):
                break
            best = max(best, self._starts.get(target[:length], _NO_RULE))
        for length, rules in self._candidates(target):
            for rule in rules:
                if rule.rank > best and rule.fits(target, length):
                    best = rule.rank
        return best[1]

    def is_quick(self, target: str) -> bool:
        """Whether `allows` takes so little time that the loop may wait for it."""
        rules = sum(len(rules) for _, rules in self._candidates(target))
        return rules * (len(target) + _COST_OF_RULE) <= QUICK

    def _candidates(self, target: str) -> Iterator[tuple[int, list[_Wild]]]:
        """Rules with wildcards whose first part fits."""
        for length in self._wild_lengths:
            if length > len(target):
                break
            rules = self._wild.get(target[:length])
            if rules:
                yield length, rules

    def _add(self, pattern: str, *, is_allowed: bool) -> None:
        self.size += 1
        rank = (len(pattern), is_allowed)
        is_anchored = pattern.endswith("$")
        first, *parts = (pattern[:-1] if is_anchored else pattern).split("*")
        if not is_anchored:
            while parts and not parts[-1]:
                parts.pop()  # a wildcard at the end says nothing
        if parts:
            self._wild.setdefault(first, []).append(_Wild(rank, tuple(parts), is_anchored))
        else:
            texts = self._wholes if is_anchored else self._starts
            texts[first] = max(rank, texts.get(first, _NO_RULE))


@dataclass(slots=True)
class _Group:
    """What is said to one kind of reader."""

    rules: list[tuple[str, bool]] = field(default_factory=list)
    delay_s: float = 0.0


def target_of(url: str) -> str:
    """The part of an address that rules speak about, in normal form."""
    parts = urlsplit(url)
    path = _without_dots(_normal(_octets(parts.path or "/")))
    query = f"?{_normal(_octets(parts.query))}" if parts.query else ""
    query = _FREE.sub(lambda found: _FREE_IN_QUERY[found[0]], query)
    return (path + query).replace("*", "%2A").replace("$", "%24")


def _records(body: bytes) -> Iterator[tuple[str, str]]:
    """Key and value of the lines that we know; each byte is a character."""
    if len(body) > MOST_BYTES:
        # The last line may be cut off, and would say something else.
        body = body[: max(body.rfind(b"\n", 0, MOST_BYTES), body.rfind(b"\r", 0, MOST_BYTES), 0)]
    mark = next((mark for mark in _MARKS if body.startswith(mark)), b"")
    for line in body[len(mark) :].splitlines():
        text = line.partition(b"#")[0].decode("latin-1").strip()
        key, colon, value = text.partition(":")
        if key := _KEYS.get(key.rstrip().lower(), ""):
            if colon:
                yield key, value.strip()
        elif found := _NO_COLON.fullmatch(text):
            yield _KEYS[found[1].lower()], found[2]


def _group_for(token: str, records: Iterable[tuple[str, str]]) -> _Group:
    """
    All groups that name the token, as one; else all that are for everybody (section 2.2.1).

    Only rules end the list of names that a group begins with: other records, `Crawl-delay`
    among them, must not divide groups (section 2.2.4).
    """
    groups = {"ours": _Group(), "all": _Group(), "other": _Group()}
    named: set[str] = set()
    #: Of these, the ones named since the last delay.
    undelayed: set[str] = set()
    seen: set[str] = set()
    is_naming = True
    for key, value in records:
        if key == _AGENT:
            reader = {_reader(value, token)}
            named, undelayed = (
                (named | reader, undelayed | reader) if is_naming else (reader, reader)
            )
            seen |= reader
            is_naming = True
        elif key == _DELAY:
            for name in undelayed or named:
                groups[name].delay_s = max(groups[name].delay_s, _delay_s(value))
            undelayed = set()
        else:
            is_naming = False
            for name in named - {"other"} if value else ():
                groups[name].rules.append((_pattern(value), key == _ALLOW))
    return groups["ours" if "ours" in seen else "all"]


def _reader(value: str, token: str) -> str:
    """Whom a user-agent line names: us, everybody, or another."""
    word = (value.split() or [""])[0]
    if word == "*":
        return "all"
    names = {word.partition("/")[0].lower(), _token(word).lower()}
    return "ours" if token.lower() in names else "other"


def _token(word: str) -> str:
    """The product token that a word begins with."""
    found = _TOKEN.match(word)
    return found[0] if found else ""


def _delay_s(value: str) -> float:
    """Seconds, within reason; 0 when it is no number."""
    try:
        delay = float(value)
    except ValueError:
        return 0.0
    return min(max(delay, 0.0), LONGEST_CRAWL_DELAY_S) if math.isfinite(delay) else 0.0


def _pattern(value: str) -> str:
    """A rule's path in normal form, in which `*` and a last `$` are the wildcards."""
    path, mark, query = _normal(value).partition("?")
    text = path + mark + _FREE.sub(lambda found: _FREE_IN_QUERY[found[0]], query)
    return text[:-1].replace("$", "%24") + text[-1:]


def _octets(text: str) -> str:
    """Text as the octets of its UTF-8, one character each."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("latin-1")


def _normal(octets: str) -> str:
    """What must be percent-encoded is, what need not be is not; hex digits in upper case."""

    def encoded(found: re.Match[str]) -> str:
        text = found[0]
        if len(text) == 1:
            return f"%{ord(text):02X}"
        character = chr(int(text[1:], 16))
        return character if character in _UNRESERVED else text.upper()

    return _ODD.sub(encoded, octets)


def _without_dots(path: str) -> str:
    """The path that a server will see in one with `.` and `..` (RFC 3986, section 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == ".." and len(kept) > 1:
            kept.pop()
        elif segment not in {".", ".."}:
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)
