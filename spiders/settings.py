"""
Polite Scrapy settings, each with its reason; the defaults are wrong for a monitor.

Our parts are named as classes and Scrapy's are imported here: what Scrapy loads by name at
the first crawl it loads in the loop, which then serves nobody for half a second.
"""

from __future__ import annotations

from typing import Any

import scrapy.core.downloader
import scrapy.core.downloader.handlers
import scrapy.logformatter
import scrapy.resolver
import scrapy.responsetypes
import scrapy.statscollectors  # noqa: F401

from spiders.handler import GuardedHandler
from spiders.middlewares import MannersMiddleware
from spiders.rules import FetchRules
from spiders.scheduler import HostScheduler


def scrapy_settings(rules: FetchRules) -> dict[str, Any]:
    """The settings of one crawl."""
    return {
        # One asyncio loop carries the clock, the crawls and the rest of the program.
        "TWISTED_REACTOR_ENABLED": False,
        # Remote control executes posted Python; telnet is a shell.
        "REMOTE_CONTROL_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        # Nothing built in unless it is named here: no telnet, statistics dumps, offsite
        # filter, proxies from the environment, cookies, cache, guessed retries.
        "EXTENSIONS_BASE": {},
        "SPIDER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": {MannersMiddleware: 500},
        "COOKIES_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "RETRY_ENABLED": False,
        # The spider follows redirects itself: robots.txt and the gate hold at each hop.
        "REDIRECT_ENABLED": False,
        # Unpacked by us, with a limit and without guessing charsets.
        "COMPRESSION_ENABLED": False,
        # Asked by the scheduler, remembered across crawls.
        "ROBOTSTXT_OBEY": False,
        # Only the web: a redirect must not open local files.
        "DOWNLOAD_HANDLERS": {
            "http": GuardedHandler,
            "https": GuardedHandler,
            "file": None,
            "data": None,
            "ftp": None,
            "s3": None,
        },
        "SCHEDULER": HostScheduler,
        "USER_AGENT": rules.agent_header,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_TIMEOUT": rules.timeout_s,
        "DOWNLOAD_MAXSIZE": rules.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        # A truncated article must not pass for a whole one.
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        # Scrapy starts so many tasks for each answer; ours bring requests, one after another.
        "CONCURRENT_ITEMS": 1,
        "CONCURRENT_REQUESTS": rules.concurrency,
        # The gate is ours and shared by all crawls; Scrapy's own must never hold back.
        "CONCURRENT_REQUESTS_PER_DOMAIN": rules.concurrency,
        "DOWNLOAD_DELAY": 0,
        # Bodies that wait for `want` may take this much memory before downloads pause.
        "SCRAPER_SLOT_MAX_ACTIVE_SIZE": max(64_000_000, 2 * rules.max_bytes),
        "STATS_DUMP": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
    }
