"""
An article on its way to the store: from a page or from an entry alone, and its words read.

The rules of the users act directly after its words are read (`monitor.enrich.rules`).

What takes time (`of_page`, `read_all`, `glance`) is made to run in worker processes. Here
the evidence for the date, the title and the identity of an article is weighed: the feed's
time is exact where it has one, a page's is right to the day; a canonical link proves an
alias only within its own site.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from monitor import urls
from monitor.enrich import Enricher, rules
from monitor.enrich.attribution import attributions
from monitor.enrich.taxonomy import Taxonomy, load_taxonomy
from monitor.extract import extract_page
from monitor.model import (
    DateEvidence,
    Draft,
    Enrichment,
    Entry,
    Fetched,
    Page,
    Scope,
    Source,
    SourceKind,
    StoredArticle,
)
from monitor.model.rules import Facts, Rule, RuleHit
from monitor.settings import taxonomy_folder
from monitor.sources.kinds import is_channel_host
from monitor.text import single_line, without_lines

#: Longest name of an outlet; sites put whole sentences there.
SITE_CHARS = 120

#: Links of a message that are kept.
MOST_LINKS = 8

#: A text is read for words that name its origin up to here.
ALL_CHARS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A draft without its enrichment; fields as in `model.Draft`."""

    source_id: int
    entry_id: int
    url_key: str
    url: str
    canonical_url: str
    title: str
    text: str
    site: str
    authors: tuple[str, ...]
    published_at: datetime | None
    published_from: DateEvidence
    flags: tuple[str, ...]
    seen_at: datetime
    #: Language that the page, entry or source claims.
    language_hint: str
    #: Whether its source is about minerals only.
    is_dedicated: bool
    #: Name of its source.
    source: str = ""
    #: As in `model.Draft`.
    forwarded_from: str = ""
    links: tuple[str, ...] = ()
    #: As in `model.Draft`: those that must not count.
    furniture: frozenset[int] = frozenset()
    #: Whom it goes back to if its words name nobody, and what says so.
    origin: tuple[str, str] = ("", "")


def of_page(
    fetched: Fetched,
    *,
    source: Source,
    entry_id: int,
    entry: Entry,
    threshold: float,
    acting: Sequence[Rule] = (),
    furniture: frozenset[int] = frozenset(),
) -> Draft:
    """
    The article of a fetched page, its words read.

    Args:
        entry: the one that wanted the page.
        threshold: relevance from which it is relevant.
        acting: rules of the users.
        furniture: keys of lines that the pages of its site repeat.

    Raises:
        Permanent: it is no page that can be read.
    """
    page = extract_page(
        fetched.body,
        url=fetched.url,
        content_type=fetched.headers.get("content-type", ""),
        now=fetched.fetched_at,
        selectors=dict(source.options),
    )
    unread = from_page(source, entry_id, entry, page, fetched)
    return _read(replace(unread, furniture=furniture), threshold, acting)


def read_all(
    unread: Sequence[Unread], *, threshold: float, acting: Sequence[Rule] = ()
) -> list[Draft]:
    """The articles with what their words say, as the users' rules leave it; in order."""
    return [_read(one, threshold, acting) for one in unread]


def unreadable(unread: Unread) -> Draft:
    """The article of a text that no worker could read: known, and relevant to nobody."""
    said = Enrichment(language=unread.language_hint, reasons=("its words could not be read",))
    return _with(unread, said)


def glance(entries: Sequence[Entry], *, source: Source, acting: Sequence[Rule] = ()) -> list[float]:
    """
    Relevance of entries by title and summary, as those of a general source.

    A rule may raise it. It does not take anything away yet: the page may say more.
    """
    return [_glance(entry, source, acting) for entry in entries]


def _glance(entry: Entry, source: Source, acting: Sequence[Rule]) -> float:
    text = entry.content or entry.summary
    said = enricher(0.0).enrich(
        title=entry.title, text=text, language_hint=entry.language or source.language
    )
    if not acting:
        return said.relevance
    facts = Facts(
        title=entry.title,
        text=text,
        site=_outlet(source, entry),
        url=entry.url,
        authors=entry.authors,
        flags=(),
        published_at=entry.published_at,
        source_id=source.id,
        source=source.name,
        said=said,
    )
    return max(said.relevance, rules.apply(acting, facts, threshold=0.0).said.relevance)


def from_stored(article: StoredArticle, source: Source | None) -> Unread:
    """
    A stored article, to be read again.

    What its page said of its language is not stored; where its source says nothing either, it
    is taken for what it was taken for.
    """
    said = source.language if source else ""
    return Unread(
        source_id=article.source_id,
        entry_id=0,
        url_key=article.url_key,
        url=article.url,
        canonical_url=article.canonical_url,
        title=article.title,
        text=article.text,
        site=article.site,
        authors=article.authors,
        published_at=article.published_at,
        published_from=article.published_from,
        flags=article.flags,
        seen_at=article.first_seen_at,
        language_hint=said or article.enrichment.language,
        is_dedicated=source is not None and source.scope is Scope.DEDICATED,
        source=article.source,
        origin=_known_origin(article),
    )


@cache
def enricher(threshold: float) -> Enricher:
    """The reader of words of the running process; its first use takes about a second."""
    return Enricher(_taxonomy(), threshold=threshold)


def from_page(source: Source, entry_id: int, entry: Entry, page: Page, fetched: Fetched) -> Unread:
    """The article of a fetched page; the entry fills what the page does not say."""
    published_at, evidence = _published(entry, page)
    text = page.text if len(page.text) >= len(entry.content) else entry.content
    return Unread(
        source_id=source.id,
        entry_id=entry_id,
        url_key=_page_key(entry, page),
        url=entry.url or fetched.url,
        canonical_url=page.canonical_url or fetched.url,
        title=page.title or entry.title,
        text=text or entry.summary,
        site=single_line(page.site or source.name, SITE_CHARS),
        authors=page.authors or entry.authors,
        published_at=published_at,
        published_from=evidence,
        flags=page.flags,
        seen_at=fetched.fetched_at,
        language_hint=page.language or entry.language or source.language,
        is_dedicated=source.scope is Scope.DEDICATED,
        source=source.name,
    )


def from_entry(
    source: Source, entry_id: int, entry: Entry, sharers: Mapping[str, int], *, seen_at: datetime
) -> Unread:
    """
    The article of an entry that stands alone: a message, a full-text item, a lost page.

    Args:
        sharers: how many entries the source shows under an address key.
    """
    published_at, evidence = _published(entry, Page())
    return Unread(
        source_id=source.id,
        entry_id=entry_id,
        url_key=_entry_key(source, entry_id, entry, sharers),
        url=entry.url or _place(source),
        canonical_url="",
        title=entry.title or entry.summary[:120],
        text=_own_words(source, entry),
        site=single_line(_outlet(source, entry), SITE_CHARS),
        authors=entry.authors,
        published_at=published_at,
        published_from=evidence,
        flags=() if entry.content else ("summary_only",),
        seen_at=seen_at,
        language_hint=entry.language or source.language,
        is_dedicated=source.scope is Scope.DEDICATED,
        source=source.name,
        **_chain(source, entry),
    )


def _chain(source: Source, entry: Entry) -> dict[str, Any]:
    """What a channel's message was forwarded from, where it leads, and so whom it goes back to."""
    if source.kind is not SourceKind.TELEGRAM:
        return {}
    outside = [link for link in entry.links if not is_channel_host(link)]
    origin = ("", "")
    if entry.forwarded_from:
        origin = (entry.forwarded_from, entry.forwarded_from)
    elif len(outside) == 1:
        origin = (urls.host(outside[0]).removeprefix("www."), outside[0])
    links = entry.links[:MOST_LINKS]
    return {"forwarded_from": entry.forwarded_from, "links": links, "origin": origin}


def _known_origin(article: StoredArticle) -> tuple[str, str]:
    """Whom a stored article goes back to by something else than its words."""
    is_worded = article.attribution in single_line(f"{article.title}\n{article.text}", ALL_CHARS)
    return ("", "") if is_worded else (article.attributed_to, article.attribution)


@cache
def _taxonomy() -> Taxonomy:
    return load_taxonomy(taxonomy_folder())


def _read(unread: Unread, threshold: float, acting: Sequence[Rule]) -> Draft:
    shown = replace(unread, text=without_lines(unread.text, unread.furniture))
    # Rules see the figures of what is not relevant by its words alone too.
    said = enricher(0.0 if acting else threshold).enrich(
        title=shown.title,
        text=shown.text,
        language_hint=shown.language_hint,
        is_dedicated=shown.is_dedicated,
    )
    said = _attributed(shown, _verbatim(said, unread))
    if not acting:
        return _with(unread, said)
    judged = rules.apply(acting, _facts(shown, said), threshold=threshold)
    return _with(unread, judged.said, judged.hits)


def _verbatim(said: Enrichment, unread: Unread) -> Enrichment:
    """Quotes as the text has them, where they reach over a line that did not count."""
    if not unread.furniture:
        return said
    whole = f"{unread.title}\n{unread.text}"
    claims = (replace(claim, quote=whole[claim.start : claim.end]) for claim in said.claims)
    return replace(said, claims=tuple(claims))


def _attributed(unread: Unread, said: Enrichment) -> Enrichment:
    """Whom it goes back to: its own agency, whom its words, its byline or its links name."""
    known = attributions()
    if own := known.agency_of(site=unread.site, url=unread.url):
        return replace(said, attributed_to=own)
    found = known.read(
        unread.title,
        unread.text,
        said.mentions,
        own=(unread.site, unread.source, urls.host(unread.url).removeprefix("www.")),
    )
    name, words = found.name, found.words
    for author in () if name else unread.authors:
        if agency := known.agency_named(author):
            name, words = agency, author
            break
    if not name and (origin := unread.origin)[0]:
        agency = known.agency_of(site=origin[0], url=origin[1])
        name, words = agency or origin[0], origin[1]
    return replace(said, attributed_to=name, attribution=words)


def _facts(unread: Unread, said: Enrichment) -> Facts:
    return Facts(
        title=unread.title,
        text=unread.text,
        site=unread.site,
        url=unread.url,
        authors=unread.authors,
        flags=unread.flags,
        published_at=unread.published_at,
        source_id=unread.source_id,
        source=unread.source,
        said=said,
    )


def _with(draft: Unread, enrichment: Enrichment, hits: tuple[RuleHit, ...] = ()) -> Draft:
    return Draft(
        source_id=draft.source_id,
        entry_id=draft.entry_id,
        url_key=draft.url_key,
        url=draft.url,
        canonical_url=draft.canonical_url,
        title=draft.title,
        text=draft.text,
        site=draft.site,
        authors=draft.authors,
        published_at=draft.published_at,
        published_from=draft.published_from,
        flags=draft.flags,
        enrichment=enrichment,
        seen_at=draft.seen_at,
        hits=hits,
        forwarded_from=draft.forwarded_from,
        links=draft.links,
        furniture=draft.furniture,
    )


def _own_words(source: Source, entry: Entry) -> str:
    """A feed repeats its text as a summary; a message's summary is the page that it links to."""
    if source.kind is SourceKind.TELEGRAM:
        return "\n\n".join(filter(None, (entry.content, entry.summary)))
    return entry.content or entry.summary


def _place(source: Source) -> str:
    """Where an entry without an address of its own is to be seen."""
    return source.url if source.kind is SourceKind.PAGE else source.homepage or source.url


def _outlet(source: Source, entry: Entry) -> str:
    """Whose words an entry is: an aggregator names the outlet."""
    return (urls.is_opaque(entry.url) and entry.forwarded_from) or source.name


def _published(entry: Entry, page: Page) -> tuple[datetime | None, DateEvidence]:
    if entry.published_at:
        return entry.published_at, DateEvidence.FEED
    if page.published_at:
        return page.published_at, DateEvidence.PAGE
    return None, DateEvidence.FIRST_SEEN


def _page_key(entry: Entry, page: Page) -> str:
    """The canonical link's key where the same site vouches for it, else the entry's own."""
    own, canonical = urls.canonical_key(entry.url), urls.canonical_key(page.canonical_url)
    is_root = canonical.count("/") <= 3 and canonical.endswith("/")
    if canonical and not is_root and urls.host(page.canonical_url) == urls.host(entry.url):
        return canonical
    return own


def address_key(entry: Entry) -> str:
    """The canonical key of an entry's URL, or ''."""
    return urls.canonical_key(entry.url)


def _entry_key(source: Source, entry_id: int, entry: Entry, sharers: Mapping[str, int]) -> str:
    """The URL's key, unless the source gives several entries the same URL."""
    key = address_key(entry)
    if key and entry.part:
        return f"{key}#{entry.part}"
    if not key:
        return f"entry:{source.id}:{entry_id}"
    return key if sharers.get(key, 0) <= 1 else f"entry:{source.id}:{entry_id}"
