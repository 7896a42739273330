"""Sources, polls, entries and wanted pages, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import BadInput
from monitor.model import Outcome, Scope, SiteNote, SourceState
from monitor.store import open_database
from monitor.text import content_hash
from tests.store.records import NOW, draft, hours, item, poll, source, stored


def test_a_source_is_added_once(database):
    """The same kind and address is the same source; what was given comes back."""
    given_one = source(tags=("tungsten",), options={"item": "article"}, scope=Scope.DEDICATED)
    assert database.add_source(given_one, now=NOW) == (1, True)
    assert database.add_source(given_one, now=NOW) == (1, False)
    (known,) = database.sources()
    assert (known.tags, known.options, known.scope) == (
        ("tungsten",),
        {"item": "article"},
        Scope.DEDICATED,
    )


def test_a_source_by_name(database):
    """Ids, names and parts of names lead to a source; several candidates are named."""
    database.add_source(source("Ore News"), now=NOW)
    database.add_source(source("Ore Daily", "https://daily.example/"), now=NOW)
    assert database.source_by("2").name == "Ore Daily"
    assert database.source_by("news").name == "Ore News"
    with pytest.raises(BadInput, match="fits 2 sources: 1 Ore News, 2 Ore Daily"):
        database.source_by("ore")
    with pytest.raises(BadInput, match="no such source"):
        database.source_by("copper")


def test_what_is_due(database):
    """Active sources whose time has come are due; Retry-After and pauses hold them back."""
    for number in range(4):
        database.add_source(source(f"S{number}", f"https://s{number}.example/"), now=NOW)
    database.commit_poll(poll(1, at=NOW))
    database.commit_poll(poll(2, at=hours(-3), not_before=hours(2)))
    database.set_source_state(3, SourceState.PAUSED, "rest")
    due = [s.id for s in database.due_sources(now=NOW, limit=9)]
    assert due == [4]
    later = [s.id for s in database.due_sources(now=hours(3), limit=9)]
    assert set(later) == {1, 2, 4}


def test_resuming_clears_failures(database):
    """A resumed source is due at once, without its failures."""
    database.add_source(source(), now=NOW)
    database.commit_poll(poll(1, outcome=Outcome.FAILED, cause="no route"))
    assert (database.sources()[0].failures, database.sources()[0].last_error) == (1, "no route")
    database.set_source_state(1, SourceState.ACTIVE, "")
    assert database.sources()[0].failures == 0
    assert [s.id for s in database.due_sources(now=NOW, limit=1)] == [1]


def test_a_source_that_is_gone(database):
    """410 ends the polling when it was said three times in a row, and says why."""
    database.add_source(source(), now=NOW)
    for times in range(3):
        database.commit_poll(poll(1, outcome=Outcome.GONE, cause="410: gone"))
        (known,) = database.sources()
        assert known.state is (SourceState.GONE if times == 2 else SourceState.ACTIVE)
    assert known.state_reason == "410: gone"


def test_a_410_between_answers_is_no_end(database):
    """An answer in between starts the count anew."""
    database.add_source(source(), now=NOW)
    for outcome in (Outcome.GONE, Outcome.GONE, Outcome.OK, Outcome.GONE, Outcome.GONE):
        database.commit_poll(poll(1, outcome=outcome))
    (known,) = database.sources()
    assert (known.state, known.streak, known.failures) == (SourceState.ACTIVE, 2, 2)


def test_a_304_is_no_recovery(database):
    """Failures are forgotten by a full answer, not by "not modified"."""
    database.add_source(source(), now=NOW)
    for count in range(3):
        at = NOW + timedelta(hours=count)
        database.commit_poll(poll(1, outcome=Outcome.FAILED, cause="HTTP 500", at=at))
    database.commit_poll(poll(1, outcome=Outcome.NOT_MODIFIED, at=NOW + timedelta(hours=3)))
    (known,) = database.sources()
    assert (known.failures, known.failing_since, known.last_error) == (3, NOW, "HTTP 500")
    database.commit_poll(poll(1, outcome=Outcome.UNCHANGED))
    (known,) = database.sources()
    assert (known.failures, known.failing_since, known.last_error) == (0, None, "")


def test_a_move_is_believed_the_third_time(database):
    """Permanent redirects re-home a source after three answers in a row that agree."""
    database.add_source(source(), now=NOW)
    old, new, other = database.sources()[0].url, "https://new.example/f", "https://x.example/f"
    for target in (new, new, other, new, "", new, new):
        database.commit_poll(poll(1, moved_to=target))
        assert database.sources()[0].url == old
    database.commit_poll(poll(1, moved_to=new, outcome=Outcome.FAILED))
    assert database.sources()[0].url == old
    database.commit_poll(poll(1, moved_to=new))
    (known,) = database.sources()
    assert (known.url, known.moved_times) == (new, 0)
    assert f"moved here from {old}" in known.state_reason


def test_a_move_to_another_source_s_address_changes_nothing(database):
    """Two sources never watch one address."""
    database.add_source(source(), now=NOW)
    database.add_source(source(name="other", url="https://new.example/f"), now=NOW)
    old = database.sources()[0].url
    for _ in range(4):
        database.commit_poll(poll(1, moved_to="https://new.example/f"))
    assert database.sources()[0].url == old


def test_what_a_parser_remembers(database):
    """Memory is kept by the poll that brought it, left by one without, and ends with an edit."""
    database.add_source(source(), now=NOW)
    assert database.memory(1) == {}
    database.commit_poll(poll(1, memory={"newest": 7}, rhythm={"a": 1.5}))
    database.commit_poll(poll(1))
    assert (database.memory(1), database.sources()[0].rhythm) == ({"newest": 7}, {"a": 1.5})
    database.edit_source(1, options={"item": "li"})
    assert database.memory(1) == {}


def test_the_days_of_a_source(database):
    """Polls, failures and new entries are counted by the day."""
    database.add_source(source(), now=NOW)
    database.commit_poll(poll(1, item("a"), item("b")))
    database.commit_poll(poll(1, outcome=Outcome.FAILED))
    database.commit_poll(poll(1, item("c"), at=NOW + timedelta(days=1)))
    first, second = database.source_days(NOW.date())
    assert (first.polls, first.failures, first.new, first.kept) == (2, 1, 2, 0)
    assert (second.day, second.polls, second.new) == (NOW.date() + timedelta(days=1), 1, 1)
    assert database.source_days(second.day, source_id=1) == [second]


def test_old_polls_are_forgotten(database):
    """The newest polls stay, and the days are not touched."""
    database.add_source(source(), now=NOW)
    for day in range(4):
        database.commit_poll(poll(1, at=NOW + timedelta(days=day)))
    assert database.forget_polls(NOW + timedelta(days=2)) == 2
    assert database.forget_polls(NOW + timedelta(days=2)) == 0
    assert [p.started_at for p in database.polls(1, limit=9)] == [
        NOW + timedelta(days=3),
        NOW + timedelta(days=2),
    ]
    assert len(database.source_days(NOW.date())) == 4


def test_what_is_remembered_of_sites(database):
    """Notes come back as they were, the last one of a site counts, old ones go."""
    note = SiteNote(origin="https://a.example", robots_at=NOW, robots=b"User-agent: *")
    held = SiteNote(origin="https://b.example", not_before=NOW + timedelta(hours=1))
    database.remember_sites([note, held], now=NOW)
    database.remember_sites([replace(note, robots=b"")], now=NOW)
    assert sorted(database.site_notes(), key=lambda n: n.origin) == [
        replace(note, robots=b""),
        held,
    ]
    database.remember_sites([], now=NOW + timedelta(days=60))
    assert database.site_notes() == []


def test_a_new_address_forgets_validators(database):
    """What the old address's server said is not sent to the new one."""
    database.add_source(source(), now=NOW)
    database.commit_poll(poll(1, etag='"a"', last_modified="Mon", body_hash="h"))
    assert database.sources()[0].etag == '"a"'
    database.edit_source(1, url="https://new.example/feed")
    known = database.sources()[0]
    assert (known.etag, known.last_modified, known.body_hash) == ("", "", "")


def test_validators_stay_on_a_304(database):
    """A poll that brings no validators leaves those that are stored."""
    database.add_source(source(), now=NOW)
    database.commit_poll(poll(1, etag='"a"'))
    database.commit_poll(poll(1, outcome=Outcome.NOT_MODIFIED))
    assert database.sources()[0].etag == '"a"'


def test_removed_sources_keep_their_articles(database):
    """A removed source is not listed; its articles still name it; it can be added again."""
    stored(database)
    database.remove_source(1)
    assert database.sources() == []
    assert database.article(1).source == "Ores"
    assert database.add_source(source(), now=NOW) == (1, True)


def test_a_poll_is_committed_once(database):
    """The same poll again stores nothing new, and gives no page twice."""
    database.add_source(source(), now=NOW)
    record = poll(1, item("a"), item("b"), wanted={"p:a:0"})
    first = database.commit_poll(record)
    assert (first.new, len(first.pages), set(first.entry_ids)) == (2, 1, {"p:a:0", "p:b:0"})
    again = database.commit_poll(record)
    assert (again.new, again.updated, again.pages, dict(again.entry_ids)) == (0, 0, (), {})
    assert [p.new for p in database.polls(1, limit=9)] == [0, 2]


def test_a_changed_entry(database):
    """A known entry that changed is updated in its row, whatever identity it is given."""
    database.add_source(source(), now=NOW)
    database.commit_poll(poll(1, item("a", "Old")))
    record = poll(1, item("a2", "New", known_id=1, is_changed=True))
    result = database.commit_poll(record)
    assert (result.new, result.updated) == (0, 1)
    assert database.entry(1)[1].title == "New"
    assert database.counts()["entries"] == 1


def test_entries_come_back_whole(database):
    """What a publisher said comes back as it was, offsets of time included."""
    database.add_source(source(), now=NOW)
    one = item("a", "Ore", text="Words", part=2)
    database.commit_poll(poll(1, one))
    assert database.entry(1) == (1, one.entry)


def test_known_entries(database):
    """Entries are found by guid, address or words, within their source only."""
    database.add_source(source(), now=NOW)
    database.add_source(source("Other", "https://other.example/"), now=NOW)
    database.commit_poll(poll(1, item("a"), item("b")))

    def known(source_id, guids=(), url_keys=(), hashes=()):
        rows = database.known_entries(
            source_id, guids=guids, url_keys=url_keys, content_hashes=hashes
        )
        return [row.guid for row in rows]

    assert known(1, guids=["a"]) == ["a"]
    assert known(1, url_keys=["https://ores.example/b"]) == ["b"]
    assert known(1, hashes=[content_hash("Ore", "")]) == ["a", "b"]
    assert known(2, guids=["a"]) == []
    assert known(1, guids=[str(n) for n in range(3000)]) == []


def test_pages_are_leased(database):
    """A wanted page is handed to one caller, and again when the lease has run out."""
    database.add_source(source(), now=NOW)
    database.commit_poll(poll(1, item("a"), item("b"), wanted={"p:a:0", "p:b:0"}))
    assert database.wanted_pages(now=NOW, limit=9) == []
    after = hours(1)
    assert [p.id for p in database.wanted_pages(now=after, limit=1)] == [1]
    assert [p.id for p in database.wanted_pages(now=after, limit=9, source_ids=[1])] == [2]
    assert database.wanted_pages(now=after, limit=9) == []
    assert database.wanted_pages(now=hours(2), limit=9, source_ids=[]) == []


def test_a_failed_page_is_tried_again_at_its_time(database):
    """A page that may succeed later waits; one that may not is given up."""
    database.add_source(source(), now=NOW)
    (page,) = database.commit_poll(poll(1, item("a"), wanted={"p:a:0"})).pages
    database.settle_page(page.id, cause="503", retry_at=hours(5))
    assert database.wanted_pages(now=hours(4), limit=9) == []
    (again,) = database.wanted_pages(now=hours(6), limit=9)
    assert again.attempts == 1
    assert database.entries_without_article(limit=9) == []
    database.settle_page(page.id, cause="404", retry_at=None)
    assert database.wanted_pages(now=hours(99), limit=9) == []
    assert database.entries_without_article(limit=9) == [(1, 1)]


def test_an_article_settles_its_page(database):
    """The page of a committed article is done, in the same transaction."""
    database.add_source(source(), now=NOW)
    (page,) = database.commit_poll(poll(1, item("g1"), wanted={"p:g1:0"})).pages
    from monitor.model import Placement

    database.commit_article(
        draft(1, page.entry_id), Placement(), bands=(), tokens=(), page_id=page.id
    )
    assert database.wanted_pages(now=hours(99), limit=9) == []
    assert database.entries_without_article(limit=9) == []


def test_when_sources_last_showed_something(database):
    """The newest first sight counts, not a later look at the same."""
    database.add_source(source(), now=NOW)
    database.commit_poll(poll(1, item("a")))
    database.commit_poll(poll(1, item("a", known_id=1), at=NOW + timedelta(days=3)))
    assert database.source_by("1").new_at == NOW


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None
)
@given(st.lists(st.text(max_size=40), min_size=3, max_size=3))
def test_any_words_are_stored(database_url, words):
    """Text with NUL, half surrogates or anything else is stored; offsets do not move."""
    title, text, guid = words
    database = open_database(database_url)
    try:
        database.add_source(source(), now=NOW)
        ids = database.commit_poll(poll(1, item(guid, title, text=text))).entry_ids
        for number in ids.values():
            kept = database.entry(number)[1]
            assert len(kept.title) == len(title)
            assert len(kept.content) == len(text)
            assert "\x00" not in kept.title
    finally:
        database.close()
