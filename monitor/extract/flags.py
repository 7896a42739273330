"""What is wrong with an extracted text: cut off, behind a payment, or only a summary."""

from __future__ import annotations

import re

from monitor.extract.metadata import Metadata
from monitor.extract.script import matter

#: A text with less matter than this is a summary, whatever it says.
LEAST_MATTER = 200

#: Words of a prompt to pay are believed at the end of a text, or anywhere in a short one.
_TAIL = 400

_CUT = re.compile(
    r"(?:\[…\]|\[\.\.\.\]|…|\.\.\.|\bread more|continue reading|читать (?:далее|полностью)|"
    r"толығырақ|weiterlesen|seguir leyendo|lire la suite|阅读全文|查看全文)\W*$",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"subscribe (?:now )?to (?:continue|read|unlock)|subscribers only|"
    r"exclusive to \S+ subscribers|available (?:only )?(?:to|for) (?:paid )?subscribers|"
    r"for subscribers|unlock this (?:article|story)|(?:log|sign) in to (?:read|continue)|"
    r"become a (?:paid )?(?:member|subscriber) to (?:read|unlock)|"
    r"только (?:для подписчиков|по подписке)|оформите подписку|тек жазылушыларға|"
    r"订阅后|付费(?:阅读|内容)|登录后(?:阅读|查看)|weiterlesen mit|nur für abonnenten|"
    r"exklusiv für abonnenten|s[oó]lo para suscriptores|para suscriptores|réservé aux abonnés",
    re.IGNORECASE,
)
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"\w+")


def flags_of(text: str, found: Metadata) -> tuple[str, ...]:
    """
    `paywalled`, `truncated`, `summary_only`, in this order.

    Args:
        text: as extracted.
        found: the page's description of itself; it may state its length and its price.
    """
    tail = text[-_TAIL:]
    has_prompt = bool(_PAYWALL.search(tail))
    is_cut = bool(_CUT.search(tail)) or has_prompt or _falls_short(text, found)
    is_short = matter(text) < LEAST_MATTER or matter(text) <= matter(found.description)
    flags = {
        "paywalled": found.is_paywalled or has_prompt,
        "truncated": is_cut and bool(text),
        "summary_only": is_short and bool(text),
    }
    return tuple(name for name, is_so in flags.items() if is_so)


def _falls_short(text: str, found: Metadata) -> bool:
    """Whether the page states more than twice the words that it shows."""
    if _WIDE.search(text):
        return False
    return found.word_count > 2 * len(_WORD.findall(text)) + 50
