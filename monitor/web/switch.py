"""The switch of the interface's language, at the foot of every page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.errors import BadInput
from monitor.web.gate import posted
from monitor.web.language import COOKIE, LANGUAGES
from monitor.web.pages import own_path, see_other

#: Seconds that a browser remembers it: a year.
_KEPT_S = 366 * 86_400


async def switch(request: Request) -> Response:
    """Speak another language from now on, to this browser."""
    form = await posted(request)
    code = str(form.get("code", ""))
    if code not in LANGUAGES:
        raise BadInput(
            f"is none of {', '.join(LANGUAGES)}.",
            subject=f"the language {code[:20]!r}",
            advice="Choose one at the foot of the page.",
        )
    answer = see_other(own_path(str(form.get("back", ""))))
    answer.set_cookie(COOKIE, code, max_age=_KEPT_S, httponly=True, samesite="lax")
    return answer


routes = [Route("/language", switch, methods=["POST"], name="language")]
