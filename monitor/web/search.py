"""Search, its facets, saved views with their feeds and spreadsheets."""

from __future__ import annotations

from starlette.routing import BaseRoute

routes: list[BaseRoute] = []
