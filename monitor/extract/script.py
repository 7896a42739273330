"""How much a text says in its script: those without spaces say more with fewer characters."""

from __future__ import annotations

import re

_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def matter(text: str) -> int:
    """Characters, those of Chinese, Japanese and Korean counted threefold."""
    return len(text) + 2 * len(_WIDE.findall(text))


def is_wide(text: str) -> bool:
    """Whether most of a text is Chinese, Japanese or Korean."""
    return 2 * len(_WIDE.findall(text)) > len(text)
