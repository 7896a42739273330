"""A claim's figure as a person reads it."""

from __future__ import annotations

from datetime import date

from monitor.model import Claim

#: (from, word): amounts of money and plain counts are read in these.
SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))

#: (from, factor, word): masses are read as the trade writes them.
MASSES = {
    "t": ((1e9, 1e9, "Gt"), (1e6, 1e6, "Mt"), (1e5, 1e3, "kt")),
    "lb": ((1e6, 1e6, "Mlb"),),
    "oz": ((1e6, 1e6, "Moz"), (1e5, 1e3, "koz")),
}

#: A smaller mass in tonnes is read in kilograms.
LEAST_TONNES = 0.1

#: The unit of a day, whose value is 20261110.
DATE = "date"

#: Stages that are no plain words.
STAGES = {"mou": "MoU"}


def figure_text(claim: Claim) -> str:
    """Like `stake 70 %`, `capex 1.1 bn USD`, `resource 1.4 Mt WO3`, with the stage if any."""
    text = " ".join(filter(None, (claim.kind, amount_text(claim.value, claim.unit), claim.basis)))
    stage = STAGES.get(claim.stage, claim.stage.replace("_", " "))
    return f"{text} ({stage})" if stage else text


def amount_text(value: float, unit: str) -> str:
    """A value in its unit, scaled for reading: `410 kt`, `1.1 bn USD`, `12,000 t/y`, a day."""
    if unit == DATE:
        return _day_text(value)
    name, slash, per = unit.partition("/")
    if name in MASSES:
        return f"{_mass_text(value, name)}{slash}{per}"
    for least, word in SCALES:
        if abs(value) >= least:
            return f"{value / least:,.6g} {word} {unit}".rstrip()
    return f"{value:,.6g} {unit}".rstrip()


def _mass_text(value: float, unit: str) -> str:
    for least, factor, word in MASSES[unit]:
        if abs(value) >= least:
            return f"{value / factor:,.6g} {word}"
    if unit == "t" and 0 < abs(value) < LEAST_TONNES:
        return f"{value * 1e3:,.6g} kg"
    return f"{value:,.6g} {unit}"


def _day_text(value: float) -> str:
    """20261110 as `10 November 2026`; what is no day as it stands."""
    number = int(value)
    try:
        day = date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError:
        return f"{number}"
    return f"{day.day} {day:%B} {day.year}"
