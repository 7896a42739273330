"""
What the monitor refuses, in the language of whoever asks.

Errors are English where they are raised: commands and logs say them too. Here stand those that
people at the site meet; one that is not here is shown as it is.
"""

from __future__ import annotations

import re
from functools import cache
from gettext import NullTranslations

from starlette.requests import Request

from monitor.errors import MonitorError
from monitor.web.language import msgid, words_of

#: Whole messages and advice; `%(name)s` stands for what changes.
SENTENCES = (
    # who may what
    msgid("did not come from a page of this desk."),
    msgid("Go back, load the page anew, and try again."),
    msgid("was sent by a page of another site, and was not looked at."),
    msgid("Open this site itself, and try again there."),
    msgid("needs the role %(least)s; yours is %(role)s."),
    msgid("Ask an administrator: monitor users role NAME analyst"),
    msgid("belongs to %(owner)s."),
    msgid("Save a view of your own, or ask its owner or an administrator."),
    msgid("is too large: at most %(most)s bytes are taken."),
    msgid("Send less; an administrator may raise web.max_upload for files."),
    msgid("did not come to its end."),
    # passwords and users
    msgid("is not right."),
    msgid("is held back."),
    msgid("are not the same."),
    msgid("is too short: %(number)s characters, at least %(least)s."),
    msgid("Several words that only you put together are good ones."),
    msgid("is too long: at most %(most)s characters."),
    msgid("is the user's name."),
    msgid("Take another."),
    msgid("is no name for a user: 1 to %(most)s letters, digits, '.', '_', '-', '@'."),
    msgid("must be an administrator: with it everybody has to sign in."),
    msgid("Choose the role admin."),
    msgid("there is a user of that name."),
    msgid("is the last administrator."),
    msgid("Make another one first: monitor users role NAME admin"),
    # decisions
    msgid("changed since you looked (version %(version)s, yours %(yours)s): %(what)s."),
    msgid("Look again and decide anew."),
    msgid("no story is chosen."),
    msgid("Choose one or more, and again."),
    msgid("at most %(most)s stories at once."),
    msgid("is too long: %(number)s characters, at most %(most)s."),
    msgid("is empty."),
    msgid("%(who)s decided on it since (%(what)s), so %(action)s cannot be taken back."),
    msgid("has gone into %(story)s since, so %(action)s cannot be taken back."),
    msgid("Take that back first, or look again and decide anew."),
    msgid("Take that back first, or decide on %(story)s."),
    msgid("is that story already."),
    msgid("no article was chosen."),
    msgid("is not in %(story)s."),
    msgid("would be left empty."),
    msgid("Leave at least one article that is no copy of those."),
    # what is not there
    msgid("there is no such story."),
    msgid("there is no such source."),
    msgid("there is no such view."),
    msgid("there is no such user."),
    msgid("there is no such alert."),
    msgid("there is no such recipient."),
    msgid("there is no such delivery that waits or failed."),
    msgid("See: %(command)s"),
    # views, sources, recipients
    msgid("Give it a name."),
    msgid("is longer than %(most)s characters."),
    msgid("Shorten it."),
    msgid("is the name of another view."),
    msgid("Choose another."),
    msgid("is the address of %(source)s already."),
    msgid("the address is empty."),
    msgid("Give an address like https://example.org/feed."),
    msgid("is chosen."),
    msgid("Check the boxes of some."),
    msgid("names no mail address."),
    msgid("has no scheme."),
    msgid("names no host."),
    msgid("Write mailto:NAME@HOST, https://HOST/PATH or an address of Apprise."),
    # tables that come back
    msgid("has no columns %(needed)s; found: %(found)s."),
    msgid("Edit a table that monitor export made, and keep those columns."),
    msgid("is no story."),
    msgid("Name it like s12."),
)

#: What they are about, where it is not a name.
SUBJECTS = frozenset(
    {
        msgid("the form"),
        msgid("the request"),
        msgid("what was sent"),
        msgid("the password"),
        msgid("the two new passwords"),
        msgid("the first user"),
        msgid("signing in"),
        msgid("the decision"),
        msgid("the view's name"),
        msgid("the name"),
        msgid("the target"),
        msgid("the delivery"),
        msgid("no source"),
        msgid("note"),
        msgid("tag"),
    }
)

#: Longest text that is looked up; what a stranger wrote into one must not keep the site busy.
_LONGEST = 500

_PLACE = re.compile(r"%\\\((\w+)\\\)s")


def refusal(request: Request, error: MonitorError) -> str:
    """What `str(error)` says, in the language of whoever asks."""
    return said(error, words_of(request))


def said(error: MonitorError, words: NullTranslations) -> str:
    """The same in these words."""
    subject = words.gettext(error.subject) if error.subject in SUBJECTS else error.subject
    message = _said(error.message, words)
    head = f"{subject}: {message}" if subject else message
    return f"{head} {_said(error.advice, words)}".strip()


def _said(text: str, words: NullTranslations) -> str:
    if len(text) > _LONGEST:
        return text
    for pattern, sentence in _patterns():
        if found := pattern.fullmatch(text):
            return words.gettext(sentence) % found.groupdict()
    return text


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Each sentence as a pattern of what it is made to say."""
    return tuple(
        (re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(text)), re.DOTALL), text)
        for text in SENTENCES
    )
