"""Sources of kind api."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.errors import Permanent
from monitor.model import Document


def parse_api(
    body: bytes,
    *,
    url: str,
    content_type: str,
    now: datetime,
    options: Mapping[str, str],
    memory: Mapping[str, Any],
    is_part: bool,
) -> Document:
    """Read it."""
    raise Permanent("sources of this kind are not read yet", subject=url)
