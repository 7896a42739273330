"""How a source is doing; what answers do to it is proved in `end_to_end/test_health.py`."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from monitor.health.look import Condition, examine
from monitor.model import Outcome, Source, SourceKind, SourceState

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
TODAY = NOW.date().toordinal()
DAILY = range(TODAY - 60, TODAY)


def ago(days):
    """That many days before now."""
    return NOW - timedelta(days=days)


def source(**more):
    """A source that was polled an hour ago, and brought news then."""
    known = {
        "last_polled_at": ago(1 / 24),
        "answered_at": ago(1 / 24),
        "next_poll_at": NOW,
        "last_outcome": Outcome.OK,
        "new_at": ago(1 / 24),
        "newest_at": ago(1 / 24),
        "changed_at": ago(1 / 24),
    }
    known |= {"id": 1, "name": "Ores", "kind": SourceKind.FEED, "url": "https://x.example/"}
    return Source(**known | more)


def silent(days, **more):
    """A source that has brought nothing for so many days."""
    return source(new_at=ago(days), **{"newest_at": ago(days)} | more)


def judged(one, days=()):
    """Its condition, and whether it needs a person."""
    (health,) = examine([one], {1: [day for day in days if day <= one.new_at.toordinal()]}, now=NOW)
    return health.condition.value, health.needs_a_person


def test_a_clock_that_was_set_back():
    """A source that was polled in the future waits for that time, which is not healthy."""
    later = NOW + timedelta(days=365)
    (health,) = examine([source(last_polled_at=later, next_poll_at=later)], now=NOW)
    assert health.condition is Condition.OVERDUE
    assert "clock" in health.advice


def test_silence_grows_from_healthy_to_quiet_to_stale():
    """A daily source is quiet after days, and needs a person after a week."""
    words = [judged(silent(days), DAILY) for days in (1, 2, 4, 7, 8, 40)]
    assert words == [
        ("healthy", False),
        ("healthy", False),
        ("quiet", False),
        ("quiet", False),
        ("stale", True),
        ("stale", True),
    ]


def test_the_same_silence_is_nothing_for_a_slow_source():
    """Three silent weeks of what comes every three weeks are no news; two months are."""
    rare = range(TODAY - 400, TODAY, 21)
    assert judged(silent(22), rare) == ("healthy", False)
    assert judged(silent(70), rare)[0] == "quiet"


def test_quiet_without_dates_needs_a_person_when_it_lasts():
    """Where entries have no dates nothing is stale; silence alone says it."""
    assert judged(silent(5, newest_at=None), DAILY) == ("quiet", False)
    assert judged(silent(9, newest_at=None), DAILY) == ("quiet", True)


def test_old_entries_that_come_as_new_are_stale():
    """A feed that serves its archive under new names brings no news."""
    assert judged(source(newest_at=ago(20)), DAILY) == ("stale", True)


@pytest.mark.parametrize("outcome", [Outcome.NOT_MODIFIED, Outcome.UNCHANGED])
def test_answers_that_never_differ_are_frozen(outcome):
    """The same bytes for far longer than a daily source is ever silent."""
    frozen = {"last_outcome": outcome, "streak": 3, "newest_at": None}
    assert judged(silent(9, changed_at=ago(9), **frozen), DAILY) == ("frozen", True)
    assert judged(silent(3, changed_at=ago(3), **frozen), DAILY) == ("quiet", False)
    assert judged(silent(9, changed_at=ago(1), **frozen), DAILY) == ("quiet", True)
    assert judged(silent(9, changed_at=ago(9), **frozen | {"streak": 2}), DAILY)[0] == "quiet"


def test_a_last_modified_that_the_entries_contradict_is_not_believed():
    """A server that dates all it serves alike has not stood still since then."""
    same = {"last_outcome": Outcome.NOT_MODIFIED, "streak": 9, "changed_at": ago(1)}
    stands = silent(9, last_modified=format_datetime(ago(9)), **same)
    assert judged(stands, DAILY) == ("frozen", True)
    lies = silent(9, last_modified=format_datetime(ago(99)), **same)
    assert judged(lies, DAILY) == ("stale", True)
    assert judged(silent(9, last_modified="gestern", **same), DAILY) == ("stale", True)


def test_without_a_history_only_a_month_is_long():
    """Whose pace nobody knows is stale after thirty days, and frozen never."""
    same = {"last_outcome": Outcome.NOT_MODIFIED, "streak": 9, "changed_at": ago(90)}
    assert judged(silent(29, **same)) == ("healthy", False)
    assert judged(silent(31, **same)) == ("stale", True)


def test_a_watched_page_may_rest():
    """A list of orders that nobody changed for months is well, and was never empty."""
    page = {"kind": SourceKind.PAGE, "newest_at": None}
    assert judged(source(new_at=ago(200), changed_at=ago(200), **page)) == ("healthy", False)
    (never,) = examine([source(new_at=None, **page)], now=NOW)
    assert never.condition is Condition.HEALTHY


def test_empty_needs_a_person_after_a_week():
    """A holiday empties a feed; a feed that never had an entry is another matter."""
    assert judged(source(empty_since=ago(6))) == ("empty", False)
    assert judged(source(empty_since=ago(8))) == ("empty", True)
    never = source(new_at=None, newest_at=None, empty_since=ago(0))
    assert examine([never], now=NOW)[0].needs_a_person


def test_a_single_failure_is_none():
    """What fails once or twice is asked again; the third failure needs a person."""
    failed = {"last_outcome": Outcome.FAILED, "failing_since": ago(1), "last_error": "HTTP 500"}
    assert judged(source(failures=2, **failed)) == ("healthy", False)
    assert judged(source(failures=3, **failed)) == ("failing", True)


def test_a_changed_layout_is_told_at_once():
    """What was read and looks wrong needs a person before more of it is missed."""
    changed = {"last_outcome": Outcome.CHANGED, "last_error": "no date where each had one"}
    assert judged(source(failures=1, **changed)) == ("failing", True)


def test_not_modified_after_failures_is_no_recovery_yet():
    """Health says that it answers again, and waits for a whole answer."""
    (health,) = examine(
        [source(failures=3, last_outcome=Outcome.NOT_MODIFIED, last_error="HTTP 500: broken")],
        now=NOW,
    )
    assert health.condition is Condition.FAILING
    assert health.cause == (
        "HTTP 500: broken; since then it only said that nothing changed: no recovery yet"
    )


def test_what_was_resumed_waits_for_its_poll():
    """Who was resumed by hand is no longer held to its last answer."""
    resumed = {"failures": 0, "last_outcome": Outcome.GONE, "last_error": "HTTP 410"}
    assert judged(source(**resumed)) == ("healthy", False)
    never = source(answered_at=None, new_at=None, newest_at=None, **resumed)
    assert examine([never], now=NOW)[0].condition is Condition.NEW


def test_a_wait_that_the_site_asked_for_is_not_overdue():
    """Retry-After holds a source back; that is no silence of ours."""
    late = {"next_poll_at": ago(0.5)}
    assert judged(source(**late)) == ("overdue", True)
    assert judged(source(not_before=NOW, **late)) == ("healthy", False)


def test_what_is_not_polled_is_not_judged():
    """Paused and new sources need nobody, whatever they did before."""
    assert judged(source(state=SourceState.PAUSED, failures=9)) == ("paused", False)
    assert judged(source(last_polled_at=None)) == ("new", False)


@pytest.mark.parametrize(
    ("outcome", "cause", "advice"),
    [
        (Outcome.REFUSED, "robots.txt forbids this address", "--option 'robots=WHO AGREED'"),
        (
            Outcome.REFUSED,
            "address 10.0.0.1 is private; allow it with fetch.allow_private",
            "in the configuration",
        ),
        (Outcome.REFUSED, "the address is not a valid http or https address", "edit 1 --url"),
        (Outcome.BLOCKED, "HTTP 403", "--option 'header-NAME=${VARIABLE}'"),
        (Outcome.CHANGED, "no date where each had one", "monitor sources preview 1"),
        (Outcome.FAILED, "HTTP 404: not found", "edit 1 --url"),
        (Outcome.FAILED, "no answer within 30 s", "asked again by itself"),
        (Outcome.FAILED, "HTML page, not a feed", "monitor sources preview 1"),
    ],
)
def test_each_cause_has_a_way_out(outcome, cause, advice):
    """What to do is said by the cause, as a command for this very source."""
    (health,) = examine([source(failures=3, last_outcome=outcome, last_error=cause)], now=NOW)
    assert advice in health.advice
    assert health.cause == cause


def test_commands_in_a_cause_are_for_its_source():
    """What a parser advises in general is told of the source that it failed on."""
    told = "no ID in it; see: monitor sources preview ID"
    (health,) = examine([source(failures=3, last_outcome=Outcome.FAILED, last_error=told)], now=NOW)
    assert health.cause == "no ID in it; see: monitor sources preview 1"
