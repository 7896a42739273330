"""A claim's figure is shown as the trade writes it."""

import pytest

from monitor.deliver.figures import amount_text, figure_text
from monitor.model import Claim


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (410_000.0, "t", "410 kt"),
        (1.4e6, "t", "1.4 Mt"),
        (12_000.0, "t/y", "12,000 t/y"),
        (2.5e6, "t/y", "2.5 Mt/y"),
        (0.031, "t", "31 kg"),
        (0.7, "g/t", "0.7 g/t"),
        (3.234e6, "oz", "3.234 Moz"),
        (190_000.0, "oz/y", "190 koz/y"),
        (4.4e6, "lb", "4.4 Mlb"),
        (1.1e9, "USD", "1.1 bn USD"),
        (1250.0, "USD/mtu", "1,250 USD/mtu"),
        (70.0, "%", "70 %"),
        (20261110.0, "date", "10 November 2026"),
        (20269999.0, "date", "20269999"),
    ],
)
def test_amounts(value, unit, text):
    """Masses, money, prices and days are read in the units of the trade."""
    assert amount_text(value, unit) == text


def test_stages():
    """The stage stands behind the figure, abbreviations as they are written."""
    claim = Claim(kind="stake", value=70.0, unit="%", stage="mou", quote="q", start=0, end=1)
    assert figure_text(claim) == "stake 70 % (MoU)"
