"""The switch of the interface's language, at the foot of every page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.errors import BadInput
from monitor.model import Login
from monitor.web import preferences
from monitor.web.desk import desk_of, peer_of
from monitor.web.gate import posted
from monitor.web.language import COOKIE, LANGUAGES
from monitor.web.pages import own_path, see_other


async def switch(request: Request) -> Response:
    """Speak another language from now on: to this browser, and to the user who is signed in."""
    form = await posted(request)
    code = str(form.get("code", ""))
    if code not in LANGUAGES:
        raise BadInput(
            f"is none of {', '.join(LANGUAGES)}.",
            subject=f"the language {code[:20]!r}",
            advice="Choose one at the foot of the page.",
        )
    answer = see_other(own_path(str(form.get("back", ""))))
    preferences.remember(answer, COOKIE, code, is_https=peer_of(request).is_https)
    login: Login | None = request.state.login
    if login is not None:
        user = login.user
        await desk_of(request).runner.write(
            lambda store: store.set_preferences(user.name, language=code, zone=user.zone)
        )
    return answer


routes = [Route("/language", switch, methods=["POST"], name="language")]
