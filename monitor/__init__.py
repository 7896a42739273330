"""
The critical-minerals news monitor: the map of the journey.

    sources ─► spiders ─► parse ─► extract ─► enrich ─► match ─► store ─► review, deliver
    (what)     (fetch)    (entries) (page)    (words)   (groups)

`pipeline` is the one place where the whole of it can be read; `crawl` runs it once,
`jobs` runs it by the clock. The records that travel are in `model`.
"""

from __future__ import annotations

__version__ = "0.4.0"
