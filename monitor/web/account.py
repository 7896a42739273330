"""Signing in and out, one's own settings, users."""

from __future__ import annotations

from starlette.routing import BaseRoute

routes: list[BaseRoute] = []
