"""Composes messages: a digest of changed stories, an alert, a test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from monitor.deliver import phrases, rule_words
from monitor.deliver.fresh import News
from monitor.deliver.ledger import Stated
from monitor.deliver.messages import QUOTE, TITLE, Change, Item, Message, Section, safe_url
from monitor.model import Happening, HappeningKind, Line
from monitor.model.instruments import Dated
from monitor.wording import named, one_line, plain_line, stamp

#: Stories that are told in full; the others of a section stand with their titles only.
FULL = 60

#: Figures and quoted sentences of one story.
FIGURES, QUOTES = 4, 2

#: Rules under one heading.
RULES = 20

#: Outlets that are named beside a sentence.
SITES = 3

#: Characters of what happened, of a figure, of a note.
LINE, NOTE = 300, 600

#: Characters of a language's tag.
TAG = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """For whom, when, and where the review site is."""

    recipient: str
    now: datetime
    #: IANA name.
    zone: str
    #: Without a slash at its end; empty = stories have no page that a recipient could open.
    public_url: str = ""


def digest(
    news: Sequence[News],
    occasion: Occasion,
    *,
    since: datetime | None,
    by: str = "mineral",
    view: str = "",
    unshown: int = 0,
    quotes: Mapping[int, Sequence[Stated]] | None = None,
    rules: Sequence[Dated] = (),
    troubles: Sequence[str] = (),
    quiet: str = "",
) -> Message:
    """
    What changed since the last one, by section; what was only told again stands last.

    Args:
        by: `mineral` or `country`.
        view: the name of the view that it is about; empty = all stories.
        quotes: by story: its figures with the sentences that state them.
        rules: those that take effect or lapse soon, the earliest first.
    """
    found = quotes or {}
    items = {one.line.card.story_id: _item(one, occasion, found) for one in news}
    again = [one for one in news if not one.kinds - {HappeningKind.ARTICLE, HappeningKind.EDIT}]
    known = {one.line.card.story_id for one in again}
    telling = [one for one in news if one.line.card.story_id not in known]
    full = {one.line.card.story_id for one in telling[:FULL]}
    sections = [
        Section(
            heading=heading,
            items=tuple(items[number] for number in numbers if number in full),
            brief=tuple(items[number] for number in numbers if number not in full),
        )
        for heading, numbers in _by_heading(telling, by)
    ]
    if again:
        brief = tuple(items[one.line.card.story_id] for one in again)
        sections.append(Section(heading=phrases.AGAIN, items=(), brief=brief))
    new = sum(HappeningKind.NEW in one.kinds for one in news)
    return Message(
        subject=phrases.digest_subject(
            _flat(view, 80), occasion.now, occasion.zone, new=new, updated=len(news) - new
        ),
        lead=_digest_lead(news, occasion, since, unshown),
        sections=tuple(sections),
        notes=(*_rule_notes(rules, occasion), *_notes(troubles, quiet)),
        footer=phrases.footer(phrases.why_digest(_flat(occasion.recipient, 80)), _alerts(occasion)),
    )


def story_alert(name: str, news: Sequence[News], occasion: Occasion) -> Message:
    """What happened in the stories of a view."""
    items = [_item(one, occasion, {}) for one in news]
    titles = [one_line(item.title, 120) for item in items]
    return Message(
        subject=phrases.alert_subject(_flat(name, 80), titles),
        lead=(phrases.alert_lead(len(items), _flat(name, 80)),),
        sections=(Section(heading="", items=tuple(items[:FULL]), brief=tuple(items[FULL:])),),
        footer=_alert_footer(name, occasion),
    )


def source_alert(
    name: str, fallen: Sequence[str], recovered: Sequence[str], occasion: Occasion
) -> Message:
    """Sources that need a person since lately, and those that are well again."""
    notes = [(phrases.TROUBLES, fallen), (phrases.RECOVERED, recovered)]
    return Message(
        subject=phrases.source_subject(_flat(name, 80), len(fallen), len(recovered)),
        lead=(),
        notes=tuple((head, tuple(_flat(n, NOTE) for n in lines)) for head, lines in notes if lines),
        footer=_alert_footer(name, occasion),
    )


def rule_alert(
    name: str, told: Sequence[Dated], lines: Mapping[int, Line], occasion: Occasion
) -> Message:
    """
    Rules that take effect or lapse soon, the earliest first.

    Args:
        lines: of their stories.
    """
    today = occasion.now.astimezone(ZoneInfo(occasion.zone)).date()
    items = [_rule_item(one, lines[one.instrument.story_id], today, occasion) for one in told]
    titles = [_flat(rule_words.line(one, today=today), LINE) for one in told]
    return Message(
        subject=phrases.rule_subject(_flat(name, 80), titles),
        lead=(phrases.rule_lead(len(items), _flat(name, 80)),),
        sections=(Section(heading="", items=tuple(items[:FULL]), brief=tuple(items[FULL:])),),
        footer=_alert_footer(name, occasion),
    )


def _rule_item(one: Dated, line: Line, today: date, occasion: Occasion) -> Item:
    """The story of a rule, with what happens to the rule and the words that say so."""
    item = _item(News(line=line, happenings=line.card.happenings[:1]), occasion, {})
    said = one.term.evidence.get("until" if one.event == "lapse" else "from", ())
    return replace(
        item,
        changes=(
            Change(
                kind="rule",
                text=_flat(rule_words.line(one, today=today), LINE),
                at=f"{one.day.isoformat()}T00:00:00Z",
            ),
        ),
        figures=(),
        quotes=tuple((_flat(w.quote, QUOTE), _flat(w.site, 120)) for w in said[:QUOTES]),
        disputes=(),
        corrections=(),
    )


def trial(occasion: Occasion, *, alert: str = "") -> Message:
    """Says that it is a test, and whose."""
    reason = (
        phrases.why_alert(_flat(alert, 80), _flat(occasion.recipient, 80))
        if alert
        else phrases.why_digest(_flat(occasion.recipient, 80))
    )
    return Message(
        subject=f"{phrases.PRODUCT}: {phrases.TEST_SUBJECT}",
        lead=(phrases.TEST_LEAD,),
        footer=phrases.footer(reason, _alerts(occasion)),
    )


def _digest_lead(
    news: Sequence[News], occasion: Occasion, since: datetime | None, unshown: int
) -> tuple[str, ...]:
    disputed = sum(HappeningKind.CONTRADICTION in one.kinds for one in news)
    lines = [phrases.digest_lead(len(news) + unshown, since, occasion.zone)]
    lines += [phrases.disputed(disputed)] if disputed else []
    lines += [phrases.unshown(unshown)] if unshown else []
    return tuple(lines)


def _notes(troubles: Sequence[str], quiet: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = []
    if troubles:
        found.append((phrases.TROUBLES, tuple(_flat(one, NOTE) for one in troubles)))
    if quiet:
        found.append((phrases.QUIET, (_flat(quiet, NOTE),)))
    return tuple(found)


def _rule_notes(
    rules: Sequence[Dated], occasion: Occasion
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What lapses soon, then what takes effect; each on a line with its day."""
    today = occasion.now.astimezone(ZoneInfo(occasion.zone)).date()
    lapses, effects = rule_words.split(rules)
    for heading, found in ((phrases.LAPSES, lapses), (phrases.EFFECTS, effects)):
        lines = [_flat(rule_words.line(one, today=today), NOTE) for one in found[:RULES]]
        if len(found) > RULES:
            lines.append(phrases.more_lines(len(found) - RULES))
        if lines:
            yield heading, tuple(lines)


def _by_heading(news: Iterable[News], by: str) -> list[tuple[str, list[int]]]:
    """Stories under the first of their minerals or countries; the fullest section first."""
    sections: dict[str, list[int]] = {}
    for one in news:
        sections.setdefault(_heading(one, by), []).append(one.line.card.story_id)
    return sorted(
        sections.items(), key=lambda item: (item[0] == phrases.OTHER, -len(item[1]), item[0])
    )


def _heading(news: News, by: str) -> str:
    card = news.line.card
    if by == "country":
        return phrases.country(card.countries[0]) if card.countries else phrases.OTHER
    return card.minerals[0].replace("_", " ").capitalize() if card.minerals else phrases.OTHER


def _item(news: News, occasion: Occasion, quotes: Mapping[int, Sequence[Stated]]) -> Item:
    card = news.line.card
    base = safe_url(occasion.public_url).rstrip("/")
    told = " ".join(_flat(happening.text, LINE) for happening in news.happenings)
    return Item(
        story_id=card.story_id,
        title=_flat(card.title, TITLE),
        language=_flat(card.language, TAG),
        page=f"{base}/stories/{card.story_id}" if base else "",
        url=safe_url(card.url),
        changes=_changes(news.happenings),
        told_by=phrases.told_by(
            _flat(card.site, 80), card.outlet_count, [_flat(one, TAG) for one in card.languages]
        ),
        figures=tuple(_flat(one, LINE) for one in card.figures[:FIGURES]),
        quotes=_quotes(quotes.get(card.story_id, ()), title=card.title),
        # What has just happened is among the changes.
        disputes=tuple(
            text for one in card.contradictions if (text := _flat(one, LINE)) not in told
        ),
        corrections=tuple(
            text
            for one in card.corrections
            if (text := _flat(one, LINE)).partition(": ")[2] not in told
        ),
    )


def _changes(happenings: Sequence[Happening]) -> tuple[Change, ...]:
    """What happened; further tellings of a story that was known on one line, after the rest."""
    told = [h for h in happenings if h.kind is not HappeningKind.ARTICLE]
    is_new = any(h.kind is HappeningKind.NEW for h in told)
    again = [] if is_new else [h for h in happenings if h.kind is HappeningKind.ARTICLE]
    found = [Change(kind=h.kind.value, text=_flat(h.text, LINE), at=stamp(h.at)) for h in told]
    if again:
        outlets = Counter(_flat(h.text, 60) for h in again)
        text = f"{len(again)} × {named(list(outlets), SITES)}"
        found.append(Change(kind="article", text=text, at=stamp(again[-1].at)))
    return tuple(found)


def _quotes(figures: Sequence[Stated], *, title: str) -> tuple[tuple[str, str], ...]:
    sentences = {one.quote: one.sites for one in figures if one.quote not in {"", title}}
    return tuple(
        (_flat(quote, QUOTE), _flat(named(sites, SITES), 120))
        for quote, sites in list(sentences.items())[:QUOTES]
    )


def _alert_footer(name: str, occasion: Occasion) -> tuple[str, ...]:
    reason = phrases.why_alert(_flat(name, 80), _flat(occasion.recipient, 80))
    return phrases.footer(reason, _alerts(occasion))


def _alerts(occasion: Occasion) -> str:
    base = safe_url(occasion.public_url).rstrip("/")
    return f"{base}/alerts" if base else ""


def _flat(text: str, width: int) -> str:
    return one_line(plain_line(text), width)
