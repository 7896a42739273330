"""The forms of a message: text, HTML, Markdown, lines for chats, and a record for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from monitor.deliver import phrases
from monitor.deliver.links import safe_link
from monitor.deliver.mail_page import mail_html
from monitor.deliver.messages import Item, Message
from monitor.wording import one_line


def body(message: Message) -> dict[str, Any]:
    """All forms of it, as the outbox keeps them."""
    return {
        "text": text(message),
        "html": mail_html(message),
        "markdown": markdown(message),
        "lines": list(short_lines(message)),
        "stories": [record(item) for item in _items(message)],
    }


def text(message: Message) -> str:
    """Plain text, for mail."""
    lines = [message.subject, "", *message.lead]
    for section in message.sections:
        lines += ["", section.heading.upper()] if section.heading else []
        for item in section.items:
            lines += ["", *_item_text(item)]
        lines += [""] if section.brief else []
        lines += [
            f"- {item.title} ({what(item)}) {item.page or item.url}" for item in section.brief
        ]
    for heading, notes in message.notes:
        lines += ["", heading.upper(), "", *(f"- {note}" for note in notes)]
    lines += ["", "-- ", *message.footer] if message.footer else []
    return "\n".join([*lines, ""])


def markdown(message: Message) -> str:
    """Markdown, with everything of strangers literal."""
    lines = [f"# {escaped(message.subject)}", "", *map(escaped, message.lead)]
    for section in message.sections:
        lines += ["", f"## {escaped(section.heading)}"] if section.heading else []
        for item in section.items:
            lines += ["", f"### {escaped(item.title)}", "", *_item_markdown(item)]
        lines += [""] if section.brief else []
        lines += [
            f"- {escaped(item.title)} ({escaped(what(item))}) {_bracketed(item.page or item.url)}"
            for item in section.brief
        ]
    for heading, notes in message.notes:
        lines += ["", f"## {escaped(heading)}", "", *(f"- {escaped(note)}" for note in notes)]
    lines += ["", *map(escaped, message.footer)] if message.footer else []
    return "\n".join([*lines, ""])


def short_lines(message: Message) -> Iterator[str]:
    """A line for each story, for chats; what finds no room there is left out from the end."""
    yield from message.lead
    for item in _items(message):
        yield f"• {item.title} — {what(item)} {item.page or item.url}".rstrip()
    for heading, notes in message.notes:
        yield f"{heading}:"
        yield from (f"• {note}" for note in notes)


def fitted(lines: list[str], *, most: int, last: str = "") -> str:
    """
    As many of the lines as a message of at most so many characters holds.

    Args:
        last: a line that must stand at the end.
    """
    tail = f"\n{last}" if last else ""
    whole = "\n".join(lines) + tail
    if len(whole) <= most:
        return whole
    kept: list[str] = []
    for number, line in enumerate(lines):
        end = f"\n{phrases.more_lines(len(lines) - number)}{tail}"
        if len("\n".join([*kept, line])) + len(end) > most:
            head = "\n".join(kept) or one_line(line, max(most - len(end), 1))
            return f"{head}{end}"[:most]
        kept.append(line)
    return whole[:most]


def record(item: Item) -> dict[str, Any]:
    """A story for programs."""
    return {
        "id": item.story_id,
        "title": item.title,
        "language": item.language,
        "page": item.page,
        "url": item.url,
        "changes": [{"kind": c.kind, "text": c.text, "at": c.at} for c in item.changes],
        "told_by": item.told_by,
        "figures": list(item.figures),
        "contradictions": list(item.disputes),
        "corrections": list(item.corrections),
    }


def what(item: Item) -> str:
    """What happened, in words: `new`, `further development: signed; 3 more articles`."""
    return "; ".join(phrases.change(one.kind, one.text) for one in item.changes)


def escaped(plain: str) -> str:
    """Literal Markdown on one line."""
    flat = " ".join(plain.split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|!" else char for char in flat)


def _items(message: Message) -> Iterator[Item]:
    for section in message.sections:
        yield from section.items
        yield from section.brief


def _item_text(item: Item) -> Iterator[str]:
    yield f"* {item.title}"
    yield f"  {what(item)}"
    yield f"  {item.told_by}"
    if item.figures:
        yield f"  {'; '.join(item.figures)}"
    yield from (f"  “{quote}” ({who})" for quote, who in item.quotes)
    yield from (f"  ! {phrases.CONTRADICTION}: {dispute}" for dispute in item.disputes)
    yield from (f"  ! {phrases.CORRECTED}: {one}" for one in item.corrections)
    yield from (f"  {address}" for address in (item.page, item.url) if address)


def _item_markdown(item: Item) -> Iterator[str]:
    yield f"**{escaped(what(item))}** · {escaped(item.told_by)}"
    yield ""
    if item.figures:
        yield f"- {escaped('; '.join(item.figures))}"
    yield from (f"- “{escaped(quote)}” ({escaped(who)})" for quote, who in item.quotes)
    yield from (f"- **{phrases.CONTRADICTION}**: {escaped(one)}" for one in item.disputes)
    yield from (f"- **{phrases.CORRECTED}**: {escaped(one)}" for one in item.corrections)
    yield from (f"- {_bracketed(address)}" for address in (item.page, item.url) if address)


def _bracketed(url: str) -> str:
    return f"<{safe_link(url)}>" if url else ""
