"""All words of the interface are there in Russian and Chinese."""

import importlib.util
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from monitor.web.language import catalogue_path, language_for, msgid, translations

ROOT = Path(__file__).resolve().parents[2]
CODES = ("ru", "zh")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def words():
    """The script behind `make words`."""
    spec = importlib.util.spec_from_file_location("words", ROOT / ".ci" / "words.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=CODES)
def catalogue(request):
    """The catalogue of each language, as it is kept."""
    with catalogue_path(request.param).open("rb") as file:
        return read_po(file, locale=request.param)


def strings(message):
    """All forms of a message."""
    return message.string if message.pluralizable else (message.string,)


def test_no_word_lacks_a_translation(words, catalogue):
    """Every word of the templates and of the Python code beside them has all its forms; else run
    `make words` and translate what it names.
    """
    known = {(message.id, message.context) for message in catalogue if words.is_done(message)}
    used = {(message.id, message.context) for message in words.collected() if message.id}
    assert sorted(str(one) for one in used - known) == []


def test_no_translation_is_left_over(words, catalogue):
    """What no page says any more is not kept."""
    used = {(message.id, message.context) for message in words.collected() if message.id}
    assert sorted(str(m.id) for m in catalogue if m.id and (m.id, m.context) not in used) == []


def test_translations_take_the_same_values(catalogue):
    """A translation has the placeholders of its message in every form, no more and no fewer: in
    Russian the form of one also counts 21.
    """
    for message in catalogue:
        if not message.id:
            continue
        source = message.id[-1] if message.pluralizable else message.id
        asked = set(_PLACEHOLDER.findall(source))
        for text in strings(message):
            assert set(_PLACEHOLDER.findall(text)) == asked, text


def test_translations_keep_no_markup(catalogue):
    """A translation brings no markup that its message does not have."""
    for message in catalogue:
        source = message.id[-1] if message.pluralizable else message.id
        for text in strings(message):
            assert re.findall(r"<[^>]*>", text) == re.findall(r"<[^>]*>", source or text)


def test_russian_counts_in_three_forms_and_chinese_in_one():
    """The plural rule of each catalogue is that of its language."""
    russian, chinese = translations("ru"), translations("zh")
    assert [russian.plural(n) for n in (1, 2, 5, 11, 21, 22, 25)] == [0, 1, 2, 2, 0, 1, 2]
    assert {chinese.plural(n) for n in (1, 2, 5)} == {0}


def test_what_is_not_translated_is_said_in_english():
    """A word without a translation comes as it is."""
    assert translations("ru").gettext("No such words") == "No such words"
    assert translations("en").gettext(msgid("Inbox")) == "Inbox"


@pytest.mark.parametrize(
    ("chosen", "accepted", "spoken"),
    [
        ("zh", "ru", "zh"),
        ("", "ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("", "de, zh-Hans;q=0.3, ru;q=0.2", "zh"),
        ("", "ru;q=0, en", "en"),
        ("xx", "kk", "en"),
        ("", ";;q=,q=1,ru;q=x", "en"),
        ("", "", "en"),
    ],
)
def test_the_language_is_what_was_chosen_or_what_the_browser_likes(chosen, accepted, spoken):
    """A choice comes first, then the browser's order by quality, then English."""
    assert language_for(chosen, accepted) == spoken


def test_no_word_is_both_counted_and_not(words):
    """Words that stand alone are not also the first form of a count: both would be one entry of
    the catalogue, whose forms want a number.
    """
    rows = [ids for _, _, ids, _, _ in words.rows()]
    alone = {ids for ids in rows if isinstance(ids, str)}
    assert sorted(ids[0] for ids in rows if not isinstance(ids, str) and ids[0] in alone) == []
