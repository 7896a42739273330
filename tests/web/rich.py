"""
A desk as it looks after weeks of work: every page of the site has something of every kind to show.

Outlets, companies and stories are samples; `.example` hosts only.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.deliver.cards import refresh
from monitor.model import (
    Alert,
    AlertKind,
    Choice,
    Delivery,
    DeliveryState,
    Outcome,
    Placement,
    Recipient,
    Role,
    SourceState,
    StoryQuery,
)
from monitor.model.rules import NewRule, RuleAction
from monitor.store import Database
from monitor.web import passwords
from tests.store.records import NOW, hours, item, poll, source
from tests.web.world import HOSTILE, claim, sample_stories, tell

#: What all users of the desk sign in with.
PASSWORD = "sample horse battery"

#: When it is looked at.
PRESENT = hours(12)

#: Lines that are as long as those of a real morning.
ORDINARY = 36

_TITLES = (
    ("en", "Sample Metals raises its tungsten resource in Karagandy by a third after new drilling"),
    ("ru", "Образцовая горная компания построит завод по переработке редких земель под Усть-Каменогорском"),
    ("zh", "样例矿业公司宣布扩大钨矿产能并计划今年向下游企业供应更多精矿产品以满足长期合同"),
    ("kk", "Үлгі кен орнында вольфрам өндіретін жаңа зауыттың құрылысы келер жылы басталады"),
)  # fmt: skip
_OUTLETS = ("Sample Mining Weekly", "Образцовая газета", "样例金属网", "Үлгі жаңалықтары")
_FIGURES = (
    ("resource", 1.4e6, "t", "1.4 million tonnes"),
    ("stake", 70.0, "%", "70 per cent"),
    ("price", 2.5e8, "USD", "250 million dollars"),
    ("output", 12_000.0, "t", "12,000 tonnes"),
)
_TEXT = (
    "The company said that it holds 1.4 million tonnes, sells 70 per cent for 250 million dollars "
    "and will produce 12,000 tonnes a year. "
)


def fill(database: Database) -> None:
    """All of it."""
    users(database)
    stories(database)
    decisions(database)
    sources(database)
    messages(database)
    rules(database)


def users(database: Database) -> None:
    """One of each role, and one who may not sign in any more."""
    hashed = passwords.hashed(PASSWORD)
    for name, role in (("ann", Role.ADMIN), ("ben", Role.ANALYST), ("ron", Role.READER)):
        database.add_user(name, password_hash=hashed, role=role, now=NOW)
    database.add_user("left-last-year", password_hash=hashed, role=Role.ANALYST, now=NOW)
    database.set_enabled("left-last-year", False, now=NOW)


def stories(database: Database) -> None:
    """The sample stories, one of them corrected; ordinary ones; some of months before."""
    sample_stories(database)
    tell(
        database, "sale", site="First Post", title="Sample Cove to sell tungsten mine",
        text="Sample Cove sells its tungsten mine with 1.2 Mt of ore to a buyer in Almaty.",
        claims=(
            replace(
                claim("resource", 1.2e6, "t", "1.2 Mt", "WO3", start=38), subjects=("Sample Cove",),
                stage="binding", category="measured+indicated", standard="JORC", as_of="2025-06-30",
                doubts=("1.2 Mt at 0.2 % would be 600 Mt of ore",),
            ),
        ), seen_at=hours(11.5),
    )  # fmt: skip
    for number in range(ORDINARY):
        ordinary(database, number)
    for days in (20, 45, 80):
        at = NOW - timedelta(days=days)
        tell(
            database, f"old{days}", title="Sample vanadium works are idle", minerals=("vanadium",),
            countries=("ZA",), seen_at=at, published_at=at,
        )  # fmt: skip
    _cards(database)


def ordinary(database: Database, number: int) -> None:
    """A story with a title of a line, five chips and four figures."""
    language, title = _TITLES[number % len(_TITLES)]
    tell(
        database, f"ordinary{number}", site=_OUTLETS[number % len(_OUTLETS)], language=language,
        title=f"{title} ({number + 1})", text=_TEXT * 6,
        minerals=("tungsten", "rare_earths"), countries=("KZ", "CN"),
        companies=("Sample Metals", "Sample Cove Capital"), events=("resource_estimate",),
        claims=tuple(
            replace(
                claim(kind, value * (1 + number / 50), unit, quote, start=_TEXT.index(quote)),
                subjects=("Sample Cove", "tungsten"),
            )
            for kind, value, unit, quote in _FIGURES
        ),
        relevance=0.55 + number % 9 / 20,
        reasons=(
            "+0.40 mineral in the title: tungsten", "+0.06 country in the title: KZ",
            "+0.48 words of the trade: mine, deposit, ore, concentrate",
        ),
        seen_at=hours(number / ORDINARY),
    )  # fmt: skip


def decisions(database: Database) -> None:
    """Flagged, noted, tagged, assigned, kept; dismissed and back; merged; merged and taken back."""
    told = database.lines(StoryQuery(), reader="", now=PRESENT, limit=60).lines
    plain = [one.card.story_id for one in reversed(told) if one.card.story_id > 6]
    kept, back, into, gone, other = plain[-5:]
    wanted = (
        (1, "state", "flagged"), (1, "star", "yes"), (1, "assign", "ben"), (1, "tag", "follow-up"),
        (1, "tag", "ask the ministry"), (1, "note", "Ask Astana for the report.\nThen call back."),
        (5, "tag", "W" * 90), (5, "note", HOSTILE), (kept, "state", "kept"),
        (back, "state", "dismissed"), (2, "state", "needs-check"), (2, "assign", "ann"),
    )  # fmt: skip
    for story_id, action, value in wanted:
        choice = Choice(story_id=story_id, action=action, value=value)
        database.decide([choice], who="ben", now=hours(11.6))
    database.merge_stories(into, gone, who="ann", now=hours(11.7))
    database.merge_stories(into, other, who="ben", now=hours(11.7))
    database.undo_review(who="ben", now=hours(11.8))
    tell(
        database, "came-back", Placement(story_id=back), site="Second Post", seen_at=hours(11.9),
        title="Minister signs the licence that the sample company had waited for since spring",
    )  # fmt: skip
    _cards(database)


def sources(database: Database) -> None:
    """A source in each condition that one can be in."""
    for name, outcome, cause in (
        ("Failing Herald " + HOSTILE[:80], Outcome.FAILED, "HTTP 503 Service Unavailable"),
        ("Gone Gazette", Outcome.GONE, "HTTP 410 Gone"),
        ("Blocked Bulletin", Outcome.BLOCKED, "HTTP 403 with a page that asks for a captcha"),
        ("Refused Review", Outcome.REFUSED, "robots.txt forbids this address"),
        ("Changed Chronicle", Outcome.CHANGED, "none of the selectors finds an entry"),
        ("Empty Echo", Outcome.EMPTY, ""),
    ):
        made = _source(database, name)
        for hour in (5, 7, 9, 11):
            database.commit_poll(poll(made, outcome=outcome, cause=cause, at=hours(hour)))
    _source(database, "New Notes")
    paused = _source(database, "Paused Press", language="ru", tags=("gov", "rare"))
    database.set_source_state(paused, SourceState.PAUSED, "paused by ann")
    overdue = _source(database, "Overdue Observer")
    database.commit_poll(poll(overdue, item("o"), at=hours(-30)))
    stale = _source(database, "Stale Standard")
    long_ago = NOW - timedelta(days=90)
    database.commit_poll(poll(stale, item("s"), at=hours(11), newest_at=long_ago))
    _daily(database, _source(database, "Frozen Focus"), until=-10, then=Outcome.UNCHANGED)
    _daily(database, _source(database, "Quiet Quarterly"), until=-5, then=Outcome.OK)


def messages(database: Database) -> None:
    """Views, those who get messages, standing orders, and deliveries in each state."""
    tungsten = StoryQuery(minerals=("tungsten",), countries=("KZ",), search="mine")
    view = database.add_view("Tungsten in Kazakhstan", tungsten, owner="ann", now=NOW)
    long = StoryQuery(is_disputed=True, within_s=7 * 86400, minerals=("rare_earths", "gallium"))
    database.add_view("W" * 60 + " disputed", long, owner="ben", now=NOW)
    desk = Recipient(
        id=0, name="The desk in Almaty", target="mailto:desk@mail.example", zone="Asia/Almaty",
        digest_cron="0 7 * * 1-5", digest_view_id=view.id, next_digest_at=hours(16),
    )  # fmt: skip
    first = database.add_recipient(desk, now=NOW)
    chat = Recipient(id=0, name=HOSTILE[:90], target="https://hook.example/T0K3N", is_active=False)
    second = database.add_recipient(chat, now=NOW)
    for name, number, who in (("Tungsten at once", view.id, first), ("Broken sources", 0, second)):
        kind = AlertKind.VIEW if number else AlertKind.SOURCES
        database.add_alert(
            Alert(
                id=0, name=name, kind=kind, view_id=number, recipient_id=who, created_at=NOW,
                quiet="22:00-07:00",
            )
        )  # fmt: skip
    for number, state in enumerate(DeliveryState):
        subject = f"{number + 2} stories changed: Sample Cove sells its tungsten mine"
        made = Delivery(
            key=f"k{number}", kind="alert", recipient_id=first, subject=subject, body={},
            created_at=hours(11.9),
        )  # fmt: skip
        error = "the server answered 550 no such mailbox" if state is DeliveryState.FAILED else ""
        database.settle_delivery(database.queue(made), state, now=hours(11.9), error=error)


def rules(database: Database) -> None:
    """One that was changed twice, one with a name and words of strangers, a removed one."""
    made = NewRule(
        name="Kazakh tungsten",
        expression='mineral:tungsten AND (country:KZ OR company:"Cove Capital")',
        action=RuleAction.RAISE,
        value="0.20",
    )
    for number, new in (
        (0, made),
        (1, replace(made, value="0.30")),
        (1, replace(made, action=RuleAction.ALERT, value="The desk in Almaty")),
        (0, NewRule(name=HOSTILE[:90], expression=f"title:{'W' * 300}", action=RuleAction.MUTE)),
        (0, replace(made, name="Old", action=RuleAction.TAG, value="W" * 90)),
        (3, replace(made, name="Old", action=RuleAction.MUTE, value="", is_active=False)),
    ):
        database.put_rule(number, new, who="ben", now=hours(11))


def _cards(database: Database) -> None:
    while refresh(database):
        pass


def _source(database: Database, name: str, **more) -> int:
    host = name.split(maxsplit=1)[0].lower()
    return database.add_source(source(name, f"https://{host}.example/feed", **more), now=NOW)[0]


def _daily(database: Database, made: int, *, until: int, then: Outcome) -> None:
    """Something new each day until so many days ago; from then on always the same answer."""
    for day in range(-45, 1):
        at = NOW + timedelta(days=day, hours=11)
        if day <= until:
            database.commit_poll(
                poll(made, item(f"{made}-{day}"), at=at, body_hash=f"b{day}", newest_at=at)
            )
        else:
            same = poll(made, outcome=then, at=at, newest_at=None)
            database.commit_poll(replace(same, body_hash=f"b{until}"))
