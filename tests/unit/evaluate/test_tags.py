"""Names and languages that are said beside those that are labelled."""

import pytest

from monitor.evaluate.measures import Part
from monitor.evaluate.tags import is_language, of_actors, of_companies, of_names, plain_name

NONE = {"companies": [], "places": [], "bodies": []}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rio Tinto Ltd.", "rio tinto"),
        ("Société Minière", "Societe Miniere"),
        ("SQM S.A.", "SQM S.A."),
        ("Tau-Ken Samruk", "Tau Ken Samruk"),
        ("The Metals Company", "Metals"),
    ],
)
def test_one_name(one, other):
    """Case, accents, signs and legal forms make no other company."""
    assert plain_name(one) == plain_name(other)


def test_a_name_of_a_legal_form():
    """A name that is nothing but a legal form stays."""
    assert plain_name("AG") == "ag"


def test_a_body_that_is_said_as_a_company():
    """It is no company that was made up; a company said as a body was found."""
    item = {"companies": ["Codelco"], "bodies": ["Ministry of Mines"]}
    said = {**NONE, "companies": ["Ministry of Mines", "Acme"], "bodies": ["CODELCO"]}
    assert of_companies([(item, said)]) == [Part(1, 2, 1, 1)]
    assert of_actors([(item, said)]) == [Part(2, 3, 2, 2)]


def test_places_that_nobody_labelled():
    """They are held against nobody, but a labelled name may be a place."""
    item = {"companies": ["Jadar"]}
    said = {**NONE, "places": ["Jadar", "Bor"]}
    assert of_names([(item, said)]) == [Part(1, 1, 1, 1)]
    assert of_names([({**item, "places": []}, said)]) == [Part(1, 2, 1, 1)]


@pytest.mark.parametrize(("gold", "said"), [("zh-Hans", "zh"), ("nb", "no"), ("EN", "en")])
def test_one_language(gold, said):
    """Scripts and regions do not matter, nor do the two codes of Norwegian."""
    assert is_language(gold, said)


def test_two_languages():
    """Ukrainian is not Russian."""
    assert not is_language("uk", "ru")
