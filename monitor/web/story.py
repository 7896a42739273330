"""One story: its developments, who told it first, its figures, notes and decisions."""

from __future__ import annotations

from starlette.routing import BaseRoute

routes: list[BaseRoute] = []
