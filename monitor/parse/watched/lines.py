"""
A page or PDF as lines of text, each with the links in it, so that two visits can be compared.

A row of a table and an item of a list are one line: the number, date and title of an order
belong together. Navigation, page header and footer, forms and what is hidden are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import parsel
from cssselect import SelectorError
from lxml import etree, html

from monitor.calendar_words import MONTHS
from monitor.encoding import decoded
from monitor.errors import Permanent
from monitor.parse import markup
from monitor.parse.content import language_tag, title_of
from monitor.pdf import read_pdf
from monitor.urls import absolute

#: Larger pages are not parsed (characters of markup, tags).
_MOST_MARKUP, _MOST_TAGS = 8_000_000, 300_000
#: A row or list item of more characters is a layout, not a line.
_ROW_CHARS = 800
_LINE_CHARS = 2000
_ROWS = ("tr", "li")
_NESTED = ("tr", "li", "table", "ul", "ol")
_PARTS = markup.BLOCKS | {"button", "label"}
_UNSEEN_TAGS = (
    "nav script style noscript template svg iframe select button textarea head object canvas"
)
_UNSEEN = frozenset(_UNSEEN_TAGS.split())
_FRAME = frozenset({"header", "footer"})
_FRAME_ROLES = frozenset({"navigation", "banner", "contentinfo", "search"})
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_OTHER = (b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
_HUGE_TAG = re.compile(r"<[A-Za-z][^<>]{20000,}+>?")

_WORD = re.compile(r"[^\W\d_]+|\w+")
_TOKEN = re.compile(r"(?=[^\W\d_]*\d)\w{16,}|(?=\w*\d)\w*[a-f\d]{8,}", re.IGNORECASE)
_IDLE_WORDS = (
    "page generated rendered loaded served created in at on of by the server time local current "
    "today is it now date visitors visitor visits online users user guests views view hits total "
    "count counter unique last updated update modified refreshed refresh seconds second sec ms s "
    "minutes minute min hours hour h ago yesterday am pm utc gmt cet msk csrf token session id "
    "copyright c all rights reserved year monday tuesday wednesday thursday friday saturday sunday "
    "mon tue wed thu fri sat sun st nd rd th "
    "сегодня сейчас время текущее местное московское посетителей посетители посещений просмотров "
    "просмотры просмотр онлайн на сайте обновлено обновления последнее обновление дата страница "
    "сгенерирована создана за сек секунд минут минуты часов часа назад вчера в г год года всего "
    "понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс "
    "heute uhr besucher aktualisiert stand montag dienstag mittwoch donnerstag freitag samstag "
    "sonntag hoy visitas actualizado bugün bügün бүгін қаралды"
)
_IDLE = frozenset(_IDLE_WORDS.split()) | frozenset(MONTHS)
_IDLE_HAN = re.compile(
    r"今天是?|今日|星期[一二三四五六日天]|访问量|访问人数|浏览次数|浏览量|点击数|点击量|在线人数|"
    r"当前时间|更新时间|最后更新|总|次|人|年|月|日|时|分|秒|오늘|방문자|조회수"
)


class Line(NamedTuple):
    """One line with its links: address and words of each."""

    text: str
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page shows."""

    title: str
    language: str = ""
    lines: tuple[Line, ...]
    #: It asks for a password.
    is_login: bool = False
    problem: str = ""


def shown(body: bytes, *, url: str, content_type: str, watch: str) -> Shown:
    """
    The lines of a page or PDF.

    Args:
        watch: selector of the part that counts; '' = all of it.

    Raises:
        Permanent: neither page nor PDF, too large, or the selector is not valid or finds nothing.
    """
    start = body[:1024].lstrip()
    if start.startswith(b"%PDF"):
        return _of_pdf(body, url)
    if not start.strip(b"\0"):
        raise Permanent("empty body", subject=url)
    if start.startswith(_OTHER):
        raise Permanent(
            "neither a page nor a PDF.", subject=url, advice="Give the address of the page itself."
        )
    text = _UNFIT.sub("", decoded(body, content_type))
    if "<" not in text[:4096]:
        return _of_text(text, url)
    return _of_html(text, url, watch)


def is_idle(text: str) -> bool:
    """Whether a line only tells the time, counts visitors and the like: its change says nothing."""
    words = _WORD.findall(_IDLE_HAN.sub(" ", _TOKEN.sub(" ", text.lower())))
    return all(word in _IDLE or not any(map(str.isalpha, word)) for word in words)


def _of_pdf(body: bytes, url: str) -> Shown:
    try:
        found = read_pdf(body)
    except Permanent as error:
        raise Permanent(error.message, subject=url) from error
    # A scan shows no words; that it was replaced can be seen all the same.
    texts = found.text.split("\n") if found.text else [f"PDF without text, {len(body)} bytes"]
    return Shown(
        title=found.title or url.partition("#")[0].rpartition("/")[2],
        lines=tuple(Line(text[:_LINE_CHARS]) for text in texts),
        problem=found.problem,
    )


def _of_text(text: str, url: str) -> Shown:
    lines = (markup.collapsed(line)[:_LINE_CHARS] for line in text.splitlines())
    return Shown(title=url, lines=tuple(Line(line) for line in lines if line))


def _of_html(text: str, url: str, watch: str) -> Shown:
    if len(text) > _MOST_MARKUP or text.count("<") > _MOST_TAGS:
        raise Permanent("a page too large to be watched", subject=url)
    text = _HUGE_TAG.sub("<br>", text)
    try:
        page = html.document_fromstring(
            text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8")
        )
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Permanent("not HTML", subject=url) from error
    base = next((absolute(url, one.get("href") or "") for one in page.iter("base")), "") or url
    title = " ".join(markup.collapsed(one.text or "") for one in page.iter("title"))
    heading = next((markup.collapsed(str(one.text_content())) for one in page.iter("h1")), "")
    roots = _chosen(page, watch, url) if watch else [page]
    lines = [line for root in roots for line in _lines(root, base)]
    return Shown(
        title=title_of(title) or title_of(heading) or url,
        language=language_tag(page.get("lang") or ""),
        lines=tuple(lines),
        is_login=any((one.get("type") or "").lower() == "password" for one in page.iter("input")),
    )


def _chosen(page: html.HtmlElement, watch: str, url: str) -> list[html.HtmlElement]:
    try:
        is_path = watch.startswith(("/", "./", "("))
        found = page.xpath(watch if is_path else parsel.css2xpath(watch))
    except (SelectorError, etree.LxmlError, ValueError) as error:
        raise Permanent(
            f"the selector watch={watch} is not valid.",
            subject=url,
            advice="Correct it in the options of the source.",
        ) from error
    listed = found if isinstance(found, list) else []
    elements = [one for one in listed if isinstance(one, html.HtmlElement)]
    if not elements:
        raise Permanent(
            f"the selector watch={watch} finds nothing; the layout may have changed.",
            subject=url,
            advice="Correct it in the options of the source.",
        )
    return elements


@dataclass(slots=True)
class _Open:
    """A line to which words are still added."""

    pieces: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    #: Address and words of the link that is open.
    address: str = ""
    linked: list[str] = field(default_factory=list)

    def add(self, words: str | None) -> None:
        if words:
            self.pieces.append(words)
            if self.address:
                self.linked.append(words)

    def end_link(self) -> None:
        words = markup.collapsed(" ".join(self.linked))
        if self.address and words:
            self.links.append((self.address, words))
        self.linked = []

    def closed(self) -> Iterator[Line]:
        """The line, if it says anything; a link goes on in the next one."""
        self.end_link()
        text = markup.collapsed("".join(self.pieces))[:_LINE_CHARS]
        if any(map(str.isalnum, text)):
            yield Line(text, tuple(dict.fromkeys(self.links)))
        self.pieces, self.links = [], []


def _lines(root: html.HtmlElement, base: str) -> Iterator[Line]:
    """The lines below an element, in order."""
    line = _Open()
    row: html.HtmlElement | None = None
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        is_start = event == "start"
        if not isinstance(element.tag, str):
            line.add(element.tail)
            continue
        if is_start and element is not root and _is_unseen(element):
            walk.skip_subtree()
            continue
        if element.tag in _PARTS:
            if row is None or element is row:
                yield from line.closed()
            line.pieces.append(" ")
        if is_start and row is None and _is_row(element):
            row = element
        elif not is_start and element is row:
            row = None
        if element.tag == "a":
            line.end_link()
            line.address = absolute(base, element.get("href") or "") if is_start else ""
        if is_start:
            line.add(element.text)
        elif element is not root:
            line.add(element.tail)
    yield from line.closed()


def _is_row(element: html.HtmlElement) -> bool:
    if element.tag not in _ROWS:
        return False
    if any(inner is not element for inner in element.iter(*_NESTED)):
        return False
    return len(str(element.text_content())) <= _ROW_CHARS


def _is_unseen(element: html.HtmlElement) -> bool:
    if element.tag in _UNSEEN or (element.get("role") or "").lower() in _FRAME_ROLES:
        return True
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
        return True
    if element.tag not in _FRAME:
        return False
    return not any(above.tag in {"article", "main"} for above in element.iterancestors())
