"""
Plain text from markup, in one linear pass.

A hand-made scanner, since the time of tree builders on hostile markup is not bounded: each
character is looked at a constant number of times. It never raises and loses no text to a `<`
that opens nothing. The result is text for indexing, not safe markup: escape it when shown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

#: Elements that part words; everything else is inline.
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
#: Elements whose inside is no text for a reader.
_RAW = {
    name: re.compile(rf"</{name}(?![\w-])", re.IGNORECASE)
    for name in ("script", "style", "template", "noframes", "iframe", "object", "svg")
}
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9:_-]*)(?=[\s/>])")
#: To the end of the tag, over quoted values; possessive, so that it never steps back.
_TAG_REST = re.compile(r"(?:=\s*+\"[^\"]*+\"|=\s*+'[^']*+'|[^>=]|=)*+>")
#: A quoted value longer than this is taken for a quote that was never closed.
_TAG_SPAN = 65_536
_ATTRIBUTE = re.compile(r"([A-Za-z_:][\w:.-]*+)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")
_ATTRIBUTE_LIMIT = 64
_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9a-fA-F]{8,}+);?")
#: C0 and C1 but white space, soft hyphen, zero-width and bidi controls, surrogates, BOM.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2069\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff]"
)


class Tag(NamedTuple):
    """A start or end tag."""

    #: Lower case, without prefix.
    name: str
    is_end: bool
    #: The whole tag as written.
    source: str


def plain(markup: str, *, separator: str = " ") -> str:
    """
    The words of `markup`: entities decoded, white space collapsed, scripts dropped.

    Args:
        markup: HTML, or text that may contain some.
        separator: what stands between block elements (a space or a newline).
    """
    pieces: list[str] = []
    for token in _tokens(markup):
        if isinstance(token, str):
            pieces.append(token)
        elif token.name in BLOCKS:
            pieces.append("\x1e")
    text = unescaped("".join(pieces))
    blocks = (collapsed(block) for block in text.split("\x1e"))
    return separator.join(block for block in blocks if block)


def hrefs(markup: str) -> tuple[str, ...]:
    """Targets of the `a` elements, as written, in order, without repetition."""
    found = (attributes(tag).get("href", "") for tag in tags(markup) if tag.name == "a")
    return tuple(dict.fromkeys(href.strip() for href in found if href.strip()))


def tags(markup: str) -> Iterator[Tag]:
    """Every tag outside scripts and comments."""
    return (token for token in _tokens(markup) if isinstance(token, Tag))


def attributes(tag: Tag) -> dict[str, str]:
    """The first attributes of a tag, lower-case names, entities decoded."""
    found: dict[str, str] = {}
    for count, match in enumerate(_ATTRIBUTE.finditer(tag.source)):
        if count >= _ATTRIBUTE_LIMIT:
            break
        found.setdefault(match[1].lower(), unescaped(match[2] or match[3] or match[4] or ""))
    return found


def unescaped(text: str) -> str:
    """Character references decoded as HTML does, of any length."""
    return html.unescape(_LONG_REFERENCE.sub("", text)) if "&" in text else text


def collapsed(text: str) -> str:
    """One space for any white space; control, bidi and zero-width characters removed."""
    return " ".join(_UNWANTED.sub("", text).split())


def _tokens(markup: str) -> Iterator[str | Tag]:
    """Text and tags in turn; comments, declarations and raw elements are left out."""
    markup = markup.replace("\x1e", " ")
    position, size, are_quotes_closed = 0, len(markup), True
    while position < size:
        opened = markup.find("<", position)
        if opened < 0:
            yield markup[position:]
            return
        if opened > position:
            yield markup[position:opened]
        if markup.startswith(("<!", "<?"), opened):
            position = _after_declaration(markup, opened)
            continue
        name = _NAME.match(markup, opened, opened + 64)
        if not name:
            yield "<"
            position = opened + 1
            continue
        end = -1
        if are_quotes_closed:
            rest = _TAG_REST.match(markup, name.end(), min(size, name.end() + _TAG_SPAN))
            are_quotes_closed = rest is not None
            end = rest.end() if rest else -1
        if end < 0:
            end = markup.find(">", opened) + 1
        if not end:
            yield markup[opened:]
            return
        tag = Tag(name[1].lower(), markup[opened + 1] == "/", markup[opened:end])
        yield tag
        position = _after_raw(markup, tag, end)


def _after_declaration(markup: str, opened: int) -> int:
    """Where a comment, CDATA mark, declaration or instruction ends."""
    if markup.startswith("<!--", opened):
        end = markup.find("-->", opened + 4)
        return end + 3 if end >= 0 else len(markup)
    if markup.startswith("<![CDATA[", opened):
        return opened + 9
    end = markup.find(">", opened)
    return end + 1 if end >= 0 else len(markup)


def _after_raw(markup: str, tag: Tag, end: int) -> int:
    """Where reading goes on after `tag`: behind the inside of a raw element."""
    closing = None if tag.is_end or tag.source.endswith("/>") else _RAW.get(tag.name)
    if closing is None:
        return end
    found = closing.search(markup, end)
    return found.start() if found else len(markup)
