"""
The schedule against fixed 15-minute polling: 1,000 sources, 30 days, on a virtual clock.

    python -m tests.benchmarks.schedule [--seeds 2] [--curve] [--json]

Every poll is planned by the real `due.plan`. Both ways see the same streams of `publishers`.
An entry is *missed* when it left the document before a poll saw it. Where fixed polling of
the same source missed nothing, its window allows that, and a miss is ours. The *delay* of an
entry runs from when it could be had (after an outage: from its end) to the poll that saw it.
What a source takes with it when it dies for good, before a poll came, is `lost_with_source`.

The target of each family: at most 35 % of the polls, no entry missed where the window allows it,
and a median delay over all entries that is no worse. One scale cannot meet the first and the last
of it for every mix of sources: many fast ones cost more polls than that at a delay which is
better than needed, many slow ones the reverse. `--curve` shows the trade-off, by the setting
`schedule.default_interval`. Exit status 1 when `everyday` misses its target, or when another
family misses an entry.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from monitor.model import Outcome, Source, SourceKind
from monitor.settings import ScheduleSettings
from monitor.sources import due
from tests.benchmarks.publishers import DAY, FAMILIES, START, Publisher

FIXED_S = 900.0

#: At most this share of the polls of fixed polling.
MOST_POLLS = 0.35

#: Polls go on after the end for at most so long, until all that came was seen.
GRACE_S = 4 * DAY

#: Rates at which classes begin, entries a day.
CLASSES = (0.0, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)

#: Values of `schedule.default_interval` for the curve, minutes.
CURVE = (15, 20, 30, 40)


@dataclass(slots=True)
class Run:
    """What one way of polling did with one publisher."""

    polls: int = 0
    #: Seconds, one for each entry seen.
    delays: list[float] = field(default_factory=list)
    missed: int = 0
    #: Entries of a source that died for good before a poll came.
    lost: int = 0
    #: Polls by day.
    days: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Pair:
    """Both ways on one publisher."""

    number: int
    pattern: str
    rate: float
    ours: Run
    fixed: Run


def fixed(publisher: Publisher, first: float, end: float) -> Run:
    """Poll every 15 minutes, whatever comes."""
    run = Run(polls=math.ceil((end - first) / FIXED_S))
    for k, ready in _awaited(publisher, first, end):
        at = first + math.ceil((ready - first) / FIXED_S) * FIXED_S
        while publisher.outage(at) is not None:
            at += FIXED_S
        _note(run, publisher, k, ready, at)
    return run


def ours(
    publisher: Publisher, number: int, first: float, end: float, rules: ScheduleSettings
) -> Run:
    """Poll as `due.plan` decides, until all that came before the end was seen."""
    run = Run(days=[0] * math.ceil((end - START) / DAY))
    source = Source(id=number, name="", kind=SourceKind.FEED, url="")
    awaited = _awaited(publisher, first, end)
    item = next(awaited, None)
    at, seen, shown = first, -1, set[int]()
    while at < end or (item is not None and at < end + GRACE_S):
        if at < end:
            run.polls += 1
            run.days[int((at - START) // DAY)] += 1
        answer, seen = _answer(publisher, at, seen, shown)
        while item is not None and item[0] < seen:
            _note(run, publisher, item[0], item[1], at)
            item = next(awaited, None)
        plan = due.plan(source, answer, rules)
        source = _after(source, answer, plan)
        at = plan.at.timestamp()
    run.lost = int(item is not None) + sum(1 for _ in awaited)
    return run


def _awaited(publisher: Publisher, first: float, end: float) -> Iterator[tuple[int, float]]:
    """The entries that come after the first poll and can be had before the end, and when."""
    for k in range(publisher.newest(first), publisher.newest(end)):
        ready = publisher.available(publisher.arrivals[k])
        if ready < end:
            yield k, ready


def _note(run: Run, publisher: Publisher, k: int, ready: float, at: float) -> None:
    if k < publisher.oldest(at):
        run.missed += 1
    else:
        run.delays.append(at - ready)


def _answer(publisher: Publisher, at: float, seen: int, shown: set[int]) -> tuple[due.Answer, int]:
    """What a poll brings, and the index after the newest entry that is seen then."""
    unchanged = due.Answer(
        now=datetime.fromtimestamp(at, UTC),
        outcome=Outcome.NOT_MODIFIED,
        retryable=False,
        not_before=None,
        fresh_s=publisher.fresh_s,
        ttl_s=0.0,
        published=(),
        new=(),
    )
    outage = publisher.outage(at)
    if outage is not None:
        failed = replace(unchanged, outcome=outage.outcome, retryable=outage.retryable)
        return replace(failed, fresh_s=0.0), seen
    newest, oldest, turn = publisher.newest(at), publisher.oldest(at), publisher.turn(at)
    if newest == seen and shown.issuperset(turn):
        return unchanged, seen
    dates = [*publisher.stated[oldest:newest], *(publisher.evergreen[k] for k in turn)]
    fresh = publisher.stated[max(seen, oldest) : newest]
    again = (publisher.evergreen[k] for k in turn if k not in shown)
    read = replace(
        unchanged,
        outcome=Outcome.OK,
        ttl_s=publisher.ttl_s,
        published=[one for one in map(_moment, dates) if one is not None],
        new=[*map(_moment, fresh), *map(_moment, again)],
        size=len(dates),
    )
    shown.update(turn)
    return read, newest


def _moment(stamp: float | None) -> datetime | None:
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC)


def _after(source: Source, answer: due.Answer, plan: due.Plan) -> Source:
    """The source as the store keeps it after a poll."""
    failed = not answer.outcome.is_success
    return replace(
        source,
        rhythm=plan.rhythm,
        failures=source.failures + 1 if failed else 0,
        failing_since=(source.failing_since or answer.now) if failed else None,
        last_polled_at=answer.now,
        last_outcome=answer.outcome,
        next_poll_at=plan.at,
    )


def compare(number: int, *, family: str, seed: int, days: int, rules: ScheduleSettings) -> Pair:
    """Both ways on one publisher of a family."""
    publisher = FAMILIES[family](number, seed)
    first = START + FIXED_S * ((number * 0.618034) % 1)
    end = START + days * DAY
    return Pair(
        number,
        publisher.pattern,
        publisher.rate,
        ours(publisher, number, first, end, rules),
        fixed(publisher, first, end),
    )


def summary(group: Sequence[Pair], days: int) -> dict[str, Any]:
    """Figures of a group of sources; delays in minutes."""
    polls, before = (sum(getattr(p, way).polls for p in group) for way in ("ours", "fixed"))
    delays, usual = (
        sorted(d / 60 for p in group for d in getattr(p, way).delays) for way in ("ours", "fixed")
    )
    own = sorted(statistics.median(p.ours.delays) / 60 for p in group if p.ours.delays)
    return {
        "sources": len(group),
        "polls_a_day": round(polls / days / len(group), 1),
        "polls_ratio": round(polls / before, 4),
        "entries": len(delays),
        **{f"delay_{name}": _at(delays, share) for name, share in _SHARES},
        **{f"fixed_{name}": _at(usual, share) for name, share in _SHARES},
        "source_median": _at(own, 0.5),
        "source_worst": _at(own, 1.0),
        "missed": sum(p.ours.missed for p in group),
        "fixed_missed": sum(p.fixed.missed for p in group),
        "lost_with_source": sum(p.ours.lost for p in group),
        "missed_avoidable": sum(p.ours.missed for p in group if not p.fixed.missed),
    }


_SHARES = (("median", 0.5), ("p90", 0.9), ("p95", 0.95))


def _at(ascending: Sequence[float], share: float) -> float:
    if not ascending:
        return math.nan
    return round(ascending[min(len(ascending) - 1, int(share * len(ascending)))], 1)


def _class(pair: Pair) -> str:
    k = max(k for k, least in enumerate(CLASSES) if pair.rate >= least)
    most = f"{CLASSES[k + 1]:g}" if k + 1 < len(CLASSES) else "…"
    return f"{CLASSES[k]:5g} – {most} a day"


_HEAD = (
    "                        sources  polls    of    entries   delay, minutes       fixed"
    "              source  missed\n"
    "                                 a day  fixed             med    p90    p95    med"
    "    p90    p95     med  ours  fixed  avoidable"
)


def _line(name: str, told: dict[str, Any]) -> str:
    delays = "".join(
        f"{told[f'{way}_{name}']:7.1f}" for way in ("delay", "fixed") for name, _ in _SHARES
    )
    return (
        f"{name:24}{told['sources']:7}{told['polls_a_day']:7.1f}{told['polls_ratio']:7.1%}"
        f"{told['entries']:10}{delays}{told['source_median']:8.1f}{told['missed']:6}"
        f"{told['fixed_missed']:7}{told['missed_avoidable']:11}"
    )


def _groups(pairs: Iterable[Pair], key: Callable[[Pair], str]) -> dict[str, list[Pair]]:
    ordered = sorted(pairs, key=key)
    return {name: list(group) for name, group in itertools.groupby(ordered, key)}


def report(pairs: Sequence[Pair], days: int) -> dict[str, Any]:
    """All figures of one family."""
    by_day = [sum(day) for day in zip(*(p.ours.days for p in pairs), strict=True)]
    slowest = max(
        (p for p in pairs if p.ours.delays), key=lambda p: statistics.median(p.ours.delays)
    )
    return {
        "all": summary(pairs, days),
        "by_rate": {k: summary(v, days) for k, v in _groups(pairs, _class).items()},
        "by_pattern": {k: summary(v, days) for k, v in _groups(pairs, lambda p: p.pattern).items()},
        "polls_by_day": by_day,
        "slowest": {
            "pattern": slowest.pattern,
            "rate": round(slowest.rate, 3),
            "median": round(statistics.median(slowest.ours.delays) / 60, 1),
        },
    }


def _show(family: str, seeds: Sequence[Sequence[Pair]], told: dict[str, Any], days: int) -> None:
    print(f"\nfamily {family}\n{_HEAD}")
    for seed, pairs in enumerate(seeds):
        print(_line(f"seed {seed}", summary(pairs, days)))
    print(_line("all", told["all"]))
    for part in ("by_rate", "by_pattern"):
        print()
        for name, figures in told[part].items():
            print(_line(name, figures))
    by_day, slowest = told["polls_by_day"], told["slowest"]
    print(
        f"\npolls by day: first {by_day[0]}, median {statistics.median(by_day):.0f}, "
        f"most {max(by_day)}; slowest source: {slowest['pattern']}, {slowest['rate']:g} a day, "
        f"median delay {slowest['median']:g} min; lost with sources that died: "
        f"{told['all']['lost_with_source']}"
    )


LOST = "entries missed that fixed polling sees"


def _fails(figures: dict[str, Any]) -> list[str]:
    """Which parts of the target are not met."""
    checks = {
        "more than 35 % of the polls": figures["polls_ratio"] > MOST_POLLS,
        "a worse median delay": figures["delay_median"] > figures["fixed_median"],
        LOST: figures["missed_avoidable"] > 0,
    }
    return [name for name, is_so in checks.items() if is_so]


def _curve(pool: ProcessPoolExecutor, options: argparse.Namespace) -> None:
    print("family, schedule.default_interval in minutes, share of polls, median, p90; seed 0")
    for family, minutes in itertools.product(options.families, CURVE):
        rules = ScheduleSettings(default_interval=60.0 * minutes)
        told = summary(_simulate(pool, options, family, 0, rules), options.days)
        print(
            f"{family:10}{minutes:4}{told['polls_ratio']:8.1%}{told['delay_median']:7.1f}"
            f"{told['delay_p90']:7.1f}   {', '.join(_fails(told)) or 'meets the target'}"
        )


def _simulate(
    pool: ProcessPoolExecutor,
    options: argparse.Namespace,
    family: str,
    seed: int,
    rules: ScheduleSettings,
) -> list[Pair]:
    one = partial(compare, family=family, seed=seed, days=options.days, rules=rules)
    return list(pool.map(one, range(options.sources), chunksize=20))


def main() -> int:
    """Run, print, and say whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--families", nargs="+", default=list(FAMILIES), choices=list(FAMILIES))
    parser.add_argument("--curve", action="store_true", help="the trade-off, in place of a run")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    failed = False
    with ProcessPoolExecutor() as pool:
        if options.curve:
            _curve(pool, options)
            return 0
        for family in options.families:
            seeds = [
                _simulate(pool, options, family, seed, ScheduleSettings())
                for seed in range(options.seeds)
            ]
            told = report(list(itertools.chain(*seeds)), options.days)
            fails = _fails(told["all"])
            failed = failed or LOST in fails or (family == "everyday" and bool(fails))
            if options.json:
                print(json.dumps({"family": family, "failed": fails, **told}))
            else:
                _show(family, seeds, told, options.days)
                print("target: " + ("missed: " + "; ".join(fails) if fails else "met"))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
