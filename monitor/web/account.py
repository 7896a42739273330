"""Signing in and out, and what users may set for themselves."""

from __future__ import annotations

import logging
from datetime import timedelta

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.errors import BadInput
from monitor.model import Attempt, Login, Role
from monitor.ports import Store
from monitor.web import passwords, preferences
from monitor.web.desk import Forbidden, TooSoon, desk_of, peer_of, reader_of, require
from monitor.web.gate import posted, set_cookie
from monitor.web.language import LANGUAGES, words_of
from monitor.web.pages import own_path, page, see_other, tell

#: Where nobody is sent after signing in: signing in again, or out.
_DOORS = ("/login", "/logout")

log = logging.getLogger(__name__)


async def door(request: Request) -> Response:
    """The page for signing in."""
    target = _target(request.query_params.get("next", ""))
    if reader_of(request).name:
        return see_other(target)
    return _door(request, target)


async def sign_in(request: Request) -> Response:
    """A name and a password; the browser gets a new token, whatever it had before."""
    desk, peer = desk_of(request), peer_of(request)
    form = await posted(request)
    target = _target(_field(form, "next"))
    name = passwords.user_name(_field(form, "name")[: passwords.LONGEST_NAME + 1])
    _ = words_of(request).gettext
    try:
        await check_password(request, name, _field(form, "password"))
    except TooSoon as error:
        wait = {"Retry-After": str(error.wait_s)}
        what = _("Too many attempts. Try again in %(seconds)s seconds.") % {"seconds": error.wait_s}
        return _door(request, target, status=error.status, what=what, headers=wait)
    except Forbidden:
        what = _("The name or the password is not right.")
        return _door(request, target, status=Forbidden.status, what=what)
    now, token, former = desk.now(), passwords.new_token(), _login_of(request)

    def keep(store: Store) -> None:
        web = desk.settings.web
        store.forget_logins(
            used_before=now - timedelta(hours=web.idle_hours),
            created_before=now - timedelta(days=web.sign_in_days),
        )
        store.sign_in(
            name,
            passwords.key_of(token),
            place=peer.place,
            browser=request.headers.get("user-agent", ""),
            now=now,
            replacing=former.key if former else "",
        )

    await desk.runner.write(keep)
    log.info("%s signed in from %s", name, peer.place)
    answer = see_other(target)
    age = timedelta(days=desk.settings.web.sign_in_days)
    set_cookie(answer, peer, token, max_age=int(age.total_seconds()))
    return answer


async def sign_out(request: Request) -> Response:
    """End the sign-in of this browser."""
    await posted(request)
    login = _login_of(request)
    if login is not None:
        await desk_of(request).runner.write(lambda store: store.sign_out([login.key]))
    answer = see_other("/login")
    set_cookie(answer, peer_of(request), "", max_age=0)
    return answer


async def account(request: Request) -> Response:
    """What a user may set: language, zone, password, where it is signed in."""
    reader = reader_of(request)
    login = _login_of(request)
    logins: list[Login] = []
    if login is not None:
        logins = await desk_of(request).runner.read(lambda store: store.logins(reader.name))
    return page(
        request,
        "account.html",
        login=login,
        logins=logins,
        shortest=passwords.SHORTEST,
        browsers_zone=preferences.browsers_zone(request),
        language=login.user.language if login else request.cookies.get(preferences.LANGUAGE, ""),
        zone=login.user.zone if login else request.cookies.get(preferences.ZONE, ""),
        zones=preferences.zone_choices(),
    )


async def set_preferences(request: Request) -> Response:
    """Language and zone: kept for the user, or in the browser of an open desk."""
    require(request, Role.READER)
    form = await posted(request)
    language, zone = _field(form, "language"), _field(form, "zone")
    if language and language not in LANGUAGES:
        raise BadInput(f"is none of {', '.join(LANGUAGES)}.", subject=f"language {language[:20]}")
    if zone and not preferences.is_zone(zone):
        raise BadInput(
            "is no time zone.", subject=zone[:60], advice="Choose one of the list: Asia/Almaty."
        )
    login = _login_of(request)
    answer = see_other("/account")
    if login is not None:
        name = login.user.name
        await desk_of(request).runner.write(
            lambda store: store.set_preferences(name, language=language, zone=zone)
        )
    else:
        is_https = peer_of(request).is_https
        preferences.remember(answer, preferences.ZONE, zone, is_https=is_https)
        preferences.remember(answer, preferences.LANGUAGE, language, is_https=is_https)
    return tell(request, answer, words_of(request).gettext("Saved."))


async def set_password(request: Request) -> Response:
    """Another password; who knew the old one is signed out everywhere else."""
    login = _own_login(request)
    form = await posted(request)
    name = login.user.name
    if _field(form, "new") != _field(form, "again"):
        raise BadInput("are not the same.", subject="the two new passwords")
    fresh = passwords.checked_password(_field(form, "new"), name=name)
    await check_password(request, name, _field(form, "password"))
    made = await hashing_of(request).run(lambda: passwords.hashed(fresh))
    await desk_of(request).runner.write(lambda store: store.set_password(name, made, but=login.key))
    log.info("%s has a new password", name)
    said = words_of(request).gettext("The password is changed; other browsers are signed out.")
    return tell(request, see_other("/account"), said)


async def end_logins(request: Request) -> Response:
    """Sign out in another browser, or in all others."""
    login = _own_login(request)
    form = await posted(request)
    keys = [str(key) for key in form.getlist("key")]

    def end(store: Store) -> None:
        if "others" in form:
            store.sign_out_everywhere(login.user.name, but=login.key)
        else:
            own = {one.key for one in store.logins(login.user.name)}
            store.sign_out([key for key in keys if key in own])

    await desk_of(request).runner.write(end)
    return tell(request, see_other("/account"), words_of(request).gettext("Signed out there."))


async def check_password(request: Request, name: str, password: str) -> None:
    """
    Make sure that the password is that user's; takes as long for names that nobody has.

    Raises:
        TooSoon: too many attempts failed.
        Forbidden: it is not.
    """
    desk, place = desk_of(request), peer_of(request).place
    now = desk.now()
    attempt: Attempt = await desk.runner.write(
        lambda store: store.attempt_login(name, place, now=now)
    )
    who = name if attempt.user else "an unknown name"
    if attempt.wait_s:
        log.warning("sign-ins from %s or of its name must wait %d s", place, attempt.wait_s)
        raise TooSoon("is held back.", subject="signing in", wait_s=attempt.wait_s)
    given = password[: passwords.LONGEST + 1]
    is_right, renewed = await hashing_of(request).run(lambda: _looked(attempt, given))
    if not is_right:
        log.warning("failed sign-in: %s from %s", who, place)
        raise Forbidden("is not right.", subject="the password")
    await desk.runner.write(lambda store: store.accept_attempt(name, renewed_hash=renewed))


def _looked(attempt: Attempt, password: str) -> tuple[bool, str]:
    """Whether the password is right; and a new hash, when the old one is of former parameters."""
    is_right = passwords.matches(attempt.password_hash, password) and attempt.user is not None
    is_old = is_right and passwords.is_outdated(attempt.password_hash)
    return is_right, passwords.hashed(password) if is_old else ""


def hashing_of(request: Request) -> passwords.Turns:
    """Where passwords are hashed."""
    turns: passwords.Turns = request.app.state.hashing
    return turns


def _door(
    request: Request,
    target: str,
    *,
    status: int = 200,
    what: str = "",
    headers: dict[str, str] | None = None,
) -> Response:
    return page(request, "login.html", status=status, headers=headers, what=what, target=target)


def _target(text: str) -> str:
    """Where to go after signing in."""
    target = own_path(text)
    return "/" if target.partition("?")[0] in _DOORS else target


def _login_of(request: Request) -> Login | None:
    login: Login | None = request.state.login
    return login


def _own_login(request: Request) -> Login:
    login = _login_of(request)
    if login is None:
        raise BadInput(
            "there is none: this desk has no accounts yet.",
            subject="your account",
            advice="Add one: monitor users add NAME --role admin",
        )
    return login


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


routes = [
    Route("/login", door, methods=["GET"], name="login"),
    Route("/login", sign_in, methods=["POST"]),
    Route("/logout", sign_out, methods=["POST"], name="logout"),
    Route("/account", account, methods=["GET"], name="account"),
    Route("/account", set_preferences, methods=["POST"]),
    Route("/account/password", set_password, methods=["POST"]),
    Route("/account/logins", end_logins, methods=["POST"]),
]
