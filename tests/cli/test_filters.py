"""What a filter's word means, and what is answered when it means nothing."""

import pytest

from monitor.enrich.meaning import meant
from monitor.errors import BadInput
from tests.cli.desk import run, told_story


@pytest.fixture
def url(tmp_path):
    """The address of a database that holds one story on tungsten in Kazakhstan."""
    address = f"sqlite:///{tmp_path}/desk.sqlite"
    told_story(address)
    return address


@pytest.mark.parametrize(
    ("kind", "given", "term"),
    [
        ("mineral", "tungsten", "tungsten"),
        ("mineral", "钨", "tungsten"),
        ("mineral", "Rare Earths", "rare_earths"),
        ("country", "kz", "KZ"),
        ("country", "Kazakhstan", "KZ"),
        ("country", "Казахстан", "KZ"),
        ("company", "cove capital", "Cove Capital"),
        ("event", "Export Control", "export_control"),
        ("figure", "resource", "resource"),
        ("mineral", " ", ""),
    ],
)
def test_a_filter_takes_any_name(kind, given, term):
    """Identifiers and names in any language lead to the taxonomy's own word."""
    assert meant(kind, given) == term


@pytest.mark.parametrize(
    ("kind", "given", "answer"),
    [
        ("mineral", "tungten", r"^tungten: there is no such mineral\. Did you mean tungsten\?"),
        ("country", "Kazkhstan", r"^Kazkhstan: there is no such country\. Did you mean KZ\?"),
        ("event", "export_controls", r"no such kind of event\. Did you mean export_control\?"),
        ("event", "foo", r"There are: construction, court,"),
        ("mineral", "qqqq", r"There are \d+, such as "),
    ],
)
def test_an_unknown_word_is_answered_with_the_nearest(kind, given, answer):
    """A slip must not look like an empty result."""
    with pytest.raises(BadInput, match=answer):
        meant(kind, given)


@pytest.mark.parametrize(
    "words",
    [
        ("stories", "list", "--mineral"),
        ("articles", "list", "--country"),
        ("claims", "list", "--kind"),
        ("export", "--event"),
    ],
)
def test_every_list_refuses_an_unknown_word(url, words):
    """Lists and exports alike."""
    with pytest.raises(BadInput, match=r"there is no such"):
        run(url, *words, "tungten")


def test_filters_narrow_by_any_name(url):
    """The name of a country in Russian finds what is stored by its code."""
    assert len(run(url, "articles", "list", "--country", "Казахстан", "--json").records) == 4
    assert run(url, "articles", "list", "--country", "CL", "--json").records == []


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("stories", "show", "a1"), r"^a1: is the id of an article, not of a story\."),
        (("stories", "show", "x"), r"^x: is no id of a story\. .*monitor stories list"),
        (("articles", "show", "s12345678901234567890"), r"is the id of a story, not of an article"),
        (("articles", "show", "a999999"), r"there is no such article\. See: monitor articles list"),
    ],
)
def test_a_wrong_id_is_named_with_where_to_look(url, words, answer):
    """Of another noun, of no form, too long, or of nothing."""
    with pytest.raises(BadInput, match=answer):
        run(url, *words)


def test_a_limit_of_figures_counts_figures(url):
    """Not the articles that state them; and the rest is hinted at."""
    answer = run(url, "claims", "list", "--limit", "2", "--json")
    assert len(answer.records) == 2
    assert "more: --limit" in run(url, "claims", "list", "--limit", "2").err


def test_an_empty_database_says_how_to_begin(tmp_path):
    """Nothing stored and nothing that passes are two answers."""
    empty = f"sqlite:///{tmp_path}/empty.sqlite"
    assert "Start with: monitor crawl" in run(empty, "stories", "list").err
    assert "Start with: monitor crawl" in run(empty, "articles", "list").err
