"""Whom a text names as its source, in many languages, and what is no attribution."""

import re
import time

import pytest

from monitor.enrich.attribution import Attributions, attributions
from monitor.errors import BadInput
from monitor.model import Mention

NAMED = [
    ("LONDON, March 3 (Reuters) - The mine will be sold.", "Reuters", "(Reuters)"),
    ("The stake is 70 %, Reuters reports, citing two people.", "Reuters", "Reuters reports"),
    ("A minister told Reuters that talks go on.", "Reuters", "told Reuters"),
    ("According to the Financial Times, the sale is near.", "Financial Times", "According to the"),
    ("Доля составит 70 %, сообщает «Интерфакс».", "Interfax", "сообщает «Интерфакс"),
    ("По данным Reuters, доля составит 70 %.", "Reuters", "По данным Reuters"),
    ("АСТАНА, 3 марта. /ТАСС/. Правительство продаст долю.", "TASS", "/ТАСС/"),
    ("Об этом сообщает Zakon.kz.", "zakon.kz", "сообщает Zakon.kz"),
    ("据路透社报道，该矿将出售。", "Reuters", "据路透社"),
    ("新华社北京3月2日电 商务部宣布新规。", "Xinhua", "新华社北京3月2日电"),
    ("Der Anteil liegt laut dpa bei 70 Prozent.", "dpa", "laut dpa"),
    ("La part est de 70 %, selon l'AFP.", "AFP", "selon l'AFP"),
    ("La participación es del 70 %, según EFE.", "EFE", "según EFE"),
    ("O acordo, segundo a agência Lusa, está perto.", "Lusa", "segundo a agência Lusa"),
    ("Secondo ANSA, la miniera sarà venduta.", "ANSA", "Secondo ANSA"),
    ("Reuters хабарлауынша, үлес 70 пайыз.", "Reuters", "Reuters хабарлауынша"),
    ("Үлес 70 пайыз, деп хабарлайды Kazinform.", "Kazinform", "хабарлайды Kazinform"),
    ("Reuters xabariga ko'ra, kon sotiladi.", "Reuters", "Reuters xabariga ko'ra"),
    ("Як повідомляє Укрінформ, угоду підписано.", "Ukrinform", "повідомляє Укрінформ"),
    ("Jak podaje PAP, rząd sprzeda kopalnię.", "PAP", "podaje PAP"),
    ("ロイターによると、鉱山は売却される。", "Reuters", "ロイターによると"),
    ("연합뉴스에 따르면 광산이 매각된다.", "Yonhap", "연합뉴스에 따르면"),
    ("Menurut Antara, tambang itu dijual.", "Antara", "Menurut Antara"),
    ("Theo Reuters, mỏ sẽ được bán.", "Reuters", "Theo Reuters"),
    ("وفقا لرويترز سيباع المنجم.", "Reuters", "وفقا لرويترز"),
    ("Anadolu Ajansı'nın haberine göre maden satılacak.", "Anadolu", "Anadolu Ajansı'nın haberine"),
]


def mention(text, surface, *, kind="company", title="Title"):
    """A name found in a text under this title."""
    at = len(title) + 1 + text.index(surface)
    return Mention(kind=kind, concept=surface, start=at, end=at + len(surface), surface=surface)


@pytest.mark.parametrize(("text", "name", "words"), NAMED)
def test_who_is_named_as_the_source(text, name, words):
    """The agency or outlet, and the words that say so, verbatim."""
    found = attributions().read("Title", text, ())
    assert found.name == name
    assert found.words.startswith(words)
    assert found.words in text


@pytest.mark.parametrize(
    "text",
    [
        "Reuters is a company in London. It has an office in the city.",
        "The fund bought shares of Bloomberg and of two banks.",
        "Agencia Tributaria cobra el impuesto a la minería.",
        "He read the news on his way to the mine.",
        "",
    ],
)
def test_a_name_alone_is_no_source(text):
    """An agency that is only spoken of is not whom the text goes back to."""
    assert attributions().read("Title", text, ()).name == ""


def test_an_outlet_that_names_itself():
    """`передаёт Zakon.kz со ссылкой на Bloomberg` on Zakon.kz goes back to Bloomberg."""
    text = "Рудник продан, передаёт Zakon.kz со ссылкой на Bloomberg."
    found = attributions().read("Title", text, (), own=("Zakon.kz", "zakon.kz"))
    assert found.name == "Bloomberg"
    alone = attributions().read("Title", "Рудник продан, передаёт Zakon.kz.", (), own=("zakon.kz",))
    assert alone.name == ""


def test_a_release_speaks_for_its_company():
    """A release's service is no source: the company is."""
    text = "TORONTO--(BUSINESS WIRE)--Sample Cove today announced the sale of its mine."
    read = attributions().read
    assert read("Title", text, [mention(text, "Sample Cove")]).name == "Sample Cove"
    assert read("Title", text, ()).name == "Business Wire"


@pytest.mark.parametrize(
    ("text", "surface", "kind"),
    [
        ("The mine is sold, Sample Cove said in a statement.", "Sample Cove", "company"),
        ("Рудник продан, сообщили в Министерстве недр.", "Министерстве недр", "state_body"),
        ("该矿已出售。据商务部消息。", "商务部", "state_body"),
    ],
)
def test_a_statement_of_a_company_or_ministry(text, surface, kind):
    """Its release or press office is the source, unless an agency is named too."""
    known = [mention(text, surface, kind=kind)]
    assert attributions().read("Title", text, known).name == surface
    assert attributions().read("Title", f"{text} Reuters reports.", known).name == "Reuters"


def test_a_signature_at_the_end():
    """A name alone in the last line of a long text is its source."""
    text = "The mine was sold on Monday, and more is to follow. " * 200 + "\n— Reuters"
    assert attributions().read("Title", text, ()).name == "Reuters"


@pytest.mark.parametrize(
    ("site", "url", "name"),
    [
        ("Reuters", "https://outlet.example/1", "Reuters"),
        ("World news", "https://www.reuters.com/world/1", "Reuters"),
        ("Reuters Street Journal", "https://outlet.example/1", ""),
        ("Post", "https://notreuters.com/1", ""),
    ],
)
def test_an_agency_s_own_text(site, url, name):
    """An agency is known by its outlet's name or its address, and by nothing like it."""
    assert attributions().agency_of(site=site, url=url) == name


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "laut der " * 20_000,
        "Reuters " * 30_000,
        "据" * 200_000,
        "(" * 200_000,
        " " * 200_000,
        "a.kz " * 40_000,
        "1月1日" * 50_000,
        "the the " * 30_000 + "Reuters",
    ],
    ids=lambda text: text[:8],
)
def test_any_text_in_bounded_time(text):
    """Whatever it repeats, a long text takes no longer than a short one."""
    began = time.process_time()
    attributions().read("Title", text, ())
    assert time.process_time() - began < 0.5


def test_a_name_of_two_agencies():
    """Data in which two agencies share a name is refused, and both are named."""
    agency = {"names": ["Wire"], "hosts": []}
    with pytest.raises(BadInput, match=re.escape("Two: 'Wire' is a name of One too.")):
        Attributions({"agencies": {"One": agency, "Two": agency}, "releases": {}})


def test_a_part_that_is_missing():
    """Data without a part is refused, and the part is named."""
    with pytest.raises(BadInput, match=re.escape("[fillers] is missing")):
        Attributions({"agencies": {}, "releases": {}})
