"""What the daemon's log tells of a crawl: one line however many sources failed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from monitor.pipeline import Tally

#: What one line of the log tells of failures: so many causes, and so many sources of each.
CAUSES, NAMES = 5, 3

#: Characters of a name or a cause in the log.
LINE_CHARS = 160


def tell(log: logging.Logger, tally: Tally, seconds: float) -> None:
    """A crawl in two lines, and each failure where everything is told."""
    log.info(
        "crawl: %d polled, %d failed; %d new entries, %d new articles, %d new stories; %.1f s",
        tally.polled,
        len(tally.failures),
        tally.entries_new,
        tally.articles_new,
        len(tally.stories_new),
        seconds,
        extra=_fields(tally, seconds),
    )
    if tally.failures:
        log.info("failed: %s", told_briefly(tally.failures))
    for name, cause in tally.failures:
        source, why = plain(name), plain(cause)
        log.debug("failed: %s: %s", source, why, extra={"source": source, "cause": why})


def told_briefly(failures: Sequence[tuple[str, str]]) -> str:
    """
    Failures by cause, the most frequent first, in one line however many there are.

    Args:
        failures: (source name, cause).
    """
    by_cause: dict[str, list[str]] = {}
    for name, cause in failures:
        by_cause.setdefault(plain(cause), []).append(plain(name))
    ranked = sorted(by_cause.items(), key=lambda item: -len(item[1]))
    told = [f"{_listed(names)}: {cause}" for cause, names in ranked[:CAUSES]]
    rest = sum(len(names) for _, names in ranked[CAUSES:])
    more = [f"{rest} more for {len(ranked) - CAUSES} other causes (monitor health)"] if rest else []
    return "; ".join([*told, *more])


def plain(text: str) -> str:
    """One line for any terminal: publishers choose names, and what a cause quotes."""
    return "".join(c if c.isprintable() else " " for c in text[:LINE_CHARS])


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    return f"{', '.join(names[:NAMES])}{more}"


def _fields(tally: Tally, seconds: float) -> dict[str, Any]:
    """The same for machines."""
    return {
        "event": "crawl",
        "polled": tally.polled,
        "outcomes": {outcome.value: number for outcome, number in tally.outcomes.items()},
        "failed": len(tally.failures),
        "entries_new": tally.entries_new,
        "articles_new": tally.articles_new,
        "stories_new": len(tally.stories_new),
        "pages_failed": tally.pages_failed,
        "seconds": round(seconds, 3),
    }
