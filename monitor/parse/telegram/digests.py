"""
The stories of one message.

A message may tell several. It is split when its items are told apart by the author: by numbers
that count up or one repeated sign at the beginning of lines, or by paragraphs that each open in
bold or each end with a link of their own; and when the items can stand alone: each has at least
`ITEM_WORDS` words. Numbered or signed items under a heading that is no heading of a digest are
the details of one story, unless each has its own link or opens in bold. Paragraphs without such
marks are one story, however many they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.urls import host

#: An item of fewer words is a detail of a story, not a story (two ideographs are one word).
ITEM_WORDS = 10

#: Words of a heading over several stories.
DIGEST = re.compile(
    r"дайджест|главн|новост|итог|коротко|подборк|обзор|к этому часу|жаңалық|басты|шолу|digest|"
    r"headlines|news|brief|round-?up|today|this week|wrap|resumen|titulares|überblick|"
    r"要闻|快讯|早报|晚报|简报|新闻|汇总",
    re.IGNORECASE,
)

COUNTED = re.compile(r"(?P<n>\d{1,2})(?:[.)]\s|\ufe0f?\u20e3\s*)|(?P<c>[\u2460-\u2473])\s*")
_SIGN = re.compile(r"([^\w\s\"'«“„(\[#@$€£¥₸₽+\u200d\ufe0f])\ufe0f?\s*(?=\S)")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(slots=True)
class Line:
    """One line of a message; an empty one parts paragraphs."""

    text: str = ""
    #: Whether its first word is bold.
    is_bold: bool = False
    links: list[str] = field(default_factory=list)


def stories(lines: Sequence[Line]) -> list[list[Line]]:
    """The stories of one message: one, unless the rule of this module tells them apart."""
    return _itemised(lines) or _headed(lines) or [list(lines)]


def _itemised(lines: Sequence[Line]) -> list[list[Line]]:
    """Items behind numbers that count up, or behind one repeated sign."""
    marks = [_mark(line.text) for line in lines]
    counted = [at for at, mark in enumerate(marks) if mark[0] == "n"]
    numbers = [marks[at][1] for at in counted]
    if len(counted) > 1 and numbers == [str(n) for n in range(1, len(numbers) + 1)]:
        starts = counted
    else:
        signs = [mark[1] for mark in marks if mark[0] == "s"]
        best = next((sign for sign, _ in Counter(signs).most_common(1)), "")
        starts = [at for at, mark in enumerate(marks) if mark == ("s", best)]
    if len(starts) < 2:
        return []
    ends = [*starts[1:], len(lines)]
    items = [
        [_unmarked(lines[start]), *lines[start + 1 : end]]
        for start, end in zip(starts, ends, strict=True)
    ]
    items[-1] = _without_signature(items[-1])
    heading = " ".join(line.text for line in lines[: starts[0]]).strip()
    stand = all(line_count(item) >= ITEM_WORDS for item in items)
    is_digest = not heading or (DIGEST.search(heading) and _count(heading) <= ITEM_WORDS)
    return items if stand and (is_digest or _are_own(items)) else []


def _headed(lines: Sequence[Line]) -> list[list[Line]]:
    """Paragraphs that each open in bold, or each end with a link of their own."""
    blocks: list[list[Line]] = [[]]
    for line in lines:
        if line.text:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    blocks = [block for block in blocks if block and line_count(block) >= ITEM_WORDS]
    long_enough = len(blocks) > 1 and all(
        sum(_count(line.text) for line in block) >= ITEM_WORDS for block in blocks
    )
    return blocks if long_enough and _are_own(blocks) else []


def _are_own(items: Sequence[Sequence[Line]]) -> bool:
    """Whether each item opens in bold and goes on, or each ends with another outside link."""
    if all(item[0].is_bold and not _is_bold_whole(item) for item in items):
        return True
    last = [next((line.links[-1] for line in reversed(item) if line.links), "") for item in items]
    outside = [link for link in last if link and host(link) not in {"t.me", "telegram.me"}]
    ends = all(item[-1].links for item in items)
    return ends and len(set(outside)) == len(items)


def _is_bold_whole(item: Sequence[Line]) -> bool:
    return all(line.is_bold for line in item) and line_count(item) < ITEM_WORDS


def line_count(lines: Sequence[Line]) -> int:
    """Words of some lines."""
    return sum(_count(line.text) for line in lines)


def _count(text: str) -> int:
    return len(_IDEOGRAPHS.sub(" ", text).split()) + len(_IDEOGRAPHS.findall(text)) // 2


def _mark(text: str) -> tuple[str, str]:
    """('n', number) or ('s', sign) at the beginning of a line, else ('', '')."""
    if counted := COUNTED.match(text):
        return "n", counted["n"] or str(ord(counted["c"]) - 0x245F)
    sign = _SIGN.match(text)
    return ("s", sign[1]) if sign else ("", "")


def _unmarked(line: Line) -> Line:
    match = COUNTED.match(line.text) or _SIGN.match(line.text)
    text = line.text[match.end() :] if match else line.text
    return Line(text, line.is_bold, line.links)


def _without_signature(item: Sequence[Line]) -> list[Line]:
    """Without the channel's closing paragraph: few words behind an empty line."""
    last = max((at for at, line in enumerate(item) if not line.text), default=0)
    is_short = last > 0 and line_count(item[last:]) < ITEM_WORDS
    return list(item[:last] if is_short else item)
