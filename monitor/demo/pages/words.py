"""What stands around an article on a site, in the languages of the sample web."""

from __future__ import annotations

from collections.abc import Mapping

#: Menu, then the heading over related articles, then the plea for money.
AROUND: Mapping[str, tuple[tuple[str, ...], str, str]] = {
    "en": (
        ("Home", "Markets", "Mining", "Energy", "Opinion", "About us"),
        "Read also",
        "Good reporting costs money. Support our newsroom with a small donation.",
    ),
    "ru": (
        ("Главная", "Экономика", "Общество", "Спорт", "Культура", "Контакты"),
        "Читайте также",
        "Поддержите редакцию: подпишитесь на нашу рассылку.",
    ),
    "kk": (
        ("Басты бет", "Экономика", "Қоғам", "Спорт", "Мәдениет", "Байланыс"),
        "Тағы оқыңыз",
        "Редакцияға қолдау көрсетіңіз: біздің хабарламаға жазылыңыз.",
    ),
    "zh": (
        ("首页", "市场", "矿业", "能源", "评论", "联系我们"),
        "相关阅读",
        "欢迎关注本站公众号,转载请注明出处。",
    ),
    "de": (
        ("Startseite", "Wirtschaft", "Rohstoffe", "Region", "Sport", "Impressum"),
        "Lesen Sie auch",
        "Unterstützen Sie unsere Redaktion mit einem Abonnement.",
    ),
    "es": (
        ("Portada", "Mercados", "Minería", "Energía", "Opinión", "Contacto"),
        "Lea también",
        "Apoye a nuestra redacción con una pequeña donación.",
    ),
}

#: The tape that runs along the top of trade sites and names every metal.
TICKER = (
    ("Copper", "10,812", "+0.4"),
    ("Aluminium", "2,846", "-0.2"),
    ("Zinc", "3,071", "+0.1"),
    ("Lead", "2,019", "-0.5"),
    ("Nickel", "15,120", "+0.3"),
    ("Tin", "36,240", "+1.1"),
    ("Cobalt", "48,500", "0.0"),
    ("Gold", "4,011", "+0.7"),
    ("Silver", "48.2", "-1.2"),
    ("Platinum", "1,560", "+0.2"),
    ("Palladium", "1,402", "-0.3"),
    ("Lithium carbonate", "81,400", "+2.1"),
    ("Uranium U3O8", "79.6", "-0.6"),
    ("APT", "640", "+1.5"),
)


def around(language: str) -> tuple[tuple[str, ...], str, str]:
    """Menu, heading and plea in a language, else in English."""
    return AROUND.get(language, AROUND["en"])
