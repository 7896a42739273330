"""A story in one line: what its card says, and what happened in it, one thing after another."""

import pytest
import sqlalchemy as sa

from monitor.deliver.cards import FIGURES, HAPPENINGS, OUTLETS, card_of, happenings, prepare
from monitor.model import Claim, Copy, Happening, Placement
from monitor.model import HappeningKind as Kind
from monitor.store import open_database
from tests.store.records import hours, stored

SAME = Placement(story_id=1, development_id=1)


@pytest.fixture
def database(tmp_path):
    """A fresh store."""
    opened = open_database(f"sqlite:///{tmp_path}/cards.sqlite")
    yield opened
    opened.close()


def claim(value, unit="%", kind="stake", basis=""):
    """A figure."""
    return Claim(kind=kind, value=value, unit=unit, basis=basis, quote="Ore", start=0, end=3)


def what(database, number=1):
    """(hour, kind, text) of all that happened in a story."""
    return [
        (round((h.at - hours(0)).total_seconds() / 3600), h.kind, h.text)
        for h in happenings(database.story(number))
    ]


def test_the_first_telling_is_new_and_the_others_are_articles(database):
    """In the order in which we saw them, whatever they say of when they were published."""
    stored(database, "a", site="First", seen_at=hours(1))
    stored(database, "b", SAME, site="Second", seen_at=hours(2))
    stored(database, "c", Placement(story_id=1, development_id=1, copy=Copy(original_id=1, containment=1, why="")),
           site="Third", seen_at=hours(3))  # fmt: skip
    assert what(database) == [
        (1, Kind.NEW, "First"),
        (2, Kind.ARTICLE, "Second"),
        (3, Kind.ARTICLE, "Third"),
    ]


def test_a_further_development_happens_when_it_is_first_told(database):
    """With its step in words, where that is known, else its title; later tellings are articles."""
    stored(database, "a", site="First", seen_at=hours(1))
    step = Placement(story_id=1, reasons=("shares tungsten; but cancelled: a further step",))
    stored(database, "b", step, site="Second", title="Sale is off", seen_at=hours(2))
    stored(database, "c", Placement(story_id=1, development_id=2), site="Third", seen_at=hours(3))
    stored(
        database, "d", Placement(story_id=1), site="Fourth", title="Sale is on", seen_at=hours(4)
    )
    assert what(database)[1:] == [
        (2, Kind.DEVELOPMENT, "cancelled"),
        (3, Kind.ARTICLE, "Third"),
        (4, Kind.DEVELOPMENT, "Sale is on"),
    ]


def test_a_contradiction_happens_with_its_second_side(database):
    """Not before somebody contradicts, and at the moment when the other figure was seen."""
    stored(database, "a", site="First", claims=(claim(70),), seen_at=hours(1))
    assert [kind for _, kind, _ in what(database)] == [Kind.NEW]
    stored(database, "b", SAME, site="Second", claims=(claim(51),), seen_at=hours(4))
    stored(database, "c", SAME, site="Third", claims=(claim(51),), seen_at=hours(6))
    (dispute,) = [one for one in what(database) if one[1] is Kind.CONTRADICTION]
    assert dispute[0] == 4
    assert "70 %" in dispute[2]
    assert "51 %" in dispute[2]


def test_a_corrected_figure_is_a_correction_and_other_words_an_edit(database):
    """An outlet that changes its own figure corrected itself; another comma is nothing."""
    text = "The mine was sold to a company of which few know, for {} % of it, this week."
    stored(database, "a", site="First", text=text.format(70), claims=(claim(70),), seen_at=hours(1))
    stored(
        database,
        "a",
        site="First",
        text=text.format(70) + " More is to come.",
        claims=(claim(70),),
        seen_at=hours(2),
    )
    stored(database, "a", site="First", text=text.format(65), claims=(claim(65),), seen_at=hours(3))
    stored(
        database,
        "a",
        site="First",
        text=text.format(65).replace(",", ";"),
        claims=(claim(65),),
        seen_at=hours(4),
    )
    found = what(database)
    assert [(at, kind) for at, kind, _ in found] == [
        (1, Kind.NEW),
        (2, Kind.EDIT),
        (3, Kind.CORRECTION),
    ]
    assert found[-1][2] == "First: stake 70 % → 65 %"
    assert card_of(database.story(1)).corrections == ("First: stake 70 % → 65 %",)


def test_each_correction_tells_what_it_corrected(database):
    """Two corrections one after another are two, each from the figure just before."""
    for hour, value in ((1, 70), (2, 65), (3, 60)):
        text = f"The mine was sold to a company of which few know, for {value} % of it."
        stored(database, "a", site="First", text=text, claims=(claim(value),), seen_at=hours(hour))
    assert what(database)[1:] == [
        (2, Kind.CORRECTION, "First: stake 70 % → 65 %"),
        (3, Kind.CORRECTION, "First: stake 65 % → 60 %"),
    ]


def test_a_notice_makes_an_edit_a_correction(database):
    """The words by which an outlet takes something back are told, before the figures."""
    text = "The mine was sold to a company of which few know, for {} % of it, this week."
    stored(database, "a", site="First", text=text.format(70), claims=(claim(70),), seen_at=hours(1))
    more = text.format(65) + "\nИсправлено: доля 65 %, а не 70 %."
    stored(database, "a", site="First", text=more, claims=(claim(65),), seen_at=hours(2))
    assert what(database)[1:] == [
        (
            2,
            Kind.CORRECTION,
            "First: “Исправлено: доля 65 %, а не 70 %.”, stake 70 % → 65 %",
        ),
    ]


def test_a_card_holds_the_value_and_reasons_of_its_most_relevant_telling(database):
    """They are the stored ones, not made anew."""
    stored(database, "a")
    card, article = card_of(database.story(1)), database.article(1)
    assert (card.relevance, card.reasons) == (
        article.enrichment.relevance,
        article.enrichment.reasons,
    )


def test_a_story_with_nothing_relevant_has_no_card(database):
    """And one irrelevant telling beside a relevant one gives no mineral of its own."""
    stored(database, "a", relevant=False, minerals=("gold",))
    assert card_of(database.story(1)) is None
    stored(database, "b", SAME, minerals=("tungsten",))
    assert card_of(database.story(1)).minerals == ("tungsten",)


def test_the_title_is_of_the_first_relevant_telling_that_is_no_copy(database):
    """A copy names the story only where there is nothing else."""
    stored(database, "a", title="Original", seen_at=hours(1))
    copied = Placement(
        story_id=1, development_id=1, copy=Copy(original_id=1, containment=1, why="")
    )
    stored(database, "b", copied, title="Copied", seen_at=hours(0))
    assert card_of(database.story(1)).title == "Original"


def test_a_card_is_bounded_whatever_the_story(database):
    """Outlets, figures and happenings are cut; their number is told; the last happenings stay."""
    for number in range(HAPPENINGS + 15):
        stored(
            database, f"k{number}", SAME if number else None, site=f"Outlet {number}",
            claims=(claim(number + 0.5, "t", "output"),), seen_at=hours(number),
        )  # fmt: skip
    card = card_of(database.story(1))
    assert len(card.outlets) == OUTLETS
    assert card.outlet_count == card.articles == HAPPENINGS + 15
    assert len(card.figures) <= FIGURES
    assert len(card.happenings) == HAPPENINGS
    assert isinstance(card.happenings[-1], Happening)
    assert card.happenings[-1].at == hours(HAPPENINGS + 14)


def test_a_story_that_cannot_be_understood_is_shown_with_less(database, caplog):
    """A damaged figure costs its story the figures, and no other story anything."""
    stored(database, "a", title="Damaged")
    stored(database, "b", title="Whole")
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE claims SET value = 'seventy' WHERE article_id = 1"))
    made = prepare(database).made
    assert {card.title: card.figures for card, _ in made.values()} == {
        "Damaged": (),
        "Whole": ("stake 70 %",),
    }
    assert "the card of s1 met a fault" in caplog.text
