"""Why a page shows no messages of a Telegram channel, and what to do about it."""

from __future__ import annotations

import re

from lxml import html

from monitor.errors import MonitorError, Permanent, Retryable
from monitor.parse.telegram.messages import with_class, words_of
from monitor.text import single_line
from monitor.urls import host

#: Characters of a page's words that are looked at.
LOOKED_AT = 20_000

_CHANNEL_ADDRESS = "https://t.me/s/CHANNEL"
_OTHERWISE = "Watch its website or another channel instead, or pause this source."
_WITHHELD = re.compile(
    r"[^.]{0,80}(?:can(?:['’]t|not)|couldn['’]t) be displayed[^.]{0,120}"
    r"|[^.]{0,80}is (?:unavailable|not available|restricted|blocked)[^.]{0,120}",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"\b(?:log|sign)[ -]?in\b|\blogin\b|вход|войти|авториз|登录|登錄", re.IGNORECASE
)


def why_no_messages(page: html.HtmlElement, url: str) -> MonitorError | None:
    """
    The reason, as an error to raise; None when it is a channel that has no messages yet.

    Args:
        url: where it was found; shown without its query.
    """
    place = url.partition("?")[0].partition("#")[0]
    if page.xpath(f"//*[{with_class('tme_no_messages_found')}]"):
        return Retryable(
            "Telegram says that there are no posts, as it does when it is asked too often.",
            subject=place,
            advice="Ask more rarely (option gap), or look at the channel in a browser.",
        )
    if withheld := _withheld(page):
        return Permanent(
            f"Telegram does not show this channel: “{withheld}”.", subject=place, advice=_OTHERWISE
        )
    if page.xpath(f"//*[{with_class('tgme_page')}]|//*[{with_class('tgme_page_title')}]"):
        return _profile(page, place)
    if _is_login(page):
        return Permanent(
            f"a login page came instead of the channel{_titled(page)}.",
            subject=place,
            advice=f"Give the public address, {_CHANNEL_ADDRESS}; we never log in.",
        )
    is_history = page.xpath(
        f"//*[{with_class('tgme_channel_info')}]|//*[{with_class('tgme_channel_history')}]"
    )
    if is_history:
        return None
    return Permanent(
        f"this is no page of a Telegram channel{_titled(page)}, or its layout has changed.",
        subject=place,
        advice=f"Open it in a browser; the address must be like {_CHANNEL_ADDRESS}.",
    )


def _profile(page: html.HtmlElement, place: str) -> Permanent:
    """The card that Telegram shows of anything that has a name but no preview."""
    name = words_of(page, "tgme_page_title")
    extra = words_of(page, "tgme_page_extra").lower()
    action = words_of(page, "tgme_page_action").lower()
    about = words_of(page, "tgme_page_description").lower()
    called = f" {single_line(name, 80)}" if name else ""
    if page.xpath(f"//a[{with_class('tgme_page_context_link')}]"):
        what = f"this is the card of the channel{called}, not its messages."
        return Permanent(what, subject=place, advice=f"Give the address {_CHANNEL_ADDRESS}.")
    if "invited" in about or re.search(r"/(?:\+|joinchat/)", place):
        what = f"this is an invitation to a private channel or group{called}: it has no preview."
    elif "subscriber" in extra:
        what = (
            f"the channel{called} has no public preview: it is restricted, or its owner has "
            "switched the preview off."
        )
    elif "member" in extra or "group" in action:
        what = f"this is a group{called}, not a channel: groups have no public preview."
    elif "monthly user" in extra or "start bot" in action or re.search(r"bot\b", extra):
        what = f"this is a bot{called}, not a channel."
    elif name and (extra.startswith("@") or "send message" in action or "contact" in about):
        what = f"this is the account of a person{called}, not a channel."
    elif name:
        what = f"the channel{called} is private or has no public preview."
    else:
        what = "nobody has this name on Telegram: the channel was deleted, renamed or mistyped."
        return Permanent(what, subject=place, advice="Check the name, or remove this source.")
    return Permanent(what, subject=place, advice=_OTHERWISE)


def _withheld(page: html.HtmlElement) -> str:
    """What Telegram says instead of the messages of a channel that it hides."""
    names = (
        "tgme_widget_message_error", "tgme_page_description", "tgme_channel_history", "tgme_main",
        "message_media_not_supported_label",
    )  # fmt: skip
    for name in names:
        if found := _WITHHELD.search(words_of(page, name)[:LOOKED_AT]):
            return single_line(found[0], 200)
    return ""


def _is_login(page: html.HtmlElement) -> bool:
    address = host(str(next(iter(page.xpath("//link[@rel='canonical']/@href")), "")))
    form = page.xpath("//input[@type='password' or @type='tel']")
    title = " ".join(str(text) for text in page.xpath("//title//text()"))
    return bool(form) or bool(_LOGIN.search(title)) or address == "oauth.telegram.org"


def _titled(page: html.HtmlElement) -> str:
    title = single_line(" ".join(str(text) for text in page.xpath("//title//text()")), 80)
    return f" (its title is “{title}”)" if title else ""
