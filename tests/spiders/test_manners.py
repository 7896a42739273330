"""Gates, waits and robots.txt files over time, on clocks that the test moves."""

import math
import random
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import Outcome, SiteNote
from spiders.manners import SLOW_S, Manners
from spiders.robots import Robots
from spiders.robots_cache import RETRY_S, RETRY_WITH_COPY_S, pack
from spiders.verdict import Verdict

SITE = "https://site.example"
HOST = "site.example"
FILE = b"User-agent: *\nDisallow: /private\n"
FAULT = Verdict(Outcome.FAILED, "HTTP 503", retryable=True)
DAY_S = 24 * 3600.0


class Clocks:
    """The monotonic clock and the wall's, which may be set."""

    def __init__(self):
        self.seconds = 1000.0
        self.wall = datetime(2026, 3, 1, tzinfo=UTC)

    def pass_s(self, seconds):
        """Time passes on both."""
        self.seconds += seconds
        self.wall += timedelta(seconds=seconds)

    def manners(self):
        """A process that starts now."""
        return Manners(clock=lambda: self.seconds, now=lambda: self.wall)


@pytest.fixture
def clocks():
    """Clocks that stand still."""
    return Clocks()


@pytest.fixture
def manners(clocks):
    """Manners on these clocks."""
    return clocks.manners()


def restarted(clocks, manners):
    """A new process that remembers what this one noted."""
    later = clocks.manners()
    later.remember(manners.unsaved())
    return later


def test_the_gap(clocks, manners):
    """A host is free after the longer of the gap it was left with and the one now wanted."""
    assert manners.wait_s(HOST) == 0
    manners.enter(HOST)
    assert manners.wait_s(HOST) == math.inf
    clocks.pass_s(2)
    manners.leave(HOST, gap_s=5)
    assert (manners.wait_s(HOST), manners.wait_s(HOST, 9), manners.wait_s(HOST, 3)) == (5, 9, 5)
    clocks.pass_s(6)
    assert (manners.wait_s(HOST), manners.wait_s(HOST, 9)) == (0, 3)


def test_room_for_all(manners):
    """No more requests are in flight than allowed over all hosts."""
    for number in range(3):
        assert manners.has_room(f"h{number}", 3)
        manners.enter(f"h{number}")
    assert not manners.has_room("h9", 3)
    manners.leave("h1", gap_s=0)
    assert manners.has_room("h9", 3)


def test_slow_hosts_get_half_of_the_room(clocks, manners):
    """Hosts that were slow to answer leave half of the room to the others."""
    for number in range(4):
        manners.enter(f"slow{number}")
    clocks.pass_s(SLOW_S)
    for number in range(4):
        manners.leave(f"slow{number}", gap_s=0)
    manners.enter("slow0")
    manners.enter("slow1")
    assert not manners.has_room("slow2", 4)
    assert manners.has_room("fast", 4)
    manners.leave("slow0", gap_s=0)
    assert manners.has_room("slow2", 4)


def test_a_hold_ends_by_the_clock_that_cannot_be_set(clocks, manners):
    """Setting the clock neither ends a wait early nor makes it last longer."""
    until = clocks.wall + timedelta(hours=1)
    manners.hold(f"{SITE}/feed", until)
    assert manners.held_until(HOST) == until
    clocks.wall += timedelta(hours=2)
    assert manners.held_until(HOST) is not None
    clocks.wall -= timedelta(hours=9)
    clocks.pass_s(3599)
    assert manners.held_until(HOST) is not None
    clocks.pass_s(1)
    assert manners.held_until(HOST) is None


def test_a_hold_is_for_the_host(clocks, manners):
    """The host is held on both usual ports, and the longer of two waits counts."""
    until = clocks.wall + timedelta(hours=1)
    manners.hold("https://Site.example./x", until)
    manners.hold("http://site.example:80/x", clocks.wall + timedelta(minutes=1))
    assert manners.held_until(HOST) == until
    assert manners.held_until("site.example:8080") is None


def test_a_hold_over_a_restart(clocks, manners):
    """What a host asked for is known after a restart, and no longer than it asked."""
    until = clocks.wall + timedelta(hours=1)
    manners.hold(f"{SITE}/feed", until)
    later = restarted(clocks, manners)
    assert later.held_until(HOST) == until
    assert later.unsaved() == []
    clocks.pass_s(3600)
    assert later.held_until(HOST) is None
    later.remember([SiteNote(origin=SITE, not_before=clocks.wall + timedelta(days=900))])
    clocks.pass_s(DAY_S)
    assert later.held_until(HOST) is None


def test_notes_are_whole_and_given_once(clocks, manners):
    """A note has all that is known of an origin, and is given when something is new."""
    manners.know_robots(SITE, pack(FILE))
    at = clocks.wall
    assert manners.unsaved() == [SiteNote(origin=SITE, robots_at=at, robots=FILE)]
    assert manners.unsaved() == []
    until = at + timedelta(minutes=5)
    manners.hold(f"{SITE}/feed", until)
    note = SiteNote(origin=SITE, not_before=until, robots_at=at, robots=FILE)
    assert manners.unsaved() == [note]
    later = clocks.manners()
    later.remember([note])
    later.hold(f"{SITE}/feed", until + timedelta(minutes=5))
    assert later.unsaved()[0].robots == FILE


def test_robots_for_a_day(clocks, manners):
    """A robots.txt is known for a day, and so is that there is none."""
    for origin, body in ((SITE, FILE), ("https://none.example", b"")):
        assert not manners.robots.knows(origin)
        manners.know_robots(origin, pack(body))
    clocks.pass_s(DAY_S - 1)
    later = restarted(clocks, manners)
    for one in (manners, later):
        assert one.robots.knows(SITE)
        assert one.robots.knows("https://none.example")
    clocks.pass_s(1)
    assert not manners.robots.knows(SITE)
    assert not later.robots.knows(SITE)


@pytest.mark.parametrize("jump", [timedelta(hours=-2), timedelta(days=-400)])
def test_a_clock_that_jumps_back_keeps_no_robots_alive(clocks, manners, jump):
    """A robots.txt ends after a day however the clock is set, also over a restart."""
    manners.know_robots(SITE, pack(FILE))
    clocks.wall += jump
    later = restarted(clocks, manners)
    assert manners.robots.knows(SITE)
    assert not later.robots.knows(SITE), "its note is from the future"
    clocks.pass_s(DAY_S)
    assert not manners.robots.knows(SITE)


def test_a_fault_forbids_for_a_while(clocks, manners):
    """Without a file a fault forbids everything, and is looked into again soon."""
    manners.robots.failed(SITE, FAULT)
    assert manners.robots.knows(SITE)
    assert manners.robots.fault(SITE) == FAULT
    assert manners.unsaved() == []
    clocks.pass_s(RETRY_S)
    assert not manners.robots.knows(SITE)


def test_a_copy_serves_a_week(clocks, manners):
    """While a file cannot be had, the copy that we have is obeyed, for a week."""
    manners.know_robots(SITE, pack(FILE))
    later = restarted(clocks, manners)
    for _ in range(6):
        clocks.pass_s(DAY_S)
        for one in (manners, later):
            assert not one.robots.knows(SITE)
            one.robots.failed(SITE, FAULT)
            assert one.robots.knows(SITE)
            assert one.robots.fault(SITE) is None
            assert not one.robots.reader(SITE, "us")().allows("/private")
    clocks.pass_s(RETRY_WITH_COPY_S - 1)
    assert manners.robots.knows(SITE)
    clocks.pass_s(DAY_S - RETRY_WITH_COPY_S + 1)
    assert not manners.robots.knows(SITE)
    manners.robots.failed(SITE, FAULT)
    assert manners.robots.fault(SITE) == FAULT


def test_what_was_read_is_read_anew_when_it_changes(manners):
    """A new file replaces what was read of the old one, and each reader has its own rules."""
    manners.know_robots(SITE, pack(FILE))
    assert manners.robots.get(SITE, "us") is None
    manners.robots.keep(SITE, "us", manners.robots.reader(SITE, "us")())
    assert not manners.robots.get(SITE, "us").allows("/private")
    assert manners.robots.get(SITE, "others") is None
    manners.know_robots(SITE, pack(b""))
    assert manners.robots.get(SITE, "us").allows("/private")


def test_watchers_take_turns(manners):
    """Whoever was told first of a free host is told last the next time."""
    told = []
    for name in "abc":
        manners.watch(lambda host, name=name: told.append(name))
    for _ in range(3):
        manners.tell(HOST)
    assert sorted(told[::3]) == ["a", "b", "c"]


def test_a_year_of_ten_thousand_hosts(clocks, manners):
    """What is kept depends on how many hosts there are lately, not on how long we run."""
    pick = random.Random(1)
    sizes, rules = [], Robots.read(FILE, "us")
    for day in range(365):
        for _ in range(30):
            host = f"h{day // 30}-{pick.randrange(10_000)}.example"
            clocks.pass_s(2800)
            manners.enter(host)
            clocks.pass_s(pick.choice((0.1, 6)))
            if pick.random() < 0.1:
                manners.hold(f"https://{host}/", clocks.wall + timedelta(minutes=9))
            if not manners.robots.knows(f"https://{host}"):
                manners.know_robots(f"https://{host}", pack(FILE * 3))
                manners.robots.keep(f"https://{host}", "us", rules)
            manners.leave(host, gap_s=1)
        sizes.append((len(manners._gates), len(manners._held), len(manners._busy)))
    assert max(sizes[30:]) <= (2 * max(sizes[:30])[0], 40, 0)
    assert manners.robots._bytes <= 64_000_000
    assert manners.robots._rules <= 200_000
    assert len(manners._unsaved) <= 20_000


def test_news_that_nobody_collects(clocks, manners):
    """What is to be noted of very many hosts is bounded, the latest are kept."""
    for number in range(20_100):
        manners.hold(f"https://h{number}.example/", clocks.wall + timedelta(hours=1))
    notes = manners.unsaved()
    assert len(notes) == 20_000
    assert notes[-1].origin == "https://h20099.example"


def test_robots_files_take_bounded_memory(manners):
    """Hostile files push out the oldest ones, not the machine's memory."""
    big = random.Random(2).randbytes(512_000)
    for number in range(200):
        manners.know_robots(f"https://h{number}.example", big)
    assert manners.robots._bytes <= 64_000_000
    assert not manners.robots.knows("https://h0.example")
    assert manners.robots.knows("https://h199.example")
