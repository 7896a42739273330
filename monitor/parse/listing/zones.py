"""
Which part of a page an element belongs to: stories, margin, or furniture.

Furniture is what a site wears on every page: menus, header and footer, breadcrumbs, tags,
pagination, social links, comments. The margin shows stories too, but not the list that the
page is for: sidebars, "most read", "related". Told by elements and roles where a page has
them, else by the words in names of classes and ids.
"""

from __future__ import annotations

import enum
import re
from functools import lru_cache
from itertools import islice

from lxml import html

from monitor.parse import markup
from monitor.parse.listing.classnames import tag_of, words_of
from monitor.parse.listing.listed import MIN_WORDS, words_in


class Zone(enum.IntEnum):
    """Parts of a page, each farther from its stories than the one before."""

    MAIN = 0
    MARGIN = 1
    FURNITURE = 2


#: Links of an element that are looked at; so many different headlines are no menu.
_LINKS, _STORIES = 200, 6
#: An element with more of the page's text than this, and its heading, is the page itself.
_WHOLE = 0.5
_TAGS = {
    "nav": Zone.FURNITURE, "menu": Zone.FURNITURE, "dialog": Zone.FURNITURE,
    "noscript": Zone.FURNITURE, "template": Zone.FURNITURE, "select": Zone.FURNITURE,
    "button": Zone.FURNITURE, "aside": Zone.MARGIN,
}  # fmt: skip
_ROLES = {
    **dict.fromkeys(
        ("navigation", "menu", "menubar", "menuitem", "contentinfo", "banner", "search",
         "tablist", "dialog", "toolbar", "alertdialog"), Zone.FURNITURE),
    "complementary": Zone.MARGIN,
}  # fmt: skip
#: A header or footer within these is that of a block, not of the page.
_BLOCKS = frozenset({"article", "main", "section", "li", "td"})
#: The same of what is called so, or says for machines that it is a story.
_BLOCK_NAMES = frozenset({"article", "post", "card", "teaser", "news-item", "list-item"})
_ARTICLE = re.compile(r"schema\.org/(?:\w*Article|BlogPosting|Report)$")
_MENU = re.compile(
    r"(?:main|top|left|right|sub|side|foot|head|header|footer|site|mobile|mob|mega|drop|off|primary"
    r"|global)?(?:nav|navi|navbar|navs|navigation|menu|menus|submenu)(?:bar|list|items?|links?|wrap"
    r"|box)?"
)
_FURNITURE = frozenset(
    {
        "addthis", "breadcrumb", "breadcrumbs", "bread", "crumbs", "comment", "comments",
        "cookie", "cookies", "consent", "copyright", "daohang", "disqus", "dropdown", "flink",
        "flinks", "footer", "footerbar", "footers", "friendlink", "friendlinks", "gdpr",
        "hashtags", "hotkeys", "keywords", "lang", "langs", "language", "languages",
        "langswitch", "localization", "login", "logo", "masthead", "megamenu", "mianbao", "mbx",
        "offcanvas", "pagenav", "pagenavi", "pagenation", "pager", "pages", "pagination",
        "paginator", "paging", "partners", "sharebar", "shares", "sharing", "signin", "sitemap",
        "skiplink", "social", "socials", "soc", "subscribe", "subscription", "tagcloud",
        "taglist", "tags", "toc", "toolbar", "topbar", "topmenu", "topnav", "yqlj", "youlian",
        "alphabet", "languageswitcher", "newsletter",
    }
)  # fmt: skip
#: Words that count only when they are the whole name.
_FURNITURE_ALONE = frozenset(
    {
        "tag", "tag-list", "tag-item", "tag-link", "tag-links", "tags-list", "post-tags",
        "cat-links", "cat-list", "category-list", "categories", "author", "authors", "byline",
        "post-author", "entry-author", "author-box", "author-bio", "author-name", "vcard",
        "share", "share-links", "entry-meta", "post-meta", "meta", "follow", "follow-us",
        "foot", "bottom", "search", "searchbox", "filter", "filters", "tabs", "dh", "nv",
        "header-top", "skip-link",
    }
)  # fmt: skip
_MARGIN = frozenset(
    {
        "sidebar", "sidebars", "sidecol", "sidecolumn", "sideblock", "rightcol", "rightcolumn",
        "rightside", "related", "recommended", "recommendation", "recommendations", "recommend",
        "popular", "trending", "sponsored", "promoted", "mostread", "mostpopular", "ranking",
        "rank", "topread", "readalso", "similar", "upsell", "xgyd", "tuijian", "paihang",
        "rightbar", "leftbar", "leftside", "aside", "readmore",
    }
)  # fmt: skip
_MARGIN_ALONE = frozenset(
    {
        "side", "most-read", "most-viewed", "most-popular", "widget", "widget-area",
        "also-read", "read-also", "read-more", "hot", "hot-news", "hotnews", "see-also",
        "more-news", "more-stories", "more-from", "you-may-like", "ads", "ad", "right-col",
        "right-column", "right-block", "right-side", "left-col",
    }
)  # fmt: skip
_NEGATED = frozenset({"no", "has", "with", "without", "is", "hide", "show", "not", "js"})
#: What a publishing system says of one story, or a page builder of every block.
_SILENT = re.compile(
    r"(?:tag|category|cat|author|type|status|format|wp-block|et_pb|vc|fl)[-_]"
    r"(?!list|link|cloud|box).*|elementor-(?!.*nav-menu).*",
    re.IGNORECASE,
)
_LABELS = re.compile(
    r"(?P<furniture>^(?:tags?|topics|categor\w+|sections|menu|navigation|follow us|share( this)?"
    r"|connect|contacts?|about us|company|legal|support|resources|quick links|useful links|links"
    r"|archives?|language|services|products|explore|filed under|table of contents|contents"
    r"|рубрики|теги|темы|разделы|меню|навигация|контакты|ссылки|поделиться|санаттар|тегтер"
    r"|标签|分类|栏目|导航|友情链接|相关链接|联系我们|快速链接|目录|タグ|カテゴリ\w*|태그|카테고리"
    r"|الأقسام|وسوم|القائمة|روابط\b.*)\W*$)"
    r"|(?P<margin>^(?:(?:the )?most (?:read|popular|viewed|shared)|popular|trending|related|similar"
    r"|recommended|editor.?s picks?|you (?:may|might)|(?:read|see) (?:also|next|more)"
    r"|more (?:from|on|in|like|stories)|also read|don.t miss|what to read|up next|keep reading"
    r"|самое|популярн|читайте|читать также|похож|материалы по теме|по теме|рекоменд|топ\b"
    r"|оқи отырыңыз|ең көп|ұқсас|热门|相关|推荐|排行|点击排行|関連|人気|おすすめ|관련|인기|추천"
    r"|الأكثر|اقرأ أيضا|ذات صلة))",
    re.IGNORECASE,
)


def own_zone(element: html.HtmlElement, *, is_in_block: bool) -> Zone:
    """
    What an element says of itself.

    Args:
        is_in_block: an element above it is an article, a section, an item of a list.
    """
    tag = tag_of(element)
    if tag in {"html", "body", "main"}:
        return Zone.MAIN
    if tag in {"header", "footer"}:
        return Zone.MAIN if is_in_block else Zone.FURNITURE
    role = (element.get("role") or "").strip().lower()[:30]
    found = max(_TAGS.get(tag, Zone.MAIN), _ROLES.get(role, Zone.MAIN))
    if found is Zone.FURNITURE:
        return found
    if re.search("breadcrumb|navigation|menu", (element.get("aria-label") or "")[:60].lower()):
        return Zone.FURNITURE
    names = f"{element.get('id') or ''} {element.get('class') or ''}"[:600].split()
    return max(found, *(named_zone(name, is_in_block) for name in names[:14]), Zone.MAIN)


@lru_cache(maxsize=8192)
def named_zone(name: str, is_in_block: bool) -> Zone:
    """What the name of a class or an id says."""
    name = name.partition("--")[0]
    words = words_of(name)
    if not words or words[0] in _NEGATED or _SILENT.fullmatch(name):
        return Zone.MAIN
    whole = re.sub("[_-]+", "-", name).lower()
    if whole in _FURNITURE_ALONE or any(
        word in _FURNITURE or _MENU.fullmatch(word) for word in words
    ):
        return Zone.FURNITURE
    if "header" in words and not is_in_block:
        return Zone.FURNITURE
    if whole in _MARGIN_ALONE or _MARGIN.intersection(words):
        return Zone.MARGIN
    return Zone.MAIN


def is_page_itself(element: html.HtmlElement, chars_of_page: int) -> bool:
    """Whether an element holds what the page is for, whatever it is called."""
    if element.tag in {"nav", "footer"}:
        return False
    if next(element.iter("main"), None) is not None:
        return True
    has_heading = next(element.iter("h1", "article"), None) is not None
    return (has_heading or _tells_stories(element)) and (
        visible_chars(element) > _WHOLE * chars_of_page
    )


def _tells_stories(element: html.HtmlElement) -> bool:
    """Whether many links of an element are headlines, as in no menu and no cloud of tags."""
    texts = [markup.collapsed("".join(a.itertext())) for a in islice(element.iter("a"), _LINKS)]
    titles = {text for text in texts if words_in(text) >= MIN_WORDS}
    return len(titles) >= _STORIES and len(titles) >= len(set(texts)) / 4


def visible_chars(element: html.HtmlElement) -> int:
    """Characters of text below an element, scripts and styles apart."""
    found = element.xpath(
        "descendant::text()[not(parent::script or parent::style or parent::noscript)]"
    )
    return sum(len(text.strip()) for text in found)


def labelled_zone(label: str) -> Zone:
    """What a heading above a block says of it."""
    found = _LABELS.search(" ".join(label.split())[:60])
    if not found:
        return Zone.MAIN
    return Zone.FURNITURE if found["furniture"] else Zone.MARGIN


def holds_blocks(element: html.HtmlElement) -> bool:
    """Whether a header or footer within this element is that of a block."""
    if element.tag in _BLOCKS or _ARTICLE.search((element.get("itemtype") or "")[:100]):
        return True
    return not _BLOCK_NAMES.isdisjoint((element.get("class") or "")[:200].lower().split())
