"""
Small sites as the world has them, each at an address of its own; all of it invented.

Headlines, dates and outlets are samples. A site is a mapping of paths to answers; dates are
counted back from now, so that what is fresh stays so.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.spiders.server import answer

NOW = datetime.now(UTC).replace(microsecond=0)

ENGLISH = (
    "Sample mine opens its second tungsten shaft", "Board of Sample Metals names a new head",
    "Lithium plant in the north starts trial runs", "Rare earth exports fell in the first half",
    "Antimony smelter restarts after long repairs", "Graphite makers ask for longer contracts",
    "State reserve buys more gallium this year", "New railway to the copper belt is agreed",
)  # fmt: skip
RUSSIAN = (
    "Министерство утвердило перечень участков недр", "Объявлен аукцион на право пользования недрами",
    "Подписан меморандум о переработке вольфрама", "Опубликован приказ о квотах на вывоз сурьмы",
    "Состоялось заседание совета по редким металлам", "Комитет геологии представил новый отчёт",
)  # fmt: skip
CHINESE = (
    "样例公司钨矿二期工程正式投产运行", "稀土出口上半年同比下降明显",
    "样例省锂盐厂开始试生产并扩大规模", "锑冶炼厂检修后恢复生产", "镓储备今年继续增加采购数量",
)  # fmt: skip
KAZAKH = (
    "Үлгі кеніш екінші вольфрам шахтасын ашты", "Министрлік жер қойнауын пайдалану тізімін бекітті",
    "Литий зауыты сынақ жұмысын бастады биыл", "Сирек металдар туралы жаңа есеп жарияланды",
)  # fmt: skip


def ago(days):
    """A moment so many days back."""
    return NOW - timedelta(days=days)


def page(body, *, head="", lang="en", status="200 OK", **headers):
    """An answer of HTML."""
    text = f"<!DOCTYPE html><html lang={lang}><head>{head}</head><body>{body}</body></html>"
    return answer(text.encode(), status, content_type="text/html; charset=utf-8", **headers)


def rss(root, paths, titles, *, name="Sample", lang="en", days=0.5, text="A few words of it."):
    """An RSS feed of stories at these paths, a day apart."""
    items = "".join(
        f"<item><title>{title}</title><link>{root}{path}</link><guid>{root}{path}</guid>"
        f"<pubDate>{format_datetime(ago(days + number))}</pubDate>"
        f"<description>{text}</description></item>"
        for number, (path, title) in enumerate(zip(paths, titles, strict=False))
    )
    body = (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title><link>{root}/</link>'
        f"<language>{lang}</language>{items}</channel></rss>"
    )
    return answer(body.encode(), content_type="application/rss+xml")


def paths(folder, count, ending=""):
    """Addresses of stories in a folder."""
    return [f"{folder}/story-of-a-mine-number-{7000 + n}{ending}" for n in range(count)]


def alternate(href, title="", kind="application/rss+xml"):
    """A feed named in the head of a page."""
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


def links(items, wrap="<li><a href='{0}'>{1}</a></li>"):
    """Links to stories."""
    return "".join(wrap.format(path, title) for path, title in items)


def wordpress(root):
    """Feeds of all stories, of comments and of a section; the comments are named first."""
    all_, mines = paths("/2026", 8), paths("/2026", 3)
    head = alternate("/comments/feed/", "Sample Ore &raquo; Comments Feed")
    head += alternate("/feed/", "Sample Ore &raquo; Feed")
    body = (
        '<script src="/wp-content/themes/x.js"></script><ul>'
        + links(zip(all_, ENGLISH, strict=True))
        + "</ul>"
    )
    comments = [f"{path}#comment-{n}" for n, path in enumerate(all_)]
    return {
        "/": page(body, head=head),
        "/category/mines/": page(
            "<link href=/wp-content/x.css><ul>" + links(zip(mines, ENGLISH[:3], strict=True)) + "</ul>", head=head
        ),
        "/feed/": rss(root, all_, ENGLISH, name="Sample Ore"),
        "/comments/feed/": rss(
            root, comments, [f"By: reader {n}" for n in range(8)], name="Comments on: Sample Ore",
            days=0,
        ),
        "/category/mines/feed/": rss(root, mines, ENGLISH, name="mines - Sample Ore"),
    }  # fmt: skip


def drupal(root):
    """A feed at the usual place of its maker, linked by an icon in the footer."""
    found = paths("/news", 6)
    body = (
        "<main>"
        + links(zip(found, ENGLISH[:6], strict=True), "<h2><a href='{0}'>{1}</a></h2>")
        + "</main>"
    )
    head = '<meta name="Generator" content="Drupal 10 (https://www.drupal.org)">'
    return {
        "/": page(body + '<footer><a href="/rss.xml"><img alt="RSS"></a></footer>', head=head),
        "/rss.xml": rss(root, found, ENGLISH, name="Sample Survey"),
    }


def ministry(root):
    """A plain list of dated releases in Russian, no feed, no sitemap."""
    items = "".join(
        f'<div class="press-item"><span class="press-date">{ago(n):%d.%m.%Y}</span>'
        f'<a class="press-link" href="/ru/press/releases/{5100 - n}">{title}</a>'
        f"<p>Сообщает пресс-служба. Подробности в приложении к приказу.</p></div>"
        for n, title in enumerate(RUSSIAN)
    )
    menu = links(
        [(f"/ru/{word}", word) for word in ("О министерстве", "Документы", "Контакты", "Услуги")]
    )
    body = f"<nav><ul>{menu}</ul></nav><main><h1>Пресс-релизы</h1>{items}</main>"
    return {"/ru/press/releases": page(body, head="<title>Пресс-релизы</title>", lang="ru")}


def chinese(root):
    """A portal whose news sitemap stands in its robots.txt only; its page has short menus."""
    found = [f"/c/2026-11/{n}/t{n}.html" for n in range(5)]
    news = "".join(
        f"<url><loc>{root}{path}</loc><n:news><n:publication><n:name>样例</n:name>"
        f"<n:language>zh</n:language></n:publication>"
        f"<n:publication_date>{ago(0.1 * n + 0.1).isoformat()}</n:publication_date>"
        f"<n:title>{title}</n:title></n:news></url>"
        for n, (path, title) in enumerate(zip(found, CHINESE, strict=True))
    )
    sitemap = (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{news}</urlset>'
    )
    robots = f"User-agent: *\nDisallow: /search\nSitemap: {root}/maps/images.xml\n"
    robots += f"sitemap:{root}/maps/google-news.xml\n"
    menu = links([("/a", "首页"), ("/b", "财经"), ("/c", "矿业"), ("/d", "视频")])
    return {
        "/": page(f"<ul>{menu}</ul><div id=app></div>", lang="zh"),
        "/robots.txt": answer(robots.encode(), content_type="text/plain"),
        "/maps/google-news.xml": answer(sitemap.encode(), content_type="text/xml"),
        "/maps/images.xml": answer(b"<urlset></urlset>", content_type="text/xml"),
    }


def kazakh(root):
    """A feed that nothing names; it stands where feeds usually do."""
    menu = links([("/kk/a", "Басты бет"), ("/kk/b", "Байланыс")])
    return {
        "/": page(f"<ul>{menu}</ul>", lang="kk"),
        "/rss.xml": rss(root, paths("/kk/news", 4), KAZAKH, name="Үлгі агенттігі", lang="kk"),
    }


def sections(root):
    """Many feeds of sections, listed on a page of their own."""
    names = ("economy", "sport", "culture", "mining")
    feeds = links([(f"/rss/{name}.xml", f"RSS {name}") for name in names])
    routes = {
        "/": page('<a href="/rss/">RSS</a>' + "<p>Sample Daily</p>"),
        "/mining/": page('<a href="/rss/">RSS</a>' + "<p>Sample Daily</p>"),
        "/rss/": page(f"<h1>Our feeds</h1><ul>{feeds}<li><a href='/rss/all.xml'>RSS</a></ul>"),
        "/rss/all.xml": rss(root, paths("/mixed", 8), ENGLISH, name="Sample Daily"),
    }
    for name in names:
        routes[f"/rss/{name}.xml"] = rss(
            root, paths(f"/{name}", 6), ENGLISH, name=f"Sample Daily: {name}"
        )
    return routes


def shell(root):
    """A page that scripts fill; only a sitemap tells what is there."""
    urls = "".join(
        f"<url><loc>{root}/news/2026/sample-story-about-tungsten-{n}</loc>"
        f"<lastmod>{ago(n).isoformat()}</lastmod></url>"
        for n in range(12)
    )
    index = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap>'
        f"<loc>{root}/sitemap-posts.xml</loc><lastmod>{ago(0).isoformat()}</lastmod></sitemap>"
        "</sitemapindex>"
    )
    return {
        "/": page('<div id="root"></div><script src="/app.js"></script>'),
        "/sitemap.xml": answer(index.encode(), content_type="application/xml"),
        "/sitemap-posts.xml": answer(
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode(),
            content_type="application/xml",
        ),
    }


def table(root):
    """A site of old: tables within tables, a row for each story."""
    rows = "".join(
        f"<tr><td><font size=2>{ago(n):%Y-%m-%d}</font></td>"
        f"<td><a href='news.asp?id={900 - n}'><b>{title}</b></a></td></tr>"
        for n, title in enumerate(ENGLISH)
    )
    menu = "<td><a href=index.asp>Home</a><br><a href=about.asp>About us</a></td>"
    body = f"<table><tr>{menu}<td><table border=0>{rows}</table></td></tr></table>"
    return {"/news/index.asp": page(body, head="<title>Sample Geological Society</title>")}


def channel_only(root):
    """An agency that writes on Telegram only."""
    return {"/": page('<h1>Sample Agency</h1><a href="https://t.me/sample_agency">Telegram</a>')}


def json_feed(root):
    """A JSON feed, named in the head beside the interface of its maker."""
    items = [
        {
            "id": str(n),
            "url": f"{root}{path}",
            "title": title,
            "date_published": ago(n).isoformat(),
            "summary": "A few words of it.",
        }
        for n, (path, title) in enumerate(zip(paths("/p", 8), ENGLISH, strict=True))
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Sample Notes", "items": items}
    results = json.dumps({"total": 8, "results": items}).encode()
    api = answer(results, content_type="application/json")
    head = alternate("/wp-json/x", kind="application/json")
    head += alternate("/feed.json", "Sample Notes", "application/feed+json")
    return {
        "/": page("<p>Notes</p>", head=head),
        "/feed.json": answer(json.dumps(feed).encode(), content_type="application/feed+json"),
        "/api/news": api,
        "/api/news?key=secret": api,
    }


def misleading(root):
    """Feeds named in the head that are gone, of another site, or a page; the true one is not."""
    head = alternate("/gone.xml", "News") + alternate("/page-feed", "News")
    head += alternate("/theme-maker.xml", "Theme news")
    return {
        "/": page("<p>Sample Weekly</p>", head=head),
        "/page-feed": page("<p>Soon to come</p>"),
        "/theme-maker.xml": rss(
            "https://themes.example", paths("/blog", 8), ENGLISH, name="Theme news"
        ),
        "/feed": rss(root, paths("/story", 6), ENGLISH, name="Sample Weekly"),
    }


def forbidden(root):
    """Everything is forbidden to robots."""
    return {
        "/": page("<p>Sample</p>", head=alternate("/feed.xml")),
        "/feed.xml": rss(root, paths("/a", 5), ENGLISH),
        "/robots.txt": answer(b"User-agent: *\nDisallow: /\n", content_type="text/plain"),
    }


def half_forbidden(root):
    """Its feed is forbidden to robots, its list of stories is not."""
    rows = "".join(
        f"<article><h3><a href='/news/{n}-sample'>{title}</a></h3>"
        f"<time datetime='{ago(n).isoformat()}'>{ago(n):%d %B %Y}</time></article>"
        for n, title in enumerate(ENGLISH)
    )
    return {
        "/": page(f"<main>{rows}</main>", head=alternate("/feed.xml")),
        "/feed.xml": rss(root, paths("/a", 5), ENGLISH),
        "/robots.txt": answer(b"User-agent: *\nDisallow: /feed\n", content_type="text/plain"),
    }


def walled(root):
    """Its pages send everybody to a login; its feed is open."""
    return {
        "/": answer(b"", "302 Found", location="/login?next=/"),
        "/login?next=/": page("<form><input type=password name=p></form>"),
        "/feed": rss(root, paths("/a", 6), ENGLISH, name="Sample Insider"),
    }


def bare(root):
    """A page without anything to find."""
    return {"/orders": page("<h1>Orders</h1><p>Order 12 of the sample ministry. Order 13.</p>")}


def story(root):
    """An article with related ones beside it; the list of news is on the home page."""
    rows = "".join(
        f"<div class=card><a href='/news/{n}-sample-story-here'>{title}</a>"
        f"<time datetime='{ago(n).isoformat()}'>{ago(n):%d %B}</time></div>"
        for n, title in enumerate(ENGLISH)
    )
    related = links([(f"/news/{n}-sample-story-here", ENGLISH[n]) for n in range(4)])
    head = '<meta property="og:type" content="article"><title>A story</title>'
    return {
        "/": page(f"<main>{rows}</main>", head="<title>Sample Courier</title>"),
        "/news/3-sample-story-here": page(
            f"<article><h1>A story</h1><p>{'Words of it. ' * 40}</p></article><ul>{related}</ul>",
            head=head,
        ),
    }


SITES = {
    "wordpress": wordpress,
    "drupal": drupal,
    "ministry": ministry,
    "chinese": chinese,
    "kazakh": kazakh,
    "sections": sections,
    "shell": shell,
    "table": table,
    "channel": channel_only,
    "json": json_feed,
    "misleading": misleading,
    "forbidden": forbidden,
    "half_forbidden": half_forbidden,
    "walled": walled,
    "bare": bare,
    "story": story,
}
