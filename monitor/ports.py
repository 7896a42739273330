"""
What the stages may ask of the store, as a Protocol that both databases implement.

Every method is synchronous and runs in one transaction of its own; async callers
reach it through `monitor.store.runner`. Nothing here names SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeVar

from monitor.model import (
    Alert,
    Arrivals,
    ArticleStored,
    Attempt,
    Card,
    Choice,
    Decided,
    Decision,
    Delivery,
    DeliveryState,
    Draft,
    Entry,
    Filter,
    KnownEntry,
    Line,
    Lines,
    Login,
    Mark,
    NewSource,
    PageRequest,
    Placement,
    PollRecord,
    PollStored,
    Recipient,
    Role,
    SearchHit,
    SiteNote,
    Source,
    SourceDay,
    SourceState,
    StoredArticle,
    StoredPoll,
    StoredStory,
    StoryQuery,
    Telling,
    User,
    View,
)
from monitor.model.exchange import Standing
from monitor.model.facets import Facet
from monitor.model.overview import DayCount, SourceArticle, Tellings

Result = TypeVar("Result")


class Sources(Protocol):
    """The sources table."""

    def add_source(self, source: NewSource, *, now: datetime) -> tuple[int, bool]:
        """Add it unless its (kind, URL) is there; return (id, whether it is new)."""
        ...

    def sources(self) -> list[Source]:
        """All sources, by id."""
        ...

    def source(self, source_id: int) -> Source | None:
        """A source; None when there is none, or it was removed."""
        ...

    def due_sources(self, *, now: datetime, limit: int) -> list[Source]:
        """Active sources whose `next_poll_at` and `not_before` have passed, oldest first."""
        ...

    def reschedule(self, times: Mapping[int, tuple[datetime | None, datetime | None]]) -> None:
        """Set when sources are due, and before when no request may be sent, by source."""
        ...

    def set_source_state(self, source_id: int, state: SourceState, reason: str) -> None:
        """Change the state; activating makes it due at once and clears its failures."""
        ...

    def edit_source(self, source_id: int, **fields: Any) -> None:
        """
        Change fields of `NewSource`; another way of reading it forgets what the server said.

        Raises:
            BadInput: there is no such source, or another one has this URL.
        """
        ...

    def remove_source(self, source_id: int) -> None:
        """Stop watching it; its articles keep their source."""
        ...


class Identities(Protocol):
    """What `identify` asks."""

    def known_entries(
        self,
        source_id: int,
        *,
        guids: Iterable[str],
        url_keys: Iterable[str],
        content_hashes: Iterable[str],
    ) -> list[KnownEntry]:
        """Entries of one source that share any of these."""
        ...

    def known_articles(self, url_keys: Iterable[str]) -> dict[str, int]:
        """`url_key` (or a proved alias of it) to article id, for those that are known."""
        ...

    def articles_with_text(self, url_keys: Iterable[str]) -> set[str]:
        """Those of the keys whose article is stored with more than a summary."""
        ...


class Neighbours(Protocol):
    """What `match` asks."""

    def near_copies(self, bands: Sequence[int], *, limit: int) -> list[Telling]:
        """Articles that share a MinHash band key, those sharing most first."""
        ...

    def related(
        self, tokens: Sequence[str], *, since: datetime, until: datetime, limit: int
    ) -> list[Telling]:
        """Articles dated in the window that share fingerprint tokens, most shared first."""
        ...

    def token_counts(self, tokens: Sequence[str]) -> tuple[Mapping[str, int], int]:
        """How many articles carry each token, and how many articles there are."""
        ...

    def copies_of(self, article_id: int) -> list[Telling]:
        """The article and all that copy it, oldest first."""
        ...


class Writes(Protocol):
    """What the pipeline commits; each call is one transaction and idempotent."""

    def together(self) -> AbstractContextManager[None]:
        """
        One transaction for all that the calling thread asks and writes within the block.

        What was written is seen within; an error undoes all of it.
        """
        ...

    def commit_poll(self, record: PollRecord) -> PollStored:
        """Entries, wanted pages, validators, poll record and next due time, together."""
        ...

    def wanted_pages(
        self, *, now: datetime, limit: int, source_ids: Sequence[int] | None = None
    ) -> list[PageRequest]:
        """Wanted pages that are due, leased for ten minutes; oldest first."""
        ...

    def due_pages(self, *, now: datetime) -> int:
        """How many wanted pages of sources that are not removed could be fetched now."""
        ...

    def release_pages(self) -> None:
        """Forget all leases; for who holds the instance lock, after a crash of another."""
        ...

    def settle_page(self, page_id: int, *, cause: str, retry_at: datetime | None) -> None:
        """A page failed: try again at `retry_at`, or never when that is None."""
        ...

    def commit_article(
        self,
        draft: Draft,
        placement: Placement,
        *,
        bands: Sequence[int],
        tokens: Sequence[str],
        page_id: int | None,
    ) -> ArticleStored:
        """
        The article, its mentions, claims, copy edge and group; its page is done.

        A draft whose `url_key` is stored already only adds the sighting, and a revision
        when its text differs (old text and claims are kept). `tokens` index `related`,
        `bands` index `near_copies`.
        """
        ...

    def link_entry(self, entry_id: int, article_id: int) -> None:
        """An entry turned out to be a sighting of a known article."""
        ...

    def entry(self, entry_id: int) -> tuple[int, Entry]:
        """(source id, the entry as it was shown last)."""
        ...

    def entries(self, entry_ids: Sequence[int]) -> list[Entry]:
        """These entries as they were shown last, in this order."""
        ...

    def entries_without_article(self, *, limit: int) -> list[tuple[int, int]]:
        """(source id, entry id) of entries that have neither an article nor an open page."""
        ...


class History(Protocol):
    """What is remembered of sources and sites from poll to poll."""

    def memory(self, source_id: int) -> Mapping[str, Any]:
        """What earlier polls of the source left for its parser (`Document.memory`)."""
        ...

    def forget_polls(self, before: datetime) -> int:
        """Remove some of the oldest polls that were before then; how many, 0 when none is left."""
        ...

    def tidy(self) -> None:
        """Let the database renew its statistics; short, and while others read and write."""
        ...

    def source_days(self, since: date, *, source_id: int | None = None) -> list[SourceDay]:
        """What each source, or this one, did on each day since then; by source and day."""
        ...

    def days_with_news(
        self, since: date, *, source_ids: Iterable[int] | None = None
    ) -> dict[int, list[int]]:
        """Days since then (`date.toordinal()`) on which each source brought something new."""
        ...

    def arrivals(self, since: date, *, source_id: int | None = None) -> dict[int, Arrivals]:
        """What each source, or this one, brought since then; who brought nothing is missing."""
        ...

    def site_notes(self) -> list[SiteNote]:
        """What sites asked for, from before the program was started."""
        ...

    def remember_sites(self, notes: Iterable[SiteNote], *, now: datetime) -> None:
        """Keep what was learned of sites."""
        ...


class Reads(Protocol):
    """What commands, digests and exports ask; see `monitor.model` for the records."""

    def stories(self, query: Filter) -> list[StoredStory]:
        """Stories with at least one article that passes, newest update first."""
        ...

    def story(self, story_id: int) -> StoredStory | None:
        """One story with its articles, sightings, revisions and claims; redirects after merges."""
        ...

    def whole_stories(self, story_ids: Sequence[int]) -> list[StoredStory]:
        """These stories as `story` gives them; those that were merged away are missing."""
        ...

    def articles(self, query: Filter) -> list[StoredArticle]:
        """Articles that pass, newest first, with sightings and claims."""
        ...

    def article(self, article_id: int) -> StoredArticle | None:
        """One article with everything known of it."""
        ...

    def search(self, words: str, *, limit: int) -> list[SearchHit]:
        """Full text, newest first; never an error, whatever the words are."""
        ...

    def hits_of(self, words: str, story_ids: Sequence[int], *, each: int) -> list[SearchHit]:
        """The newest articles of these stories that the words find, so many of each."""
        ...

    def polls(self, source_id: int, *, limit: int) -> list[StoredPoll]:
        """Last polls of one source, newest first."""
        ...

    def counts(self) -> Mapping[str, int]:
        """Rows by noun: sources, entries, articles, copies, stories, claims, wanted_pages."""
        ...


class Reviews(Protocol):
    """What an analyst does."""

    def decide(self, choices: Sequence[Choice], *, who: str, now: datetime) -> Decided:
        """
        Log and apply decisions, in one transaction; they are undone together.

        A choice that is based on another version than the present one is not taken.

        Raises:
            BadInput: no such story, unknown action or state, or a value that is too long.
        """
        ...

    def review(
        self,
        story_id: int,
        *,
        action: str,
        value: str,
        who: str,
        now: datetime,
        version: int | None = None,
    ) -> Decision:
        """
        Log and apply one decision (`state`, `note`, `tag`, `untag`, `star`, `assign`).

        Raises:
            BadInput: no such story, unknown action or state, or `version` is outdated.
        """
        ...

    def undo_review(self, *, who: str, now: datetime, batch: int = 0) -> list[Decision]:
        """
        Take back what this user decided last (merges, splits and "not a copy" too), or a batch.

        Raises:
            BadInput: another user decided on the same since.
        """
        ...

    def decisions(self, story_id: int) -> list[Decision]:
        """The log of one story, oldest first."""
        ...

    def merge_stories(
        self,
        kept_id: int,
        merged_id: int,
        *,
        who: str,
        now: datetime,
        version: int | None = None,
    ) -> Decision:
        """Make two stories one; the old id redirects, both logs stay."""
        ...

    def split_story(
        self,
        story_id: int,
        article_ids: Sequence[int],
        *,
        who: str,
        now: datetime,
        version: int | None = None,
    ) -> Decision:
        """Make these articles, with their copies, a story of its own; its id is in `after`."""
        ...

    def retract_copy(self, article_id: int, *, who: str, now: datetime) -> Decision | None:
        """An analyst says that the article is no copy; remembered, so it never returns."""
        ...

    def stories_changed_since(self, since: datetime, *, limit: int) -> list[StoredStory]:
        """Stories updated after `since`, newest update first, for digests."""
        ...

    def last_digest_at(self) -> datetime | None:
        """When the last digest was recorded."""
        ...

    def record_digest(self, *, now: datetime) -> None:
        """Remember that a digest was made now."""
        ...


class Inbox(Protocol):
    """Stories in one line each; see `model.Card`, `model.Line`, `model.StoryQuery`."""

    def stale_stories(self, *, limit: int) -> list[int]:
        """Stories in which something happened since their card was made; newest first."""
        ...

    def put_cards(
        self, made: Mapping[int, tuple[Card | None, int]], *, outlets: Mapping[int, Sequence[str]]
    ) -> None:
        """Keep cards with the version that they were made of, or none; and all outlets."""
        ...

    def lines(
        self, query: StoryQuery, *, reader: str, now: datetime, limit: int, cursor: str = ""
    ) -> Lines:
        """
        One page of what a query chooses, in its order, the latest or highest first.

        Raises:
            BadInput: the cursor is none of ours.
        """
        ...

    def lines_of(self, story_ids: Sequence[int], *, reader: str) -> list[Line]:
        """The lines of these stories, in this order; those without a card are left out."""
        ...

    def count_lines(
        self, query: StoryQuery, *, now: datetime, most: int, after_edition: int = 0
    ) -> int:
        """How many stories a query chooses, whose cards are newer; counted up to `most`."""
        ...

    def edition(self) -> int:
        """Number of the cards that were kept last; what is kept later has a higher one."""
        ...

    def mark_seen(self, reader: str, story_ids: Sequence[int], *, now: datetime) -> None:
        """Remember that a reader has seen all that happened in these stories until now."""
        ...

    def mark_all_seen(self, reader: str, *, now: datetime) -> None:
        """Remember that a reader has seen everything until now."""
        ...


class Facets(Protocol):
    """What else a query could be narrowed to, with counts."""

    def facets(
        self, query: StoryQuery, parts: Iterable[str] = ..., *, now: datetime, limit: int
    ) -> dict[str, Facet]:
        """
        The values of each part (of `FACETS`, and `states`), with how many stories each has.

        Args:
            limit: values of each part, the most frequent; what is chosen comes beside them.
        """
        ...


class Views(Protocol):
    """Saved queries."""

    def views(self) -> list[View]:
        """All that are not removed, by name."""
        ...

    def view(self, view_id: int) -> View | None:
        """One view that is not removed."""
        ...

    def view_of_token(self, token: str) -> View | None:
        """The view whose feed has this secret address; None for any other text."""
        ...

    def add_view(self, name: str, query: StoryQuery, *, owner: str, now: datetime) -> View:
        """
        Keep a query under a name.

        Raises:
            BadInput: the name is empty, too long, or taken.
        """
        ...

    def rename_view(self, view_id: int, name: str) -> View:
        """
        Give a view another name.

        Raises:
            BadInput: there is no such view; the name is empty, too long, or taken.
        """
        ...

    def set_view_query(self, view_id: int, query: StoryQuery) -> View:
        """
        Make a view choose something else.

        Raises:
            BadInput: there is no such view.
        """
        ...

    def renew_view(self, view_id: int) -> View:
        """
        Give a view a new secret address; the old one leads nowhere.

        Raises:
            BadInput: there is no such view.
        """
        ...

    def remove_view(self, view_id: int, *, now: datetime) -> View:
        """
        Put a view away; alerts and digests that stand on it rest.

        Raises:
            BadInput: there is no such view.
        """
        ...

    def restore_view(self, view_id: int) -> View:
        """
        Bring a removed view back, under its name and address.

        Raises:
            BadInput: there is none, or its name was taken meanwhile.
        """
        ...


class Overview(Protocol):
    """Stories counted over time; see `model.overview` for the records."""

    def story_days(
        self, kind: str, *, since: datetime, until: datetime, ahead_s: int
    ) -> list[DayCount]:
        """Stories by the day on which something last happened; of a facet's kind, or all ('')."""
        ...

    def decision_days(self, *, since: datetime, until: datetime, ahead_s: int) -> list[DayCount]:
        """Stories by the day on which a state was given to them, and by that state."""
        ...

    def median_wait(self, *, since: datetime, most: int) -> timedelta | None:
        """From a story's beginning until its first decision, by the last `most` decisions."""
        ...

    def outlets_told(self, *, since: datetime, most: int) -> list[Tellings]:
        """By outlet and language what was told since then, of the last `most` articles."""
        ...

    def source_told(self, source_id: int, *, since: datetime, most: int) -> Tellings:
        """The same of what one source brought."""
        ...

    def source_articles(self, source_id: int, *, limit: int) -> list[SourceArticle]:
        """The newest articles that a source brought."""
        ...

    def arrivals_of(self, source_ids: Iterable[int], *, since: date) -> dict[int, Arrivals]:
        """What these sources brought since then, by day (UTC); who brought nothing is missing."""
        ...


class Users(Protocol):
    """
    Who may use the review site; see `monitor.web.passwords` for the hashes.

    A sign-in's key is the SHA-256 of its token, in hex.
    """

    def has_users(self) -> bool:
        """Whether there is an account, disabled ones included."""
        ...

    def users(self) -> list[User]:
        """All users, by name."""
        ...

    def add_user(self, name: str, *, password_hash: str, role: Role, now: datetime) -> User:
        """
        Add a user.

        Raises:
            BadInput: there is one of that name.
        """
        ...

    def set_role(self, name: str, role: Role) -> User:
        """
        Give a user another role; it holds from the next request on.

        Raises:
            BadInput: there is no such user, or no other administrator.
        """
        ...

    def set_enabled(self, name: str, is_enabled: bool, *, now: datetime) -> User:
        """
        Let a user sign in, or not: then it is signed out everywhere.

        Raises:
            BadInput: there is no such user, or no other administrator.
        """
        ...

    def set_password(self, name: str, password_hash: str, *, but: str = "") -> User:
        """
        Give a user another password, and sign it out everywhere `but` in one browser.

        Raises:
            BadInput: there is no such user.
        """
        ...

    def set_preferences(self, name: str, *, language: str, zone: str) -> User:
        """
        What a user wants to see; empty = as the browser does.

        Raises:
            BadInput: there is no such user.
        """
        ...

    def attempt_login(self, name: str, place: str, *, now: datetime) -> Attempt:
        """
        Begin an attempt to sign in: unless one must wait, it counts as failed until `sign_in`.

        Unknown names are treated as known ones are.
        """
        ...

    def accept_attempt(self, name: str, *, renewed_hash: str = "") -> None:
        """The password was right: failures of the name are forgotten, an old hash is renewed."""
        ...

    def sign_in(
        self, name: str, key: str, *, place: str, browser: str, now: datetime, replacing: str = ""
    ) -> None:
        """
        Keep that a user is signed in, in the browser that holds the token of `key`.

        Args:
            replacing: the key under which the same browser was signed in until now.

        Raises:
            BadInput: the user may not sign in.
        """
        ...

    def login(self, key: str, *, used_after: datetime, created_after: datetime) -> Login | None:
        """Who is signed in under a key, if that was used and made recently enough."""
        ...

    def logins(self, name: str) -> list[Login]:
        """
        Where a user is signed in, last used first.

        Raises:
            BadInput: there is no such user.
        """
        ...

    def use_login(self, key: str, *, now: datetime) -> None:
        """A request came under this key."""
        ...

    def sign_out(self, keys: Sequence[str]) -> int:
        """End these sign-ins; how many there were."""
        ...

    def sign_out_everywhere(self, name: str, *, but: str = "") -> int:
        """
        End all sign-ins of a user `but` one; how many there were.

        Raises:
            BadInput: there is no such user.
        """
        ...

    def forget_logins(self, *, used_before: datetime, created_before: datetime) -> int:
        """Remove sign-ins that have run out; how many."""
        ...


class Outbox(Protocol):
    """Recipients, alerts, and what is to be sent out, once."""

    def recipients(self) -> list[Recipient]:
        """All that are not removed, by name."""
        ...

    def recipient(self, recipient_id: int) -> Recipient | None:
        """One that is not removed."""
        ...

    def add_recipient(self, new: Recipient, *, now: datetime) -> int:
        """
        Add it, whatever its id is; return its id.

        Raises:
            BadInput: another one has that name.
        """
        ...

    def change_recipient(self, recipient_id: int, **changes: Any) -> None:
        """
        Change fields of one.

        Raises:
            BadInput: there is none, or another one has the new name.
        """
        ...

    def remove_recipient(self, recipient_id: int, *, now: datetime) -> None:
        """
        Remove it with its alerts; what was not sent to it yet is not sent.

        Raises:
            BadInput: there is none.
        """
        ...

    def alerts(self) -> list[Alert]:
        """All that are not removed, by name."""
        ...

    def add_alert(self, new: Alert) -> int:
        """
        Add it, whatever its id is; return its id.

        Raises:
            BadInput: another one has that name.
        """
        ...

    def change_alert(self, alert_id: int, **changes: Any) -> None:
        """
        Change fields of one.

        Raises:
            BadInput: there is none, or another one has the new name.
        """
        ...

    def remove_alert(self, alert_id: int, *, now: datetime) -> None:
        """
        Remove it; what it has queued and not sent yet is not sent.

        Raises:
            BadInput: there is none.
        """
        ...

    def alert_marks(self, alert_id: int, subjects: Iterable[str] | None = None) -> dict[str, Mark]:
        """How much an alert has told, of these subjects or of all."""
        ...

    def queue_digest(
        self,
        recipient: Recipient,
        delivery: Delivery | None,
        *,
        until: datetime,
        next_at: datetime | None,
        told: Mapping[str, Sequence[int]],
    ) -> bool:
        """Queue a recipient's digest and remember what it tells; False when another one did."""
        ...

    def queue_alert(
        self, alert: Alert, delivery: Delivery | None, *, marks: Iterable[Mark], now: datetime
    ) -> bool:
        """Queue an alert's message and remember what it tells; False when another one did."""
        ...

    def queue(self, delivery: Delivery) -> int:
        """Queue what tells nothing of the news, like a test; its id."""
        ...

    def take_deliveries(self, *, now: datetime, limit: int, only: int = 0) -> list[Delivery]:
        """Some that are due, or this one, as being sent from now on; the oldest first."""
        ...

    def settle_delivery(
        self,
        delivery_id: int,
        state: DeliveryState,
        *,
        now: datetime,
        error: str = "",
        not_before: datetime | None = None,
    ) -> None:
        """What came of one that was being sent."""
        ...

    def release_deliveries(self) -> int:
        """Those that were being sent wait again; for who holds the instance lock, at its start."""
        ...

    def deliveries(self, *, limit: int, state: DeliveryState | None = None) -> list[Delivery]:
        """The last ones, newest first."""
        ...

    def delivery(self, delivery_id: int) -> Delivery | None:
        """One of them."""
        ...

    def delivery_counts(self) -> dict[DeliveryState, int]:
        """How many are in each state."""
        ...

    def retry_delivery(self, delivery_id: int) -> None:
        """
        Let one that failed, or waits for its time, be sent now, with all its attempts.

        Raises:
            BadInput: it is none of those.
        """
        ...

    def drop_delivery(self, delivery_id: int) -> None:
        """
        Forget one that was not sent; what it tells is not told.

        Raises:
            BadInput: it is being sent, was sent, or is none.
        """
        ...

    def forget_deliveries(self, before: datetime) -> int:
        """Remove some of the oldest that were sent before then; how many, 0 when none is left."""
        ...


class Exchange(Protocol):
    """What goes out into files, and how stories stand when it comes back."""

    def story_ids(self, query: Filter) -> list[int]:
        """Stories with at least one article that passes, newest update first; all of them."""
        ...

    def article_ids(self, query: Filter) -> list[int]:
        """Articles that pass, newest first; all of them."""
        ...

    def chosen_ids(self, query: StoryQuery, *, now: datetime, limit: int) -> list[int]:
        """Stories that a query chooses, those that changed last first."""
        ...

    def stories_of(self, story_ids: Sequence[int]) -> list[StoredStory]:
        """These stories without former texts; those that were merged away are missing."""
        ...

    def articles_of(self, article_ids: Sequence[int]) -> list[StoredArticle]:
        """These articles without former texts."""
        ...

    def standings(self, story_ids: Sequence[int]) -> dict[int, Standing]:
        """How stories stand, by the id that was asked for; unknown ones are missing."""
        ...

    def poll_before(self, source_id: int, at: datetime) -> StoredPoll | None:
        """The poll that brought what was seen then, as long as it is kept."""
        ...


class Store(
    Sources,
    Identities,
    Neighbours,
    Writes,
    History,
    Reads,
    Reviews,
    Inbox,
    Facets,
    Views,
    Overview,
    Users,
    Outbox,
    Exchange,
    Protocol,
):
    """The whole store."""


class Runner(Protocol):
    """How async callers reach the store: reads side by side, writes one after another."""

    async def read(self, work: Callable[[Store], Result]) -> Result:
        """Run `work` in a reader's thread."""
        ...

    async def write(self, work: Callable[[Store], Result]) -> Result:
        """Run `work` in the writer's thread."""
        ...
