"""The table of `monitor stories`: what is new since you looked, and what to decide on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from monitor.cli.session import Session
from monitor.cli.shapes import moment, query
from monitor.deliver.cards import BATCH, refresh
from monitor.deliver.chapters import words
from monitor.enrich.meaning import meant
from monitor.model import OPEN_STATES, HappeningKind, Line, ReviewState, StoryQuery
from monitor.wording import counted, one_line, short

#: Columns from which figures, languages and minerals find room.
WIDE = 110

#: Colours on a terminal; no meaning is in the colour alone.
STATES = {
    ReviewState.NEW: "",
    ReviewState.KEPT: "green",
    ReviewState.DISMISSED: "dim",
    ReviewState.FLAGGED: "yellow",
    ReviewState.NEEDS_CHECK: "magenta",
}

#: Heading of stories without a mineral or country.
OTHER = "other"


def make_cards(session: Session) -> None:
    """Bring the cards up to date; says so when that takes a while."""
    done = refresh(session.database)
    if done < BATCH:
        return
    is_shown = session.err.is_terminal and not session.is_quiet
    while made := refresh(session.database):
        done += made
        if is_shown:
            session.err.print(f"{f'preparing {done} stories':<78}", end="\r")
    if is_shown:
        session.err.print(" " * 78, end="\r")


def story_query(options: dict[str, Any], *, is_open: bool = False) -> StoryQuery:
    """What the options of `filters` choose among cards; all but `--source`."""
    since, state = options["since"], options["state"]

    def named(kind: str) -> tuple[str, ...]:
        value = meant(kind, options[kind])
        return (value,) if value else ()

    language = options["language"].strip().lower()
    return StoryQuery(
        states=(ReviewState(state),) if state else (),
        is_open=is_open,
        minerals=named("mineral"),
        countries=named("country"),
        companies=named("company"),
        events=named("event"),
        languages=(language,) if language else (),
        since=moment(since, now=datetime.now(UTC)) if since else None,
        min_relevance=options["min_relevance"],
        search=options["search"],
    )


def chosen_lines(
    session: Session, options: dict[str, Any], *, is_open: bool, reader: str, limit: int
) -> list[Line]:
    """The lines that the options choose, what changed last first."""
    make_cards(session)
    store = session.database
    if options["source"]:
        numbers = store.story_ids(query(session, **{**options, "limit": None}))
        lines = store.lines_of(numbers, reader=reader)
        kept = (one for one in lines if not is_open or _is_open(one))
        return list(kept)[:limit]
    wanted = story_query(options, is_open=is_open)
    found = store.lines(wanted, reader=reader, now=datetime.now(UTC), limit=limit)
    return list(found.lines)


def news_text(line: Line) -> str:
    """What happened since the reader looked: `new`, `update, 2 articles, contradiction`; or ''."""
    count = Counter(happening.kind for happening in line.news)
    parts = [
        "new" if count[HappeningKind.NEW] else "",
        "update" if count[HappeningKind.DEVELOPMENT] else "",
        _more(count),
        "corrected" if count[HappeningKind.CORRECTION] else "",
        "edited" if count[HappeningKind.EDIT] else "",
        "contradiction" if count[HappeningKind.CONTRADICTION] else "",
    ]
    return ", ".join(filter(None, parts))


def news_style(line: Line) -> str:
    """Its colour on a terminal."""
    kinds = {happening.kind for happening in line.news}
    if HappeningKind.CONTRADICTION in kinds:
        return "bold red"
    return "bold cyan" if HappeningKind.NEW in kinds else "cyan"


def tables(session: Session, lines: Sequence[Line], *, by: str) -> Iterator[Text | Table]:
    """One table, or one under each heading."""
    if not by:
        yield _table(session, lines)
        return
    for number, (head, group) in enumerate(grouped(lines, by)):
        mark = f"\n{head}" if number else head
        yield Text(f"{mark}  ({counted(len(group), 'story')})", style="bold")
        yield _table(session, group)


def grouped(lines: Sequence[Line], by: str) -> list[tuple[str, list[Line]]]:
    """Lines under their first mineral or country, or their day; the fullest first, days by time."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(_heading(line, by), []).append(line)
    if by == "day":
        return sorted(groups.items(), reverse=True)
    return sorted(groups.items(), key=lambda item: (item[0] == OTHER, -len(item[1]), item[0]))


def _heading(line: Line, by: str) -> str:
    if by == "day":
        return f"{line.card.changed_at.astimezone(UTC):%Y-%m-%d}"
    names = line.card.minerals if by == "mineral" else line.card.countries
    return words(names[:1]) or OTHER


def _table(session: Session, lines: Sequence[Line]) -> Table:
    """A line for each story on a wide terminal; on a narrow one what counts keeps its room."""
    is_wide = session.out.width >= WIDE
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "updated, UTC", "state"):
        table.add_column(name, no_wrap=True)
    news, width = ("since you looked", 28) if is_wide else ("news", 22)
    table.add_column(news, overflow="fold", max_width=width)
    table.add_column("story", overflow="fold", min_width=16)
    if is_wide:
        table.add_column("lead figure", overflow="ellipsis", no_wrap=True, max_width=30)
    table.add_column("outlets" if is_wide else "out", justify="right", no_wrap=True)
    table.add_column("origins" if is_wide else "orig", justify="right", no_wrap=True, min_width=4)
    if is_wide:
        table.add_column("languages", no_wrap=True)
        table.add_column("minerals", max_width=32, overflow="ellipsis", no_wrap=True)
    for line in lines:
        table.add_row(*_cells(line, is_wide=is_wide))
    return table


def _cells(line: Line, *, is_wide: bool) -> list[Text]:
    card = line.card
    state = f"{line.state.value}{' !' if line.needs_attention else ''}"
    cells = [
        Text(f"s{card.story_id}"),
        Text(short(card.changed_at)),
        Text(state, style=STATES[line.state]),
        Text(news_text(line), style=news_style(line)),
        Text(one_line(card.title, 100), style="dim" if line.state.value == "dismissed" else ""),
        Text(str(card.outlet_count)),
        Text(str(card.origins)),
    ]
    if is_wide:
        cells.insert(5, Text(one_line(card.figures[0], 60) if card.figures else ""))
        cells.append(Text(one_line(" ".join(card.languages), 80)))
        cells.append(Text(one_line(words(card.minerals), 80)))
    return cells


def _more(count: Counter[HappeningKind]) -> str:
    """Further articles; of a new story only what came after its first."""
    number = count[HappeningKind.ARTICLE]
    return f"{counted(number, 'article')}" if number and not count[HappeningKind.NEW] else ""


def _is_open(line: Line) -> bool:
    return line.state in OPEN_STATES or line.needs_attention
