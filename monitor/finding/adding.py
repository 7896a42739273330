"""
What an address becomes when it is watched: wished for, looked at, judged, completed.

The command line and the review site add sources through here; both word their own advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from monitor import urls
from monitor.errors import BadInput
from monitor.finding.looking import Look, Looker
from monitor.finding.search import Found, find
from monitor.model import Document, NewSource, Outcome, Scope, Source, SourceKind
from monitor.sources import fields, options, templates
from monitor.sources.answers import asked_as
from monitor.sources.discovery import is_feed_address
from monitor.sources.kinds import watched_at
from monitor.sources.ranking import Ranked
from monitor.text import single_line

EMPTY = "it answers, but holds no entry for now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What speaks against adding an address as it is; both empty when nothing does."""

    #: It should not be added, for this reason.
    fault: str = ""
    #: It can be added, and this should be said.
    warning: str = ""


def wished(
    url: str,
    *,
    kind: SourceKind | None = None,
    name: str = "",
    language: str = "",
    region: str = "",
    scope: Scope = Scope.GENERAL,
    tags: Iterable[str] = (),
    every_s: int = 0,
    wanted_options: Mapping[str, str] | None = None,
) -> NewSource:
    """
    The source as a person describes it, before it was looked at.

    Args:
        url: as it was typed.
        kind: None lets the address, and later its answer, tell.

    Raises:
        BadInput: a field cannot be used.
    """
    address = urls.checked(url)
    betrayed, better = watched_at(address)
    meant = kind or betrayed
    return NewSource(
        name=single_line(name, fields.MOST_NAME) or host_name(better, meant),
        kind=meant,
        url=better if meant is betrayed else address,
        language=fields.language_tag(language),
        region=single_line(region, 100),
        scope=scope,
        tags=fields.tags(tags),
        every_s=every_s,
        options=options.checked(wanted_options or {}, meant),
    )


def address_of(url: str, kind: SourceKind) -> str:
    """
    The address that a source of this kind is read at.

    Raises:
        BadInput: it is no address, or one that this kind cannot have.
    """
    address = urls.checked(url)
    if kind is SourceKind.API and (wrong := templates.fault(address)):
        raise BadInput(f"{wrong}.", subject=single_line(address, 80))
    betrayed, better = watched_at(address)
    return better if kind is betrayed else address


def host_name(url: str, kind: SourceKind) -> str:
    """What a source is called that says no name."""
    if kind is SourceKind.TELEGRAM:
        return f"Telegram: {url.rstrip('/').rpartition('/')[2]}"
    return urls.host(url)


async def look_around(
    one: Looker, wanted: NewSource, *, has_kind: bool
) -> tuple[Look, Found | None]:
    """
    Look at the address; when its kind was not given, also for what its site offers.

    Returns:
        What it answered, and what was found; None when it must be taken as it is.
    """
    is_given = has_kind or wanted.kind is SourceKind.TELEGRAM
    kind = wanted.kind if is_given else asked_as(wanted.url)
    source = Source(id=0, name=wanted.name, kind=kind, url=wanted.url, options=wanted.options)
    (fetched,) = await one.fetch([source])
    if is_given:
        return await one.read(source, fetched), None
    look = await one.told(source, fetched)
    return look, await find(one, look) if _is_worth_a_search(look) else None


def _is_worth_a_search(look: Look) -> bool:
    """Whether it is a source, a page of a site, or a door before one."""
    if look.document is not None or look.is_page or look.fetched.url.endswith("/robots.txt"):
        return True
    fetched = look.fetched
    is_door = fetched.outcome is Outcome.BLOCKED and fetched.status < 400
    return is_door and not is_feed_address(fetched.requested_url)


def judged(wanted: NewSource, look: Look, *, has_kind: bool) -> Judgement:
    """What speaks against adding an address as it is."""
    fetched = look.fetched
    if look.document is not None:
        return Judgement(warning="" if look.document.entries else EMPTY)
    if not fetched.outcome.is_success:
        if fetched.outcome in {Outcome.REFUSED, Outcome.GONE} or fetched.status in {400, 404}:
            return Judgement(fault=f"cannot be read: {look.cause}")
        return Judgement(
            warning=f"it could not be read just now ({look.cause}); the crawl will try again"
        )
    if has_kind:
        return Judgement(
            warning=f"it could not be read as {wanted.kind.value} just now: {look.cause}"
        )
    return Judgement(fault=look.cause)


def warning(one: Ranked) -> str:
    """What to say of a candidate that is not as it should be."""
    candidate = one.candidate
    if candidate.document is None:
        return f"it could not be read just now ({candidate.cause}); the crawl will try again"
    is_watched = candidate.kind is SourceKind.PAGE
    return "" if candidate.entries or is_watched else EMPTY


def of_candidate(wanted: NewSource, one: Ranked, *, has_name: bool) -> NewSource:
    """The source that a candidate becomes."""
    candidate = one.candidate
    title = single_line(candidate.title, fields.MOST_NAME)
    new = replace(
        wanted,
        kind=candidate.kind,
        url=candidate.url,
        name=wanted.name if has_name else title or host_name(candidate.url, candidate.kind),
        options=options.checked(candidate.options, candidate.kind),
        homepage=wanted.url if wanted.url != candidate.url else "",
    )
    return completed(new, candidate.document, has_name=has_name)


def completed(wanted: NewSource, document: Document | None, *, has_name: bool) -> NewSource:
    """The source with what its own document says, where the user said nothing."""
    if document is None:
        return wanted
    title = "" if has_name else single_line(document.title, fields.MOST_NAME)
    return replace(
        wanted,
        name=title or wanted.name,
        language=wanted.language or fields.language_or_none(document.language),
    )
