"""A claim's figure as a person reads it."""

from __future__ import annotations

from monitor.model import Claim

#: (from, divisor, word).
SCALES = ((1e9, 1e9, " bn"), (1e6, 1e6, " m"))


def figure_text(claim: Claim) -> str:
    """Like `stake 70 %`, `capex 1.1 bn USD`, `resource 1.4 m t WO3`, with the stage if any."""
    value = f"{claim.value:,.6g}"
    for least, divisor, word in SCALES:
        if abs(claim.value) >= least:
            value = f"{claim.value / divisor:,.6g}{word}"
            break
    parts = [claim.kind, value, claim.unit, claim.basis]
    text = " ".join(part for part in parts if part)
    return f"{text} ({claim.stage})" if claim.stage else text
