"""The language of users' rules: what is read, what is refused, what holds, what follows."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.enrich import rules
from monitor.enrich.rules.parsing import DEEPEST, LONGEST, MOST_TERMS
from monitor.errors import BadInput
from monitor.model import Claim, Enrichment
from monitor.model.rules import Facts, NewRule, Rule, RuleAction

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def claim(kind, value, unit="%"):
    """A figure."""
    return Claim(kind=kind, value=value, unit=unit, quote="q", start=0, end=1)


def facts(**more):
    """An article about a sample sale of tungsten."""
    said = {
        "language": "ru",
        "minerals": ("tungsten",),
        "countries": ("KZ",),
        "companies": ("Cove Capital",),
        "events": ("stake",),
        "claims": (claim("stake", 70.0), claim("capex", 1.1e9, "USD")),
        "relevance": 0.45,
        "reasons": ("+0.45 mineral in the title: tungsten",),
    }
    said |= {key: more.pop(key) for key in list(more) if key in said}
    values = {
        "title": "Joint venture buys вольфрамовый рудник",
        "text": "Sample Cove pays for it. 样例公司生产钨精矿。",
        "site": "Sample Post",
        "url": "https://news.post.example/a?b=1",
        "authors": ("Ann Writer",),
        "flags": ("truncated",),
        "published_at": NOW,
        "source_id": 12,
        "source": "Sample feed",
    }
    return Facts(said=Enrichment(**said), **values | more)


def rule(expression="title:joint", action=RuleAction.RAISE, value="0.20", *, number=3, **more):
    """One version of a rule."""
    return Rule(
        id=number, version=2, name="Kazakh tungsten", expression=expression, action=action,
        value=value, created_at=NOW, created_by="ann", **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "is_so"),
    [
        ("mineral:tungsten", True),
        ("mineral:钨 AND country:Kazakhstan", True),
        ("mineral:gold", False),
        ('company:"cove capital"', True),
        ("company:capital", False),
        ("company~^cove", True),
        ('source:12 AND source:"sample FEED"', True),
        ("NOT source:12", False),
        ("site:post.example", True),
        ("site:example", False),
        ("site:ost.example", False),
        ('text:"sample cove"', True),
        ('text:"cove sample"', False),
        ("text:cov", False),
        ("text:cov*", True),
        ("text:钨", True),
        ("text:вольфрамовый", True),
        ('title~"joint\\s+venture"', True),
        ("title~^venture", False),
        ("language:RU", True),
        ("event:stake", True),
        ("author:writer", True),
        ("flag:truncated", True),
        ("relevance>=0.45 and relevance<0.46", True),
        ("relevance>0.45", False),
        ("published>=2026-03-02 AND published<2026-03-03", True),
        ("mineral:gold OR country:KZ AND language:ru", True),
        ("(mineral:gold OR country:KZ) AND language:en", False),
        ("not (mineral:gold or country:US)", True),
    ],
)  # fmt: skip
def test_what_holds(expression, is_so):
    """Each field by its kind: words in order, names as a whole, numbers, days, expressions."""
    assert rules.holds(rules.expression_of(expression), facts()) is is_so


@pytest.mark.parametrize(
    ("expression", "is_so"),
    [
        ("claim.kind:stake AND claim.value>50", True),
        ("claim.kind:stake AND claim.value>100", False),
        ("claim.kind:stake AND language:ru AND claim.value>100", False),
        ("claim.value>100", True),
        ("claim.kind:stake AND NOT claim.unit:%", False),
        ("claim.kind:capex AND NOT claim.unit:%", True),
        ("(claim.kind:stake OR claim.kind:capex) AND claim.value>100", True),
        ("NOT claim.kind:loan", True),
        ("NOT claim.kind:stake", False),
        ("language:ru AND NOT claim.kind:stake", False),
    ],
)
def test_terms_about_figures_are_about_one_figure(expression, is_so):
    """A stake of more than 50 is not a stake and any figure of more than 50."""
    assert rules.holds(rules.parse(expression), facts()) is is_so


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "a field is missing"),
        ("mineral:tungsten AND", 21, "a field is missing"),
        ("mineral:tungsten country:KZ", 18, "write AND or OR"),
        ("minerl:tungsten", 1, "Did you mean mineral"),
        ("mineral>tungsten", 8, "mineral wants one of"),
        ("mineral:", 9, "wants a value"),
        ('title:"joint', 7, "never closed"),
        ("(mineral:tungsten", 1, "never closed"),
        ("mineral:tungsten)", 17, "no bracket is open"),
        ("relevance>high", 11, "a number is wanted"),
        ("relevance>1e999", 11, "a number is wanted"),
        ("published>2026-02-30", 11, "a day is wanted"),
        ('title~"(a"', 7, "missing .: "),
        ('title~"(?=a)"', 7, "invalid perl operator"),
        ('title:"…"', 7, "no word"),
        ("NOT", 4, "a field is missing"),
        ("title:x AND OR title:y", 13, "a field is missing"),
    ],
)
def test_an_error_points_at_its_column(text, column, words):
    """What is wrong, where, and what to write."""
    with pytest.raises(rules.BadRule, match=words) as caught:
        rules.parse(text)
    assert caught.value.column == column
    assert f"column {column}" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "(" * (DEEPEST + 5) + "title:x" + ")" * (DEEPEST + 5),
        "NOT " * (DEEPEST + 5) + "title:x",
        " OR ".join(["title:x"] * (MOST_TERMS + 1)),
        "title:" + "x" * LONGEST,
        "(" * LONGEST,
        "title~" + "x" * 400,
        'title~"(((((a{100}){100}){100}){100}){100})"',
    ],
)
def test_size_and_depth_are_bounded(text):
    """In little time, with an error of the user's kind."""
    began = time.process_time()
    with pytest.raises(BadInput):
        rules.parse(text)
    assert time.process_time() - began < 1


TERMS = st.one_of(
    st.builds(
        rules.Term,
        st.sampled_from(["title", "text", "author", "claim.quote"]),
        st.just(":"),
        st.text(min_size=1, max_size=12).map(lambda text: f"a{text}"),
    ),
    st.builds(
        rules.Term,
        st.sampled_from(["site", "place", "claim.unit"]),
        st.just(":"),
        st.text(min_size=1, max_size=12).filter(str.strip),
    ),
    st.builds(
        rules.Term,
        st.sampled_from(["relevance", "claim.value"]),
        st.sampled_from([":", "=", "<", "<=", ">", ">="]),
        st.floats(-1e9, 1e9).map(lambda number: f"{number:.3f}"),
    ),
    st.builds(rules.Term, st.just("published"), st.just(">="), st.dates().map(str)),
    st.builds(
        rules.Term, st.just("title"), st.just("~"), st.sampled_from([r"a\s+b", "x|y", "ü.*"])
    ),
)


def joined(kind):
    """Parts joined by `kind`, which do not begin with that kind: those are one."""
    return lambda parts: kind(
        tuple(p for part in parts for p in (part.parts if isinstance(part, kind) else (part,)))
    )


TREES = st.recursive(
    TERMS,
    lambda below: st.one_of(
        st.lists(below, min_size=2, max_size=3).map(joined(rules.And)),
        st.lists(below, min_size=2, max_size=3).map(joined(rules.Or)),
        below.map(rules.Not),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(TREES)
def test_printing_and_parsing_again_is_identity(tree):
    """A stored rule is the rule that was meant."""
    assert rules.parse(rules.printed(tree)) == tree


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(
            st.sampled_from(
                ["AND", "or", "NOT", "(", ")", "title", ":", "~", '"', "\\", "claim.value", ">=",
                 "50", " ", "mineral:tungsten", "\ud800", "\x00", "钨", "published<2026-01-01"]
            ),
            max_size=40,
        ).map("".join),
    )
)  # fmt: skip
@example('title~"\ud800"')
@example('title:"\\')
def test_any_text_is_an_expression_or_bad_input(text):
    """Nothing else is ever raised; what is read can be judged, and reads the same again."""
    try:
        tree = rules.parse(text)
    except BadInput:
        return
    assert rules.parse(rules.printed(tree)) == tree
    rules.holds(tree, facts(text="\ud800 half a character"))


def test_regular_expressions_take_linear_time():
    """What other engines never finish is done at once."""
    tree = rules.parse('text~"(a+)+(b+)+(a|aa)+$"')
    long = facts(text="a" * 100_000 + "!")
    began = time.process_time()
    assert not rules.holds(tree, long)
    assert time.process_time() - began < 2


def test_points_are_the_reason_and_decide():
    """The score is the sum of the reasons, and changes with the points."""
    plain = facts()
    for points, score, relevant in (("0.20", 0.65, True), ("0.04", 0.49, False)):
        judged = rules.apply([rule(value=points)], plain, threshold=0.5)
        assert judged.said.relevance == score
        assert judged.said.relevant is relevant
        assert f"+{points} rule r3 'Kazakh tungsten'" in judged.said.reasons
        assert bool(judged.said.claims) is relevant
        assert sum(float(r.split()[0]) for r in judged.said.reasons) == pytest.approx(score)
        assert rules.score_of_words(judged.said) == plain.said.relevance


def test_a_score_stays_within_its_bounds():
    """What would leave them is a reason too."""
    for action, score in ((RuleAction.RAISE, 1.0), (RuleAction.LOWER, 0.0)):
        judged = rules.apply([rule(action=action, value="0.90")], facts(), threshold=0.5).said
        assert judged.relevance == score
        assert sum(float(r.split()[0]) for r in judged.reasons) == pytest.approx(score)
        assert judged.reasons[-1].endswith("kept within 0 and 1")


def test_a_muted_article_is_not_relevant_whatever_its_score():
    """The reason names the rule; its story gets no tag."""
    acting = [
        rule(action=RuleAction.MUTE, value=""),
        rule(action=RuleAction.TAG, value="x", number=4),
    ]
    judged = rules.apply(acting, facts(relevance=0.9), threshold=0.5)
    assert (judged.said.relevant, judged.said.relevance) == (False, 0.9)
    assert "muted by rule r3 'Kazakh tungsten'" in judged.said.reasons
    assert [(hit.rule_id, hit.tag) for hit in judged.hits] == [(3, ""), (4, "")]


def test_every_rule_sees_the_score_of_the_words():
    """So their order changes nothing."""
    acting = [rule(value="0.30"), rule("relevance<0.5", RuleAction.LOWER, "0.10", number=4)]
    one, other = (rules.apply(some, facts(), threshold=0.5).said for some in (acting, acting[::-1]))
    assert one.relevance == other.relevance == 0.65


def test_what_is_off_or_cannot_be_read_does_nothing():
    """A rule of another version never stops an article."""
    acting = [rule(is_active=False), rule("field.of.tomorrow:x")]
    assert rules.apply(acting, facts(), threshold=0.5).hits == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "  "}, "the name"),
        ({"name": "x" * 101}, "the name"),
        ({"value": "2"}, "points"),
        ({"value": "nan"}, "points"),
        ({"value": "-0.1"}, "points"),
        ({"action": RuleAction.TAG, "value": " "}, "the tag"),
        ({"expression": "mineral:unobtainium"}, "no such mineral"),
        ({"expression": "country:Atlantis"}, "no such country"),
    ],
)
def test_a_rule_is_checked_before_it_is_kept(changes, words):
    """With what is wrong, in words."""
    fine = NewRule(name="x", expression="title:x", action=RuleAction.RAISE, value="0.2")
    assert rules.checked(fine).value == "0.20"
    with pytest.raises(BadInput, match=words):
        rules.checked(replace(fine, **changes))
