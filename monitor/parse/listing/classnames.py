"""
Class names of a page: which of them will still be there tomorrow.

A stylesheet gives names of three sorts. Some say what a block is (`news-item`), some how it
looks or where it stands among its siblings (`mb-4`, `odd`), some are made by a tool anew with
each build (`css-1x2y3z`). Only the first are worth remembering.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import html

#: Names of one element that are looked at, and characters of the attribute.
_NAMES, _CHARS = 12, 400
#: Elements of headings.
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,59}")
#: What tools make: styled components, emotion, JSS, Svelte, Angular, Vue.
_MADE = re.compile(
    r"(?:css|sc|jsx|jss|svelte|emotion|chakra|mui|astro|tss|ng|data-v)-?[a-z]?[0-9a-zA-Z]{4,}"
    r"(?:-\d+)?|_?ng(?:content|host).*|[a-f0-9]{6,}|_[0-9a-zA-Z]{4,8}"
)
#: CSS modules: the name in the source, then a hash.
_MODULE = re.compile(r"([A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*?)_{1,3}([A-Za-z0-9+-]{5,8})")
#: How it looks, in the words of Bootstrap, Tailwind and their like.
_LOOKS = re.compile(
    r"-?(?:[mp][trblxyse]?|w|h|min-[wh]|max-[wh]|top|left|right|bottom|inset|z|gap|space|order"
    r"|col|cols|row|span|grid|flex|basis|grow|shrink|text|font|leading|tracking|bg|border|rounded"
    r"|shadow|opacity|items|justify|content|self|place|object|overflow|line-clamp|d|float|align"
    r"|display|position|offset|g|fs|fw|lh|aspect|transition|duration|ease|delay|cursor|ring"
    r"|divide|sr|sm|md|lg|xl|xs|xxl|uk|pull|u|size|medium|small|large|cell)(?:-[a-z0-9]+)*"
)
_LOOKS_ALONE = frozenset(
    {
        "absolute", "animated", "aos", "block", "bold", "button", "btn", "center", "clear",
        "clearfix", "cf", "col", "column", "columns", "container", "container-fluid", "cover",
        "dark", "fadein", "fadeinup", "fixed", "flex", "full", "fullwidth", "grid", "group",
        "hidden", "hide", "image-left", "inline", "inline-block", "italic", "lazy", "lazyload",
        "lazyloaded", "left", "light", "loaded", "no-gutters", "nobr", "normal", "relative",
        "right", "row", "show", "static", "sticky", "transition", "truncate", "underline",
        "uppercase", "visible", "visited", "white", "wow", "wrap", "wrapper", "inner", "outer",
        "fl", "fr",
    }
)  # fmt: skip
#: Where it stands, and what it happens to be now.
_STATE = re.compile(
    r"(?:is|has|no|not|with|without)-.*|(?:.*[-_])?(?:first|last|odd|even|alt|active|current"
    r"|selected|hover|open|opened|opacity|sticky|featured|even|even|new|n?th)(?:-child)?|.*[-_]?\d+"
)
#: What a publishing system says of one story: not of the list.
_OF_ONE_STORY = re.compile(r"(?:tag|category|cat|status|format|type)-.*|hentry|instock|entry")
_CASES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@lru_cache(maxsize=8192)
def stable(name: str) -> str:
    """
    What of a class name lasts: the name, the part of it before a hash and `*`, or nothing.

    The part before a hash ends in `*`, for selectors that ask for a beginning.
    """
    if not _PLAIN.fullmatch(name) or _MADE.fullmatch(name):
        return ""
    module = _MODULE.fullmatch(name)
    if module and _is_random(module[2]):
        return f"{module[1]}*"
    if name.lower() in _LOOKS_ALONE or _LOOKS.fullmatch(name) or _STATE.fullmatch(name.lower()):
        return ""
    return "" if _OF_ONE_STORY.fullmatch(name.lower()) or _is_random(name) else name


def names_of(element: html.HtmlElement) -> tuple[str, ...]:
    """The lasting class names of an element, in their order."""
    written = (element.get("class") or "")[:_CHARS].split()[:_NAMES]
    return tuple(dict.fromkeys(filter(None, map(stable, written))))


def tag_of(element: html.HtmlElement) -> str:
    """The name of an element; '' of a comment."""
    return element.tag if isinstance(element.tag, str) else ""


def id_of(element: html.HtmlElement) -> str:
    """The `id` of an element when it lasts, else ''."""
    name = (element.get("id") or "")[:100]
    return name if not any(mark.isdigit() for mark in name) and stable(name) == name else ""


@lru_cache(maxsize=8192)
def base_of(name: str) -> str:
    """A name without its modifier (`card--wide` is a `card`)."""
    return name.partition("--")[0]


@lru_cache(maxsize=8192)
def words_of(name: str) -> tuple[str, ...]:
    """The words that a name is made of, in lower case."""
    return tuple(word.lower() for word in _CASES.findall(name))


def _is_random(name: str) -> bool:
    """Whether the letters of a name follow no word: `bJCmFu`, `a1B2c`."""
    parts = _CASES.findall(name)
    words = [part for part in parts if not part.isdigit()]
    if len(name) < 5 or len(parts) < 2 or not words:
        return False
    is_mixed = len(words) < len(parts)
    mean = sum(map(len, words)) / len(words)
    return (len(parts) > 2 and mean < 2.2 + 0.8 * is_mixed) or (is_mixed and mean < 2)
