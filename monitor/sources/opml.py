"""
OPML: lists of feeds as readers exchange them (http://opml.org/spec2.opml).

Reading forgives whatever can be forgiven; writing is valid OPML 2.0. What OPML has no word for
(scope, selectors, state) travels in attributes of a namespace of our own, so that what was
written reads back equal. Sources that are no feeds are written as links: other readers then
leave them alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from xml.sax.saxutils import quoteattr

from monitor.encoding import decoded
from monitor.errors import BadInput
from monitor.model import NewSource, SourceKind
from monitor.sources import fields
from monitor.sources.outlines import Outline, decoded_references, outlines
from monitor.sources.reading import Reading, gathered
from monitor.text import single_line
from monitor.wording import UNSAFE

#: Larger files are refused (bytes).
MOST_BYTES = 20_000_000

#: Feeds beyond these are left out.
MOST_FEEDS = 50_000

#: Tags that one feed takes from folders and categories.
MOST_TAGS = 20

NAMESPACE = "urn:critical-minerals-monitor:opml"

_OWN = ("kind", "scope", "region", "state", "reason", "every", "options")
_FEED_TYPES = frozenset({"rss", "atom", "feed", "xml", "rss1", "rdf"})
_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"SQLite format 3", "a database"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
)
_FEED_ROOT = re.compile(r"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)
_PAGE_ROOT = re.compile(r"<!doctype\s+html|<html\b|<body\b", re.IGNORECASE)
_OPML_ROOT = re.compile(r"<opml\b|<outline\b", re.IGNORECASE)
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_opml(data: bytes) -> Reading:
    """
    Sources of an OPML file, each once; folders and categories become tags.

    Args:
        data: the file; any encoding, well-formed or not.

    Raises:
        BadInput: it is something else, or holds no feed; the message says which.
    """
    if len(data) > MOST_BYTES:
        raise BadInput(f"is larger than {MOST_BYTES // 1_000_000} MB.")
    for magic, name in _MAGIC:
        if data.startswith(magic):
            raise BadInput(f"is {name}, no OPML.")
    text = decoded(data)
    if "<outline" not in text.lower() and "&lt;outline" in text.lower():
        text = decoded_references(text)
    reading = gathered(islice(_sources(outlines(text)), MOST_FEEDS))
    if not reading.sources:
        raise _no_feed(text, reading.faults)
    return reading


def write_opml(sources: Sequence[NewSource]) -> str:
    """OPML 2.0 that `read_opml` reads back as the same sources."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0" xmlns:monitor="{NAMESPACE}">',
        "  <head>\n    <title>Sources of the critical-minerals monitor</title>\n  </head>",
        "  <body>",
        *(f"    <outline {_written(source)}/>" for source in sources),
        "  </body>",
        "</opml>",
    ]
    return "\n".join(lines) + "\n"


def _sources(found: Iterable[Outline]) -> Iterator[NewSource | str]:
    for outline in found:
        said = outline.attributes
        url = said.get("xmlurl", "").strip() or _linked(said)
        if url:
            yield _source(outline, url)


def _linked(said: Mapping[str, str]) -> str:
    """The address of an outline that is a feed, or a source of ours, without `xmlUrl`."""
    is_ours = bool(said.get("monitor:kind"))
    is_feed = said.get("type", "").strip().lower() in _FEED_TYPES
    return said.get("url", "").strip() if is_ours or is_feed else ""


def _source(outline: Outline, url: str) -> NewSource | str:
    said = outline.attributes
    row = {name: said.get(f"monitor:{name}", "") for name in _OWN}
    name = said.get("text", "").strip() or said.get("title", "")
    row |= {"url": url, "name": name, "homepage": said.get("htmlurl", "")}
    row["tags"] = said.get("monitor:tags") or "; ".join(_tags(outline))
    row["language"] = fields.language_or_none(said.get("language", ""))
    try:
        return fields.described(row)
    except BadInput as error:
        return f"{single_line(name, 60) or 'an outline'}: {error}"


def _tags(outline: Outline) -> list[str]:
    """Folders around a feed, and the last words of its categories."""
    categories = outline.attributes.get("category", "").split(",")
    last = (category.strip().strip("/").rpartition("/")[2] for category in categories)
    return [tag.replace(";", ",") for tag in (*outline.folders, *last) if tag.strip()][:MOST_TAGS]


def _no_feed(text: str, faults: Sequence[str]) -> BadInput:
    """What a file is that holds no feed."""
    start = text[:20_000]
    if not text.strip():
        return BadInput("is empty.")
    if faults:
        return BadInput(f"holds no usable address. First fault: {faults[0]}")
    if _OPML_ROOT.search(text):
        return BadInput("is OPML, but names no feed.")
    if "\0" in start:
        return BadInput("is not text, so no OPML.")
    if _PAGE_ROOT.search(start):
        return BadInput("is a web page, no OPML.", advice="To watch it: monitor sources add URL")
    if _FEED_ROOT.search(start):
        return BadInput(
            "is a feed, no list of feeds.", advice="Add its address: monitor sources add URL"
        )
    return BadInput("is no OPML: it holds no outline.", advice="For a table use a .csv file.")


def _written(source: NewSource) -> str:
    row = fields.as_row(source)
    is_feed = source.kind is SourceKind.FEED
    attributes = {"text": source.name, "title": source.name}
    attributes |= {"type": "rss" if is_feed else "link", "xmlUrl" if is_feed else "url": source.url}
    attributes |= {"htmlUrl": source.homepage, "language": source.language}
    attributes["category"] = ",".join(re.sub("[,/]", " ", tag) for tag in source.tags)
    own = {name: row[name] for name in _OWN}
    if is_feed:
        own["kind"] = ""
    attributes |= {f"monitor:{name}": value for name, value in own.items()}
    attributes["monitor:tags"] = row["tags"]
    return " ".join(
        f"{name}={_quoted(value)}" for name, value in attributes.items() if value or name == "text"
    )


def _quoted(value: str) -> str:
    """A value as XML; by its number what a terminal would obey."""
    text = quoteattr(_UNFIT.sub("\ufffd", value))
    return UNSAFE.sub(lambda match: f"&#{ord(match[0])};", text)
