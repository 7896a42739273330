"""Facts about menus, tapes of prices, pleas and related links: they are no text of an article."""

import pytest
from lxml import html

from monitor.extract.blocks import blocks_of
from monitor.extract.layout import loosen
from tests.unit.extract.pages import CHINESE, ENGLISH, RUSSIAN, extract

TAPE = "".join(
    f"<span><b>{name}</b> {price} <i>{move}%</i></span>"
    for name, price, move in (
        ("Copper", "9,876", "+0.5"),
        ("Lead", "1,987", "-0.1"),
        ("Lithium hydroxide", "9,450", "+1.8"),
        ("Molybdenum", "50.12", "-0.7"),
        ("Tin", "31,415", "+0.2"),
        ("Zinc", "2,718", "0.0"),
    )
)
PLEA = "Independent reporting is paid for by readers. Please become a member today."
NOTICE = "The editors accept no liability for the content of linked pages."


def soup(paragraphs, *, menu, title, others, lang="en"):
    """A page of nothing but `div`, with a plea among the paragraphs."""
    items = "".join(f'<div><a href="/{n}">{name}</a></div>' for n, name in enumerate(menu))
    body = [f'<div class="q">{one}</div>' for one in paragraphs]
    body.insert(1, f'<div class="q"><a href="/join">{PLEA}</a></div>')
    rest = "".join(f'<div><a href="/r/{n}">{name}</a></div>' for n, name in enumerate(others))
    return f"""<html lang="{lang}"><head><title>{title}</title></head><body>
    <div><div>Sample Outlet</div><div>{items}</div></div><div>{TAPE}</div>
    <div><div><div>{title}</div><div><span>Staff</span> <span>2026-11-22 08:00</span></div>
    <div>{"".join(body)}</div></div><div><div>More</div>{rest}<div>{PLEA}</div></div></div>
    <div>{NOTICE}</div></body></html>"""


def columns(paragraphs, *, title, others, outlet="The Ore Letter"):
    """A page of nested tables, its text parted by `br`."""
    rest = "".join(f'<tr><td>&bull; <a href="/{n}">{one}</a></td></tr>' for n, one in others)
    return f"""<html><head><title>{outlet}: {title}</title></head><body><table>
    <tr><td colspan=3><font size=5>{outlet}</font></td></tr>
    <tr><td><table><tr><td><a href="/m">Markets</a></td></tr><tr><td><a href="/a">About</a></td>
    </tr></table></td><td><table><tr><td><b>{title}</b></td></tr>
    <tr><td><i>November 22, 2026</i></td></tr>
    <tr><td>{"<br><br>".join(paragraphs)}</td></tr></table></td>
    <td><b>More</b><table>{rest}</table></td></tr>
    <tr><td colspan=3><font size=1>{PLEA}<br>{NOTICE}</font></td></tr></table></body></html>"""


def flat_page(paragraphs, *, title, outlet):
    """An old page: all stands in the body itself."""
    body = "".join(f"<p align=justify>{one}" for one in paragraphs)
    return f"""<html><head><title>{title} - {outlet}</title></head><body>
    <center><font size=6>{outlet}</font><br><a href="/1">Главная</a> | <a href="/2">Спорт</a>
    </center><hr><h2>{title}</h2>{TAPE}<br><font size=2>22.11.2026 08:00</font>{body}
    <hr><b>Другие новости</b><br><a href="/3">Цена свинца снова упала</a><br>
    <a href="/4">Цинк дорожает третью неделю</a><center><font size=1>{NOTICE}</font></center>
    </body></html>"""


def article(inside):
    """A page whose article holds `inside`, with a tape and a notice around it."""
    return f"""<html><head><title>Friday in numbers</title></head><body><div>{TAPE}</div>
    <div class="c"><h1>Friday in numbers</h1>{inside}</div><div>{NOTICE}</div></body></html>"""


def test_short_chinese_soup_is_its_paragraphs():
    """A page whose tape has more letters than its text is read as Chinese all the same."""
    markup = soup(
        CHINESE[:2],
        menu=("首页", "市场", "评论"),
        title="样本金属公司开始发运钨精矿",
        others=("锡价连续三周上涨", "某铜矿因罢工停产", "镍库存降至五年低点"),
        lang="zh",
    )
    assert extract(markup).text.split("\n") == list(CHINESE[:2])


def test_short_english_soup_is_its_paragraphs():
    """What a wider reading would add to a short text is furniture here, and stays out."""
    markup = soup(
        ENGLISH[:2],
        menu=("Home", "Markets", "Opinion"),
        title="Sample Ridge lifts its forecast",
        others=("Tin climbs for a third week", "Strike halts a copper mine"),
    )
    assert extract(markup).text.split("\n") == list(ENGLISH[:2])


def test_table_of_layout_is_no_table():
    """Nested tables only place the text; menu, related links and fine print stay out."""
    found = extract(
        columns(
            ENGLISH,
            title="Sample Ridge lifts forecast",
            others=((1, "Tin climbs for a third week"), (2, "Strike halts a copper mine")),
        )
    )
    assert found.text.split("\n") == list(ENGLISH)


def test_table_of_data_stays_a_table():
    """A table with columns in an article is the author's."""
    rows = "".join(f"<tr><td>{n}</td><td>{p}</td></tr>" for n, p in (("APT", 640), ("Tin", 36)))
    found = extract(article(f"<p>{'</p><p>'.join(ENGLISH)}</p><table>{rows}</table>"))
    assert "| APT | 640 |" in found.text


def test_edges_of_a_page_without_elements_are_trimmed():
    """Where the body holds all, lines before and behind the text go: names, dates, links."""
    told = (RUSSIAN[0], RUSSIAN[3])
    found = extract(flat_page(told, title="Образец поднял прогноз", outlet="Рудный край"))
    assert found.text.split("\n") == [*told, "Другие новости"]


def test_fine_print_is_no_text():
    """A notice in small letters under a short text is not missed prose."""
    body = "".join(f"<p>{one}" for one in ENGLISH[:2])
    found = extract(
        f"<title>Forecast raised</title><h1>Forecast raised</h1>{body}<hr><small>{PLEA}"
    )
    assert found.text.split("\n") == list(ENGLISH[:2])


@pytest.mark.parametrize(
    ("inside", "lines"),
    [
        (
            f"<p>{ENGLISH[1]}</p><ul><li>Copper: $9,876 a tonne</li><li>Tin: $31,415 a tonne</li>"
            "<li>Zinc: $2,718 a tonne</li></ul>",
            ["Copper: $9,876 a tonne", "Tin: $31,415 a tonne", "Zinc: $2,718 a tonne"],
        ),
        (
            f"<p>{ENGLISH[1]}</p><p>Q: Who pays?</p><p>A: Two banks.</p><p>Q: When?</p><p>A: Now.</p>"
            f"<p>{ENGLISH[0]}</p>",
            ["Q: Who pays?", "A: Two banks.", "Q: When?", "A: Now."],
        ),
    ],
    ids=["prices", "questions"],
)
def test_short_lines_of_the_author_stay(inside, lines):
    """Prices, questions and points within the article are text, however short."""
    found = extract(article(inside)).text.splitlines()
    assert [line for line in lines if line not in {one.removeprefix("- ") for one in found}] == []
    assert not [line for line in found if "Molybdenum" in line or line == NOTICE]


LOTS = "".join(f"<p>Lot {n}: {n * 7} tonnes of scrap zinc</p>" for n in range(1, 12))


@pytest.mark.parametrize(
    "markup",
    [
        f"<article><h1>Lots</h1>{LOTS}</article>"
        f"<div><p>{NOTICE}</p><p>{PLEA}</p><p>{NOTICE[:-1]}, of course.</p></div>",
        f"<div><div>Lots</div>{LOTS}</div><div><p>{NOTICE}</p><p>{PLEA}</p></div>",
    ],
    ids=["named by markup", "little prose elsewhere"],
)
def test_list_without_prose_is_not_lost_to_a_notice(markup):
    """Sentences elsewhere do not outvote what the markup names, nor do few of them a list."""
    found = extract(f"<html><head><title>Lots</title></head><body>{markup}</body></html>")
    assert "Lot 3: 21 tonnes of scrap zinc" in found.text.split("\n")


def test_points_of_sentences_are_a_part_of_their_article():
    """Most prose in one list does not make the list the article."""
    points = "".join(f"<li>{one}</li>" for one in ENGLISH)
    short = "The reasons in the words of the operator"
    found = extract(article(f"<p>{short}</p><ul>{points}</ul>"))
    assert short in found.text.split("\n")


def test_wider_reading_finds_a_list_that_the_first_missed():
    """A short article's list is missed by the first reading; the wider one brings no tape."""
    points = (
        "Forecast up to 2,400 tonnes",
        "Second line runs early",
        "Eastern pit disappoints once more",
        "Loans cover all of the cost",
    )
    items = "".join(f"<li>{one}</li>" for one in points)
    rest = "".join(f"<p>{one}</p>" for one in ENGLISH[1:3])
    found = extract(article(f"<p>{ENGLISH[0]}</p><ul>{items}</ul>{rest}"))
    assert found.text.split("\n")[1:5] == [f"- {one}" for one in points]
    assert "Molybdenum" not in found.text
    assert NOTICE not in found.text


def test_parted_article_is_read_whole():
    """Long paragraphs in another element than most of the prose are the article's, too."""
    lead = f"<div class='lead'><p>{ENGLISH[1]}</p></div>"
    rest = "".join(f"<p>{one} It is reason {n}.</p>" for n in range(4) for one in ENGLISH)
    found = extract(f"<title>Forecast</title><body><div>{lead}<div class='b'>{rest}</div></div>")
    assert found.text.split("\n")[0] == ENGLISH[1]


@pytest.mark.parametrize(
    ("title", "blocks", "shown"),
    [
        (
            "The Ore Letter: Sample Ridge lifts forecast",
            ("The Ore Letter", "Sample Ridge lifts forecast"),
            "Sample Ridge lifts forecast",
        ),
        (
            "Образец поднял прогноз - Рудный край",
            ("Рудный край", "Образец поднял прогноз"),
            "Образец поднял прогноз",
        ),
        (
            "Tungsten: prices climb again",
            ("Sample Outlet", "Tungsten: prices climb again"),
            "Tungsten: prices climb again",
        ),
        ("Tungsten: prices climb again", ("Tungsten",), "Tungsten: prices climb again"),
        ("Sample Outlet: Mine opens", (), "Mine opens"),
    ],
    ids=["before", "behind", "own colon", "only a piece shown", "host"],
)
def test_title_loses_the_outlet_that_the_page_shows_apart(title, blocks, shown):
    """The headline is what stands in a block of its own, when the outlet's name does too."""
    head = "".join(f"<div>{one}</div>" for one in blocks)
    markup = f"<html><head><title>{title}</title></head><body>{head}<p>{' '.join(ENGLISH)}"
    assert extract(markup).title == shown


def test_single_column_within_an_article_stays_a_table():
    """A box of one column, which stands in no other table, places nothing: it is left alone."""
    page = html.fromstring("<div><table><tr><td>Note</td></tr></table></div>")
    loosen(page)
    assert page.find(".//td") is not None


@pytest.mark.parametrize(
    ("text", "is_prose"),
    [
        (ENGLISH[0], True),
        ("该公司周四宣布新建钨矿已开始发运。", True),
        ("Copper 9,876 +0.5% Lead 1,987 -0.1% Tin 31,415 +0.2% Zinc 2,718 0.0%", False),
        ("Sample Ridge lifts its forecast for the whole of the year", False),
        ("Not yet, he said.", False),
        (f"{ENGLISH[0]} {ENGLISH[2]} Read on", True),
        ("市场行情要闻评论数据公司访谈专题图片", False),
    ],
    ids=["sentence", "dense", "tape", "heading", "short", "long with a tail", "menu"],
)
def test_prose_ends_as_sentences_do(text, is_prose):
    """Length counts by script; only a long block may end without a full stop."""
    found = next(blocks_of(html.fromstring(f"<div>{text}</div>")))
    assert found.is_prose is is_prose
