"""What is counted, and that nothing is counted twice."""

import re
from datetime import UTC, datetime
from pathlib import Path

from monitor.health.conditions import Condition
from monitor.jobs.metrics import Metrics
from monitor.model import Outcome, SourceState
from monitor.pipeline import Tally

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def value(metrics, name, **labels):
    """One value of the registry."""
    return metrics.registry.get_sample_value(name, labels)


def test_a_crawl_under_way_counts_once():
    """However often a crawl is looked at, each poll is counted once, and at once."""
    metrics, tally = Metrics(), Tally()
    tally.outcomes.update({Outcome.OK: 2, Outcome.FAILED: 1})
    tally.answer_s += [0.2, 0.3, 31.0]
    tally.entries_new, tally.stories_new = 5, {1, 2}
    for _ in range(3):
        metrics.count(tally, now=NOON)
    assert value(metrics, "monitor_polls_total", outcome="ok") == 2
    tally.outcomes[Outcome.OK] += 1
    tally.answer_s.append(0.4)
    metrics.count(tally, now=NOON, is_over=True)
    assert value(metrics, "monitor_polls_total", outcome="ok") == 3
    assert value(metrics, "monitor_polls_total", outcome="failed") == 1
    assert value(metrics, "monitor_entries_new_total") == 5
    assert value(metrics, "monitor_stories_new_total") == 2
    assert value(metrics, "monitor_poll_answer_seconds_count") == 4
    assert value(metrics, "monitor_poll_answer_seconds_bucket", le="30.0") == 3
    assert value(metrics, "monitor_last_success_timestamp_seconds") == NOON.timestamp()


def test_every_outcome_is_there_from_the_start():
    """A series that appears with its first event hides that event: all start at nought."""
    metrics = Metrics()
    assert {value(metrics, "monitor_polls_total", outcome=o.value) for o in Outcome} == {0}


def test_failures_are_no_success():
    """The last success is not moved by polls that failed."""
    metrics, tally = Metrics(), Tally()
    tally.outcomes[Outcome.FAILED] += 1
    metrics.count(tally, now=NOON)
    assert value(metrics, "monitor_last_success_timestamp_seconds") == 0


def test_labels_come_from_fixed_lists():
    """Ten thousand sources make no series of their own."""
    metrics = Metrics()
    metrics.standing(
        states={SourceState.ACTIVE: 9_999, SourceState.PAUSED: 1},
        conditions={Condition.HEALTHY: 10_000},
        success_at=None,
        database_bytes=7,
    )
    assert value(metrics, "monitor_sources", state="active") == 9_999
    assert value(metrics, "monitor_sources_condition", condition="healthy") == 10_000
    assert value(metrics, "monitor_sources_condition", condition="gone") == 0
    assert len(metrics.text().splitlines()) < 200


def test_the_process_is_told():
    """Memory and descriptors of the process, and what runs, are in it."""
    text = Metrics().text().decode()
    for name in ("process_resident_memory_bytes ", "process_open_fds ", "monitor_build_info{"):
        assert name in text


def test_the_page_on_operations_names_every_metric():
    """What docs/operations.md names is there, and what is there is named."""
    page = (Path(__file__).parents[3] / "docs/operations.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(monitor_[a-z_]+)", page))
    text = Metrics().text().decode()
    known = set(re.findall(r"^# TYPE (monitor_[a-z_]+)", text, re.MULTILINE))
    assert named == {name for name in known if not name.endswith("_created")}
