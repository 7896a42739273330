"""The page on which administrators manage users."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.errors import BadInput
from monitor.model import Role
from monitor.web import passwords
from monitor.web.account import hashing_of
from monitor.web.desk import desk_of, reader_of, require
from monitor.web.gate import posted
from monitor.web.language import msgid, words_of
from monitor.web.pages import page, see_other, tell

#: The roles as a page names them, so that they are found for translation.
ROLE_WORDS = (msgid("reader"), msgid("analyst"), msgid("admin"))

log = logging.getLogger(__name__)


async def users(request: Request) -> Response:
    """All users, with what can be changed of them."""
    require(request, Role.ADMIN)
    known = await desk_of(request).runner.read(lambda store: store.users())
    return page(request, "users.html", users=known, roles=list(Role), shortest=passwords.SHORTEST)


async def change(request: Request) -> Response:
    """One change of one user, or a new one."""
    reader = require(request, Role.ADMIN)
    form = await posted(request)
    fields = {key: value for key, value in form.items() if isinstance(value, str)}
    action = fields.get("action", "")
    if action not in _ACTIONS:
        raise BadInput("is no change of a user.", subject=action[:40] or "the form")
    name = passwords.checked_name(fields.get("name", ""))
    await _ACTIONS[action](request, name, fields)
    log.info("%s: user %s: %s", reader.name, name, action)
    return tell(request, see_other("/users"), words_of(request).gettext("Saved."))


async def _add(request: Request, name: str, fields: dict[str, str]) -> None:
    desk, role = desk_of(request), _role(fields)
    if not reader_of(request).has_account and role is not Role.ADMIN:
        raise BadInput(
            "must be an administrator: with it everybody has to sign in.",
            subject="the first user",
            advice="Choose the role admin.",
        )
    made = await _hashed(request, name, fields)
    await desk.runner.write(
        lambda store: store.add_user(name, password_hash=made, role=role, now=desk.now())
    )


async def _set_role(request: Request, name: str, fields: dict[str, str]) -> None:
    role = _role(fields)
    await desk_of(request).runner.write(lambda store: store.set_role(name, role))


async def _set_password(request: Request, name: str, fields: dict[str, str]) -> None:
    made = await _hashed(request, name, fields)
    await desk_of(request).runner.write(lambda store: store.set_password(name, made))


async def _disable(request: Request, name: str, _fields: dict[str, str]) -> None:
    desk = desk_of(request)
    await desk.runner.write(lambda store: store.set_enabled(name, False, now=desk.now()))


async def _enable(request: Request, name: str, _fields: dict[str, str]) -> None:
    desk = desk_of(request)
    await desk.runner.write(lambda store: store.set_enabled(name, True, now=desk.now()))


async def _sign_out(request: Request, name: str, _fields: dict[str, str]) -> None:
    await desk_of(request).runner.write(lambda store: store.sign_out_everywhere(name))


_ACTIONS: dict[str, Callable[[Request, str, dict[str, str]], Awaitable[None]]] = {
    "add": _add,
    "role": _set_role,
    "password": _set_password,
    "disable": _disable,
    "enable": _enable,
    "sign-out": _sign_out,
}


def _role(fields: dict[str, str]) -> Role:
    try:
        return Role(fields.get("role", ""))
    except ValueError as error:
        raise BadInput(f"is none of {', '.join(Role)}.", subject="the role") from error


async def _hashed(request: Request, name: str, fields: dict[str, str]) -> str:
    password = passwords.checked_password(fields.get("password", ""), name=name)
    return await hashing_of(request).run(lambda: passwords.hashed(password))


routes = [
    Route("/users", users, methods=["GET"], name="users"),
    Route("/users", change, methods=["POST"]),
]
