"""`monitor users`: who may use the review site."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.errors import BadInput
from monitor.model import Login, Role, User
from monitor.web import passwords
from monitor.wording import counted, one_line, plain_line, short, stamp

_role = click.Choice([role.value for role in Role])
_from_stdin = click.option(
    "--password-stdin", is_flag=True, help="Take the password from the first line of stdin."
)


@click.group()
def users() -> None:
    """
    Manage who may use the review site; with the first user everybody must sign in.

    A reader looks, searches and exports; an analyst decides too, and edits views, alerts and
    sources; an admin manages users too. See docs/access.md.

    \b
    Examples:
      monitor users add ann --role admin
      monitor users list
      monitor users disable bob
    """


@users.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> int:
    """
    List users.

    \b
    Examples:
      monitor users list
      monitor users list --json
    """
    known = session.database.users()
    if as_json:
        session.emit_all(_record(user) for user in known)
    elif known:
        _show_users(session, known)
    else:
        session.say(
            "No user: on loopback the site is open. Add one: monitor users add NAME --role admin"
        )
    return 0


@users.command("add")
@click.argument("name")
@click.option("--role", type=_role, default=Role.ANALYST.value, show_default=True)
@_from_stdin
@json_option
@pass_session
def add(session: Session, name: str, role: str, password_stdin: bool, as_json: bool) -> int:
    """
    Add a user; asks for its password.

    \b
    Examples:
      monitor users add ann --role admin
      pass show desk/bob | monitor users add bob --role reader --password-stdin
    """
    name = passwords.checked_name(name)
    database = session.database
    if any(user.name == name for user in database.users()):
        raise BadInput("there is a user of that name.", subject=name)
    made = _hashed(name, from_stdin=password_stdin)
    user = database.add_user(name, password_hash=made, role=Role(role), now=datetime.now(UTC))
    if not any(one.role is Role.ADMIN for one in database.users()):
        session.say(f"Nobody manages users on the site yet: monitor users role {name} admin")
    return _told(session, user, f"{name} may sign in, as {role}.", as_json=as_json)


@users.command("role")
@click.argument("name")
@click.argument("role", type=_role)
@json_option
@pass_session
def role_(session: Session, name: str, role: str, as_json: bool) -> int:
    """
    Give a user another role; it holds at once.

    \b
    Example:
      monitor users role bob analyst
    """
    user = session.database.set_role(passwords.user_name(name), Role(role))
    return _told(session, user, f"{user.name} is {role} now.", as_json=as_json)


@users.command("password")
@click.argument("name")
@_from_stdin
@json_option
@pass_session
def password(session: Session, name: str, password_stdin: bool, as_json: bool) -> int:
    """
    Give a user another password, and sign it out everywhere.

    \b
    Examples:
      monitor users password ann
      pass show desk/ann | monitor users password ann --password-stdin
    """
    name = passwords.user_name(name)
    session.database.logins(name)
    made = _hashed(name, from_stdin=password_stdin)
    user = session.database.set_password(name, made)
    said = f"{user.name} has a new password, and is signed out everywhere."
    return _told(session, user, said, as_json=as_json)


@users.command("disable")
@click.argument("name")
@json_option
@pass_session
def disable(session: Session, name: str, as_json: bool) -> int:
    """
    Let a user sign in no more, and sign it out everywhere.

    \b
    Example:
      monitor users disable bob
    """
    name = passwords.user_name(name)
    user = session.database.set_enabled(name, False, now=datetime.now(UTC))
    said = f"{user.name} is signed out, and may not sign in. Undo: monitor users enable {user.name}"
    return _told(session, user, said, as_json=as_json)


@users.command("enable")
@click.argument("name")
@json_option
@pass_session
def enable(session: Session, name: str, as_json: bool) -> int:
    """
    Let a user sign in again, with the password it had.

    \b
    Example:
      monitor users enable bob
    """
    name = passwords.user_name(name)
    user = session.database.set_enabled(name, True, now=datetime.now(UTC))
    return _told(session, user, f"{user.name} may sign in again.", as_json=as_json)


@users.command("sessions")
@click.argument("name")
@click.option("--end", is_flag=True, help="Sign the user out everywhere.")
@json_option
@pass_session
def sessions(session: Session, name: str, end: bool, as_json: bool) -> int:
    """
    List where a user is signed in, or end that.

    \b
    Examples:
      monitor users sessions ann
      monitor users sessions ann --end
    """
    name = passwords.user_name(name)
    found = session.database.logins(name)
    if as_json:
        session.emit_all(_login_record(login) for login in found)
    elif found:
        _show_logins(session, found)
    else:
        session.say(f"{name} is signed in nowhere.")
    if end:
        count = session.database.sign_out_everywhere(name)
        session.say(f"{counted(count, 'session')} ended.")
    return 0


def _hashed(name: str, *, from_stdin: bool) -> str:
    """The hash of a password that is asked for twice, or read from stdin."""
    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        given = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        raise BadInput(
            "cannot be asked for: stdin is no terminal.",
            subject="the password",
            advice="Give --password-stdin, and the password on the first line.",
        )
    return passwords.hashed(passwords.checked_password(given, name=name))


def _told(session: Session, user: User, text: str, *, as_json: bool) -> int:
    if as_json:
        session.emit(_record(user))
    else:
        session.say(text)
    return 0


def _record(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "role": user.role.value,
        "created_at": stamp(user.created_at),
        "disabled_at": stamp(user.disabled_at) or None,
        "language": user.language,
        "zone": user.zone,
    }


def _login_record(login: Login) -> dict[str, Any]:
    return {
        "name": login.user.name,
        "created_at": stamp(login.created_at),
        "used_at": stamp(login.used_at),
        "place": login.place,
        "browser": login.browser,
    }


def _show_users(session: Session, known: list[User]) -> None:
    from rich.table import Table

    table = Table("name", "role", "since", "may sign in", box=None, pad_edge=False)
    for user in known:
        gone = f"no, since {short(user.disabled_at)}" if user.disabled_at else "yes"
        table.add_row(plain_line(user.name), user.role.value, short(user.created_at), gone)
    session.out.print(table)


def _show_logins(session: Session, found: list[Login]) -> None:
    from rich.table import Table

    table = Table("from", "since", "last used", "browser", box=None, pad_edge=False)
    for login in found:
        table.add_row(
            plain_line(login.place),
            short(login.created_at),
            short(login.used_at),
            one_line(login.browser, 80),
        )
    session.out.print(table)
