"""The ledger on a terminal: figures of one kind about one subject side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.deliver.figures import figure_text
from monitor.deliver.ledger import Entry, Ledger, Matter, Verdict
from monitor.wording import counted, named, one_line

#: Outlets that are named, and the width of a note and of a quote.
NAMED, NOTE, QUOTE = 4, 200, 200


def ledger_lines(ledger: Ledger, *, with_quotes: bool = True) -> Iterator[str]:
    """All matters, those that most tell first."""
    for matter in ledger.matters:
        yield ""
        yield from _matter(matter, with_quotes=with_quotes)


def _matter(matter: Matter, *, with_quotes: bool) -> Iterator[str]:
    of = f" of {', '.join(matter.subjects)}" if matter.subjects else ""
    kind = matter.kind.replace("_", " ")
    yield f"{one_line(kind + of, 100)}  {verdict_text(matter.verdict)}"
    for entry in matter.entries:
        yield from _entry(entry, with_quotes=with_quotes)


def _entry(entry: Entry, *, with_quotes: bool) -> Iterator[str]:
    side = entry.side
    told = f"{counted(entry.outlets, 'outlet')}, {counted(entry.origins, 'origin')}"
    now = "" if side.is_current else "  [no longer stated]"
    yield f"  {one_line(full_text(entry), 100)}  {verdict_text(entry.verdict)}: {told}{now}"
    outlets = named([one_line(name, 40) for name in side.outlets], NAMED)
    first = side.first
    yield f"      first {first.at:%Y-%m-%d %H:%M} UTC, a{first.article.id}: {outlets}"
    for text in (*entry.notes, *side.doubts):
        yield f"      {one_line(text, NOTE)}"
    if with_quotes:
        yield f"      “{one_line(first.claim.quote, QUOTE)}”"


def full_text(entry: Entry) -> str:
    """A figure with all that is stated of it: `resource 1.4 Mt WO3, JORC, as of 2025`."""
    side = entry.side
    date = f"as of {side.as_of}" if side.as_of else ""
    return ", ".join(filter(None, (figure_text(side.claim), side.category, side.standard, date)))


def verdict_text(verdict: Verdict | str) -> str:
    """What needs a person stands out."""
    grave = {Verdict.CONTRADICTION, Verdict.INCOMPARABLE, Verdict.DRIFT}
    text = Verdict(verdict)
    return text.value.upper() if text in grave else text.value


def verdict_names() -> Iterable[str]:
    """As options have them."""
    return [verdict.value.replace(" ", "-") for verdict in Verdict]
