"""What changed in an article, and by which words an outlet says that it corrected itself."""

import time

import pytest

from monitor.match.revised import change, hashes, notice
from tests.store.records import stake

OLD = "Ore sold\nThe mine was sold for 70 per cent. Nobody knows the buyer."


@pytest.mark.parametrize(
    ("title", "text", "value", "expected"),
    [
        ("Ore sold", "the mine  was sold, at last", 70.0, "cosmetic"),
        ("Ore sold", "The mine was sold at long last", 70.0, "text"),
        ("Ore sold", "The mine was sold at long last", 65.0, "material"),
        ("Ore is sold", "The mine was sold at last.", 70.0, "text"),
    ],
)
def test_words_and_figures_decide(title, text, value, expected):
    """Commas are nothing, other words are an edit, other figures matter."""
    before = hashes("Ore sold", "The mine was sold at last.", [stake(70.0)])
    assert change(before, hashes(title, text, [stake(value)])) == expected


def test_figures_have_no_order():
    """The same figures told in another order are the same."""
    one, two = hashes("", "a", [stake(70), stake(5)]), hashes("", "b", [stake(5), stake(70)])
    assert one.claims == two.claims


@pytest.mark.parametrize(
    "said",
    [
        "Correction: the stake is 65 per cent, not 70.",
        "(Corrects figure in first paragraph)",
        "An earlier version of this article gave a wrong stake.",
        "This article has been retracted.",
        "Исправлено: доля составляет 65 %.",
        "Опровержение",
        "Уточнение: доля 65 %.",
        "更正：持股比例为65%。",
        "本稿已撤稿。",
        "Berichtigung: Der Anteil beträgt 65 Prozent.",
        "Rectificatif : la part est de 65 %.",
        "Corrección: la participación es del 65 %.",
        "Түзету: үлесі 65 %.",
        "Виправлено: частка 65 %.",
        "Düzeltme: pay yüzde 65.",
        "Đính chính: tỷ lệ là 65%.",
        "Correção: a participação é de 65%.",
        "訂正：出資比率は65%です。",
        "تصويب: الحصة 65 في المئة.",
        "भूल सुधार: हिस्सेदारी 65 प्रतिशत है।",
    ],
)
def test_a_notice_is_found_in_any_language(said):
    """Its sentence is shown; one that was there before is none."""
    assert notice(OLD, f"{OLD} {said}").startswith(said[:8])
    assert notice(f"{OLD} {said}", f"{OLD} {said}\nMore of it.") == ""


def test_a_notice_in_the_title():
    """Wire services put it there."""
    assert notice(OLD, OLD.replace("Ore sold", "CORRECTED: Ore sold")) == "CORRECTED: Ore sold"


@pytest.mark.parametrize(
    "said",
    [
        "Analysts expect a price correction this year.",
        "Se espera una corrección de precios.",
        "Prices corrected lower.",
    ],
)
def test_markets_correct_themselves_too(said):
    """A correction of prices is no notice."""
    assert notice(OLD, f"{OLD} {said}") == ""


def test_it_takes_no_time_whatever_the_text():
    """A text of a megabyte, or of one line, is read in bounded time."""
    for text in ("a" * 1_000_000, "correction " * 90_000, "." * 1_000_000, "更" * 300_000):
        began = time.perf_counter()
        notice(OLD, text)
        assert time.perf_counter() - began < 3
