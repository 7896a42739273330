"""Reading the settings again while the daemon runs: what changed, and what has to wait."""

from __future__ import annotations

import logging
from dataclasses import replace

from monitor.crawl import Crawler, fetch_rules
from monitor.settings import Settings, differences

#: Sections that hold for as long as the process runs.
FIXED = ("database", "web")

log = logging.getLogger(__name__)


def reloaded(old: Settings, fresh: Settings) -> Settings:
    """
    The settings that hold from now on; tells of every key that changed.

    What only a restart can apply stays as it was.
    """
    changed = differences(old, fresh)
    if not changed:
        log.info("settings read again: nothing changed")
    for key, was, now in changed:
        fields = {"event": "setting", "key": key, "was": was, "now": now}
        if key.partition(".")[0] in FIXED:
            log.warning(
                "settings read again: %s: %s → %s: that needs a restart",
                key,
                was,
                now,
                extra=fields,
            )
        else:
            log.info("settings read again: %s: %s → %s", key, was, now, extra=fields)
    return replace(fresh, **{section: getattr(old, section) for section in FIXED})


def apply(settings: Settings, crawler: Crawler) -> None:
    """Crawls that start from now on go by these settings; those under way end as they began."""
    crawler.rules = fetch_rules(settings.fetch)
    crawler.pipeline.settings = settings
