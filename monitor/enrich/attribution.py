"""
Whom a text names as its source: an agency, another outlet, a company, a state body.

An agency counts only where words say that it is the source ("Reuters reports", "据路透社报道",
"TORONTO, March 3 (Reuters) -"), not where it is only named. A company or state body counts where
its release or press office speaks, and no agency or outlet is named. The words are data:
`attribution.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

from monitor.enrich.vocabulary import Hit, Name, Vocabulary, folded, is_ideograph, longest
from monitor.errors import BadInput
from monitor.model import Mention
from monitor.text import single_line
from monitor.urls import host

#: Characters of a text in which its source is looked for: the opening, and the closing lines.
HEAD_CHARS, TAIL_CHARS = 6000, 1000

#: Characters before and behind a name in which its cue stands.
REACH = 60

#: Longest words of an attribution that are kept (characters).
MOST_CHARS = 160

#: Kinds of concept that may be the source of a text.
BODIES = frozenset({"company", "state_body"})

#: What may stand between a cue and a name: quotes, commas, brackets, so many of them.
_MARKS = " \t\n\"'«»„“”‘’()[],:;/.–—-"
MOST_MARKS = 4

#: Words like "the news agency" between them.
MOST_FILLERS = 2

#: Names of agencies, and addresses, that are looked at in one text.
MOST_NAMES = 40

#: `(Reuters) - `, `/ТАСС/. `, `--(BUSINESS WIRE)--`: brackets around a name, at the opening.
_BRACKETED = re.compile(r"[(（/\[【]\s{0,2}$"), re.compile(r"\s{0,2}[)）/\]】]")
DATELINE_CHARS = 120

#: `— Reuters`, `Интерфакс.`: a name alone at the end of a line.
_SIGNED = re.compile(r"(?:^|\n|[.!?…]\s|[–—-]\s?)[\s(/–—-]*$"), re.compile(r"[\s)/.]*(?:\n|$)")

#: `新华社北京3月2日电`.
_CHINESE_DATELINE = re.compile(
    r"[\u4e00-\u9fff]{0,12}\d{1,2}月\d{1,2}日[\u4e00-\u9fff]{0,4}[电電讯訊]"
)

#: `сообщает tengri-news.kz`: another outlet is known by its address, found by its end.
_ADDRESS_END = re.compile(
    r"\.(?:kz|ru|com|net|org|uz|kg|ua|by|cn|de|fr|es|it|pl|info|news|media|io)\b"
)
_ADDRESS = re.compile(r"(?<![\w.@/-])(?:www\.)?([a-z0-9][a-z0-9.-]{1,60})$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whom a text goes back to, and the words that say so; both empty when none do."""

    name: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    #: It sends out releases of companies.
    is_release: bool


class _Cues:
    """What stands before a name, and behind it."""

    def __init__(
        self, before: Iterable[str], behind: Iterable[str], fillers: Iterable[str]
    ) -> None:
        self._before, self._behind, self._fillers = map(_longest_first, (before, behind, fillers))

    def around(self, lower: str, start: int, end: int) -> tuple[int, int] | None:
        """From the cue to the end of the name, or from the name to the end of the cue."""
        if (at := self._cue_start(lower[max(0, start - REACH) : start])) is not None:
            return start - at, end
        at = self._cue_end(lower[end : end + REACH])
        return None if at is None else (start, end + at)

    def _cue_start(self, left: str) -> int | None:
        """How far before the end of `left` its cue begins."""
        whole = len(left)
        for _ in range(MOST_FILLERS + 1):
            left = _without_marks(left, at_end=True)
            if cue := _ends_with(left, self._before):
                return whole - len(left) + len(cue)
            filler = _ends_with(left, self._fillers)
            if not filler:
                return None
            left = left[: len(left) - len(filler)]
        return None

    def _cue_end(self, right: str) -> int | None:
        """Where the cue that `right` begins with ends."""
        whole = len(right)
        for _ in range(MOST_FILLERS + 1):
            # A suffix may begin with a mark of its own: 'in haberine göre.
            for rest in (right, _without_marks(right, at_end=False)):
                if cue := _begins_with(rest, self._behind):
                    return whole - len(rest) + len(cue)
            right = _without_marks(right, at_end=False)
            filler = _begins_with(right, self._fillers)
            if not filler:
                return None
            right = right[len(filler) :]
        return None


class Attributions:
    """The names and cues, compiled; safe to share between threads."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """
        Raises:
            BadInput: a part is missing, or two agencies share a name.
        """
        self._hosts: dict[str, str] = {}
        self._vocabulary = Vocabulary(list(self._names(data)))
        fillers = _words(data, "fillers")
        self._cues = _Cues(_words(data, "before"), _words(data, "after"), fillers)
        self._body_cues = _Cues(_words(data, "body_before"), _words(data, "body_after"), fillers)

    def agency_of(self, *, site: str, url: str) -> str:
        """The agency whose own text this is, by its address or the outlet's name; or ''."""
        name = host(url).removeprefix("www.")
        while name:
            if name in self._hosts:
                return self._hosts[name]
            name = name.partition(".")[2]
        return self.agency_named(site)

    def agency_named(self, name: str) -> str:
        """The agency that is called so, and nothing else; or ''."""
        hits = list(self._vocabulary.scan(name, folded(name)))
        whole = [hit for hit in hits if hit.end - hit.start == len(name.strip())]
        return whole[0].meaning.name if whole and not whole[0].meaning.is_release else ""

    def read(
        self, title: str, text: str, mentions: Sequence[Mention], *, own: Iterable[str] = ()
    ) -> Attribution:
        """
        Whom the text names as its source.

        Args:
            mentions: of `title + "\\n" + text`.
            own: names of the outlet itself, which often names itself.
        """
        whole = f"{title}\n{text}"
        shown, tail = whole[:HEAD_CHARS], whole[HEAD_CHARS:][-TAIL_CHARS:]
        lower = folded(shown)
        mine = {_key(name) for name in own} - {""}
        found = self._agency(shown, lower, mentions, mine, opening=len(title) + 1)
        found = found or _address(shown, lower, self._cues, mine)
        if tail and not found:
            # Where no dateline stands any more.
            found = self._agency(tail, folded(tail), mentions, mine, opening=-DATELINE_CHARS - 1)
            found = found or _address(tail, folded(tail), self._cues, mine)
        return found or self._body(shown, lower, mentions, mine) or Attribution()

    def _agency(
        self,
        text: str,
        lower: str,
        mentions: Sequence[Mention],
        mine: set[str],
        *,
        opening: int,
    ) -> Attribution | None:
        for hit in longest(self._vocabulary.scan(text, lower))[:MOST_NAMES]:
            span = self._agency_span(hit, text, lower, opening)
            if span is None or _key(hit.meaning.name) in mine:
                continue
            name = _released_by(hit, mentions) if hit.meaning.is_release else hit.meaning.name
            return Attribution(name, single_line(text[slice(*span)], MOST_CHARS))
        return None

    def _agency_span(
        self, hit: Hit[_Source], text: str, lower: str, opening: int
    ) -> tuple[int, int] | None:
        """The words that make the name a source."""
        start, end = hit.start, hit.end
        if start < opening + DATELINE_CHARS:
            before = _BRACKETED[0].search(text, max(0, start - REACH), start)
            behind = _BRACKETED[1].match(text, end)
            if before and behind:
                return before.start(), behind.end()
        if dateline := _CHINESE_DATELINE.match(text, end, end + REACH):
            return start, dateline.end()
        before = _SIGNED[0].search(text, max(opening, start - REACH, 0), start)
        if before and start > opening + DATELINE_CHARS and _SIGNED[1].match(text, end, end + REACH):
            return start, end
        return None if hit.meaning.is_release else self._cues.around(lower, start, end)

    def _body(
        self, text: str, lower: str, mentions: Sequence[Mention], mine: set[str]
    ) -> Attribution | None:
        for mention in mentions:
            if mention.kind in BODIES and mention.end <= len(text):
                span = self._body_cues.around(lower, mention.start, mention.end)
                if span and _key(mention.concept) not in mine:
                    return Attribution(mention.concept, single_line(text[slice(*span)], MOST_CHARS))
        return None

    def _names(self, data: Mapping[str, Any]) -> Iterator[Name[_Source]]:
        known: dict[str, str] = {}
        for part in ("agencies", "releases"):
            for name, said in data[part].items():
                self._hosts |= dict.fromkeys(said["hosts"], name) if part == "agencies" else {}
                for written in said["names"]:
                    if known.setdefault(folded(written), name) != name:
                        message = f"{name}: {written!r} is a name of {known[folded(written)]} too."
                        raise BadInput(message, subject="attribution.toml")
                    yield Name(written, _Source(name, part == "releases"), is_proper=True)


@cache
def attributions() -> Attributions:
    """Those of our data."""
    source = files("monitor.enrich").joinpath("data", "attribution.toml")
    return Attributions(tomllib.loads(source.read_text(encoding="utf-8")))


def _address(text: str, lower: str, cues: _Cues, mine: set[str]) -> Attribution | None:
    for end in islice(_ADDRESS_END.finditer(lower), MOST_NAMES):
        found = _ADDRESS.search(lower, max(0, end.start() - REACH), end.end())
        span = found and cues.around(lower, found.start(), end.end())
        if found and span and not any(_key(found[1]).startswith(name) for name in mine):
            return Attribution(found[1], single_line(text[slice(*span)], MOST_CHARS))
    return None


def _released_by(hit: Hit[_Source], mentions: Sequence[Mention]) -> str:
    """The company that a release is of: the first that it names."""
    companies = [m.concept for m in mentions if m.kind == "company"]
    return companies[0] if companies else hit.meaning.name


def _words(data: Mapping[str, Any], part: str) -> list[str]:
    if part not in data:
        raise BadInput(f"the part [{part}] is missing.", subject="attribution.toml")
    return [word for words in data[part].values() for word in words]


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({folded(word) for word in words}, key=lambda word: (-len(word), word)))


def _without_marks(text: str, *, at_end: bool) -> str:
    """The text without a few quotes, commas and spaces at one end."""
    bare = text.rstrip(_MARKS) if at_end else text.lstrip(_MARKS)
    return bare if len(text) - len(bare) <= MOST_MARKS else ""


def _ends_with(text: str, words: tuple[str, ...]) -> str:
    """The longest of the words that the text ends with, as a word of its own; or ''."""
    if not text.endswith(words):
        return ""
    return next((w for w in words if text.endswith(w) and not _joins(text[: -len(w)][-1:], w)), "")


def _begins_with(text: str, words: tuple[str, ...]) -> str:
    if not text.startswith(words):
        return ""
    return next((w for w in words if text.startswith(w) and not _joins(w[-1], text[len(w) :])), "")


def _joins(before: str, behind: str) -> bool:
    """Whether two parts of a text are one word."""
    both = before, behind[:1]
    return all(char.isalnum() and not is_ideograph(char) for char in both if char) and all(both)


def _key(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
