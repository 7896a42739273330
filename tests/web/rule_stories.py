"""
Stories of rules with hand-made dates, as the grammar of figures gives them: a ban and its renewal
told in three languages, a suspension, a plan, a dispute. Real facts; outlets are samples.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from monitor.deliver.cards import refresh
from monitor.model import Claim, Mention, Placement
from monitor.store import Database
from tests.web.world import HOSTILE, tell

#: The day of all tests: between the first term's end and what follows.
TODAY = date(2026, 3, 2)

SCRAP_RU = (
    "Запрет на вывоз лома и отходов металлов вводится с 30 октября",
    "Министр промышленности Казахстана подписал приказ № 449 о запрете на вывоз лома и отходов "
    "чёрных и цветных металлов. Документ вступает в силу 30 октября и действует шесть месяцев.",
)
SCRAP_KK = (
    "Қазақстаннан түсті металл сынықтарын шетке шығаруға тыйым салынды",
    "Министрдің № 449 бұйрығымен Қазақстаннан металдардың сынықтары мен қалдықтарын әкетуге алты "
    "айға тыйым салынды. Құжат 30 қазанда күшіне енеді.",
)
SCRAP_EN = (
    "Kazakhstan bans scrap metal exports for six months",
    "Kazakhstan signed Order No. 449, an export ban on ferrous and non-ferrous scrap. "
    "It takes effect on October 30 and lasts six months.",
)
RENEWED_RU = (
    "Казахстан продлил запрет на вывоз лома ещё на полгода",
    "Запрет на вывоз лома чёрных и цветных металлов из Казахстана продлён, приказ № 120 подписан. "
    "Он начнёт действовать 30 апреля 2026 года и продлится шесть месяцев.",
)
PLAN_ZH = (
    "哈萨克斯坦拟禁止未加工铜铝铅出口至年底",
    "哈萨克斯坦跨部门委员会通过建议，拟在2026年12月31日前禁止未加工有色金属出口。相关命令草案尚未签署。",
)
PAUSE_EN = (
    "China suspends rare earth export controls until November 2026",
    "China has suspended its expanded rare earth export controls until November 10, 2026, "
    "by Announcement No. 70 of the commerce ministry.",
)
ORE_EN = (
    "Kazakhstan slaps ban on non-ferrous ore exports",
    "Kazakhstan has banned exports of non-ferrous ores, local media report.",
)


def dated(text: str, kind: str, day: str, words: str) -> Claim:
    """A date of a rule: the sentence around `words` is its quote."""
    at = text.index(words)
    start = max((text.rfind(mark, 0, at) + 1 for mark in ".\n。"), default=0)
    end = min((e + 1 for mark in ".。" if (e := text.find(mark, at)) >= 0), default=len(text))
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return Claim(
        kind=kind, value=float(day.replace("-", "").ljust(8, "0")), unit="date", as_of=day,
        quote=text[start:end], start=start, end=end,
        figure_start=at, figure_end=at + len(words),
    )  # fmt: skip


def rule_article(
    database: Database,
    key: str,
    words: tuple[str, str],
    placement: Placement | None = None,
    *,
    at: datetime,
    dates: tuple[tuple[str, str, str], ...] = (),
    countries: tuple[str, ...] = ("KZ",),
    **more,
):
    """Store one article about a rule; `dates` are (kind, day, words)."""
    title, text = words
    whole = f"{title}\n{text}"
    return tell(
        database, key, placement, title=title, text=text, seen_at=at, published_at=at,
        claims=tuple(dated(whole, *one) for one in dates), countries=countries,
        mentions=_mentions(whole, countries), companies=(), events=("export_control",), **more,
    )  # fmt: skip


#: Names as the taxonomy finds them: what the samples speak of, and nothing more.
_NAMES = {
    "country": {"KZ": ("Kazakhstan", "Казахстан", "Қазақстан", "哈萨克斯坦"), "CN": ("China",)},
    "mineral": {"copper": ("铜",), "rare_earths": ("rare earth",), "tungsten": ("tungsten",)},
}


def _mentions(text: str, countries: tuple[str, ...]) -> tuple[Mention, ...]:
    found = [
        Mention(kind=kind, concept=concept, start=at, end=at + len(name), surface=name)
        for kind, names in _NAMES.items()
        for concept, written in names.items()
        for name in written
        if (at := text.find(name)) >= 0
    ]
    return tuple(sorted(found, key=lambda mention: mention.start))


def autumn(day: int, month: int = 10, year: int = 2025) -> datetime:
    """A morning."""
    return datetime(year, month, day, 9, tzinfo=UTC)


def scrap_story(database: Database):
    """The ban on scrap in three languages, its renewal, and the headline that took it for ore."""
    first = rule_article(
        database, "scrap-ru", SCRAP_RU, at=autumn(24), site="Дело", language="ru", minerals=(),
        dates=(("effective", "2025-10-30", "30 октября и"),),
    )  # fmt: skip
    same = Placement(story_id=first.story_id, development_id=first.development_id)
    rule_article(
        database, "scrap-kk", SCRAP_KK, same, at=autumn(25), site="Хабар", language="kk",
        minerals=(), dates=(("effective", "2025-10-30", "30 қазанда"),),
    )  # fmt: skip
    rule_article(
        database, "scrap-en", SCRAP_EN, same, at=autumn(26), site="Steppe Post", minerals=(),
        dates=(("effective", "2025-10-30", "October 30"),),
    )  # fmt: skip
    rule_article(
        database, "scrap-wrong", (SCRAP_EN[0], SCRAP_EN[1].replace("October 30", "November 1")),
        same, at=autumn(27), site="Hasty Herald", minerals=(),
        dates=(("effective", "2025-11-01", "November 1"),),
    )  # fmt: skip
    rule_article(database, "ore", ORE_EN, same, at=autumn(27), site="Headline Daily", minerals=())
    rule_article(
        database, "scrap-again", RENEWED_RU, Placement(story_id=first.story_id),
        at=autumn(25, 2, 2026), site="Дело", language="ru", minerals=(),
        dates=(("effective", "2026-04-30", "30 апреля 2026"),),
    )  # fmt: skip
    return first


def rule_stories(database: Database) -> None:
    """All of them, and one by a stranger who means no good; with their cards."""
    scrap_story(database)
    rule_article(
        database, "pause", PAUSE_EN, at=autumn(7, 11), site="Ore Wire", countries=("CN",),
        minerals=("rare_earths",), dates=(("expiry", "2026-11-10", "November 10, 2026"),),
    )  # fmt: skip
    rule_article(
        database, "plan", PLAN_ZH, at=autumn(1, 3, 2026), site="样例矿报", language="zh",
        minerals=("copper",), dates=(("expiry", "2026-12-31", "2026年12月31日"),),
    )  # fmt: skip
    bad = f"Kazakhstan signed a tungsten export ban, order No. 7 «{HOSTILE[:90]}», from 1 May 2026"
    rule_article(
        database, "bad", (bad, HOSTILE), at=autumn(1, 3, 2026), site=HOSTILE[:80],
        minerals=("tungsten",), dates=(("effective", "2026-05-01", "1 May 2026"),),
    )  # fmt: skip
    while refresh(database):
        pass
