"""Which kind an address betrays."""

import pytest

from monitor.errors import BadInput
from monitor.model import SourceKind
from monitor.sources.fields import language_tag
from monitor.sources.kinds import channel_url, watched_at


@pytest.mark.parametrize(
    "url",
    [
        "https://t.me/orenews",
        "http://t.me/s/orenews/",
        "https://telegram.me/orenews/123",
        "https://t.me/s/orenews?before=10",
    ],
)
def test_channels_are_watched_at_their_public_page(url):
    """Every way to write a channel leads to the page that shows its messages."""
    assert watched_at(url) == (SourceKind.TELEGRAM, "https://t.me/s/orenews")


@pytest.mark.parametrize(
    "url", ["https://t.me/", "https://t.me/joinchat/AAAA", "https://t.me/+abc", "https://x.me/a"]
)
def test_other_addresses_are_no_channels(url):
    """Invitations, the front page and other hosts are not rewritten."""
    assert channel_url(url) == ""
    assert watched_at(url) == (SourceKind.FEED, url)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("", ""), (" EN ", "en"), ("zh-hant", "zh-Hant"), ("pt_br", "pt-BR"), ("es-419", "es-419")],
)
def test_language_tags_take_their_usual_form(typed, meant):
    """Case and underscores do not matter (BCP 47)."""
    assert language_tag(typed) == meant


@pytest.mark.parametrize("typed", ["English", "e", "en-", "12", "en us", "ru?"])
def test_other_words_are_no_language(typed):
    """A name of a language, or a typing error, is refused."""
    with pytest.raises(BadInput, match="language tag"):
        language_tag(typed)
