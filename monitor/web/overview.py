"""Stories per mineral and country over time, as charts and tables."""

from __future__ import annotations

from starlette.routing import BaseRoute

routes: list[BaseRoute] = []
