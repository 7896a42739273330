"""What the monitor refuses is said in the language of whoever asks."""

import re
from functools import cache
from pathlib import Path

import pytest

from monitor.errors import BadInput
from monitor.model import Choice, Role
from monitor.web import passwords, refusals
from monitor.web.language import translations
from tests.web import story_page
from tests.web.visitor import Visitor
from tests.web.world import sample_stories, served

ROOT = Path(__file__).resolve().parents[2] / "monitor"


@pytest.fixture
def visitor(desk):
    """Somebody at the open desk who reads Russian."""
    return Visitor(desk.url, Accept_Language="ru")


def test_a_form_from_elsewhere(visitor):
    """Its token is missing: what to do, in Russian."""
    answer = visitor.post("/decide", {"one": "1:1:keep"}, token="")
    assert answer.status == 403
    assert "форма: пришла не со страницы этого сайта." in answer.text
    assert "Вернитесь, обновите страницу и попробуйте ещё раз." in answer.text


def test_a_role_is_needed(tmp_path):
    """The role that is needed and the one that is there stand in the sentence."""
    with served(f"sqlite:///{tmp_path}/desk.sqlite", sole_user="") as here:
        sample_stories(here.database)
        hashed = passwords.hashed("x")
        here.database.add_user("ron", password_hash=hashed, role=Role.READER, now=here.now)
        visitor = Visitor(here.url, Accept_Language="ru")
        visitor.sign_in("ron", "x")
        answer = visitor.post("/decide", {"one": "1:1:keep"})
        assert answer.status == 403
        assert "нужна роль analyst; ваша роль — reader." in answer.text


def test_what_a_stories_page_refuses(desk, visitor):
    """A note that is too long, and a merge into what has changed since."""
    answer = visitor.post("/stories/1/note", {"value": "x" * 10_001})
    assert "заметка: слишком длинно: 10001 знаков, можно не больше 10000." in answer.text
    page = visitor.get("/stories/1?find=s2")
    sent = dict(story_page.form(page, "/stories/1/merge"))
    kept = Choice(story_id=1, action="state", value="kept")
    desk.database.decide([kept], who="eve", now=desk.now)
    answer = visitor.post("/stories/1/merge", sent)
    assert answer.status == 409
    assert re.search(r"s1: изменился с тех пор, как вы его открыли \(версия \d+", answer.text)
    assert "Посмотрите ещё раз и решите заново." in answer.text


def test_what_is_not_known_is_said_as_it_is(visitor):
    """No catalogue is needed for an error to be shown; a stranger's words stay."""
    answer = visitor.get("/exchange/export?format=%(who)s")
    assert answer.status == 400
    assert "%(who)s: is no format." in answer.text


@pytest.mark.parametrize("sentence", refusals.SENTENCES)
def test_a_sentence_is_one_that_errors_say(sentence):
    """What stands here stands where errors are raised; what is raised no more goes."""
    sources = said_in_sources()
    for part in re.split(r"%\(\w+\)s", sentence):
        words = part.strip(" .:;,()")
        assert words in sources


@cache
def said_in_sources():
    """All code but the table itself, with strings of several lines put together."""
    files = [path for path in ROOT.rglob("*.py") if path.name != "refusals.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return re.sub(r'"\s*\n\s*f?"', "", text)


def test_an_error_is_said_whole():
    """Subject, message and advice, as a terminal says it."""
    error = BadInput("is empty.", subject="note", advice="See: monitor views list")
    assert refusals.said(error, translations("en")) == str(error)
    assert refusals.said(error, translations("ru")) == ("заметка: пусто. См.: monitor views list")
