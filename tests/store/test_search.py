"""Full text: inflected forms, writing without spaces, odd queries; the same on both databases."""

import threading

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from monitor.store import cut, open_database, search, stems
from tests import databases
from tests.store.records import hours, stored

#: Forms of one word, by the language of the text: each finds each.
FORMS = [
    ("ru", ["вольфрам", "вольфрама", "вольфраму", "вольфрамом", "вольфраме"]),
    ("ru", ["месторождение", "месторождения", "месторождений", "месторождениями"]),
    ("ru", ["редкая", "редкой", "редкие", "редких", "редкими"]),
    ("ru", ["литий", "лития", "литию", "литием", "литии"]),
    ("ru", ["переплавлённый", "переплавленного"]),
    ("kk", ["кен", "кеннің", "кенге", "кенді", "кендер", "кендері", "кенін", "кендерінің"]),
    ("kk", ["Қазақстан", "Қазақстанның", "Қазақстанда", "Қазақстаннан", "Қазақстанға"]),
    ("kk", ["вольфрам", "вольфрамның", "вольфрамды", "вольфраммен"]),
    ("kk", ["алтын", "алтынды", "алтыннан", "алтындар"]),
    ("ky", ["алтын", "алтындын", "алтынга", "алтындан"]),
    ("uz", ["oltin", "oltinni", "oltinning", "oltindan"]),
    ("uz", ["Oʻzbekiston", "O'zbekistonda", "O‘zbekistonning"]),
    ("uz", ["олтин", "олтиннинг", "олтинни"]),
    ("en", ["export", "exports", "exported", "exporting"]),
    ("en", ["company", "companies", "company's"]),
    ("en", ["mine", "mines"]),
    ("de", ["Lagerstätte", "Lagerstätten", "lagerstatten"]),
    ("fr", ["société", "sociétés", "SOCIETE"]),
    ("es", ["exportación", "exportaciones", "exportacion"]),
    ("ko", ["텅스텐", "텅스텐을", "텅스텐의", "텅스텐에서"]),
    ("pl", ["kopalnia", "kopalni", "kopalnię"]),
]

#: (text, its language, what finds it, what does not).
FOUND = [
    ("哈萨克斯坦钨矿", "zh", ["钨矿", "钨", "矿", "哈萨克斯坦", "克斯"], ["矿钨", "哈矿", "锡"]),
    ("哈薩克斯坦鎢礦", "zh", ["钨矿", "哈萨克斯坦", "鎢礦"], ["锡"]),
    ("稀少土地", "zh", ["稀少", "土地"], ["稀土"]),
    ("中国稀土出口", "zh", ["稀土", "稀土 出口", '"稀土出口"', "稀土出口"], ["出口稀土"]),
    ("レアアースの輸出規制", "ja", ["レアアース", "輸出", "ﾚｱｱｰｽ"], ["レース"]),
    ("Ёлка ＷＯ３ Größe", "ru", ["елка", "ЁЛКА", "wo3", "WO3", "grosse"], ["елань"]),
    ("the export ban on tin", "en", ['"export ban"', '"bans on"', "ban export"], ['"ban export"']),
    ("a ban on gold", "en", ["ban -tin", 'ban -"gold ban"'], ["ban -gold", 'ban -"on gold"']),
    ("mineral rights", "en", ["minerals", "miner"], ['"miner"']),
    ("leading firm", "en", ["leading"], ['"lead"']),
    ("exploration", "en", ["explor", "explorat", "exploratio", "explored"], ["exploratory9"]),
    ("Almonty in der Wolframgrube", "de", ["almonty", "almont", "wolfram"], ["grube"]),
    ("видобуток титану", "uk", ["титан", "видобуток"], ["видобутки"]),
    ("ค้าแร่ทังสเตนในไทย", "th", ["ทังสเตน", "แร่"], ["ดีบุก"]),
    ("min 5 t", "en", ['"min"'], ['"mines"']),
]


@pytest.mark.parametrize(("language", "forms"), FORMS, ids=lambda value: str(value[0]))
def test_every_form_finds_every_other(database, language, forms):
    """Whichever form stands in the text, whichever is asked for: it is found, and marked."""
    for number, form in enumerate(forms):
        stored(database, f"g{number}", text=f"x {form} y", language=language)
    for form in forms:
        hits = database.search(form, limit=99)
        assert {hit.article_id for hit in hits} == set(range(1, len(forms) + 1)), form
        assert all("\u2068" in hit.snippet for hit in hits), form


@pytest.mark.parametrize(
    ("text", "language", "finding", "missing"), FOUND, ids=lambda v: str(v)[:9]
)
def test_what_finds_a_text(database, text, language, finding, missing):
    """Runs are phrases, quotes keep order, a minus excludes, accents and width do not matter."""
    stored(database, "g1", title="T", text=text, language=language)
    assert [query for query in finding if not database.search(query, limit=9)] == []
    assert [query for query in missing if database.search(query, limit=9)] == []


def test_a_phrase_does_not_go_on_from_the_title(database):
    """The last word of the title and the first of the text are no phrase."""
    stored(database, "g1", title="Export ban", text="Tin is dear.")
    assert database.search('"export ban"', limit=1)
    assert not database.search('"ban tin"', limit=1)


@pytest.mark.parametrize(
    ("text", "language", "query", "snippet"),
    [
        ("Запасы вольфрама растут", "ru", "вольфрамом", "Запасы [вольфрама] растут"),
        ("哈萨克斯坦钨矿石", "zh", "钨矿", "哈萨克斯坦[钨矿]石"),
        ("哈薩克斯坦鎢礦石", "zh", "钨矿", "哈薩克斯坦[鎢礦]石"),
        ("哈萨克斯坦钨", "zh", "钨", "哈萨克斯坦[钨]"),
        ("哈萨克斯坦钨矿", "zh", "哈萨克斯坦", "[哈萨克斯坦]钨矿"),
        ("a tin ban, a ban on tin", "en", '"ban on tin"', "a tin ban, a [ban on tin]"),
        ("gold and tin", "en", "tin -copper", "gold and [tin]"),
        ("companies", "en", "company", "[companies]"),
    ],
)
def test_marks_stand_around_what_was_found(database, text, language, query, snippet):
    """The inflected form that stands in the text is marked, and nothing else."""
    stored(database, "g1", title="T", text=text, language=language)
    marked = database.search(query, limit=1)[0].snippet
    assert marked.replace("\u2068", "[").replace("\u2069", "]") == snippet


@pytest.mark.parametrize(
    "query", ["", " ", "-tin", '-"a b"', '""', "-", "—", "\ud800", "🎉", "*", '"', "\x00", "()"]
)
def test_what_asks_for_nothing_finds_nothing(database, query):
    """Signs, and exclusions alone, are no search."""
    stored(database)
    assert search.query_words(query) == []
    assert database.search(query, limit=1) == []


@pytest.mark.parametrize(
    "query",
    [
        "a" * 1_000_000,
        "钨" * 100_000,
        " ".join(f"word{n}" for n in range(10_000)),
        '"' * 5000,
        "-a " * 5000 + "b",
        '"' + "ore " * 5000 + '"',
        "'; DROP TABLE articles; --",
        "NEAR(a b) AND {title} : c ^d",
        "\u0301" * 5000 + "ore",
        "o'" * 3000 + "x",
    ],
    ids=lambda query: query[:9],
)
def test_a_monstrous_query_is_answered(database, query):
    """It is cut to so many words, and costs no more than them."""
    stored(database)
    assert len(search.query_words(query)) <= 20
    assert isinstance(database.search(query, limit=3), list)


def test_threads_share_no_word():
    """Stemmers keep the word they are at: several threads at once give what one gives."""
    words = [f"exploring{n}tions" for n in range(3000)]
    alone = [stems.stem(word, "en") for word in words]
    stems.stem.cache_clear()
    found = {}

    def work(name):
        found[name] = [stems.stem(word, "en") for word in words]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(value == alone for value in found.values())


_PARTS = st.sampled_from(
    [
        *(form for _, forms in FORMS for form in forms),
        *(
            "钨矿",
            "钨",
            "稀土",
            "稀少土地",
            "哈萨克斯坦",
            "レアアース",
            "the",
            "of",
            "o'",
            "ʻ",
            "'",
        ),
        *(
            "\u0301",
            "й",
            "e\u0301",
            "İ",
            "ſ",
            "ﬁ",
            "½",
            "㎏",
            "\xad",
            "हिन्दी",
            "ไทย",
            "\ue000",
            "\ue001",
        ),
        *('"', "-", " ", "\n", "“", "”", "«", "--", "\\", "''", ":*", "<->", "&", "!", "(", "*"),
    ]
)
_TEXTS = st.lists(st.one_of(_PARTS, st.text(max_size=4)), max_size=12).map(
    lambda parts: " ".join(parts) if len(parts) % 2 else "".join(parts)
)
_LANGUAGES = st.sampled_from(["en", "ru", "kk", "uz", "zh", "de", "vi", "uk", "ko", ""])
_SPACES = st.sampled_from([" ", "", '"'])


@pytest.fixture(scope="module")
def both(tmp_path_factory, postgres_server):
    """A connection to each kind of database, whose index takes any article."""
    place = tmp_path_factory.mktemp("both") / "s.sqlite"
    with databases.fresh_database(postgres_server) as url:
        opened = [open_database(f"sqlite:///{place}"), open_database(url)]
        connections = [one.engine.connect() for one in opened]
        connections[1].execute(
            sa.text("ALTER TABLE article_search DROP CONSTRAINT article_search_article_id_fkey")
        )
        yield connections
        for connection, one in zip(connections, opened, strict=True):
            connection.rollback()
            connection.close()
            one.close()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None
)
@given(
    st.lists(st.tuples(_TEXTS, _TEXTS, _LANGUAGES), min_size=1, max_size=4),
    st.lists(st.one_of(_TEXTS, _PARTS), min_size=1, max_size=4),
)
@example([("", "the " * 600 + "end", "en"), ("", "钨" * 600 + "矿", "zh")], ['"the end"', "钨矿"])
@example([("", "a " * 20_000 + "end", "en")], ['"a end"', "end"])
def test_both_databases_find_the_same(both, documents, queries):
    """Whatever stands in the articles and is asked for: SQLite and PostgreSQL give the same."""
    documents = [tuple(cut_for_store(part) for part in one) for one in documents]
    found = []
    for connection in both:
        connection.execute(sa.text("DELETE FROM article_search"))
        for number, (title, text, language) in enumerate(documents, 1):
            search.put(connection, number, title, text, language, is_new=True)
        for query in [*queries, *(text for _, text, _ in documents)]:
            terms = search.query_words(query)
            rows = (
                connection.execute(search.found_ids(connection.dialect.name, terms))
                if terms
                else []
            )
            found.append({row.id for row in rows})
    half = len(found) // 2
    assert found[:half] == found[half:]


@settings(max_examples=200, deadline=None)
@given(_TEXTS, _LANGUAGES)
def test_every_word_finds_its_own_text(text, language):
    """Each word of a text is among what its query reads, in the language of the text."""
    pieces = search.indexed("", text, language)
    for word in cut.words(cut.folded(text)):
        terms = search.query_words(word)
        assert all(any(stands(reading, pieces) for reading in term.readings) for term in terms), (
            word
        )


def stands(reading, pieces):
    """Whether a reading is found in a list of pieces."""
    size = len(reading.pieces)
    for at in range(len(pieces) - size + 1):
        *before, last = pieces[at : at + size]
        is_last = (
            last.startswith(reading.pieces[-1]) if reading.is_open else last == reading.pieces[-1]
        )
        if tuple(before) == reading.pieces[:-1] and is_last:
            return True
    return False


def cut_for_store(text):
    """As the store cleans texts."""
    from monitor.store.rows import clean

    return clean(text)


def test_newest_first(database):
    """Of many hits the newest are given."""
    for number in range(4):
        stored(database, f"g{number}", published_at=hours(number), seen_at=hours(number))
    assert [hit.article_id for hit in database.search("song", limit=2)] == [4, 3]
