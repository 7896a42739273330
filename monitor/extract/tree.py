"""
Bytes to a tree that the extractors can bear: size, depth and kind are checked here.

The page is parsed once; everything later works on this tree. What no reader sees and what
only costs time (styles, drawings, code, attributes full of data) is dropped, once JSON-LD,
which is kept apart, has been read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree, html

from monitor.encoding import decoded
from monitor.errors import Permanent

#: Larger pages are no articles (characters of markup, code included).
MOST_MARKUP = 12_000_000

#: Tags in the source, those within code too; more are not even parsed.
MOST_TAGS = 300_000

#: Elements; a long article has 4,000. Beyond them extraction takes seconds.
MOST_ELEMENTS = 20_000

#: Levels; deeper trees are no layout, and overflow the stack of recursive readers.
MOST_LEVELS = 200

#: More attributes in one tag are not even parsed: that takes quadratic time, too.
MOST_PARSED_ATTRIBUTES = 5000

#: One control character in so many is a page with mistakes; more of them are no page.
MOST_CONTROLS = 20

#: Characters of text, so that patterns which look everywhere end in time.
MOST_TEXT = 1_000_000

#: Longer attributes hold data for programs, not words (characters).
LONGEST_ATTRIBUTE = 4000

#: Attributes of one element; looking them up takes quadratic time.
MOST_ATTRIBUTES = 100

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "an archive"),
    (b"\x1f\x8b", "packed data"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image or sound"),
    (b"{", "JSON"),
)
_MEDIA = frozenset({"image", "audio", "video", "font"})
_OTHER = frozenset({"application/json", "application/pdf", "application/zip"})
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_BREAKS = frozenset(
    [f"h{level}" for level in range(1, 7)]
    + ["p", "div", "li", "br", "tr", "blockquote", "section", "article", "ul", "ol", "table", "pre"]
)
_UNSEEN = ("style", "svg", "template", "canvas", "iframe", "object", "embed", "math")


def parsed(body: bytes, *, url: str, content_type: str) -> html.HtmlElement:
    """
    The page as a tree, without comments.

    Raises:
        Permanent: it is no web page, or no reasonable one.
    """
    refuse_other_kinds(body, url, content_type)
    raw = decoded(body, content_type)
    text = _UNFIT.sub("", raw)
    if not raw.strip():
        raise Permanent("empty page", subject=url)
    if (len(raw) - len(text)) > len(raw) / MOST_CONTROLS:
        raise Permanent("binary data, not a web page", subject=url)
    if len(text) > MOST_MARKUP or text.count("<") > MOST_TAGS:
        raise Permanent(
            f"page of {len(text):,} characters and {text.count('<'):,} tags is too large",
            subject=url,
        )
    if _has_absurd_tag(text):
        raise Permanent(f"a tag of more than {MOST_PARSED_ATTRIBUTES:,} attributes", subject=url)
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        page = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Permanent("not HTML", subject=url) from error
    if not isinstance(page, html.HtmlElement):
        raise Permanent("not HTML", subject=url)
    return page


def refuse_other_kinds(body: bytes, url: str, content_type: str) -> None:
    """
    Raise for what is plainly no web page, by its first bytes or its declared type.

    Raises:
        Permanent: it names the kind.
    """
    start = body[:512].lstrip()
    for magic, what in _MAGIC:
        if start.startswith(magic):
            raise Permanent(f"{what}, not a web page", subject=url)
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    if kind in _OTHER or kind.split("/", maxsplit=1)[0] in _MEDIA:
        raise Permanent(f"{kind}, not a web page", subject=url)
    if start.startswith(b"[") and b"<" not in body:
        raise Permanent("JSON, not a web page", subject=url)


def _has_absurd_tag(text: str) -> bool:
    """Whether a tag has very many attributes, whatever their quoted values hold."""
    long_pieces = (piece for piece in text.split("<") if len(piece) > 2 * MOST_PARSED_ATTRIBUTES)
    tags = (_QUOTED.sub("", piece).partition(">")[0] for piece in long_pieces)
    return any(tag[:1].isalpha() and len(tag.split()) > MOST_PARSED_ATTRIBUTES for tag in tags)


def lightened(page: html.HtmlElement, url: str) -> html.HtmlElement:
    """
    The same tree without what no reader sees; changed in place.

    Raises:
        Permanent: it is too large, or too deep.
    """
    for element in list(page.iter(*_UNSEEN)):
        _drop(element)
    drop_scripts(page, except_for="ld+json")
    length = 0
    for count, (element, level) in enumerate(_walk(page), 1):
        length += len(element.text or "") + len(element.tail or "")
        if level > MOST_LEVELS or count > MOST_ELEMENTS or length > MOST_TEXT:
            raise Permanent(
                f"page of more than {MOST_ELEMENTS:,} elements, {MOST_LEVELS} levels "
                f"or {MOST_TEXT:,} characters of text",
                subject=url,
            )
        _tame_attributes(element)
    return page


def drop_scripts(page: html.HtmlElement, *, except_for: str | None = None) -> None:
    """Drop scripts, save those whose type holds `except_for`; in place."""
    for script in list(page.iter("script")):
        if except_for is None or except_for not in (script.get("type") or "").lower():
            _drop(script)


def _tame_attributes(element: html.HtmlElement) -> None:
    """Drop attributes that hold data for programs, and all beyond a sane number."""
    attributes = element.attrib
    if len(attributes) > MOST_ATTRIBUTES:
        kept = {str(name): attributes[name] for name in islice(attributes, MOST_ATTRIBUTES)}
        attributes.clear()
        attributes.update(kept)
    for name, value in attributes.items():
        if len(value) > LONGEST_ATTRIBUTE:
            del attributes[name]


def lines_of(element: html.HtmlElement) -> list[str]:
    """The text of an element, split where a block begins or ends."""
    pieces: list[str] = []
    for event, one in etree.iterwalk(element, events=("start", "end")):
        if one.tag in _BREAKS:
            pieces.append("\n")
        if event == "start":
            pieces.append(" ".join((one.text or "").split("\n")))
        elif one is not element:
            pieces.append(" ".join((one.tail or "").split("\n")))
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return [line for line in lines if line]


def _drop(element: html.HtmlElement) -> None:
    """Remove an element with what it holds; the text behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def _walk(page: html.HtmlElement) -> Iterator[tuple[html.HtmlElement, int]]:
    """Elements in order with their level, without recursion."""
    level = 0
    for event, element in etree.iterwalk(page, events=("start", "end")):
        if event == "start":
            level += 1
            yield element, level
        else:
            level -= 1
