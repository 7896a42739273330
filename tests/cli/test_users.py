"""`monitor users`, as a person and as a script use it."""

import json

import pytest
from click.testing import CliRunner

from monitor.cli.app import cli
from monitor.errors import BadInput
from monitor.store import open_database
from monitor.web import passwords
from tests.cli.desk import run
from tests.store.records import NOW

PASSWORD = "sample horse battery"


@pytest.fixture
def url(tmp_path):
    """A fresh database."""
    return f"sqlite:///{tmp_path}/desk.sqlite"


def add(url, name, *words, said=PASSWORD):
    """Add a user with the password on stdin."""
    result = CliRunner().invoke(
        cli,
        ["--database", url, "users", "add", name, "--password-stdin", *words],
        input=f"{said}\n",
        standalone_mode=False,
    )
    if result.exception:
        raise result.exception
    return result


def test_a_user_is_added_and_listed(url):
    """The name is folded, the password only hashed; a script gets objects."""
    add(url, "Ann", "--role", "admin")
    assert json.loads(add(url, "bob", "--json").stdout)["role"] == "analyst"
    ann, bob = run(url, "users", "list", "--json").records
    assert (ann["name"], ann["role"], ann["disabled_at"]) == ("ann", "admin", None)
    assert (bob["name"], bob["role"]) == ("bob", "analyst")
    assert "ann   admin" in run(url, "users", "list").out
    database = open_database(url)
    kept = database.attempt_login("ann", "", now=NOW).password_hash
    database.close()
    assert kept.startswith("$argon2id$")
    assert passwords.matches(kept, PASSWORD)


def test_a_desk_without_an_administrator_is_told(url):
    """With the first user everybody signs in; that nobody manages users is said until one does."""
    hint = "monitor users role bob admin"
    assert hint in add(url, "bob").stderr
    assert "users role" not in add(url, "ann", "--role", "admin").stderr
    assert "users role" not in add(url, "eve").stderr


def test_an_empty_list_says_what_to_do(url):
    """Nobody is there yet: how to add one."""
    assert "monitor users add NAME" in run(url, "users", "list").err


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("a b", PASSWORD, "is no name for a user"),
        ("", PASSWORD, "is no name for a user"),
        ("x" * 65, PASSWORD, "is no name for a user"),
        ("\u202eann", PASSWORD, "is no name for a user"),
        ("ann", "short", "is too short: 5 characters, at least 10"),
        ("ann", "", "is too short"),
        ("ann", "x" * 1001, "is too long"),
        ("sample.name", "Sample.Name", "is the user's name"),
    ],
)
def test_what_cannot_be_a_user(url, name, said, words):
    """Each refusal says why."""
    with pytest.raises(BadInput, match=words):
        add(url, name, said=said)
    assert run(url, "users", "list", "--json").records == []


def test_a_second_user_of_a_name_is_refused(url):
    """However it is written."""
    add(url, "ann")
    with pytest.raises(BadInput, match="there is a user of that name"):
        add(url, "ANN")


def test_a_password_is_never_an_argument(url):
    """Without a terminal and without --password-stdin nothing is asked; no option takes one."""
    with pytest.raises(BadInput, match=r"stdin is no terminal\. Give --password-stdin"):
        run(url, "users", "add", "ann")
    for command in cli.get_command(None, "users").commands.values():
        assert {p.name for p in command.params} <= {
            "name", "role", "password_stdin", "end", "as_json",
        }  # fmt: skip


def test_a_user_is_changed(url):
    """Role, password, disabled and enabled; each says what is so now."""
    add(url, "ann", "--role", "admin")
    add(url, "bob")
    assert "bob is reader now." in run(url, "users", "role", "Bob", "reader").err
    assert "may not sign in" in run(url, "users", "disable", "bob").err
    assert run(url, "users", "list", "--json").records[1]["disabled_at"]
    assert "bob may sign in again." in run(url, "users", "enable", "bob").err
    result = CliRunner().invoke(
        cli,
        ["--database", url, "users", "password", "bob", "--password-stdin"],
        input="another sample of words\n",
        standalone_mode=False,
    )
    assert "bob has a new password, and is signed out everywhere." in result.stderr
    with pytest.raises(BadInput, match="is the last administrator"):
        run(url, "users", "disable", "ann")
    with pytest.raises(BadInput, match=r"eve: there is no such user\. See: monitor users list"):
        run(url, "users", "role", "eve", "admin")


def test_where_a_user_is_signed_in(url):
    """Listed, and ended."""
    add(url, "ann")
    database = open_database(url)
    database.sign_in("ann", "k1", place="127.0.0.1", browser="Sample/1.0", now=NOW)
    database.close()
    (found,) = run(url, "users", "sessions", "ann", "--json").records
    assert (found["place"], found["browser"]) == ("127.0.0.1", "Sample/1.0")
    assert "k1" not in json.dumps(found)
    answer = run(url, "users", "sessions", "ann", "--end")
    assert "Sample/1.0" in answer.out
    assert "1 session ended." in answer.err
    assert "ann is signed in nowhere." in run(url, "users", "sessions", "ann").err
