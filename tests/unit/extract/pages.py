"""Small pages of our own, as outlets in several languages build them."""

from datetime import UTC, datetime

from monitor.extract import extract_page

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
URL = "https://www.sample-outlet.test/news/tungsten-1"

ENGLISH = (
    "The operator of the Sample Ridge tungsten mine raised its forecast for the year on Thursday.",
    "It now expects to ship 2,400 tonnes of concentrate, up from the 1,900 tonnes announced in "
    "spring, because the second mill line began to work two months ahead of its schedule.",
    "A loan of 95 million dollars from two development banks pays for the line, said its manager.",
    "Analysts had expected a smaller rise, since ore grades in the eastern pit fell last year.",
)
RUSSIAN = (
    "Компания «Образец Металл» начала отгрузку вольфрамового концентрата с нового рудника.",
    "По словам директора, до конца года предприятие отправит покупателям 2400 тонн продукции, "
    "хотя весной речь шла о 1900 тоннах: вторая линия заработала на два месяца раньше срока.",
    "Строительство оплатили два банка развития, выделившие на него 95 миллионов долларов.",
    "В следующем году руководство намерено удвоить добычу на восточном участке месторождения.",
)
KAZAKH = (
    "«Үлгі Металл» компаниясы жаңа кеніштен вольфрам концентратын жөнелте бастады.",
    "Директордың айтуынша, жыл соңына дейін кәсіпорын тұтынушыларға 2400 тонна өнім жібереді, "
    "көктемде бұл көрсеткіш 1900 тонна болады деп жоспарланған еді.",
    "Құрылысты екі даму банкі қаржыландырды, олар 95 миллион доллар бөлді.",
    "Келесі жылы басшылық шығыс учаскедегі өндіруді екі есе арттыруды көздеп отыр.",
)
CHINESE = (
    "样本金属公司周四宣布,其新建钨矿已开始向客户发运钨精矿,比原定计划提前了两个月。",
    "公司经理表示,预计到今年年底将发运精矿二千四百吨,高于春季公布的一千九百吨,"
    "主要原因是第二条选矿生产线已经提前投产,设备运行情况良好。",
    "该生产线由两家开发银行提供九千五百万美元贷款,贷款期限为十年,由当地政府提供担保。",
    "分析人士此前预计增幅较小,因为去年东部矿区的矿石品位有所下降,开采成本也随之上升。",
)
GERMAN = (
    "Der Betreiber der Mustergrube hat seine Prognose für die Wolframförderung angehoben.",
    "Er rechnet in diesem Jahr nun mit 2.400 Tonnen Konzentrat statt der im Frühjahr genannten "
    "1.900 Tonnen, weil die zweite Aufbereitung zwei Monate früher als geplant anlief.",
    "Zwei Förderbanken bezahlen die Anlage mit einem Kredit über 95 Millionen Dollar.",
    "Fachleute hatten weniger erwartet, da die Gehalte im Ostfeld im Vorjahr gesunken waren.",
)
SPANISH = (
    "El operador de la mina Muestra elevó el jueves su previsión de producción de wolframio.",
    "Ahora espera enviar 2.400 toneladas de concentrado, frente a las 1.900 toneladas anunciadas "
    "en primavera, porque la segunda planta empezó a funcionar dos meses antes de lo previsto.",
    "Dos bancos de desarrollo pagan la planta con un préstamo de 95 millones de dólares.",
    "Los analistas esperaban menos, ya que las leyes del sector oriental bajaron el año pasado.",
)


def page(
    *,
    paragraphs=ENGLISH,
    title="Sample Ridge lifts tungsten forecast",
    head="",
    shown="",
    before="",
    after="",
    lang="en",
):
    """An article's page with a menu, related links and a footer around it."""
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return f"""<!DOCTYPE html><html lang="{lang}"><head><title>{title} | Sample Outlet</title>
    {head}</head><body>
    <nav><ul><li><a href="/">Home</a></li><li><a href="/metals">Metals</a></li></ul></nav>
    <main><article>{before}<h1>{title}</h1>{shown}
    <div class="article-body">{body}</div>{after}</article></main>
    <aside class="related"><ul><li><a href="/2">Another story about lithium</a></li></ul></aside>
    <footer><p>© 2019 Sample Outlet. All rights reserved.</p></footer></body></html>"""


def extract(
    markup, *, url=URL, content_type="text/html; charset=utf-8", now=NOW, options=None, **selectors
):
    """
    The page that we make of markup or bytes.

    `text=…`, `title=…` and the like are the selectors of its source's options `page_text`, ….
    """
    body = markup if isinstance(markup, bytes) else markup.encode()
    chosen = options or {f"page_{name}": selector for name, selector in selectors.items()}
    return extract_page(body, url=url, content_type=content_type, now=now, selectors=chosen)
