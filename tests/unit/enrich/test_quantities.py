"""Numbers with their units are read in any language's notation, and nothing else is one."""

import pytest

from monitor.enrich.claims import reader
from monitor.enrich.numbers import han_value, value_of

NOTATIONS = [
    ("fr", "140 millions d’euros; 5 millions d'euros", [(1.4e8, "EUR"), (5e6, "EUR")]),
    ("en", "US$\u00a05\u00a0million; 12\u202f000\u00a0t", [(5e6, "USD"), (12_000.0, "t")]),
    ("en", "$820,000 AUD; the 21st century", [(820_000.0, "AUD")]),
    ("ru", "полмиллиарда долларов; миллион тонн", [(5e8, "USD"), (1e6, "t")]),
    ("ko", "연 6만t; 공연 20t", [(60_000.0, "t/y"), (20.0, "t")]),
    ("tr", "yıllık kapasite 10 tondan 600 tona", [(10.0, "t/y"), (600.0, "t/y")]),
    ("en", "An ounce of gold now costs $4,100.", [(4100.0, "USD/oz")]),
    ("ja", "1キログラム720ドル", [(720.0, "USD/kg")]),
    (
        "en",
        "Prices rose to $10,845 a tonne and 350 t per day",
        [(10_845.0, "USD/t"), (350.0, "t/d")],
    ),
    ("en", "It paid $1.1 billion for 70 percent.", [(1100000000.0, "USD"), (70.0, "%")]),
    (
        "en",
        "US$900m LoI; C$150M; A$1.65 billion; HK$5bn",
        [(900000000.0, "USD"), (150000000.0, "CAD"), (1650000000.0, "AUD"), (5000000000.0, "HKD")],
    ),
    ("en", "Prices of $1,250-1,300 per mtu", [(1250.0, "USD/mtu"), (1300.0, "USD/mtu")]),
    ("en", "between 5 and 7 Mt of ore", [(5000000.0, "t"), (7000000.0, "t")]),
    ("en", "370,000 to 420,000 tonnes this year", [(370000.0, "t"), (420000.0, "t")]),
    ("en", "900,000 to 1.2 million tonnes", [(900000.0, "t"), (1200000.0, "t")]),
    ("en", "in 2025 to 500 tonnes", [(500.0, "t")]),
    ("en", "ten percent and half a million tonnes", [(10.0, "%"), (500000.0, "t")]),
    ("en", "two hundred and fifty million dollars", [(250000000.0, "USD")]),
    ("en", "several hundred million dollars", []),
    ("en", "Three-quarters of output, a third of supply", [(75.0, "%"), (33.3333, "%")]),
    (
        "en",
        "12,000 tpa; 3.5 Moz; 190 koz; 4.4 Mlb; 5.2mt; 692,000 mt",
        [
            (12000.0, "t/y"),
            (3500000.0, "oz"),
            (190000.0, "oz"),
            (4400000.0, "lb"),
            (5200000.0, "t"),
            (692000.0, "t"),
        ],
    ),
    (
        "en",
        "5,000 tonnes of cathode a year, 5,000 t a year earlier",
        [(5000.0, "t/y"), (5000.0, "t")],
    ),
    (
        "en",
        "1.4 g/t; 4,200 ppm; 85 cents a pound",
        [(1.4, "g/t"), (4200.0, "g/t"), (0.85, "USD/lb")],
    ),
    (
        "en",
        "Rs 1,200 crore; ₹500 cr; 5 lakh tonnes",
        [(12000000000.0, "INR"), (5000000000.0, "INR"), (500000.0, "t")],
    ),
    ("en", "1,23,456 tonnes", [(123456.0, "t")]),
    ("en", "F-35, U3O8, 12:30, 30/06/2025, No. 449, COP30", []),
    ("en", "$15 an hour; $3.20 per share; $70 a barrel", []),
    ("en", "5 GWh; 30 km; 5 million barrels; 1.4 m wide", []),
    (
        "en",
        "R5.2bn; Rp5 trillion; R$ 1.2 billion",
        [(5200000000.0, "ZAR"), (5000000000000.0, "IDR"), (1200000000.0, "BRL")],
    ),
    ("en", "a million tonnes; a billion dollars", [(1000000.0, "t"), (1000000000.0, "USD")]),
    ("en", "212,000 short tons", [(212000.0, "st")]),
    ("en", "twenty-five per cent", [(25.0, "%")]),
    ("en", "5 million metric tons per year", [(5000000.0, "t/y")]),
    (
        "en",
        "1.2 million contained ounces; 3 million gold ounces",
        [(1200000.0, "oz"), (3000000.0, "oz")],
    ),
    ("en", "20,000 tonnes per day", [(20000.0, "t/d")]),
    ("en", "tonnes of CO2: 5,000 tonnes of CO2", []),
    (
        "ru",
        "1,4 млн тонн; 410 тыс. т; 1,1 млрд долларов США; 86 млрд руб.",
        [(1400000.0, "t"), (410000.0, "t"), (1100000000.0, "USD"), (86000000000.0, "RUB")],
    ),
    (
        "ru",
        "370–420 тыс. тонн меди; от 0,4 до 0,7 %",
        [(370000.0, "t"), (420000.0, "t"), (0.4, "%"), (0.7, "%")],
    ),
    ("ru", "340 долларов за тонну; 83 доллара за фунт", [(340.0, "USD/t"), (83.0, "USD/lb")]),
    (
        "ru",
        "полтора миллиона тонн; двадцать пять процентов; полмиллиона",
        [(1500000.0, "t"), (25.0, "%")],
    ),
    ("ru", "1 млрд 200 млн рублей", [(1200000000.0, "RUB")]),
    ("ru", "12 345 т в год; 5 тысяч тонн ежегодно", [(12345.0, "t/y"), (5000.0, "t/y")]),
    (
        "ru",
        "2 г/т, 18-процентная доля, ₽120 млрд",
        [(2.0, "g/t"), (18.0, "%"), (120000000000.0, "RUB")],
    ),
    ("ru", "треть мирового производства", [(33.3333, "%")]),
    (
        "zh",
        "三氧化钨资源量为140万吨;1.4亿吨;12亿美元;86亿元",
        [(1400000.0, "t"), (140000000.0, "t"), (1200000000.0, "USD"), (8600000000.0, "CNY")],
    ),
    (
        "zh",
        "三千二百吨;三万五千吨;百分之三十;七成;三分之一",
        [(3200.0, "t"), (35000.0, "t"), (30.0, "%"), (70.0, "%"), (33.3333, "%")],
    ),
    (
        "zh",
        "30多万吨;2.6亿多美元;近50万吨;数十亿美元",
        [(300000.0, "t"), (260000000.0, "USD"), (500000.0, "t")],
    ),
    (
        "zh",
        "年产10万吨;2023年产金5.9吨;5万吨/年;每吨15.1万元;15.1万元/吨",
        [(100000.0, "t/y"), (5.9, "t"), (50000.0, "t/y"), (151000.0, "CNY/t"), (151000.0, "CNY/t")],
    ),
    (
        "zh",
        "76万至82万吨;39.5—40元/吨度;1亿2000万美元",
        [
            (760000.0, "t"),
            (820000.0, "t"),
            (39.5, "CNY/mtu"),
            (40.0, "CNY/mtu"),
            (120000000.0, "USD"),
        ],
    ),
    ("zh", "第18号公告2026年1月5日;克/吨 38克/吨;成立一成立", [(38.0, "g/t")]),
    ("zh", "增资9.8億元人民幣;3萬噸", [(980000000.0, "CNY"), (30000.0, "t")]),
    (
        "ja",
        "年産5万トン;1億2000万ドル;1200億円;3割;2万5000トン",
        [
            (50000.0, "t/y"),
            (120000000.0, "USD"),
            (120000000000.0, "JPY"),
            (30.0, "%"),
            (25000.0, "t"),
        ],
    ),
    (
        "ko",
        "연간 64만t;3조5000억원;2만5000톤;1억 2000만 달러;톤당 5만 달러;30%",
        [
            (640000.0, "t/y"),
            (3500000000000.0, "KRW"),
            (25000.0, "t"),
            (120000000.0, "USD"),
            (50000.0, "USD/t"),
            (30.0, "%"),
        ],
    ),
    (
        "vi",
        "1,2 tỷ USD; 500 triệu USD; 20.000 tấn/năm; 30%; 5 nghìn tỷ đồng",
        [
            (1200000000.0, "USD"),
            (500000000.0, "USD"),
            (20000.0, "t/y"),
            (30.0, "%"),
            (5000000000000.0, "VND"),
        ],
    ),
    (
        "tr",
        "yılda 1.200 ton; 570 bin ton; 1,2 milyar dolar; yüzde 30; %51; 694 milyon ton",
        [
            (1200.0, "t/y"),
            (570000.0, "t"),
            (1200000000.0, "USD"),
            (30.0, "%"),
            (51.0, "%"),
            (694000000.0, "t"),
        ],
    ),
    (
        "id",
        "10 persen menjadi 14–19 persen; 1,5 miliar dolar AS; Rp 5 triliun; 500 ribu ton; 2 juta ton per tahun",
        [
            (10.0, "%"),
            (14.0, "%"),
            (19.0, "%"),
            (1500000000.0, "USD"),
            (5000000000000.0, "IDR"),
            (500000.0, "t"),
            (2000000.0, "t/y"),
        ],
    ),
    (
        "pl",
        "1,3 mld zł; 3,2 mln ton; 500 tys. ton; 30 proc.; 25 procent",
        [(1300000000.0, "PLN"), (3200000.0, "t"), (500000.0, "t"), (30.0, "%"), (25.0, "%")],
    ),
    (
        "pt",
        "R$ 2,3 bilhões; 340 mil a 370 mil toneladas; 1,5 milhão de toneladas por ano; US$ 300 milhões",
        [
            (2300000000.0, "BRL"),
            (340000.0, "t"),
            (370000.0, "t"),
            (1500000.0, "t/y"),
            (300000000.0, "USD"),
        ],
    ),
    (
        "it",
        "1,2 miliardi di euro; 30 mila tonnellate all'anno; il 25 per cento",
        [(1200000000.0, "EUR"), (30000.0, "t/y"), (25.0, "%")],
    ),
    (
        "ar",
        "1.2 مليار دولار; 500 ألف طن سنويا; ٣٠٪; ٣٫٥ مليون طن",
        [(1200000000.0, "USD"), (500000.0, "t/y"), (30.0, "%"), (3500000.0, "t")],
    ),
    (
        "fa",
        "۱/۴ میلیون تن; ۳۰ درصد; ۵۰۰ میلیون دلار",
        [(1400000.0, "t"), (30.0, "%"), (500000000.0, "USD")],
    ),
    (
        "hi",
        "5 लाख टन; 7,280 करोड़ रुपये; 30 प्रतिशत; २.५ अरब डॉलर",
        [(500000.0, "t"), (72800000000.0, "INR"), (30.0, "%"), (2500000000.0, "USD")],
    ),
    (
        "uk",
        "179 млн доларів; 4–6%; 5 тис. тонн на рік; 2,5 млрд гривень",
        [(179000000.0, "USD"), (4.0, "%"), (6.0, "%"), (5000.0, "t/y"), (2500000000.0, "UAH")],
    ),
    (
        "uz",
        "75 mln dollar; yiliga 900 tonna; 1,2 milliard dollar; 30 foiz",
        [(75000000.0, "USD"), (900.0, "t/y"), (1200000000.0, "USD"), (30.0, "%")],
    ),
    ("uz", "1,2 миллиард долларга; йилига олти тоннага", [(1200000000.0, "USD")]),
    (
        "kk",
        "92,4 млрд теңге; жылына 3,3 млн тонна; 70 пайыз; 228 мың тонна; 27 500–29 000 тонна",
        [
            (92400000000.0, "KZT"),
            (3300000.0, "t/y"),
            (70.0, "%"),
            (228000.0, "t"),
            (27500.0, "t"),
            (29000.0, "t"),
        ],
    ),
    (
        "mn",
        "1.4 сая тонн; 2.5 тэрбум доллар; 34 хувь",
        [(1400000.0, "t"), (2500000000.0, "USD"), (34.0, "%")],
    ),
    (
        "de",
        "2,1 Mrd. Euro; 18.000 Tonnen pro Jahr; 28,4 Mio. t; eine halbe Milliarde Euro; fünfundzwanzig Prozent",
        [
            (2100000000.0, "EUR"),
            (18000.0, "t/y"),
            (28400000.0, "t"),
            (500000000.0, "EUR"),
            (25.0, "%"),
        ],
    ),
    (
        "de",
        "590 bis 610 Tausend Tonnen; 1 Billion Euro; 51-prozentige",
        [(590000.0, "t"), (610000.0, "t"), (1000000000000.0, "EUR"), (51.0, "%")],
    ),
    (
        "fr",
        "62,5 M€; 1,2 milliard de dollars; 7 400 tonnes; 24 000 tonnes par an; cinquante et un pour cent; un quart",
        [
            (62500000.0, "EUR"),
            (1200000000.0, "USD"),
            (7400.0, "t"),
            (24000.0, "t/y"),
            (51.0, "%"),
            (25.0, "%"),
        ],
    ),
    (
        "fr",
        "150 M$; 1,1 Md€; 5 millions d'euros; 83 dollars la livre",
        [(150000000.0, "USD"), (1100000000.0, "EUR"), (5000000.0, "EUR"), (83.0, "USD/lb")],
    ),
    (
        "es",
        "entre 1,34 y 1,37 millones de toneladas; US$ 1,300 millones; 1.100 millones de dólares; 3.640 toneladas; 14.000 toneladas anuales",
        [
            (1340000.0, "t"),
            (1370000.0, "t"),
            (1300000000.0, "USD"),
            (1100000000.0, "USD"),
            (3640.0, "t"),
            (14000.0, "t/y"),
        ],
    ),
    (
        "es",
        "$us 970 millones; mil doscientos millones de dólares; 25 por ciento; 2 mil millones de dólares",
        [(970000000.0, "USD"), (1200000000.0, "USD"), (25.0, "%"), (2000000000.0, "USD")],
    ),
    (
        "sv",
        "1,2 miljarder kronor; 500 000 ton per år; 30 procent",
        [(1200000000.0, "SEK"), (500000.0, "t/y"), (30.0, "%")],
    ),
    ("nl", "1,2 miljard euro; 30 procent", [(1200000000.0, "EUR"), (30.0, "%")]),
    (
        "fi",
        "5 miljoonaa tonnia; 1,2 miljardia euroa; 30 prosenttia",
        [(5000000.0, "t"), (1200000000.0, "EUR"), (30.0, "%")],
    ),
    (
        "el",
        "1,2 δισ. ευρώ; 500 εκατ. ευρώ; 30%",
        [(1200000000.0, "EUR"), (500000000.0, "EUR"), (30.0, "%")],
    ),
    ("th", "5 ล้านตัน; ร้อยละ 30; 30 เปอร์เซ็นต์", [(5000000.0, "t"), (30.0, "%"), (30.0, "%")]),
    ("en", "１，２００ tonnes", [(1200.0, "t")]),
    (
        "en",
        "60,000-ton plant; 1.5-million-tonne; $1.1-billion",
        [(60000.0, "t"), (1500000.0, "t"), (1100000000.0, "USD")],
    ),
    ("en", "$5 million to $6 million", [(5000000.0, "USD"), (6000000.0, "USD")]),
    (
        "en",
        "US$5.40/lb; $48 an ounce; EUR 30 million; 30 million EUR",
        [(5.4, "USD/lb"), (48.0, "USD/oz"), (30000000.0, "EUR"), (30000000.0, "EUR")],
    ),
    (
        "fr",
        "cinq cents millions de dollars; 1,2 milliard $ US",
        [(500000000.0, "USD"), (1200000000.0, "USD")],
    ),
    (
        "ru",
        "4,2-4,5 млн т; 10-12 тыс тонн; в 2-3 раза; 2000–2500 тонн",
        [
            (4200000.0, "t"),
            (4500000.0, "t"),
            (10000.0, "t"),
            (12000.0, "t"),
            (2000.0, "t"),
            (2500.0, "t"),
        ],
    ),
    ("en", "rose 12% to 5,400 t from 4,800 t", [(12.0, "%"), (5400.0, "t"), (4800.0, "t")]),
]


@pytest.mark.parametrize(("language", "text", "found"), NOTATIONS)
def test_notations(language, text, found):
    """Each language's numbers, multipliers, units and currencies come out in base units."""
    read = [(one.value, one.unit) for one in reader().quantities(text, language)]
    assert [unit for _, unit in read] == [unit for _, unit in found]
    assert [value for value, _ in read] == pytest.approx([value for value, _ in found], rel=1e-5)


@pytest.mark.parametrize(
    ("number", "language", "value"),
    [
        ("1.250", "es", 1250.0),
        ("1,250", "es", 1250.0),
        ("0,125", "ru", 0.125),
        ("12,345", "ru", 12.345),
        ("12,500", "ru", 12_500.0),
        ("25.000", "en", 25_000.0),
        ("1.125", "en", 1.125),
        ("1,5", "en", 1.5),
        ("1,23,456", "en", 123_456.0),
        ("1'200", "de", 1200.0),
        ("۱/۴", "fa", 1.4),
        ("٣٫٥", "ar", 3.5),
        ("२.५", "hi", 2.5),
        ("１，２００", "ja", 1200.0),
    ],
)
def test_marks_are_read_as_plausible(number, language, value):
    """What a comma or point is, the language decides, and then what people write."""
    assert value_of(number, language) == value


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("三千二百", 3200),
        ("一亿", 1e8),
        ("十二点五", 12.5),
        ("二〇二五", 2025),
        ("三万五千", 35_000),
    ],
)
def test_chinese_numerals(number, value):
    """Numbers in Chinese characters have their values."""
    assert han_value(number) == value


@pytest.mark.parametrize(("country", "unit"), [("CL", "CLP"), ("MX", "MXN"), ("AR", "ARS")])
def test_pesos_are_those_of_the_country(country, unit):
    """Whose pesos are meant, the only country of the text that has them tells."""
    import tomllib
    from importlib.resources import files

    from monitor.enrich.quantities import Grammar

    data = files("monitor.enrich").joinpath("data", "numbers.toml").read_text(encoding="utf-8")
    grammar = Grammar(tomllib.loads(data))
    found = grammar.quantities("500 millones de pesos", "es", {country})
    assert [(one.value, one.unit) for one in found] == [(5e8, unit)]
    assert grammar.quantities("500 millones de pesos", "es", {"CL", "MX"}) == []
