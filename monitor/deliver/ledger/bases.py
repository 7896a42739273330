"""
Figures brought onto one basis and into one unit, with the conversion in words.

Nothing is converted silently, and nothing whose basis is not stated. The factors follow from
atomic weights and from the units' definitions; both, with their sources, stand in `bases.toml`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from importlib.resources import files
from math import isfinite
from typing import Any

from monitor.deliver.figures import amount_text

#: Two figures that different outlets may have rounded differ by this ratio at most.
ROUNDING = 1.03

#: The same where both have all their digits, and after a conversion.
NEARLY, CONVERTED = 1.005, 1.03

#: A grade in grams per tonne as per cent.
_PERCENT_OF_GRAMS = 1e-4

_ATOM = re.compile(r"([A-Z][a-z]?)(\d*)")


@dataclass(frozen=True, slots=True)
class Measure:
    """A value as it was stated."""

    value: float
    unit: str
    basis: str
    #: Minerals that it is of, by which "rare-earth oxide" may be the oxide of one element.
    minerals: frozenset[str] = frozenset()


class Likeness(Enum):
    """How two measures compare."""

    EQUAL = "equal"
    DIFFERENT = "different"
    #: A side does not state what it is a mass of.
    UNSTATED = "unstated"
    #: One is of ore or the like, and no grade tells what is in it.
    CARRIER = "carrier"
    #: The same number of ore and of what is in it: both cannot be.
    SAME_NUMBER = "same number"
    #: What they are of has no element in common, or they are in different currencies.
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found, and why."""

    likeness: Likeness
    #: The conversion and the factor, in words.
    note: str = ""
    #: The larger divided by the smaller, on one basis; 0 when they cannot be compared.
    factor: float = 0.0


@cache
def _data() -> dict[str, Any]:
    text = files("monitor.deliver.ledger").joinpath("bases.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def element_share(basis: str) -> tuple[str, float] | None:
    """The element that a form is of, and its mass in a unit mass of it; None = not known."""
    data = _data()
    if basis in data["weights"]:
        return basis, 1.0
    if basis not in data["forms"]:
        return None
    element, formula = data["forms"][basis]
    masses: dict[str, float] = {}
    for symbol, count in _ATOM.findall(formula):
        masses[symbol] = masses.get(symbol, 0.0) + data["weights"][symbol] * int(count or 1)
    return element, masses[element] / sum(masses.values())


def form_of(measure: Measure) -> str:
    """
    The form that is meant, as stated or as there is no other; empty = not stated.

    "Rare-earth oxide" of neodymium alone is Nd2O3; a mass of gold is of the metal.
    """
    data = _data()
    if measure.basis in {"REO", "TREO"}:
        oxides = data["single_oxides"]
        named = [oxides[name] for name in measure.minerals if name in oxides]
        is_of_one = len(named) == 1 and "rare_earths" not in measure.minerals
        return named[0] if is_of_one else measure.basis
    if not measure.basis and len(measure.minerals) == 1:
        metal, most = data["metals"].get(next(iter(measure.minerals)), ("", 0.0))
        value, unit = reduced(measure.value, measure.unit)
        return metal if unit.startswith("t") and value <= most else ""
    return measure.basis


def is_carrier(basis: str) -> bool:
    """Whether it is ore, concentrate or the like, of which only a grade tells the content."""
    return basis in _data()["carriers"]["names"]


def needs_basis(unit: str) -> bool:
    """Whether a value is only understood with what it is a mass of; ounces are of the metal."""
    return unit.partition("/")[0] in _data()["masses"].keys() - {"oz"} and unit != "g/t"


def reduced(value: float, unit: str) -> tuple[float, str]:
    """
    A value in the unit that it is compared in: tonnes, tonnes a year, money a tonne, per cent.

    Other units stay as they are.
    """
    masses = _data()["masses"]
    top, slash, bottom = unit.partition("/")
    if unit == "g/t":
        return value * _PERCENT_OF_GRAMS, "%"
    if top in masses:
        return value * masses[top], f"t{slash}{bottom}"
    if slash and bottom in masses:
        return value / masses[bottom], f"{top}/t"
    return value, unit


def compare(one: Measure, other: Measure) -> Comparison:
    """What two measures of one kind are to each other."""
    (a, unit), (b, other_unit) = reduced(one.value, one.unit), reduced(other.value, other.unit)
    if unit != other_unit:
        return Comparison(Likeness.OTHER, f"{one.unit} and {other.unit}: no rate is stated")
    forms = form_of(one), form_of(other)
    is_same_unit = one.unit == other.unit
    alike = _rounded_alike(one.value, other.value, one.unit) if is_same_unit else _near(a, b)
    if not any(forms) and _is_price(unit) and not is_same_unit:
        return _unstated(one, other)
    if forms[0] == forms[1] or not (needs_basis(unit) or _is_price(unit)):
        return _on_one_basis(one, other, alike=alike, is_stated=any(forms))
    if not all(forms):
        if alike and is_same_unit:
            return Comparison(Likeness.EQUAL)
        return _unstated(one, other)
    return _converted(one, other, forms, alike=alike and is_same_unit)


def _on_one_basis(one: Measure, other: Measure, *, alike: bool, is_stated: bool) -> Comparison:
    """As printed, or in one unit of mass."""
    if alike:
        return Comparison(Likeness.EQUAL)
    if not is_stated and (needs_basis(one.unit) or needs_basis(other.unit)):
        return _unstated(one, other)
    (a, unit), (b, _) = reduced(one.value, one.unit), reduced(other.value, other.unit)
    factor = _ratio(a, b)
    shown = "; ".join(
        f"{_told(each)} is {amount_text(_short(value), unit)}"
        for each, value in ((one, a), (other, b))
        if each.unit != unit
    )
    note = f"{shown}: × {factor:.2g}" if shown else f"× {factor:.2g}"
    return Comparison(Likeness.DIFFERENT, note, factor)


def _converted(one: Measure, other: Measure, forms: tuple[str, str], *, alike: bool) -> Comparison:
    shares = element_share(forms[0]), element_share(forms[1])
    if shares[0] is None or shares[1] is None:
        return _of_carriers(one, other, forms, alike=alike)
    if shares[0][0] != shares[1][0]:
        return Comparison(Likeness.OTHER, f"of {shares[0][0]} and of {shares[1][0]}")
    values = [
        _on_element(measure, share[1])
        for measure, share in zip((one, other), shares, strict=True)
        if share
    ]
    factor = _ratio(*values)
    if values[0] == values[1] or (values[0] * values[1] > 0 and factor <= CONVERTED):
        return Comparison(Likeness.EQUAL, _shown(one, other, forms), factor)
    return Comparison(Likeness.DIFFERENT, f"{_shown(one, other, forms)}: × {factor:.2g}", factor)


def _of_carriers(
    one: Measure, other: Measure, forms: tuple[str, str], *, alike: bool
) -> Comparison:
    carriers = [form for form in forms if is_carrier(form)]
    if len(carriers) == 1 and alike:
        note = f"the same number of {forms[0]} and of {forms[1]}: both cannot be"
        return Comparison(Likeness.SAME_NUMBER, note)
    if carriers:
        note = f"{_told(one)} and {_told(other)}: no grade is stated to convert one"
        return Comparison(Likeness.CARRIER, note)
    unknown = [form for form in forms if element_share(form) is None]
    return Comparison(Likeness.UNSTATED, f"{' and '.join(unknown)} cannot be converted")


def _unstated(one: Measure, other: Measure) -> Comparison:
    silent = [measure for measure in (one, other) if not form_of(measure)]
    if len(silent) == 2:
        return Comparison(Likeness.UNSTATED, "neither side states what it is a mass of")
    return Comparison(
        Likeness.UNSTATED, f"{amount_text(silent[0].value, silent[0].unit)} states no basis"
    )


def _shown(one: Measure, other: Measure, forms: tuple[str, str]) -> str:
    """Like `1.4 Mt WO3 is 1.11 Mt W; 410 kt W`."""
    return "; ".join(
        _conversion(measure, form) for measure, form in zip((one, other), forms, strict=True)
    )


def _conversion(measure: Measure, form: str) -> str:
    share = element_share(form)
    _, unit = reduced(measure.value, measure.unit)
    if share is None or (share[0] == form and unit == measure.unit):
        return _told(measure)
    value = _on_element(measure, share[1])
    return f"{_told(measure)} is {amount_text(_short(value), unit)} {share[0]}"


def on_element(measure: Measure) -> tuple[float, str, str] | None:
    """The value on the basis of its element, the unit and the element; None = not convertible."""
    share = element_share(form_of(measure))
    _, unit = reduced(measure.value, measure.unit)
    return (_on_element(measure, share[1]), unit, share[0]) if share else None


def _on_element(measure: Measure, share: float) -> float:
    value, unit = reduced(measure.value, measure.unit)
    return value / share if _is_price(unit) else value * share


def _told(measure: Measure) -> str:
    return f"{amount_text(measure.value, measure.unit)} {measure.basis}".rstrip()


def _is_price(unit: str) -> bool:
    return unit.endswith("/t") and unit not in {"g/t", "t/t"}


def _short(value: float) -> float:
    return float(f"{value:.3g}")


def _rounded_alike(a: float, b: float, unit: str) -> bool:
    """Whether one of two values is the other, rounded: 226,800 and 227,000 are one figure."""
    if _near(a, b):
        return a == b or unit != "%" or _places_alike(a, b)
    if unit == "%":
        return _places_alike(a, b)
    if not (isfinite(a) and isfinite(b)) or a * b <= 0 or _ratio(a, b) > ROUNDING:
        return False
    digits = min(_digits(a), _digits(b))
    return float(f"{a:.{digits}g}") == float(f"{b:.{digits}g}")


def _near(a: float, b: float) -> bool:
    return a == b or (a * b > 0 and _ratio(a, b) <= NEARLY)


def _places_alike(a: float, b: float) -> bool:
    places = min(_places(a), _places(b))
    return round(a, places) == round(b, places)


def _digits(value: float) -> int:
    """Significant digits as printed: 3 of 227,000."""
    return max(1, len(Decimal(repr(value)).normalize().as_tuple().digits))


def _places(value: float) -> int:
    """Digits behind the point as printed."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _ratio(a: float, b: float) -> float:
    low, high = sorted((abs(a), abs(b)))
    return high / low if low else float("inf")
