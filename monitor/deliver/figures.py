"""A claim's figure as a person reads it."""

from __future__ import annotations

from monitor.model import Claim

#: (from, word): amounts of money and plain counts are read in these.
SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))

#: Tonnes are read as the trade writes them.
TONNES = ((1e9, "Gt"), (1e6, "Mt"), (1e5, "kt"))

#: Stages that are no plain words.
STAGES = {"mou": "MoU"}


def figure_text(claim: Claim) -> str:
    """Like `stake 70 %`, `capex 1.1 bn USD`, `resource 1.4 Mt WO3`, with the stage if any."""
    text = " ".join(filter(None, (claim.kind, amount_text(claim.value, claim.unit), claim.basis)))
    stage = STAGES.get(claim.stage, claim.stage.replace("_", " "))
    return f"{text} ({stage})" if stage else text


def amount_text(value: float, unit: str) -> str:
    """A value in its unit, scaled for reading: `410 kt`, `1.1 bn USD`, `12,000 t/y`."""
    if unit.partition("/")[0] == "t":
        for least, scaled in TONNES:
            if abs(value) >= least:
                factor = 1e3 if scaled == "kt" else least
                return f"{value / factor:,.6g} {scaled}{unit[1:]}"
    for least, word in SCALES:
        if abs(value) >= least:
            return f"{value / least:,.6g} {word} {unit}".rstrip()
    return f"{value:,.6g} {unit}".rstrip()
