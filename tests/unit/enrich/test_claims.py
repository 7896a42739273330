"""What a text's figures are figures of, where their matter stands, and which rules hold when."""

from datetime import date

import pytest

from monitor.enrich import Enricher
from monitor.enrich.claims import reader
from monitor.enrich.taxonomy import load_taxonomy

ENRICHER = Enricher(load_taxonomy(), threshold=0.0)


def claims(text, title="News", language="en", on=None):
    """The claims of a title and a text."""
    return reader().read(f"{title}\n{text}", language, (), on=on)


def named(title, text):
    """The claims of an item with the names in it."""
    return ENRICHER.enrich(title=title, text=text).claims


@pytest.mark.parametrize(
    ("language", "text", "first", "last"),
    [
        ("en", "The ban is in force from 30 October 2025 for six months.", 20251030, 20260430),
        ("en", "The suspension runs until November 10, 2026.", None, 20261110),
        ("ru", "Запрет введён с 30 октября 2025 года сроком на 6 месяцев.", 20251030, 20260430),
        ("ru", "С 01.01.2027 ставка налога вырастет.", 20270101, None),
        ("uk", "Заборона діє з 1 січня 2027 року до 30 червня 2027 року.", 20270101, 20270630),
        ("kk", "Тыйым 2025 жылғы 30 қазаннан бастап күшінде.", 20251030, None),
        ("uz", "Taqiq 2027-yil 1-yanvardan 2027-yil 31-dekabrgacha amal qiladi.", None, 20271231),
        ("zh", "禁令自2025年10月30日起施行，为期六个月。", 20251030, 20260430),
        ("ja", "輸出規制は2026年4月1日から2027年3月31日まで適用される。", 20260401, 20270331),
        ("ko", "수출 금지는 2026년 4월 1일부터 2027년 3월 31일까지다.", 20260401, 20270331),
        ("de", "Das Verbot gilt ab dem 1. April 2027 bis zum 31. Mai 2027.", 20270401, 20270531),
        ("fr", "L'interdiction prendra effet le 1er janvier 2029.", 20290101, None),
        ("es", "El arancel rige desde el 1 de agosto de 2026 por seis meses.", 20260801, 20270201),
        ("pt", "A cota vale de 1º de janeiro até 31 de dezembro de 2027.", None, 20271231),
        ("it", "Il divieto entra in vigore dal 1° gennaio 2027.", 20270101, None),
        ("pl", "Zakaz obowiązuje od 1 stycznia do 30 czerwca 2027 r.", None, 20270630),
        ("tr", "Yasak 1 Ocak 2027'den itibaren geçerli.", 20270101, None),
        ("vi", "Hạn ngạch áp dụng từ ngày 01/7/2026 đến hết ngày 31/12/2026.", 20260701, 20261231),
        (
            "id",
            "Larangan berlaku mulai 1 Januari 2027 hingga 31 Desember 2027.",
            20270101,
            20271231,
        ),
        ("ar", "يسري الحظر من 1 يناير 2027 حتى 31 ديسمبر 2027.", 20270101, 20271231),
        ("en", "The quota ends with December 2026.", None, 20261231),
        ("en", "The mine was visited from 30 October 2025.", None, None),
    ],
)
def test_the_days_of_rules(language, text, first, last):
    """The first and last day of a rule come out in every language, of anything else none."""
    found = {claim.kind: claim.value for claim in claims(text, language=language)}
    assert (found.get("effective"), found.get("expiry")) == (first, last)


def test_a_day_without_a_year():
    """It is of the year of publication or the next one, and left out where that is unknown."""
    text = "Запрет продлён до 31 января."
    (claim,) = claims(text, language="ru", on=date(2026, 11, 3))
    assert (claim.value, claim.unit, claim.as_of) == (20270131.0, "date", "2027-01-31")
    assert claims(text, language="ru") == ()


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        (
            "EXIM sent a letter of interest for a $900 million loan; the mine costs $1.1 billion.",
            {"loan": "letter_of_interest", "capex": ""},
        ),
        ("It closed the purchase of a 70% stake.", {"stake": "closed"}),
        ("The memorandum, signed today, foresees a 70% stake.", {"stake": "mou"}),
        ("It signed an agreement on a 70% stake.", {"stake": "binding"}),
        ("It has an option to acquire a 70% stake.", {"stake": "option"}),
        ("Under the draft decree the duty would be 15%.", {"duty": "draft"}),
        ("The duty of 15% is suspended.", {"duty": "suspended"}),
        ("It plans a plant with a capacity of 5,000 t a year.", {"capacity": "plan"}),
    ],
)
def test_stages(text, stages):
    """A letter of interest is no loan, a plan no decision, and a mine's cost is neither."""
    assert {claim.kind: claim.stage for claim in claims(text)} == stages


def test_the_stage_of_the_title():
    """Where the sentence is silent the title tells how binding the matter is."""
    (claim,) = claims("The stake is 30%.", title="Memorandum on graphite signed")
    assert claim.stage == "mou"


def test_class_code_and_date_of_an_estimate():
    """A resource carries its class, the code by which it was estimated, and its date."""
    text = "Measured and Indicated resources are 41 Mt (JORC) as of 30 June 2025."
    (claim,) = claims(text)
    assert (claim.category, claim.standard, claim.as_of) == (
        "measured+indicated",
        "JORC",
        "2025-06-30",
    )
    text = "Запасы категории C1+C2 составляют 18,3 млн т, утверждены ГКЗ в 2024 году."
    (claim,) = claims(text, language="ru")
    assert (claim.category, claim.standard, claim.as_of) == ("C1+C2", "GKZ", "2024")


def test_classes_told_as_one():
    """`Indicated and Inferred` are the class of the figure that they stand beside."""
    found = claims("It holds 71.4 Mt of ore, Indicated and Inferred, with 142 kt of WO3.")
    assert [claim.category for claim in found] == ["indicated+inferred", ""]


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("Reserves are 100.6 t of gold, or 3.5 million ounces.", "100.6 t are 3.23 Moz, not 3.5"),
        ("Reserves are 100.6 t of gold, or 3.23 million ounces.", ""),
        ("It holds a 70% stake, and the remaining 40% is the state's.", "add up to 110 %"),
        ("It holds a 70% stake, and the remaining 30% is the state's.", ""),
        ("It holds a 170% stake.", "more than the whole"),
    ],
)
def test_doubts(text, doubts):
    """Arithmetic that cannot hold is told on the figures that it is about, in words."""
    found = [doubt for claim in claims(text) for doubt in claim.doubts]
    assert bool(found) == bool(doubts)
    assert all(doubts in doubt for doubt in found)


def test_ore_and_grade_against_metal():
    """Tonnage times grade is held against the metal that is said to be in the ore."""
    text = "Resources of 20 Mt of ore at 700 g/t gold contain 935,400 t of gold."
    found = named("Gold resources at Example", text)
    assert {doubt for claim in found for doubt in claim.doubts} == {
        "20 million t at 700 g/t are 14,000 t, not 935,400"
    }


@pytest.mark.parametrize(
    ("title", "text", "bases"),
    [
        ("Mine", "Resources hold 80 kt of copper and 23.6 kt of molybdenum.", ["Cu", "Mo"]),
        ("Mine", "Reserves of 410,000 tonnes.", [""]),
        ("Lithium plant", "Output was 5,000 tonnes.", [""]),
        ("Copper mine", "Output was 5,000 tonnes.", ["Cu"]),
        ("Gold price", "It trades at $4,100 an ounce.", ["Au"]),
        ("Zinc", "The ore holds 1.31% zinc.", ["Zn"]),
        ("Tungsten", "It made 900 tonnes of tungsten concentrate.", ["concentrate"]),
    ],
)
def test_bases(title, text, bases):
    """A mass is of what its words say; only of metals of one form is it of the article's."""
    assert [claim.basis for claim in named(title, text)] == bases


def test_subjects_are_the_nearest():
    """Of several minerals in a sentence a figure is about the nearest one."""
    text = "The tungsten mine will make 5,000 t of copper a year, Cove Capital said."
    (claim,) = named("Mine", text)
    assert claim.subjects == ("copper", "Cove Capital")


def test_a_silent_sentence_is_about_the_title():
    """Where a sentence names nothing, its figures are about what the title names."""
    (claim,) = named("Cove Capital builds tungsten mine", "Costs are put at $1.1 billion.")
    assert claim.subjects == ("Cove Capital", "tungsten")


def test_the_figure_in_its_quote():
    """A claim tells where its figure stands, and its quote is the sentence around it."""
    text = "First words. It will hold a 70 percent stake in the venture. Last words."
    (claim,) = claims(text)
    whole = f"News\n{text}"
    assert whole[claim.figure_start : claim.figure_end] == "70 percent"
    assert whole[claim.start : claim.end] == claim.quote
    assert claim.quote == "It will hold a 70 percent stake in the venture."


@pytest.mark.parametrize(
    ("language", "text", "kinds"),
    [
        ("en", "Output rose by 5,000 t.", []),
        ("en", "Shares rose 12 %.", []),
        ("ru", "Добыча выросла на 12 %.", []),
        ("zh", "铜产量同比增长12%。", []),
        ("zh", "65%黑钨精矿报价15.1万元/吨，较节前上调3000元。", ["price"]),
        ("en", "The phone costs $999.", []),
        ("en", "C1 costs were $512 per tonne.", []),
        ("en", "A third of world supply is mined there.", ["share"]),
        ("en", "A third of the staff is on leave.", []),
        ("en", "It bought a quarter of the shares.", ["stake"]),
        ("en", "41.2 Mt at 0.68 % Nb2O5.", ["resource", "grade"]),
        ("en", "It guides for 310 to 330 kt.", ["guidance", "guidance"]),
        ("pt", "A participação será de 70 por cento.", ["stake"]),
        ("it", "La produzione è stata di 5.000 tonnellate.", ["production"]),
        ("pl", "Złoże zawiera 5 mln ton rudy.", ["resource"]),
        ("tr", "Şirket yüzde 51 hisseyi satın aldı.", ["stake"]),
        ("id", "Cadangan mencapai 5 juta ton.", ["reserve"]),
        ("vi", "Tổng vốn đầu tư 500 triệu USD.", ["capex"]),
        ("ja", "株式の49%を取得する。", ["stake"]),
        ("ko", "총사업비 5조원이 투입된다.", ["capex"]),
        ("ar", "استحوذت الشركة على حصة 30٪.", ["stake"]),
        ("hi", "परियोजना की लागत 500 करोड़ रुपये है।", ["capex"]),
        ("uk", "Запаси оцінено в 5 млн тонн.", ["reserve"]),
        ("uz", "Loyiha qiymati 75 mln dollar.", ["capex"]),
        ("xx", "Blah 5,000 tonnes blah.", ["production"]),
    ],
)
def test_kinds(language, text, kinds):
    """The nearest words tell the kind in every language; changes and costs are no claims."""
    assert [claim.kind for claim in claims(text, language=language)] == kinds
