"""The board of sources: how each is doing, add, edit, pause."""

from __future__ import annotations

from starlette.routing import BaseRoute

routes: list[BaseRoute] = []
