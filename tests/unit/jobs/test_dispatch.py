"""Which due sources a crawl takes, and when one is in nobody's hands again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from monitor.jobs.dispatch import (
    CRAWLS,
    MANY_CRAWLS,
    PATIENCE_S,
    SAME_HOST,
    YOUNG_POLLS,
    YOUNG_S,
    Dispatch,
    host_of,
)
from monitor.model import Source, SourceKind

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BATCH = 64


def source(number, host="", due=NOON):
    """A source that is due."""
    url = f"https://{host or f'h{number}.example'}/{number}"
    return Source(id=number, name=f"s{number}", kind=SourceKind.FEED, url=url, next_poll_at=due)


def chosen(dispatch, due, *, crawls=0, now=0.0, batch=BATCH):
    """The ids that each crawl takes when the store answers with these."""
    asked = dispatch.look(batch)
    started = dispatch.choose(due, asked=asked, batch=batch, crawls=crawls, now=now)
    return [[s.id for s in sources] for sources in started]


def test_nobody_takes_what_is_in_hand():
    """A source that a crawl has in hand is not taken again while the store calls it due."""
    dispatch, due = Dispatch(), [source(1), source(2)]
    assert chosen(dispatch, due) == [[1, 2]]
    assert chosen(dispatch, [*due, source(3)], crawls=1) == [[3]]


def test_a_committed_poll_is_over_before_its_crawl():
    """What is due at another time was committed: it is polled again though its crawl still waits."""
    dispatch, slow, fast = Dispatch(), source(1), source(2)
    chosen(dispatch, [slow, fast])
    assert dispatch.polls == 2
    assert chosen(dispatch, [slow], crawls=1) == []
    assert dispatch.polls == 1
    again = replace(fast, next_poll_at=NOON + timedelta(minutes=5))
    assert chosen(dispatch, [slow, again], crawls=1) == [[2]]


def test_it_is_over_though_it_was_never_seen_as_not_due():
    """Committed and due again between two looks, with another time: it is taken."""
    dispatch, one = Dispatch(), source(1)
    chosen(dispatch, [one])
    again = replace(one, next_poll_at=NOON + timedelta(seconds=1))
    assert chosen(dispatch, [again], crawls=1) == [[1]]
    # The end of the older crawl does not release what the newer one has in hand.
    dispatch.release([one])
    assert chosen(dispatch, [again], crawls=1) == []


def test_an_old_answer_of_the_store_starts_nothing_twice():
    """A crawl that ends while the store is asked: what the store said may be older."""
    dispatch, due = Dispatch(), [source(1)]
    chosen(dispatch, due)
    asked = dispatch.look(BATCH)
    dispatch.release(due)
    assert dispatch.choose(due, asked=asked, batch=BATCH, crawls=0, now=0) == []
    # Asked again it is due still: its poll was not committed.
    assert chosen(dispatch, due) == [[1]]


def test_a_cut_answer_says_nothing_of_what_it_leaves_out():
    """When the store names only the oldest, a source that is not among them stays in hand."""
    dispatch, late = Dispatch(), source(1, due=NOON)
    chosen(dispatch, [late])
    older = [source(n, due=NOON - timedelta(hours=1)) for n in range(100, 100 + 3 * BATCH)]
    asked = dispatch.look(BATCH)
    dispatch.choose(older[:asked], asked=asked, batch=BATCH, crawls=1, now=0)
    assert dispatch.has(late)


def test_one_crawl_at_a_time_holds_a_host():
    """Sources of a host that another crawl has in hand wait; others do not."""
    dispatch = Dispatch()
    same = [source(n, "wire.example") for n in range(1, 5)]
    assert chosen(dispatch, same[:2]) == [[1, 2]]
    assert chosen(dispatch, [*same, source(9)], crawls=1) == [[9]]
    dispatch.release(same[:2])
    assert chosen(dispatch, same[2:], crawls=1) == [[3, 4]]


def test_a_host_with_many_sources_does_not_fill_a_crawl():
    """So many of one host go into a crawl; the rest leaves room for others."""
    dispatch = Dispatch()
    due = [*(source(n, "wire.example") for n in range(40)), source(99)]
    (first,) = chosen(dispatch, due)
    assert first == [*range(SAME_HOST), 99]


def test_waiting_sources_hide_nobody():
    """The store is asked for more than those that wait for their host."""
    dispatch = Dispatch()
    wire = [source(n, "wire.example", NOON - timedelta(hours=1)) for n in range(500)]
    due = [*wire, source(999)]
    taken = []
    for _ in range(10):
        asked = dispatch.look(BATCH)
        taken += dispatch.choose(due[:asked], asked=asked, batch=BATCH, crawls=1, now=0)
    assert 999 in {s.id for sources in taken for s in sources}


def test_slow_polls_leave_room():
    """Polls that are no longer young do not count against the bound: thirty slow hosts or more."""
    dispatch = Dispatch()
    slow = [source(n) for n in range(YOUNG_POLLS)]
    assert sum(map(len, chosen(dispatch, slow))) <= YOUNG_POLLS
    while len(slow) > dispatch.polls:
        chosen(dispatch, slow)
    fast = source(10_000)
    assert chosen(dispatch, [*slow, fast], crawls=4, now=YOUNG_S / 2) == []
    assert chosen(dispatch, [*slow, fast], crawls=4, now=YOUNG_S) == [[10_000]]


def test_many_crawls_are_joined_by_full_ones():
    """From many crawls on, a new one is full or has waited; there are never more than the most."""
    dispatch = Dispatch()
    assert chosen(dispatch, [source(1)], crawls=MANY_CRAWLS - 1) == [[1]]
    assert chosen(dispatch, [source(2)], crawls=MANY_CRAWLS, now=1) == []
    assert chosen(dispatch, [source(2)], crawls=MANY_CRAWLS, now=PATIENCE_S) == [[2]]
    full = [source(n) for n in range(10, 10 + BATCH)]
    assert len(chosen(dispatch, full, crawls=MANY_CRAWLS, now=PATIENCE_S)) == 1
    more = [source(n) for n in range(500, 500 + BATCH)]
    assert chosen(dispatch, more, crawls=CRAWLS, now=99) == []


class World(RuleBasedStateMachine):
    """Sources that are polled, committed, and due again, in any order of events."""

    def __init__(self):
        super().__init__()
        self.dispatch = Dispatch()
        self.now = 0.0
        self.rows = {n: source(n, f"h{n % 7}.example") for n in range(40)}
        #: Crawls under way: what each holds that it has not committed.
        self.crawls = []
        self.all_of = []

    def due(self, asked):
        """What the store answers."""
        now = NOON + timedelta(seconds=self.now)
        rows = sorted(self.rows.values(), key=lambda s: (s.next_poll_at, s.id))
        return [row for row in rows if row.next_poll_at <= now][:asked]

    @rule(batch=st.integers(1, 6), ends_meanwhile=st.booleans())
    def tick(self, batch, ends_meanwhile):
        """One look; a crawl may end between the answer and the choice."""
        asked = self.dispatch.look(batch)
        due = self.due(asked)
        if ends_meanwhile and self.crawls:
            self.end(0)
        held = {s.id: s for crawl in self.crawls for s in crawl}
        hosts = {host_of(s) for s in held.values()}
        for sources in self.dispatch.choose(
            due, asked=asked, batch=batch, crawls=len(self.crawls), now=self.now
        ):
            assert 0 < len(sources) <= batch
            for one in sources:
                assert one.id not in held
                assert host_of(one) not in hosts
                assert self.rows[one.id].next_poll_at == one.next_poll_at, "an old answer"
            hosts |= {host_of(s) for s in sources}
            self.crawls.append(list(sources))
            self.all_of.append(list(sources))

    @rule(crawl=st.integers(0, 50), seconds=st.integers(1, 9))
    def commit(self, crawl, seconds):
        """A poll is committed, and due again later."""
        if self.crawls and self.crawls[crawl % len(self.crawls)]:
            one = self.crawls[crawl % len(self.crawls)].pop()
            later = NOON + timedelta(seconds=self.now + seconds)
            self.rows[one.id] = replace(self.rows[one.id], next_poll_at=later)

    @rule(crawl=st.integers(0, 50))
    def end(self, crawl):
        """A crawl ends, with what it has not committed."""
        if self.crawls:
            place = crawl % len(self.crawls)
            del self.crawls[place]
            self.dispatch.release(self.all_of.pop(place))

    @rule(seconds=st.integers(1, 5))
    def wait(self, seconds):
        """Time passes."""
        self.now += seconds

    @invariant()
    def all_in_hand_are_known(self):
        """It counts at least the polls that are under way."""
        assert self.dispatch.polls >= sum(map(len, self.crawls))

    def teardown(self):
        """When all crawls end, whatever is due is taken in the end."""
        self.now += 60
        for _ in range(200):
            while self.crawls:
                while self.crawls[0]:
                    self.commit(0, 1_000_000)
                self.end(0)
            self.tick(6, ends_meanwhile=False)
        assert all(row.next_poll_at > NOON + timedelta(days=1) for row in self.rows.values())


TestWorld = World.TestCase
TestWorld.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
