"""
Finding what a site offers to watch, from any address of it.

The page itself is read (feeds that it names or links to, channels, lists of stories), then, as
far as still needed, its robots.txt, sitemaps, and the places where feeds usually stand. Each
round is a few requests at most; with a good feed in hand the search ends early.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from monitor import urls
from monitor.encoding import decoded
from monitor.finding.looking import Look, Looker, content_type_of, literal
from monitor.model import Fetched, Outcome, Source, SourceKind
from monitor.parse.listing.layouts import LEAST_SCORE
from monitor.parse.listing.linkshapes import story_likeness
from monitor.sources.discovery import (
    How,
    Offer,
    is_article,
    links_in,
    offers,
    prose_in,
    sitemaps_in,
)
from monitor.sources.guesses import feed_guesses, sitemap_guesses, tells_news
from monitor.sources.options import fitting
from monitor.sources.ranking import (
    Asked,
    Candidate,
    Part,
    Ranked,
    clear_best,
    ranked,
)
from monitor.sources.sections import is_about_comments, is_below, section_of
from monitor.sources.templates import has_placeholders

#: Requests that one search may take, the first one included; robots.txt as permission aside.
MOST_REQUESTS = 15

#: Offers of a page, guesses, and sitemaps that are looked at in one round.
OFFERS, SECTION_GUESSES, GUESSES, SITEMAPS, CHILDREN = 6, 2, 4, 2, 2

#: How much an address is like that of a story, and characters of prose, of a page that tells one.
STORY, PROSE = 0.9, 1500

#: Score from which a feed needs no rival from guesses.
GOOD = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search brought."""

    asked: Asked
    #: The best first.
    ranked: tuple[Ranked, ...]
    #: What was named, and cannot be watched.
    lost: tuple[Candidate, ...]
    requests: int

    @property
    def best(self) -> Ranked | None:
        """The one to be watched without a question."""
        return clear_best(self.ranked)


async def find(looker: Looker, first: Look) -> Found:
    """
    What the site of an address offers.

    Args:
        first: what the address itself answered: a source, a web page, a robots.txt, or a door
            that is shut.
    """
    search = _Search(looker, first)
    if first.document is not None:
        search.take(first, How.GIVEN)
        return search.found()
    if first.is_page:
        await search.read_page(first.fetched)
    if _is_robots(first):
        await search.read_robots(first.fetched)
        await search.look_home()
    else:
        await search.follow(search.offers, most=OFFERS)
        if search.asked.is_article and not search.has_feed():
            await search.look_home()
        await search.ask_robots()
    await search.guess()
    await search.look_at_sitemaps()
    if search.found().best is None:
        await search.guess(most=MOST_REQUESTS)  # with what room is left
    if first.is_page and not search.has_list():
        await search.watch_page(first.fetched)
    return search.found()


class _Search:
    """One search under way."""

    def __init__(self, looker: Looker, first: Look) -> None:
        self._looker = looker
        self._first = first
        self._now = first.fetched.fetched_at
        self._page = ""
        self._asked_for = {first.source.url, first.fetched.url}
        self._sitemaps: tuple[str, ...] = ()
        #: The site wants no more questions.
        self._is_over = False
        self.offers: list[Offer] = []
        # A door leads away from what was asked for.
        is_there = first.document is not None or first.is_page
        self.asked = Asked(url=first.fetched.url if is_there else first.source.url)
        self.candidates: list[Candidate] = []
        self.lost: list[Candidate] = []

    def found(self) -> Found:
        """What there is by now."""
        usable, lost = ranked([*self.candidates, *self.lost], self.asked, now=self._now)
        return Found(asked=self.asked, ranked=usable, lost=lost, requests=self._looker.requests)

    def has_feed(self, *parts: Part) -> bool:
        """Whether a good feed of these parts is in hand; of the section or the site if none."""
        wanted = parts or (Part.ASKED, Part.WHOLE)
        usable, _ = ranked(self.candidates, self.asked, now=self._now)
        return any(
            one.score >= GOOD and one.candidate.kind is SourceKind.FEED and one.part in wanted
            for one in usable
        )

    def has_list(self) -> bool:
        """Whether the page that was asked for lists stories, or is one of many that tell one."""
        return self.asked.is_article or any(
            one.how is How.PAGE and one.url == self._first.source.url for one in self.candidates
        )

    async def read_page(self, fetched: Fetched, *, is_home: bool = False) -> None:
        """The feeds and lists of a page; of a second one only what it adds."""
        page = decoded(fetched.body, content_type_of(fetched))
        self._page = self._page or page
        self.offers += offers(page, fetched.url)
        is_story = not is_home and _is_story(page, fetched.url)
        if not is_home:
            links = links_in(page, fetched.url)
            self.asked = Asked(url=fetched.url, links=links, is_article=is_story)
        if not is_story:
            await self._read_lists(fetched)

    async def _read_lists(self, fetched: Fetched) -> None:
        layouts = await self._looker.layouts(fetched)
        if not layouts or layouts[0].score < LEAST_SCORE:
            return
        best = layouts[0]
        source = self._source(fetched.requested_url, SourceKind.LISTING)
        source = replace(source, options={**source.options, **best.options})
        look = await self._looker.read(source, fetched)
        if look.document is not None:
            self.take(look, How.PAGE, sureness=best.score, remarks=best.reasons)

    async def look_home(self) -> None:
        """The home page of the site, when another page was given."""
        home = urls.absolute(self.asked.url, "/")
        if home in self._asked_for:
            return
        for look in await self._look([self._source(home, SourceKind.LISTING)]):
            if look.is_page:
                before = len(self.offers)
                await self.read_page(look.fetched, is_home=True)
                await self.follow(self.offers[before:], most=OFFERS)

    async def follow(self, offered: Sequence[Offer], *, most: int) -> None:
        """Look at what pages offer; a page that lists feeds is followed one step further."""
        fresh = [one for one in offered if one.url not in self._asked_for]
        chosen = sorted(fresh, key=lambda one: is_about_comments(f"{one.url} {one.title}"))[:most]
        looks = await self._look([self._source(one.url, one.kind) for one in chosen])
        further: list[Offer] = []
        for offer, look in zip(chosen, looks, strict=False):
            listed = self._listed(look) if offer.how is How.LINK else []
            if listed:
                further += listed
            else:
                self.take(look, offer.how, title=offer.title)
        if further:
            await self.follow(further, most=most)

    def _listed(self, look: Look) -> list[Offer]:
        """The feeds that a page of feeds lists beyond those that are known."""
        if not look.is_page:
            return []
        page = decoded(look.fetched.body, content_type_of(look.fetched))
        known = {one.url for one in self.offers} | self._asked_for
        return [
            replace(one, how=How.LISTED)
            for one in offers(page, look.fetched.url)
            if one.kind is SourceKind.FEED and one.url not in known
        ]

    async def ask_robots(self) -> None:
        """Read the robots.txt of the site for the sitemaps that it names."""
        source = self._source(urls.absolute(self.asked.url, "/robots.txt"), SourceKind.PAGE)
        if source.url in self._asked_for or self._is_over:
            return
        self._asked_for.add(source.url)
        for fetched in await self._looker.fetch([source]):
            await self.read_robots(fetched)

    async def read_robots(self, fetched: Fetched) -> None:
        """Take the sitemaps that a robots.txt names."""
        if fetched.outcome.is_success:
            self._sitemaps = sitemaps_in(fetched.body, fetched.url)

    async def guess(self, *, most: int = GUESSES) -> None:
        """Look for feeds where they usually stand, of the section and then of the site."""
        page = urls.absolute(self.asked.url, "/") if self.asked.is_article else self.asked.url
        fresh = [url for url in feed_guesses(page, self._page) if url not in self._asked_for]
        of_section = [url for url in fresh if section_of(page) and is_below(url, page)]
        if not self.has_feed(Part.ASKED):
            await self._try(of_section[:SECTION_GUESSES], Part.ASKED)
        await self._try([url for url in fresh if url not in of_section][:most], *Part)

    async def _try(self, addresses: Sequence[str], *parts: Part) -> None:
        """Look at guesses, two at a time, until there is a good feed."""
        for at in range(0, len(addresses), 2):
            if self.has_feed(*(part for part in parts if part is not Part.OTHER)):
                return
            few = addresses[at : at + 2]
            for look in await self._look([self._source(url, SourceKind.FEED) for url in few]):
                if look.document is not None:
                    self.take(look, How.GUESS)

    async def look_at_sitemaps(self) -> None:
        """The sitemaps that tell of news: of one is enough beside a good feed."""
        addresses = sitemap_guesses(self.asked.url, self._sitemaps)
        if self.has_feed():
            named = set(self._sitemaps)
            addresses = tuple(url for url in addresses if url in named and tells_news(url))[:1]
        how = How.ROBOTS if self._sitemaps else How.GUESS
        for at in range(0, min(len(addresses), 2 * SITEMAPS), SITEMAPS):
            if any(one.kind is SourceKind.SITEMAP and one.dates for one in self.candidates):
                return
            few = [self._source(url, SourceKind.SITEMAP) for url in addresses[at : at + SITEMAPS]]
            for look in await self._look(few):
                await self._take_sitemap(look, how)

    async def _take_sitemap(self, look: Look, how: How) -> None:
        """A sitemap, with the entries of the first of those that it names."""
        document = look.document
        if document is None or look.source.kind is not SourceKind.SITEMAP:
            self.take(look, how)
            return
        entries = list(document.entries)
        if document.follow and not entries:
            children = [self._source(url, SourceKind.SITEMAP) for url in document.follow[:CHILDREN]]
            for child in await self._look(children):
                entries += child.document.entries if child.document else ()
                if child.document and tells_news(child.source.url):
                    self.take(child, how)
        self.take(replace(look, document=replace(document, entries=tuple(entries))), how)

    async def watch_page(self, fetched: Fetched) -> None:
        """The page itself, watched for change: the last resort."""
        source = self._source(fetched.requested_url, SourceKind.PAGE)
        look = await self._looker.read(source, fetched)
        self.take(look, How.PAGE, remarks=("watched for change as a whole",))

    def take(
        self,
        look: Look,
        how: How,
        *,
        title: str = "",
        sureness: float = 1.0,
        remarks: Iterable[str] = (),
    ) -> None:
        """Remember what a look brought; what was only guessed must be there."""
        is_channel = look.source.kind is SourceKind.TELEGRAM
        candidate = Candidate(
            url=_watched(look),
            kind=look.source.kind,
            how=how,
            title=(look.document.title if look.document else "") or ("" if is_channel else title),
            options=dict(look.source.options),
            document=look.document,
            cause=look.cause,
            is_refused=look.fetched.outcome is Outcome.REFUSED,
            sureness=sureness,
            remarks=tuple(remarks),
        )
        is_lost = look.document is None and not is_channel
        is_bare = candidate.kind is SourceKind.SITEMAP and not candidate.entries
        if is_bare and how is not How.GIVEN:
            return
        if not is_lost:
            self.candidates.append(candidate)
        elif how is not How.GUESS:
            self.lost.append(candidate)

    async def _look(self, sources: Sequence[Source]) -> list[Look]:
        """As many of them as there is room for."""
        room = MOST_REQUESTS - self._looker.requests
        taken = [] if self._is_over else list(sources)[: max(room, 0)]
        self._asked_for.update(source.url for source in taken)
        looks = await self._looker.look(taken)
        self._asked_for.update(look.fetched.url for look in looks)
        statuses = [look.fetched.status for look in looks]
        self._is_over = self._is_over or 429 in statuses or statuses.count(403) > 1
        return looks

    def _source(self, url: str, kind: SourceKind) -> Source:
        """An address to look at; what an agreement asks for is sent to its own site only."""
        given = self._first.source
        url = url if url == given.url else literal(url)
        options = fitting(given.options, kind)
        if _origin(url) != _origin(given.url):
            options = {key: value for key, value in options.items() if not _is_agreed(key)}
        return Source(id=0, name="", kind=kind, url=url, options=options)


def _is_story(page: str, url: str) -> bool:
    """Whether a page tells one story: by its own word, or by its address and its prose."""
    return is_article(page) or (story_likeness(url) >= STORY and prose_in(page) >= PROSE)


def _watched(look: Look) -> str:
    """The address to watch: where it moved for good, else as it was asked for."""
    if has_placeholders(look.source.url):
        return look.source.url  # filled, it may hold a key
    return literal(look.fetched.moved_to or look.fetched.requested_url)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _is_agreed(option: str) -> bool:
    """Whether an option stands for an agreement with one publisher."""
    return option == "robots" or option.startswith("header-")


def _is_robots(look: Look) -> bool:
    return urlsplit(look.fetched.url).path == "/robots.txt"
