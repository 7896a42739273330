"""Facts about texts that are cut, paid, or only summaries."""

import pytest

from tests.unit.extract.pages import CHINESE, ENGLISH, RUSSIAN, extract, page

LD = '<script type="application/ld+json">{"@type":"NewsArticle",%s}</script>'


@pytest.mark.parametrize(
    "stated",
    [
        '"isAccessibleForFree":false',
        '"isAccessibleForFree":"False"',
        '"isAccessibleForFree":"http://schema.org/False"',
        '"hasPart":{"@type":"WebPageElement","isAccessibleForFree":false}',
    ],
)
def test_stated_paywall(stated):
    """The publisher's own word makes an article paywalled, not cut."""
    assert extract(page(head=LD % stated)).flags == ("paywalled",)


def test_free_article_has_no_flag():
    """`isAccessibleForFree: true` is no paywall."""
    assert extract(page(head=LD % '"isAccessibleForFree":true')).flags == ()


@pytest.mark.parametrize(
    ("paragraphs", "prompt"),
    [
        (ENGLISH, "Subscribe to continue reading this article."),
        (RUSSIAN, "Полный текст доступен только для подписчиков."),
        (CHINESE, "订阅后阅读全部内容。"),
        (ENGLISH, "Diesen Artikel weiterlesen mit unserem Angebot."),
        (ENGLISH, "Contenido exclusivo para suscriptores."),
    ],
)
def test_prompt_to_pay_at_the_end(paragraphs, prompt):
    """A text that ends in a prompt to pay is paywalled and cut."""
    found = extract(page(paragraphs=(*paragraphs, prompt)))
    assert found.flags == ("paywalled", "truncated")


@pytest.mark.parametrize(
    "end", ["The rest of the line is to …", "The rest is [...]", "Continue reading"]
)
def test_cut_text(end):
    """A text that breaks off is truncated."""
    assert extract(page(paragraphs=(*ENGLISH, end))).flags == ("truncated",)


def test_text_much_shorter_than_stated_is_cut():
    """The page states 2,000 words and shows a few dozen."""
    assert extract(page(head=LD % '"wordCount":2000')).flags == ("truncated",)


def test_text_no_longer_than_its_description_is_a_summary():
    """A teaser that repeats the page's own description is no article."""
    teaser = ENGLISH[1]
    head = f'<meta name="description" content="{teaser}">'
    assert extract(page(paragraphs=(teaser,), head=head)).flags == ("summary_only",)


def test_short_chinese_text_is_an_article():
    """A hundred characters of Chinese say as much as three hundred Latin letters."""
    assert extract(page(paragraphs=CHINESE[:3], lang="zh")).flags == ()
