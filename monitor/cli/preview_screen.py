"""A preview on the screen, 80 columns wide."""

from __future__ import annotations

import shlex
import textwrap
from typing import TYPE_CHECKING

from monitor.cli.preview_record import command, final_url, tags
from monitor.cli.session import Session
from monitor.model import Document, Entry
from monitor.wording import one_line, plain_line, short

if TYPE_CHECKING:  # loaded when they are used: start-up time
    from monitor.finding.previewing import Preview, Read
    from monitor.parse.listing.layouts import Layout
    from monitor.parse.probing import Probe

#: Columns that are used.
WIDTH = 80

#: Layouts, their samples, offers, and characters of a text that are shown.
LAYOUTS, SAMPLES, OFFERS, TEXT = 5, 3, 6, 600


def fit(text: str, width: int) -> str:
    """At most so many columns on one safe line; ideographs take two."""
    from rich.cells import cell_len, set_cell_size  # loaded when it is used: start-up time

    flat = one_line(text, 4 * width)
    return flat if cell_len(flat) <= width else set_cell_size(flat, width - 1).rstrip() + "…"


def show(session: Session, seen: Preview, limit: int) -> None:
    """What would be read, for a person."""
    lines = [*_head(seen), *_entries(seen, limit), *_probes(seen.probes)]
    lines += [*_layouts(seen), *_offers(seen)]
    for one in seen.read:
        lines += _article(one)
    for line in lines:
        session.out.print(line, soft_wrap=True)


def _head(seen: Preview) -> list[str]:
    look, document = seen.look, seen.look.document
    fetched = look.fetched
    said = [look.source.kind.value, f"{len(fetched.body):,} bytes", f"{fetched.elapsed_s:.1f} s"]
    lines = [plain_line(look.source.url), f"  {', '.join(said)}"]
    led = final_url(seen)
    if led and led != fetched.requested_url:
        lines.append(f"  leads to {plain_line(led)}")
    if document is None:
        return [*lines, f"  cannot be read: {plain_line(look.cause)}"]
    return [*lines, *(f"  {name:<9} {fit(text, WIDTH - 12)}" for name, text in _facts(seen))]


def _facts(seen: Preview) -> list[tuple[str, str]]:
    document = seen.look.document
    assert document is not None
    facts = [("title", document.title), ("language", document.language)]
    facts += [("entries", _counted(document, seen)), ("dates", _span(document))]
    facts += [("interval", f"{document.ttl_s} s, says the publisher" if document.ttl_s else "")]
    if document.follow:
        facts.append(("leads to", f"{len(document.follow)} more documents, not all read here"))
    facts += [("alarm", document.alarm), *(("problem", one) for one in document.problems)]
    return [(name, text) for name, text in facts if text]


def _counted(document: Document, seen: Preview) -> str:
    count = str(len(document.entries))
    if seen.new is not None:
        count += f", {len(seen.new)} of them new"
    return count


def _span(document: Document) -> str:
    dates = [entry.published_at for entry in document.entries if entry.published_at]
    if not dates:
        return "none" if document.entries else ""
    missing = len(document.entries) - len(dates)
    more = f"; {missing} entries have none" if missing else ""
    return f"{short(min(dates))} to {short(max(dates))} UTC{more}"


def _entries(seen: Preview, limit: int) -> list[str]:
    lines: list[str] = []
    for number, entry in enumerate(seen.entries[:limit]):
        mark = "+" if seen.new is not None and number in seen.new else " "
        lines += _entry(entry, mark)
    rest = len(seen.entries) - limit
    if rest > 0:
        lines.append(f"  … {rest} more; --limit {len(seen.entries)} shows them")
    return ["", *lines] if lines else []


def _entry(entry: Entry, mark: str = " ") -> list[str]:
    date = short(entry.published_at) if entry.published_at else "no date"
    lines = [f"{mark} {date:<16}  {fit(entry.title or '(no title)', WIDTH - 20)}"]
    if entry.url:
        lines.append(f"    {plain_line(entry.url)}")
    if entry.summary or entry.content:
        lines.append(f"    {fit(entry.summary or entry.content, WIDTH - 4)}")
    return lines


def _probes(probes: tuple[Probe, ...]) -> list[str]:
    lines = ["", "What each option finds:"] if probes else []
    for one in probes:
        of = f" of {one.items}" if one.items else ""
        is_bad = not one.found
        mark = "!" if is_bad else " "
        head = f"{mark} {one.option:<8} {fit(one.says, 44)}"
        lines.append(f"{head}  {'finds nothing' if is_bad else f'{one.found}{of}'}")
        lines += [f"             {fit(text, WIDTH - 13)}" for text in one.first]
    return lines


def _layouts(seen: Preview) -> list[str]:
    lines: list[str] = []
    for number, layout in enumerate(seen.layouts[:LAYOUTS], 1):
        lines += _layout(number, layout, seen)
    if not lines:
        return []
    return ["", "Ways to read it as a listing, the surest first:", *lines]


def _layout(number: int, layout: Layout, seen: Preview) -> list[str]:
    chosen = "  ".join(f"{key}={value}" for key, value in layout.options.items())
    lines = [
        f"{number}  {layout.score:.0%} sure, {layout.items} items, {layout.dated} dated",
        f"   {fit(chosen, WIDTH - 3)}",
        f"   {fit(', '.join(layout.reasons), WIDTH - 3)}",
    ]
    for entry in layout.samples[:SAMPLES]:
        date = f"{entry.published_at:%Y-%m-%d}" if entry.published_at else "no date"
        lines.append(f"   {date:<10}  {fit(entry.title, WIDTH - 15)}")
    return [*lines, f"   {command(layout, seen)}"]


def _offers(seen: Preview) -> list[str]:
    if not seen.offers:
        return []
    lines = [f"  {one.kind.value:<8} {plain_line(one.url)}" for one in seen.offers[:OFFERS]]
    command = f"monitor sources add {shlex.quote(seen.look.source.url)} --dry-run"
    return ["", "It offers, unseen as yet:", *lines, f"  ranked: {plain_line(command)}"]


def _article(one: Read) -> list[str]:
    draft = one.draft
    if draft is None:
        return ["", f"{plain_line(one.entry.url)}", f"  no text: {plain_line(one.cause)}"]
    words = draft.enrichment
    published = f"{short(draft.published_at)} UTC" if draft.published_at else "not known"
    verdict = "relevant" if words.relevant else "not relevant"
    facts = [
        ("title", draft.title),
        ("published", f"{published}, from {draft.published_from.value}"),
        ("language", words.language),
        ("relevance", f"{words.relevance:.2f}, {verdict}: {'; '.join(words.reasons)}"),
        *((name, ", ".join(found)) for name, found in tags(one).items()),
        *(("figure", f"{claim.kind} {claim.quote}") for claim in words.claims),
        ("flags", ", ".join(draft.flags)),
    ]
    lines = [f"  {name:<9} {fit(text, WIDTH - 12)}" for name, text in facts if text]
    size = f"  text      {len(draft.text):,} characters"
    return ["", plain_line(draft.url), *lines, size, *_text(draft.text)]


def _text(text: str) -> list[str]:
    """The beginning of a text, folded."""
    start = one_line(text, TEXT)
    return textwrap.wrap(start, WIDTH - 4, initial_indent="    ", subsequent_indent="    ")
