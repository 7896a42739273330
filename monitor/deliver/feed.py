"""
Stories as an Atom feed (RFC 4287): one entry a story, with what is new in it.

Titles, outlets, figures and links; no text of an article is passed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from lxml import etree

from monitor.deliver.links import safe_link
from monitor.model import Card, Happening, HappeningKind, Line, View
from monitor.text import single_line
from monitor.wording import counted, named, plain_line

#: Entries of a feed, at most; what happened last in a story; outlets that are named.
ENTRIES, HAPPENINGS, OUTLETS = 100, 4, 6

#: Characters of a title, and of one thing in a summary.
LONGEST_TITLE, LONGEST_PART = 300, 240

ATOM = "http://www.w3.org/2005/Atom"

_SAID = {
    HappeningKind.NEW: "first told by {}",
    HappeningKind.DEVELOPMENT: "further development: {}",
    HappeningKind.ARTICLE: "also told by {}",
    HappeningKind.CORRECTION: "corrected: {}",
    HappeningKind.EDIT: "text changed at {}",
    HappeningKind.CONTRADICTION: "contradiction: {}",
}


def atom(view: View, lines: Sequence[Line], *, site: str, path: str) -> bytes:
    """
    The feed of a view.

    Args:
        lines: in order; those beyond `ENTRIES` are left out.
        site: where the review site is reached: `https://desk.example.org`.
        path: of the feed itself.
    """
    shown = lines[:ENTRIES]
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    _text(feed, "id", f"{_tag(site)}:view:{view.id}")
    _text(feed, "title", _plain(view.name, LONGEST_TITLE) or f"View {view.id}")
    _text(feed, "updated", _time(updated_at(view, shown)))
    _person(feed, "Critical minerals monitor")
    _text(feed, "generator", "Critical minerals monitor")
    _link(feed, "self", f"{site}{path}", "application/atom+xml")
    _link(feed, "alternate", f"{site}/views", "text/html")
    for line in shown:
        _entry(feed, line.card, site)
    body: bytes = etree.tostring(feed, xml_declaration=True, encoding="utf-8")
    return body


def updated_at(view: View, lines: Sequence[Line]) -> datetime:
    """When the feed changed last, as far as its stories tell."""
    return max([view.created_at, *(line.card.changed_at for line in lines)])


def summary(card: Card) -> str:
    """What is new in a story, who tells it, which figures; a line for each."""
    more = f" and {card.outlet_count - OUTLETS} more" if card.outlet_count > OUTLETS else ""
    outlets = named([_part(outlet) for outlet in card.outlets], OUTLETS)
    told = f"{counted(card.articles, 'article')} of {counted(card.origins, 'origin')}"
    lines = [
        *(_happened(one) for one in reversed(card.happenings[-HAPPENINGS:])),
        f"Outlets: {outlets}{more if len(card.outlets) <= OUTLETS else ''} ({told})",
    ]
    if card.figures:
        lines.append(f"Figures: {'; '.join(_part(figure) for figure in card.figures)}")
    return "\n".join(lines)


def _entry(feed: etree._Element, card: Card, site: str) -> None:
    entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
    _text(entry, "id", f"{_tag(site)}:s{card.story_id}")
    _text(entry, "title", _plain(card.title, LONGEST_TITLE) or f"Story s{card.story_id}")
    _text(entry, "updated", _time(card.changed_at))
    _text(entry, "published", _time(card.first_seen_at))
    _person(entry, _part(card.site) or "unknown")
    _link(entry, "alternate", f"{site}/stories/{card.story_id}", "text/html")
    if original := safe_link(_plain(card.url, 4000)):
        _link(entry, "via", original)
    for term in (*card.minerals, *card.countries, *card.events):
        if _part(term):
            etree.SubElement(entry, f"{{{ATOM}}}category", term=_part(term))
    _text(entry, "summary", summary(card))


def _happened(one: Happening) -> str:
    said = _SAID[one.kind].format(_part(one.text) or "an outlet")
    return f"{one.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC: {said}"


def _tag(site: str) -> str:
    """RFC 4151: the same story has the same id as long as the site has its name."""
    return f"tag:{urlsplit(site).hostname or 'localhost'},2026"


def _part(text: str) -> str:
    return _plain(text, LONGEST_PART)


def _plain(text: str, most: int) -> str:
    """A stranger's text as XML may hold it, on one line, without turned directions."""
    return plain_line(single_line(text, most))


def _time(when: datetime) -> str:
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _person(parent: etree._Element, name: str) -> None:
    _text(etree.SubElement(parent, f"{{{ATOM}}}author"), "name", name)


def _link(parent: etree._Element, rel: str, href: str, kind: str = "") -> None:
    link = etree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=href)
    if kind:
        link.set("type", kind)
