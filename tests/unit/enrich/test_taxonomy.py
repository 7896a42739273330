"""The taxonomy as data: the user's own tables, what is refused, official lists, other scripts."""

import random
import time
from contextlib import contextmanager
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.enrich import Enricher
from monitor.enrich.explain import meanings, told
from monitor.enrich.extend import add_row, row_for
from monitor.enrich.gloss import critical_lists, gloss, shown_name
from monitor.enrich.survey import survey
from monitor.enrich.tables import NAMES, read_table
from monitor.enrich.taxonomy import load_taxonomy
from monitor.enrich.transliteration import cyrillic, latin, other_script
from monitor.errors import BadInput


@cache
def ours():
    """The taxonomy that comes with the monitor."""
    return load_taxonomy()


def read(taxonomy, text, language=""):
    """What a title says, by the names of this taxonomy."""
    return Enricher(taxonomy, threshold=0.5).enrich(title=text, text="", language_hint=language)


def own(folder, *, base=None, **files):
    """The taxonomy of ours, or of another base, with a user's folder of these tables."""
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return load_taxonomy(folder, base=base)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Tables of ours in little, which are read in a moment."""
    folder = tmp_path_factory.mktemp("base")
    for name, text in SMALL.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


SMALL = {
    "minerals.csv": "id,group,class,names,weak_names\ntungsten,,critical,Tungsten*,\n"
    "copper,,base,copper ore,Copper*\ncobalt,,critical,Cobalt*,\n",
    "entities.csv": "name,kind,country,names,weak_names,minerals\nHome,company,KZ,Home Ore,,copper\n",
    "countries.csv": "code,names\nKZ,Kazakhstan\n",
    "country_names.csv": "language,code,name\nfi,KZ,Kazakstan\n",
    "names.csv": "mineral,form,language,names,needs,never,reviewed\ncopper,,fi,kupari,trade,,no\n",
    "lists.csv": "list,name,issued_by,since,until,is_date_sure,is_complete,mineral,form,source,"
    "reviewed\nl,List,Office,2024-01-01,,yes,yes,copper,,Paper,yes\n",
    "words.toml": '[context]\nen = ["mine*"]\n',
}


# What names mean in their languages.


@pytest.mark.parametrize(
    ("language", "text", "minerals"),
    [
        ("pl", "Kopalnia wolframu ruszy w 2027 roku", {"tungsten"}),
        ("it", "La miniera di antimonio riapre", {"antimony"}),
        ("uk", "Видобуток літію почнеться на родовищі", {"lithium"}),
        ("tr", "Volfram madeni yeniden açılıyor", {"tungsten"}),
        ("fa", "صادرات لیتیوم از معدن جدید", {"lithium"}),
        ("hi", "लिथियम की खदान की नीलामी", {"lithium"}),
        ("sv", "Regeringen säger ja till grafitgruva", {"graphite"}),
        ("ko", "텅스텐 광산 재가동", {"tungsten"}),
        ("id", "Harga nikel turun", {"nickel"}),
        ("vi", "Giá quặng đồng tăng", {"copper"}),
        ("mn", "Гянтболдын олборлолт нэмэгдлээ", {"tungsten"}),
    ],
)
def test_minerals_are_named_in_many_languages(language, text, minerals):
    """A title in the language of a row is understood by it."""
    assert set(read(ours(), text, language).minerals) == minerals


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "Hợp đồng khai thác trị giá 5 triệu đồng"),
        ("vi", "Cơ hội vàng cho đội tuyển"),
        ("fr", "Il ni confirme ni ne dément, or la mine est fermée"),
        ("ru", "Индия нарастит экспорт руды"),
        ("kk", "Мысалы, Германияның зауыты салынады"),
        ("zh", "无锡银行出口业务增长"),
        ("ko", "시진핑 국가주석, 광산 방문"),
        ("ja", "スズキ、生産を停止"),
        ("tr", "Silahlı saldırıda kurşun yağdı"),
        ("ar", "ذهب إلى المنجم"),
        ("en", "Thousands of trees: three in Goldman's pledge"),
    ],
)
def test_homonyms_are_no_minerals(language, text):
    """A word that means something else here is not taken for a metal."""
    assert not read(ours(), text, language).minerals


def test_a_word_of_its_own_makes_a_name_count(tmp_path):
    """`needs` lets a name count beside one of its words, `never` not, and neither elsewhere."""
    rows = (
        "mineral,language,names,needs,never\ntungsten,en,blackrockium,kiln,album\n"
        "lithium,en,whitestonium,trade,\n"
    )
    taxonomy = own(tmp_path, names=rows)
    assert read(taxonomy, "The kiln took blackrockium").minerals == ("tungsten",)
    assert read(taxonomy, "The kiln of blackrockium, an album").minerals == ()
    assert read(taxonomy, "Reports of blackrockium").minerals == ()
    assert read(taxonomy, "A mine of whitestonium").minerals == ("lithium",)
    assert read(taxonomy, "A song of whitestonium").minerals == ()


def test_latin_names_have_cases():
    """Genitives of German, Nordic languages and Finnish do not hide a company."""
    assert "Talga" in read(ours(), "Detaljplanen för Talgas gruva", "sv").companies
    assert "Keliber" in read(ours(), "Keliberin jalostamo valmistuu", "fi").companies


def test_hangul_names_are_no_parts_of_words():
    """`아연` inside `고려아연` is Korea Zinc, and no zinc."""
    said = read(ours(), "고려아연, 제련소 증설", "ko")
    assert said.companies == ("Korea Zinc",)
    assert "zinc" not in {m.concept for m in said.mentions if m.kind == "mineral"}


def test_names_are_carried_over_between_scripts():
    """What the data write in one script is found in the other; spellings are the common ones."""
    assert latin("Северный Катпар") == ("Severny Katpar", "Severni Katpar")
    assert cyrillic("Boguty") == "Богуты"
    assert other_script(["Верхнее Кайрактинское"])[0] == "Verkhnee Kayraktinskoe"
    assert "Upper Kairakty" in read(ours(), "Tungsten of Verkhnee Kayraktinskoe").places


def test_one_name_in_two_scripts_by_look():
    """A Cyrillic К in a Latin word is the Latin letter: Tau-Кen is Tau-Ken."""
    assert "Tau-Ken Samruk" in read(ours(), "Tau-Кen Samruk sells tungsten").companies


def test_parents_are_known():
    """A company has the company that owns it, up to the top."""
    parents = ours().parents
    assert parents["Cove Kaz Capital Group"] == "Cove Capital"
    assert parents["Severniy Katpar LLP"] == "Cove Kaz Capital Group"


# Official lists.


@pytest.mark.parametrize(
    ("mineral", "day", "on", "off"),
    [
        ("copper", "2024-01-01", set(), {"us-2022", "us-2025"}),
        ("copper", "2025-11-07", {"us-2025"}, {"us-2022"}),
        ("copper", "2025-11-06", set(), {"us-2025", "us-2022"}),
        ("helium", "2023-12-15", {"australia-2022"}, {"australia-2023"}),
        ("helium", "2023-12-16", set(), {"australia-2022", "australia-2023"}),
        ("neodymium", "2021-06-01", {"eu-2020", "us-2018"}, {"eu-2017"}),
        ("uranium", "2021-06-01", {"us-2018"}, set()),
        ("uranium", "2023-06-01", set(), {"us-2018", "us-2022"}),
    ],
)
def test_lists_have_days(mineral, day, on, off):
    """A list counts from the day on which it took effect until the day on which it ended."""
    found = {one.list for one in ours().lists_of(mineral, on=date.fromisoformat(day))}
    assert on <= found
    assert not off & found


def test_a_group_is_on_the_lists_of_its_members():
    """One entry tells how many of them, and a list that names the group stands once too."""
    found = [one for one in ours().lists_of("rare_earths") if one.list == "us-2025"]
    assert len(found) == 1
    assert found[0].form.endswith("of its 16 members")


def test_a_list_without_a_day_is_never_in_force():
    """What day it took effect is not known: it is shown, and counts on no day."""
    undated = [one for one in ours().lists.listings if one.list == "russia-deficit-2024"]
    assert undated
    assert not any(one.is_in_force(date(2026, 1, 1)) for one in undated)


# The user's own tables.


def test_own_rows_add_change_and_remove(tmp_path):
    """A row with an id of ours adds names and changes cells; `-` takes a name away."""
    taxonomy = own(
        tmp_path,
        minerals="id,group,class,names\ntungsten,,base,heavystone\nunobtainium,,critical,unobtainium*\n",
        entities="name,kind,country,names,minerals\nExample Ore,company,KZ,Example Ore,tungsten\n"
        "Kazatomprom,company,,-Казатомпром,\n",
    )
    assert read(taxonomy, "A mine of unobtainium and heavystone").minerals == (
        "unobtainium",
        "tungsten",
    )
    assert "tungsten" in taxonomy.base
    assert "tungsten" not in taxonomy.critical
    assert "Example Ore" in taxonomy.dedicated
    assert "Kazatomprom" not in read(taxonomy, "Казатомпром продаёт уран", "ru").companies
    assert "Kazatomprom" in read(taxonomy, "Kazatomprom sells uranium").companies


def test_our_tables_stay_as_they_are_without_a_folder(tmp_path):
    """What one folder changes is not changed for others."""
    own(tmp_path, minerals="id,class,names\ntungsten,base,heavystone\n")
    assert "tungsten" in load_taxonomy().critical


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("minerals", "id,class,names\nx,critical,Kazakhstan\n", r"minerals\.csv: line 2: 'Kaz.*KZ"),
        ("names", "mineral,language,names\ncopper,en,cobaltite ore\ncobalt,en,cobaltite ore\n",
         r"names\.csv: line 3: 'cobaltite ore' means cobalt .*copper .*line 2"),
        ("names", "mineral,language,names\nxx,en,y\n", r"names\.csv: line 2: 'xx' is no mineral"),
        ("minerals", "id,class,group,names\na,base,b,aaaa\nb,base,a,bbbb\n",
         r"groups go round in a circle: a > b > a"),
        ("minerals", "id,class,group,names\na,base,a,aaaa\n", "circle: a > a"),
        ("minerals", "id,class,group,names\na,base,nope,aaaa\n", "line 2: group 'nope' is no min"),
        ("entities", "name,kind,country,names,parent\nA,company,KZ,Aaaa,B\nB,company,KZ,Bbbb,A\n",
         r"parents go round in a circle: A > B > A"),
        ("entities", "name,kind,country,names,parent\nA,company,KZ,Aaaa,Nobody\n",
         "line 2: parent 'Nobody' is none"),
        ("entities", "name,kind,country,names\nA,company,KZ,Aaaa\nA,company,KZ,Bbbb\n",
         "line 3: 'A' stands twice, first in line 2"),
        ("names", "mineral,language,names\ncopper,en,(a+)+$\n", "looks like a regular expression"),
        ("names", "mineral,language,names\ncopper,en,cop[p\n", "looks like a regular expression"),
        ("names", "mineral,language,names\ncopper,en,a*\n", "almost every word"),
        ("names", "mineral,language,names\ncopper,en,*\n", "has no letters"),
        ("names", "mineral,language,names\ncopper,en,cop**\n", "side by side"),
        ("names", f"mineral,language,names\ncopper,en,{'x' * 201}\n", "more than 200 characters"),
        ("names", f"mineral,language,names\ncopper,en,{'x;' * 40000}\n", "more than 60,000 char"),
        ("names", "mineral,language,names\ncopper,en\n", "line 2: does not have one value for"),
        ("names", "mineral,language,names\ncopper,en,a,b\n", "line 2: does not have one value for"),
        ("names", "mineral,language,nmaes\ncopper,en,a\n", "lacks the columns names"),
        ("names", "mineral,language,names,colour\ncopper,en,a,b\n", "unknown column 'colour'"),
        ("names", 'mineral,language,names\ncopper,en,"a\n', r"line 2: unexpected end of data"),
        ("names", "mineral,language,names\ncopper,en,-nothing of ours\n", "no name 'nothing of o"),
        ("lists", "list,mineral,form,since\nl,copper,,31.03.2026\n", "since '31.03.2026' is no dat"),
        ("lists", "list,mineral,form,since,until\nl,copper,,2026-03-31,2026-03-01\n", "before it b"),
        ("lists", "list,mineral,form\nl,kryptonite,\n", "'kryptonite' is no mineral"),
        ("countries", "code,names\nkz,X\n", "'kz' is no country code"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(tmp_path, small, file, text, words):
    """Each fault of a user's table is an error with the file and the line."""
    with pytest.raises(BadInput, match=words) as caught:
        own(tmp_path, base=small, **{file: text})
    assert str(tmp_path / f"{file}.csv") in str(caught.value)


@pytest.mark.parametrize(
    "rows",
    [
        "x,critical,tungsten,Tungsten*,",
        "x,critical,,,Tungsten*\ny,critical,,,Tungsten*",
        "x,critical,,&xyzium,\ny,critical,,&xyzium,",
        "x,critical,,de:xyzium,\ny,critical,,fr:xyzium,",
    ],
)
def test_a_name_may_mean_two_things_on_purpose(tmp_path, small, rows):
    """A group and its member, weak names, marked ones, and those of two languages."""
    text = f"id,class,group,names,weak_names\n{rows}\n"
    assert own(tmp_path, base=small, minerals=text).concepts.names


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"mineral,language,names\ncopper,en,a\0b\n", "line 2: holds a NUL"),
        (b"mineral,language,names\ncopper,en,\xff\xfe\n", "line 2: is no UTF-8"),
        (b"x" * 16_000_001, "more than 16,000,000 bytes"),
        (b"", "lacks the columns"),
    ],
)
def test_files_that_are_no_tables(tmp_path, body, words):
    """A wrong file is told at once."""
    (tmp_path / "names.csv").write_bytes(body)
    started = time.perf_counter()
    with pytest.raises(BadInput, match=words):
        read_table(tmp_path, NAMES, is_users=True)
    assert time.perf_counter() - started < 1


def test_a_missing_folder_is_told(tmp_path):
    """With what to do."""
    with pytest.raises(BadInput, match="is no folder"):
        load_taxonomy(tmp_path / "none")


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["names", "minerals", "entities", "lists"]))
def test_any_bytes_end_in_an_answer(tmp_path_factory, small, body, file):
    """A table of any bytes is read, or refused by its name."""
    folder = tmp_path_factory.mktemp("own")
    (folder / f"{file}.csv").write_bytes(body)
    with suppress_of(f"{file}.csv"):
        load_taxonomy(folder, base=small)


@contextmanager
def suppress_of(subject):
    """Pass over an error about this file, and over no other."""
    try:
        yield
    except BadInput as error:
        if subject not in error.subject:
            raise


def test_names_of_any_shape_cost_little():
    """Many wild cards in a text made for them take no more than linear time."""
    taxonomy = ours()
    text = "wolfram" * 30_000 + " " + "".join(random.Random(5).choices("абв тун", k=50_000))
    started = time.perf_counter()
    read(taxonomy, "x", "en")
    Enricher(taxonomy, threshold=0.5).enrich(title="x", text=text)
    assert time.perf_counter() - started < 5


# What a word means, and new names.


def test_a_word_is_explained_with_its_rows():
    """Every meaning, what it wants around it, and where the data say so."""
    found = {(one.kind, one.id): one for one in meanings(ours(), "индия")}
    assert set(found) == {("mineral", "indium"), ("country", "IN")}
    assert any(concept.is_weak for _, concept in found["mineral", "indium"].names)
    assert all(concept.file for one in found.values() for _, concept in one.names)


def test_a_text_is_explained_by_the_same_decisions():
    """A name that does not count says why; with what it wanted it counts."""
    passed = {
        (p.surface, p.concept.id): p.why for p in told(ours(), "Wolfram", threshold=0.5).passed
    }
    assert "word of the trade" in passed.get(("Wolfram", "tungsten"), "word of the trade")
    said = told(ours(), "5 triệu đồng cho hợp đồng của công ty", threshold=0.5)
    assert not said.enrichment.minerals
    assert any("triệu đồng" in p.why for p in said.passed if p.concept.id == "copper")


def test_an_added_name_counts(tmp_path, small):
    """It is written to the user's folder, which is made when it is missing."""
    folder = tmp_path / "mine"
    for kind, key, name, more in (
        ("mineral", "tungsten", "heavystone", {"language": "en"}),
        ("company", "Example Ore", "Example Ore", {"more": {"country": "KZ"}}),
        ("company", "Example Ore", "Экзампл Ор", {}),
    ):
        add_row(folder, *row_for(kind, key, name, **more), base=small)
    taxonomy = load_taxonomy(folder, base=small)
    assert read(taxonomy, "A mine of heavystone").minerals == ("tungsten",)
    assert read(taxonomy, "Экзампл Ор строит завод", "ru").companies == ("Example Ore",)


def test_a_name_that_would_mean_two_things_is_not_added(tmp_path, small):
    """The error names the user's file, and nothing is written."""
    row = row_for("mineral", "tungsten", "Kazakhstan", language="en")
    with pytest.raises(BadInput, match="means tungsten") as caught:
        add_row(tmp_path, *row, base=small)
    assert str(tmp_path / "names.csv") in str(caught.value)
    assert not list(tmp_path.iterdir())


LANGUAGES = {
    "ar", "de", "en", "es", "fa", "fr", "hi", "id", "it", "ja", "kk", "ko", "ky", "mn", "pl", "pt",
    "ru", "sv", "tr", "uk", "uz", "vi", "zh",
}  # fmt: skip


def test_ours_has_no_faults():
    """Every language of the names is counted, and nothing is wrong."""
    found = survey()
    assert found.problems == ()
    named = {one.language: one.minerals_named for one in found.spoken}
    assert {language for language, count in named.items() if count >= 50} >= LANGUAGES


def test_loading_is_quick():
    """The whole is read, checked and compiled while a person does not notice."""
    assert min(_load_s() for _ in range(2)) < 1.5


def _load_s():
    started = time.process_time()
    load_taxonomy()
    return time.process_time() - started


# For readers.


def test_a_foreign_title_is_glossed():
    """Only names of what the article is about, in their order, as they stand there."""
    about = [("mineral", "tungsten"), ("country", "KZ")]
    said = gloss("Қазақстанда вольфрам табылды, алтын емес", language="kk", concepts=about)
    assert said == [("Қазақстанда", "country", "KZ"), ("вольфрам", "mineral", "tungsten")]
    assert [shown_name("tungsten", code) for code in ("en", "ru", "zh", "de")] == [
        "tungsten",
        "вольфрам",
        "钨",
        "tungsten",
    ]


def test_the_lists_are_read_alone():
    """A page tells the lists without compiling the names."""
    assert critical_lists().of("tungsten") == ours().lists_of("tungsten")
