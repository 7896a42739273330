"""Recipients, alerts, digests, and what was delivered."""

from __future__ import annotations

from starlette.routing import BaseRoute

routes: list[BaseRoute] = []
