"""
What the daemon counts, in the format of Prometheus.

Labels are words of a fixed list, never names of sources: ten thousand sources must not
become ten thousand series.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from monitor import __version__
from monitor.health.look import Condition
from monitor.model import DeliveryState, Outcome, SourceState
from monitor.pipeline import Tally

CONTENT_TYPE = CONTENT_TYPE_LATEST

#: Upper ends of the histogram's classes, seconds; answers are given up after 30.
ANSWER_S = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60)


@dataclass(slots=True)
class _Told:
    """What of a crawl under way is in the counters already."""

    tally: Tally
    counts: Mapping[str, int]
    outcomes: Mapping[Outcome, int]
    answers: int = 0


class Metrics:
    """One registry with all that the daemon tells; nothing of it is global."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._crawls: dict[int, _Told] = {}
        ProcessCollector(registry=self.registry)
        build = Info("monitor_build", "What runs here.", registry=self.registry)
        build.info({"version": __version__, "python": platform.python_version()})
        self._polls = Counter(
            "monitor_polls", "Polls of sources, by outcome.", ["outcome"], registry=self.registry
        )
        for outcome in Outcome:
            self._polls.labels(outcome.value)
        self._answers = Histogram(
            "monitor_poll_answer_seconds",
            "Seconds until a source had answered, all documents of a poll together.",
            buckets=ANSWER_S,
            registry=self.registry,
        )
        self._news = {
            "entries_new": self._counter("entries_new", "Entries seen for the first time."),
            "articles_new": self._counter("articles_new", "Articles stored."),
            "stories_new": self._counter("stories_new", "Stories opened."),
            "pages_failed": self._counter("pages_failed", "Attempts at pages that failed."),
        }
        self.attempts = Counter(
            "monitor_delivery_attempts",
            "Attempts to send digests and alerts, by what came of it.",
            ["outcome"],
            registry=self.registry,
        )
        for came in ("sent", "failed"):
            self.attempts.labels(came)
        self._deliveries = Gauge(
            "monitor_deliveries", "Deliveries, by state.", ["state"], registry=self.registry
        )
        self.faults = self._counter("crawl_faults", "Crawls that met a fault of the monitor.")
        self.outages = self._counter("outages", "Crawls in which our own network failed.")
        self.jumps = self._counter("clock_jumps", "Times that the wall clock was set.")
        self.crawls = self._gauge("crawls_under_way", "Crawls under way.")
        self.polls_open = self._gauge("polls_under_way", "Polls under way.")
        self.overdue = self._gauge(
            "due_oldest_seconds", "How long the oldest due source has waited that is not polled."
        )
        self.tick_at = self._gauge("last_tick_timestamp_seconds", "Last look at what is due.")
        self.tick_s = self._gauge("last_tick_seconds", "Seconds that this look took.")
        self._success_at = self._gauge(
            "last_success_timestamp_seconds", "Last poll that a source answered well; 0: none yet."
        )
        self._database = self._gauge("database_bytes", "Size of the database.")
        self._states = Gauge(
            "monitor_sources", "Sources, by state.", ["state"], registry=self.registry
        )
        self._conditions = Gauge(
            "monitor_sources_condition",
            "Sources, by how they are doing (monitor health).",
            ["condition"],
            registry=self.registry,
        )

    def _counter(self, name: str, meaning: str) -> Counter:
        return Counter(f"monitor_{name}", meaning, registry=self.registry)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(f"monitor_{name}", meaning, registry=self.registry)

    def count(self, tally: Tally, *, now: datetime, is_over: bool = False) -> None:
        """Add what a crawl did since the last time; call it as often as you like."""
        told = self._crawls.setdefault(id(tally), _Told(tally, {}, {}))
        counts = {name: _count(tally, name) for name in self._news}
        for name, number in counts.items():
            self._news[name].inc(number - told.counts.get(name, 0))
        outcomes = dict(tally.outcomes)
        for outcome, number in outcomes.items():
            fresh = number - told.outcomes.get(outcome, 0)
            self._polls.labels(outcome.value).inc(fresh)
            if fresh and outcome.is_success:
                self._success_at.set(now.timestamp())
        for seconds in tally.answer_s[told.answers :]:
            self._answers.observe(seconds)
        told.counts, told.outcomes, told.answers = counts, outcomes, len(tally.answer_s)
        if is_over:
            del self._crawls[id(tally)]

    def standing(
        self,
        *,
        states: Mapping[SourceState, int],
        conditions: Mapping[Condition, int],
        success_at: datetime | None,
        database_bytes: int,
    ) -> None:
        """What the store says of all sources together."""
        for state in SourceState:
            self._states.labels(state.value).set(states.get(state, 0))
        for condition in Condition:
            self._conditions.labels(condition.value).set(conditions.get(condition, 0))
        if success_at is not None:
            self._success_at.set(success_at.timestamp())
        self._database.set(database_bytes)

    def deliveries(self, counts: Mapping[DeliveryState, int]) -> None:
        """How many deliveries are in each state."""
        for state, number in counts.items():
            self._deliveries.labels(state.value).set(number)

    def text(self) -> bytes:
        """All of it, as a collector reads it."""
        return generate_latest(self.registry)


def _count(tally: Tally, name: str) -> int:
    value = getattr(tally, name)
    return value if isinstance(value, int) else len(value)
