"""Rules of states in the words of one article: what, whose, of which products, how far."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.enrich.instrument_marks import number_of
from monitor.enrich.instruments import read_rules
from monitor.model import Claim, Enrichment, Mention

#: Names in the samples, as the taxonomy finds them.
LANDS = {
    "KZ": ("Kazakhstan", "Казахстан", "Қазақстан", "哈萨克斯坦", "Kasachstan", "Kazajistán"),
    "CN": ("China", "Китай", "中国"),
    "US": ("United States", "США", "USA", "U.S.", "美国"),
    "CD": ("Congo", "Конго", "RDC"),
    "ID": ("Indonesia", "印尼"),
}
MINERALS = {
    "cobalt": ("cobalt", "кобальт", "钴"),
    "nickel": ("nickel", "镍"),
    "gallium": ("gallium",),
}


def mentions(text):
    """Countries and minerals of a text."""
    found = [
        Mention(kind=kind, concept=concept, start=at, end=at + len(name), surface=name)
        for kind, names in (("country", LANDS), ("mineral", MINERALS))
        for concept, written in names.items()
        for name in written
        if (at := text.find(name)) >= 0
    ]
    return tuple(sorted(found, key=lambda one: one.start))


def read(title, text="", *, claims=(), countries=None):
    """The rules of an article."""
    found = mentions(f"{title}\n{text}")
    lands = tuple(m.concept for m in found if m.kind == "country")
    said = Enrichment(language="en", mentions=found, countries=countries or lands, claims=claims)
    return read_rules(title, text, said)


def only(title, text="", **more):
    """The only rule of an article."""
    (rule,) = read(title, text, **more)
    return rule


def day(text, kind, iso, words):
    """A date of a rule, as the grammar of figures gives it; its quote is the text."""
    at = text.index(words)
    return Claim(
        kind=kind, value=float(iso.replace("-", "")), unit="date", as_of=iso, quote=text, start=0,
        end=len(text), figure_start=at, figure_end=at + len(words),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("title", "what", "direction", "country"),
    [
        ("Kazakhstan bans scrap metal exports", "ban", "export", "KZ"),
        ("Казахстан запретил вывоз лома", "ban", "export", "KZ"),
        ("哈萨克斯坦决定禁止废铜出口", "ban", "export", "KZ"),
        ("Қазақстан металл сынықтарын шетке шығаруға тыйым салды", "ban", "export", "KZ"),
        ("Kasachstan verhängt Ausfuhrverbot für Schrott", "ban", "export", "KZ"),
        ("Kazajistán prohíbe exportar chatarra y lo decide hoy: aprobado", "ban", "export", "KZ"),
        ("La RDC a adopté une interdiction d'exporter le cobalt", "ban", "export", "CD"),
        ("China imposes licensing on gallium exports", "licence", "export", "CN"),
        ("中国决定对镓实施出口管制", "licence", "export", "CN"),
        ("Китай ввёл лицензирование экспорта галлия", "licence", "export", "CN"),
        ("Congo introduces cobalt export quotas", "quota", "export", "CD"),
        ("United States imposed a tariff on copper cathode", "duty", "", "US"),
        ("Indonesia approved a new royalty, the ministry said", "royalty", "", "ID"),
        ("United States government published its critical minerals list", "list", "", "US"),
    ],
)
def test_what_it_is_and_whose(title, what, direction, country):
    """The kind, the way and the state of a rule, in seven languages."""
    rule = only(title)
    assert (rule.what, rule.direction, rule.values("countries")) == (what, direction, (country,))


def test_whom_a_rule_is_aimed_at_is_not_whose_it_is():
    """A ban on exports to a country is not that country's."""
    assert only("Exports of gallium to the United States banned by China").values("countries") == (
        "CN",
    )
    rule = only("Китай запретил поставки галлия в США")
    assert rule.values("countries") == ("CN",)


def test_the_article_says_whose_it_is_where_the_sentence_does_not():
    """The first country that acts, not the one that is named most."""
    rule = only(
        "Gallium: China lockert sein Verbot",
        "Das Ausfuhrverbot in die USA ist ausgesetzt. Die USA sind erleichtert.",
        countries=("US", "CN"),
    )
    assert rule.values("countries") == ("CN",)


def test_trade_that_stops_is_a_ban_and_a_rule_that_stops_is_none():
    """To suspend exports is a ban; to suspend export controls suspends a rule."""
    ban = only("Congo suspends cobalt exports for four months")
    assert (ban.what, ban.values("stage"), ban.values("duration")) == (
        "ban",
        ("decided",),
        ("P4M",),
    )
    pause = only("China suspends gallium export controls")
    assert (pause.what, pause.values("stage")) == ("licence", ("suspended",))


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("Kazakhstan plans to ban scrap exports", "draft"),
        ("Казахстан намерен запретить вывоз лома", "draft"),
        ("哈萨克斯坦拟禁止废铜出口", "draft"),
        ("Kazakhstan signed an export ban on scrap", "signed"),
        ("Запрет на вывоз лома из Казахстана вступил в силу", "in_force"),
        ("Kazakhstan lifts its export ban on scrap", "repealed"),
        ("Export ban on scrap of Kazakhstan expired", "expired"),
    ],
)
def test_how_far_it_has_come(title, stage):
    """A plan is no decision, and a rule that was lifted is none in force."""
    assert only(title).values("stage") == (stage,)


def test_a_renewal_is_told_from_a_first_term():
    """The word for it marks a renewal, with its duration."""
    rule = only("Казахстан продлил запрет на вывоз лома ещё на полгода")
    assert (rule.values("renewal"), rule.values("duration")) == (("extended",), ("P6M",))


def test_scrap_is_not_ore():
    """Products are read apart; two sentences about two products are two rules."""
    title = "Kazakhstan bans exports of scrap"
    text = "Kazakhstan signed the export ban on scrap. Kazakhstan plans an export ban on ore."
    scrap, ore = read(title, text)
    assert (scrap.values("scope"), scrap.values("stage")) == (("scrap",), ("signed",))
    assert (ore.values("scope"), ore.values("stage")) == (("ore",), ("draft",))


def test_what_is_left_out_is_not_covered():
    """An exemption names what the rule does not cover."""
    rule = only("United States imposed a tariff on semi-finished copper, excluding ore and scrap")
    assert rule.values("scope") == ("semi",)
    assert set(rule.values("excluded")) == {"ore", "scrap"}


def test_dates_come_from_the_figures():
    """A first and a last day, with their sentence; of a rule that is lifted the day is its end."""
    text = "Kazakhstan signed an export ban on scrap from 1 May 2026 until 1 June 2026"
    rule = only(
        text,
        claims=(
            day(text, "effective", "2026-05-01", "1 May 2026"),
            day(text, "expiry", "2026-06-01", "1 June 2026"),
        ),
    )
    assert (rule.values("from"), rule.values("until")) == (("2026-05-01",), ("2026-06-01",))
    assert rule.fields["from"][0].quote == text
    text = "Congo will lift its cobalt export ban on October 16"
    lifted = only(text, claims=(day(text, "effective", "2025-10-16", "October 16"),))
    assert (lifted.values("from"), lifted.values("until")) == ((), ("2025-10-16",))


def test_what_follows_speaks_of_the_rule_named_before():
    """What "the document" is, and how long it lasts, belongs to the ban of the sentence before."""
    rule = only(
        "Казахстан запретил вывоз лома",
        "Подписан приказ № 449. Документ действует шесть месяцев. Запасов хватит на два месяца.",
    )
    assert rule.values("documents") == ("приказ № 449",)
    assert rule.values("duration") == ("P6M",)


@pytest.mark.parametrize(
    ("words", "document"),
    [
        ("by Order No. 449 of the ministry", "Order No. 449"),
        ("приказом № 449 министра", "приказом № 449"),
        ("商务部发布公告2025年第70号", "公告2025年第70号"),
        ("№ 449 бұйрығымен", "№ 449 бұйрығымен"),
        ("under Executive Order 14272", "Executive Order 14272"),
        ("by Regulation (EU) 2024/1252", "Regulation (EU) 2024/1252"),
    ],
)
def test_documents_as_they_are_written(words, document):
    """A document's number with the noun before or behind it."""
    rule = only(f"Kazakhstan signed an export ban on scrap {words}")
    assert rule.values("documents") == (document,)


def test_a_document_is_one_in_every_language():
    """Its number tells it, not its noun."""
    assert {number_of(d) for d in ("Order No. 449", "приказ № 449", "№ 449 бұйрығымен")} == {"449"}


def test_codes_of_customs():
    """Codes stand as they are written."""
    rule = only("Казахстан запретил вывоз лома, коды ТН ВЭД 7404, 7602 00")
    assert rule.values("codes") == ("7404", "7602 00")


@pytest.mark.parametrize(
    "title",
    [
        "Kazakhstan gold miner wins mining licence",
        "Zinc smelter in Kazakhstan closes over power tariffs",
        "Royalty company buys NSR royalty on nickel mine in Indonesia",
        "Indonesia beats Kazakhstan after a ban for its captain",
        "Nickel prices rise in Indonesia",
        "EXIM of the United States weighs export credit for nickel",
    ],
)
def test_what_only_looks_like_a_rule(title):
    """A mining licence, a power tariff and a royalty company are no rules of states."""
    assert read(title) == ()


def test_a_rule_in_passing_needs_a_date():
    """Far below a rule without a date is background."""
    padding = "Prices of the metal went up and down all week on thin trading in London. " * 20
    told = "Indonesia signed a nickel ore export ban."
    assert read("Nickel prices rise", f"{padding}{told}") == ()
    (rule,) = read("Nickel prices rise", f"{padding}{told[:-1]} for two years.")
    assert rule.values("duration") == ("P2Y",)


def test_quotes_are_verbatim():
    """Every quote stands in the text at its offsets, cut around its words where it is long."""
    title = "Kazakhstan bans scrap exports"
    text = f"{'very ' * 200}long, Kazakhstan signed order No. 5, an export ban on scrap, {'so ' * 300}."
    whole = f"{title}\n{text}"
    rule = only(title, text)
    found = [one for group in rule.fields.values() for one in group]
    assert found
    assert all(whole[one.start : one.end] == one.quote and len(one.quote) <= 320 for one in found)


@settings(max_examples=120, deadline=None)
@given(
    st.text(
        alphabet="Kazakhstan bns export ban запрет вывоз лом 禁止出口第号 №No. 0123456789«»“(EU)/-\n\x00",
        max_size=400,
    )
)
def test_any_text_is_read(text):
    """No text is an error."""
    read("Kazakhstan bans exports of scrap", text)


@pytest.mark.parametrize(
    "text",
    [
        "export ban " * 90_000,
        "No. " * 50_000 + "№" * 50_000,
        "«" * 100_000 + "order «" * 20_000,
        "HS 7404, " + "7404, " * 30_000,
        "ban exports of Kazakhstan " * 8_000,
        "1 " * 100_000 + "months",
    ],
)
def test_endless_texts_take_bounded_time(text):
    """A megabyte of what the patterns look for is read in a moment."""
    began = time.perf_counter()
    read("Kazakhstan bans exports of scrap", text)
    assert time.perf_counter() - began < 2
