"""How a source is doing."""

from datetime import UTC, datetime, timedelta

from monitor.jobs.health import Condition, examine
from monitor.model import Outcome, Source, SourceKind

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_a_clock_that_was_set_back():
    """A source that was polled in the future waits for that time, which is not healthy."""
    later = NOW + timedelta(days=365)
    source = Source(
        id=1,
        name="Ores",
        kind=SourceKind.FEED,
        url="https://x.example/",
        last_polled_at=later,
        next_poll_at=later,
        last_outcome=Outcome.OK,
    )
    (health,) = examine([source], now=NOW)
    assert health.condition is Condition.OVERDUE
    assert "clock" in health.advice
