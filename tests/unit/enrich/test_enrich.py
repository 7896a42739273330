"""Language, names, figures and relevance of short texts in six languages."""

import re
import shutil
from functools import cache
from importlib.resources import as_file, files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.enrich import Enricher
from monitor.enrich.claims import reader
from monitor.enrich.numbers import value_of
from monitor.enrich.taxonomy import load_taxonomy
from monitor.errors import BadInput


@cache
def enricher():
    """The taxonomy that comes with the monitor."""
    return Enricher(load_taxonomy(), threshold=0.5)


def read(title, text="", **more):
    """What the words say."""
    return enricher().enrich(title=title, text=text, **more)


def figures(text):
    """(kind, value, unit, basis) of each figure, whatever the text is about."""
    claims = reader().read(f"\n{text}", read("", text).language, ())
    return [(c.kind, c.value, c.unit, c.basis) for c in claims]


@pytest.mark.parametrize(
    ("text", "hint", "language"),
    [
        ("Antimony smelter restarts", "", "en"),
        ("Ban on gallium", "en", "en"),
        ("Вольфрам подорожал", "", "ru"),
        ("Қазақстанда вольфрам кен орны ашылды", "ru", "kk"),
        ("商务部公布稀土出口新规", "", "zh"),
        ("レアアースの輸出規制", "", "ja"),
        ("희토류 수출 통제", "", "ko"),
        ("Freeport declares force majeure on supplies from the mine", "", "en"),
        ("Американская компания и «Тау-Кен Самрук» создадут СП", "", "ru"),
        ("Wolframlagerstätte in Kasachstan wird erschlossen", "", "de"),
        ("El gobierno aprueba la nueva planta de litio en Antofagasta", "", "es"),
        ("Panamá autoriza a procesar el mineral de cobre de la mina de Donoso", "", "es"),
        ("12 345", "kk", "kk"),
        ("", "", ""),
    ],
)
def test_language(text, hint, language):
    """Script and letters decide before a model does; a hint settles what is left."""
    assert read(text, language_hint=hint).language == language


@pytest.mark.parametrize("text", ["12 000", "W 74"])
@pytest.mark.parametrize(
    ("hint", "language"),
    [("\x1b[31mred", ""), ("<script>", ""), ("english", ""), ("\u202een", ""), ("KK-kz", "kk")],
)
def test_what_is_no_language_is_not_believed(text, hint, language):
    """A page may call its language anything; only the code of one is taken from it."""
    assert read(text, language_hint=hint).language in {language, "en"}


@pytest.mark.parametrize(
    ("text", "minerals"),
    [
        ("Tungsten ore from the mine", ("tungsten",)),
        ("Добыча вольфрама растёт", ("tungsten",)),
        ("Вольфрам кен орны", ("tungsten",)),
        ("钨矿产量", ("tungsten",)),
        ("Kobaltquote im Kongo", ("cobalt",)),
        ("Экспорт редкоземельных металлов", ("rare_earths",)),
        ("Stephen Wolfram wrote a book", ()),
        ("Wolfram aus dem Bergbau, 300 Tonnen", ("tungsten",)),
        ("He took the lead in the race", ()),
        ("Lead-zinc mine opens", ("lead", "zinc")),
        ("A tin of soup", ()),
        ("Tin smelter in Indonesia", ("tin",)),
        ("Индия купила самолёты на заводе", ()),
        ("Производство индия на заводе выросло", ("indium",)),
        ("Цены и поставки: Германия просит отсрочки", ()),
        ("Запасы германия и галлия, тонн", ("germanium", "gallium")),
        ("中国银行公布利率", ()),
        ("白银矿山产量", ("silver",)),
        ("无锡市民", ()),
        ("Прения сторон и зрения врача", ()),
        ("История территории", ()),
        ("Freddie Mercury sang", ()),
        ("APT prices from the smelter", ("tungsten",)),
        ("The apt price of a flat near the plant", ()),
    ],
)
def test_minerals(text, minerals):
    """Names are found in any language and inflection, and homonyms need words of the trade."""
    assert set(read(text).minerals) == set(minerals)


@pytest.mark.parametrize(
    ("text", "minerals"),
    [
        ("Экспорт вольфрама, висмута и индия", {"tungsten", "bismuth", "indium"}),
        ("Copper, lead and zinc from the mine", {"copper", "lead", "zinc"}),
        ("Copper mine: lead investigator named", {"copper"}),
        ("氧化镨钕价格", {"rare_earths", "praseodymium", "neodymium"}),
        ("锡林郭勒草原旅游", set()),
        ("Blei aus dem Bergbau in Sachsen, 300 Tonnen Erz", {"lead"}),
        ("Los precios del plomo y la minería en el Perú suben", {"lead"}),
        ("Silicon Valley price war over exports", set()),
        ("Борис Бородин открыл рудник", set()),
    ],
)
def test_names_that_mean_other_things(text, minerals):
    """Lists, languages and phrases tell homonyms apart; one name may mean several metals."""
    assert set(read(text).minerals) == minerals


@pytest.mark.parametrize(
    ("text", "companies", "places"),
    [
        ("Tau-\u041aen Samruk подписал соглашение", {"Tau-Ken Samruk"}, set()),
        ("На Северном Катпаре начнут добычу", set(), {"North Katpar"}),
        ("Продажа Казцинка обсуждалась", {"Kazzinc"}, set()),
        ("Қазатомөнеркәсіптің өндірісі", {"Kazatomprom"}, set()),
        ("Борьба за завод в Текстильщиках", set(), set()),
    ],
)
def test_names_in_every_case(text, companies, places):
    """Names are found in the cases of Russian and Kazakh, in mixed scripts, and nowhere else."""
    found = read(text)
    assert (set(found.companies), set(found.places)) == (companies, places)


def test_the_furniture_of_a_page():
    """Menus, tickers and headlines of other articles say nothing of the article."""
    text = (
        "Home | Markets | Mining\nCopper 10,812 +0.4% Cobalt 48,500 0.0% Lithium 81,400 +2.1%\n"
        "The ministry signed an order that bans all exports of tungsten ore for the next six months.\n"
        "It takes effect in a week and holds until the end of the year, the minister said.\n"
        "Zijin agrees to buy Raygorodok gold mine in Kazakhstan"
    )
    found = read("Tungsten ore exports banned", text)
    assert (found.minerals, found.places, found.countries) == (("tungsten",), (), ())


@pytest.mark.parametrize(
    ("title", "text", "countries"),
    [
        ("Kazatomprom cuts uranium output", "", {"KZ"}),
        ("Copper mine halts", "LONDON, Nov 5 (Wire) - Grasberg stopped on Monday.", {"ID"}),
        ("Uranium output", "TORONTO, Nov 5 (Wire) - Canada's Cameco mined less.", {"CA"}),
        ("Jadar lithium parked", "Rio Tinto stops work at the mine.", {"RS"}),
        ("Kobaltpreis: Händler warten ab", "", set()),
        ("리튬 공장 착공", "", {"KR"}),
        ("Lithium plant", "The lender is KfW, the builder is new.", {"DE"}),
        ("Gallium made outside China", "", set()),
        ("Gallium plant", "It costs US$5 million. Es kostet 5 Mio. US-Dollar.", set()),
        ("Lithium in Sonora", "", {"MX"}),
        ("Медь в Карагандинской области", "", {"KZ"}),
        ("Cobalt in the Democratic Republic of the Congo", "", {"CD"}),
        ("Медь Демократической Республики Конго", "", {"CD"}),
        ("广西锡矿", "", {"CN"}),
    ],
)
def test_countries_of_names(title, text, countries):
    """Deposits and those who act have countries; datelines, money and what is left out are none."""
    assert set(read(title, text).countries) == countries


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("Sinomine's lithium mine in Zimbabwe", "Sinomine"),
        ("中矿资源锂矿", "Sinomine"),
        ("Добыча на Туганском ГОКе выросла", "Tugansky GOK"),
        ("Жәйрем КБК кеніші", "Zhairem GOK"),
        ("The mine's vanadium is sold by Largo", "Largo"),
        ("A largo in the concert", None),
        ("Navoiyuran mines uranium", "Navoiyuran"),
    ],
)
def test_companies_of_the_trade(text, company):
    """Less known producers are known too; a common word needs the trade beside it."""
    assert read(text).companies == ((company,) if company else ())


def test_yen():
    """The sign of yuan and yen is the yen's in news of Japan."""
    found = read("Titanium plant in Japan", "The plant will cost ¥42 billion.")
    assert [c.unit for c in found.claims] == ["JPY"]


def test_names_and_countries():
    """Companies, deposits and countries are found under all their spellings."""
    found = read(
        "Тау-Кен Самруком подписано соглашение",
        "Месторождение Верхнее Кайракты в Казахстане осваивает Cove Capital из США.",
    )
    assert set(found.companies) == {"Tau-Ken Samruk", "Cove Capital"}
    assert found.places == ("Upper Kairakty",)
    assert set(found.countries) == {"KZ", "US"}
    assert "diplomacy" in found.events


@pytest.mark.parametrize(
    ("text", "country"),
    [("It told us to polish the turkey", None), ("Polish and Turkish firms", {"PL", "TR"})],
)
def test_capitals_make_countries(text, country):
    """Words that are countries only with a capital are countries only with a capital."""
    assert set(read(text).countries) == (country or set())


STAKE = ("stake", 70.0, "%", "")
WO3 = ("resource", 1.4e6, "t", "WO3")
COST = ("capex", 1.1e9, "USD", "")


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("It will hold a 70 percent stake.", [STAKE]),
        ("Seventy percent of the shares in the venture.", [STAKE]),
        ("Доля компании составит 70%.", [STAKE]),
        ("Компанияның үлесі 70 пайыз болады.", [STAKE]),
        ("该公司持有70%股权。", [STAKE]),
        ("Der Anteil beträgt 70 Prozent.", [STAKE]),
        ("Tendrá una participación del 70 %.", [STAKE]),
        ("The site holds 70 % of the country's tungsten reserves.", [("share", 70.0, "%", "")]),
        ("Resources of 1.4 million tonnes of tungsten trioxide.", [WO3]),
        ("The deposit contains 1.4 Mt WO3.", [WO3]),
        ("Ресурсы составляют 1,4 млн тонн триоксида вольфрама.", [WO3]),
        ("Кен орнының қоры 1,4 млн тонна вольфрам триоксиді.", [WO3]),
        ("三氧化钨资源量为140万吨。", [WO3]),
        ("Die Ressourcen betragen 1,4 Mio. Tonnen Wolframtrioxid.", [WO3]),
        ("Los recursos suman 1,4 millones de toneladas de trióxido de tungsteno.", [WO3]),
        ("Reserves of 410,000 t of tungsten.", [("reserve", 410_000.0, "t", "W")]),
        ("Запасы: 410 тыс. тонн вольфрама.", [("reserve", 410_000.0, "t", "W")]),
        ("Reserves of 410,000 tonnes.", [("reserve", 410_000.0, "t", "")]),
        (
            "Output of 5,000 tonnes of tungsten concentrate.",
            [("production", 5000.0, "t", "concentrate")],
        ),
        ("The plant will cost $1.1 billion.", [COST]),
        ("Инвестиции составят 1,1 млрд долларов.", [COST]),
        ("项目投资11亿美元。", [COST]),
        ("La inversión será de 1.100 millones de dólares.", [COST]),
        ("A letter of interest for a US$900m loan.", [("loan", 9e8, "USD", "")]),
        ("Capacity of 12,000 tonnes a year.", [("capacity", 12_000.0, "t/y", "")]),
        ("年产1.2万吨。", [("capacity", 12_000.0, "t/y", "")]),
        ("2023年产金5.9吨。", [("production", 5.9, "t", "")]),
        ("It produced 5,000 tonnes a year.", [("production", 5000.0, "t/y", "")]),
        ("Capacity of 12,000 tpa.", [("capacity", 12_000.0, "t/y", "")]),
        (
            "A plant of 300,000 tonnes of cathode a year.",
            [("capacity", 300_000.0, "t/y", "")],
        ),
        ("Production of 1.4m tonnes.", [("production", 1.4e6, "t", "")]),
        ("A $250M loan.", [("loan", 2.5e8, "USD", "")]),
        ("A $1.5 bln smelter project.", [("capex", 1.5e9, "USD", "")]),
        ("Ему достанется 70-процентная доля.", [STAKE]),
        ("最低价每公斤110美元。", [("price", 110.0, "USD/kg", "")]),
        (
            "Output will be cut to 29,697 tonnes from 32,777 tonnes.",
            [("production", 29_697.0, "t", ""), ("production", 32_777.0, "t", "")],
        ),
        (
            "Output will be cut to 29,697 tonnes from 32,777.",
            [("production", 29_697.0, "t", ""), ("production", 32_777.0, "t", "")],
        ),
        (
            "Extraction : 4,4 millions de livres d'uranium.",
            [("production", 4.4e6, "lb", "U")],
        ),
        ("Ore at 0.2% WO3.", [("grade", 0.2, "%", "WO3")]),
        ("It paid $1.2 billion, debt-free, for the mine.", [("price", 1.2e9, "USD", "")]),
        ("KAP: production +10% y/y.", []),
        (
            "A duty of 15% from 2027 and 30% from 2028.",
            [
                ("duty", 15.0, "%", ""),
                ("duty", 30.0, "%", ""),
            ],
        ),
        ("It trades at $1,250 per mtu.", [("price", 1250.0, "USD/mtu", "")]),
        ("Цена достигла 340 долларов за тонну.", [("price", 340.0, "USD/t", "")]),
        ("A grade of 0.7 g/t.", [("grade", 0.7, "g/t", "")]),
        ("Duties of 93.5 % on graphite.", [("duty", 93.5, "%", "")]),
        ("Output fell 12 % in June.", []),
        (
            "Resources of 50,000-100,000 t.",
            [("resource", 50_000.0, "t", ""), ("resource", 100_000.0, "t", "")],
        ),
        ("Seven per cent of world supply.", [("share", 7.0, "%", "")]),
        ("Orano détient cinquante et un pour cent du capital.", [("stake", 51.0, "%", "")]),
        ("公司持有百分之五十一股权。", [("stake", 51.0, "%", "")]),
        ("Coût : 216 millions d'euros pour l'usine.", [("capex", 2.16e8, "EUR", "")]),
        ("Der Bau kostet 2,2 Mrd. Euro.", [("capex", 2.2e9, "EUR", "")]),
        ("Die Anlage kostet 48 Mio. €.", [("capex", 4.8e7, "EUR", "")]),
        ("It paid for it with a A$1.65 billion federal loan.", [("loan", 1.65e9, "AUD", "")]),
        ("The $2.4 billion mine was to open in 2027.", [("capex", 2.4e9, "USD", "")]),
        ("It realised US$5.40 per lb of V2O5 sold.", [("price", 5.4, "USD/lb", "V2O5")]),
        ("C1 costs were US$512 per tonne.", []),
        ("Miners may ship 18,125 tonnes this year.", [("quota", 18_125.0, "t", "")]),
        ("今年剩余时间可出口1.8万吨。", [("quota", 18_000.0, "t", "")]),
        ("More than 99% of the votes were in favour.", []),
        ("A special dividend of $4.5 billion.", [("dividend", 4.5e9, "USD", "")]),
        ("Страна ввозит 1,3 млн т руды в год.", [("imports", 1.3e6, "t/y", "ore")]),
        (
            "年产能10万吨,铜资源量520万吨。",
            [("capacity", 1e5, "t/y", ""), ("resource", 5.2e6, "t", "")],
        ),
        ("Output of 1.2 million wet metric tonnes.", [("production", 1.2e6, "t", "")]),
        ("In 2026 decree No. 449 named 12 people; call 555-0199.", []),
        ("The pit is 5 m wide and 3 m deep, cost aside.", []),
    ],
)
def test_figures(text, claims):
    """Each language's figures come out in base units, with the basis that is stated, or none."""
    assert figures(text) == claims


def test_the_stage_and_the_subject():
    """A figure carries how binding it is and what its sentence names."""
    text = "Cove Capital has a letter of interest for a $900 million loan for its tungsten mine."
    (claim,) = read("Tungsten", text).claims
    assert (claim.stage, claim.subjects) == (
        "letter_of_interest",
        ("Cove Capital", "tungsten"),
    )


@pytest.mark.parametrize(
    ("number", "language", "value"),
    [
        ("1.400", "de", 1400.0),
        ("1.4", "de", 1.4),
        ("1,4", "ru", 1.4),
        ("410,000", "ru", 410_000.0),
        ("410 000", "ru", 410_000.0),
        ("1,400", "en", 1400.0),
        ("1.400", "en", 1.4),
        ("1,234,567.8", "en", 1_234_567.8),
        ("1.234.567,8", "es", 1_234_567.8),
    ],
)
def test_notations(number, language, value):
    """The language decides what a comma is."""
    assert value_of(number, language) == value


@pytest.mark.parametrize(
    "title",
    [
        "Tungsten mine sold to US fund",
        "China tightens export controls on antimony",
        "Конго ввёл квоту на экспорт кобальта",
        "欧盟公布关键矿产战略项目清单",
        "Lithiumwerk in Sachsen nimmt die Produktion auf, 20.000 Tonnen im Jahr",
        "Chile licita salares de litio a mineras privadas",
        "Қазақстан уран өндіруді азайтады",
    ],
)
def test_news_of_minerals(title):
    """Headlines of the trade are relevant in any language."""
    assert read(title).relevant


@pytest.mark.parametrize(
    "title",
    [
        "Sprinter wins gold medal at championship",
        "Heavy metal band announces concert",
        "Bake the cake in a tin lined with foil",
        "Thieves steal silver necklace from museum",
        "Titanium smartphone review: lighter than ever",
        "She painted the sea in cobalt blue",
        "Couple celebrate platinum wedding anniversary",
        "Сборная Индии выиграла матч",
        "银行存款利率下调",
        "Hackers used Cobalt Strike malware",
        "Apple unveils titanium phone, the price is $999",
        "Data mining start-up opens an office in Lithium Springs",
        "Умные часы в титановом корпусе вышли в продажу, цена 39 990 рублей",
        "新款手表采用钛金属表壳",
        "Игроки добыли триллион единиц руды в видеоигре",
    ],
)
def test_other_worlds(title):
    """Metal words of sport, music, kitchen, jewellery and phones are not relevant."""
    found = read(title, is_dedicated=True)
    assert not found.relevant, found.reasons


def test_a_dedicated_source_helps():
    """A source about minerals only needs fewer words."""
    title = "Nickel outlook"
    assert not read(title).relevant
    assert read(title, is_dedicated=True).relevance == pytest.approx(read(title).relevance + 0.2)


@given(st.text(max_size=300), st.text(max_size=600), st.booleans())
def test_any_words(title, text, dedicated):
    """Nothing raises; offsets and quotes are exact; the reasons sum to the score."""
    found = read(title, text, is_dedicated=dedicated)
    whole = f"{title}\n{text}"
    assert all(whole[m.start : m.end] == m.surface for m in found.mentions)
    assert all(whole[c.start : c.end] == c.quote for c in found.claims)
    total = sum(float(re.match(r"[+-]\d+\.\d+", reason)[0]) for reason in found.reasons)
    assert found.relevance == pytest.approx(total)
    assert 0 <= found.relevance <= 1


PIECES = st.sampled_from(
    [
        "70%",
        "1.4",
        "Mt",
        "WO3",
        "$900m",
        "of",
        "tungsten",
        "reserves",
        "stake",
        ".",
        ",",
        "410,000",
        "t",
        "钨",
        "140万吨",
        "запасы",
        "млн",
        "тонн",
        "三氧化钨",
        "-",
        "to",
        "per",
        "tonne",
        "Cove",
        "Capital",
        "\n",
        "(",
        ")",
        "Ё",
        "İ",
        "ﬁ",
    ]
)


@given(st.lists(PIECES, max_size=40))
def test_any_trade_words(pieces):
    """The same for words that the grammar knows, in any order."""
    text = " ".join(pieces)
    found = read("", text)
    assert all(f"\n{text}"[c.start : c.end] == c.quote for c in found.claims)


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("minerals.csv", "id,names\nx,y\n", r"minerals\.csv: lacks the columns"),
        ("minerals.csv", "id,group,class,names,weak_names\nx,,odd,X,\n", r"line 2: class 'odd'"),
        (
            "minerals.csv",
            "id,group,class,names,weak_names\nx,,base,X,\nx,,base,X,\n",
            "stands twice",
        ),
        ("countries.csv", "code,names\nkz,X\n", "line 2: 'kz' is no country code"),
        ("countries.csv", "code,names\nKZ,;\n", "line 2: 'KZ' has no names"),
        (
            "minerals.csv",
            "id,group,class,names,weak_names\nx,,base,X,de:*\n",
            r"line 2: name 'de:\*' has no letters",
        ),
        (
            "entities.csv",
            "name,kind,country,names,weak_names,minerals\nA,company,KZ,A,,unobtainium\n",
            r"entities\.csv: line 2: mineral 'unobtainium' is none",
        ),
        (
            "entities.csv",
            "name,kind,country,names,weak_names,minerals\nA,company,Kaz,A,,\n",
            "line 2: 'Kaz' is no country code",
        ),
        ("words.toml", "[context\n", "no TOML"),
        ("words.toml", "[context]\nwords = [1]\n", "must hold lists"),
    ],
)
def test_broken_data(tmp_path, file, content, words):
    """An error in a data file names the file and the line."""
    with as_file(files("monitor.enrich").joinpath("data")) as ours:
        shutil.copytree(ours, tmp_path, dirs_exist_ok=True)
    (tmp_path / file).write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=words):
        load_taxonomy(base=tmp_path)


@pytest.mark.parametrize("number", ["10.255.255.255", "1.234.5", "1,234.567.8"])
def test_addresses_and_versions_are_no_quantities(number):
    """What has several decimal signs is no number, and costs nobody an article."""
    found = read("Tungsten", f"The reserve is {number} tonnes, up from 5,000 tonnes.")
    assert [claim.value for claim in found.claims if number in claim.quote] in ([], [5000.0])
