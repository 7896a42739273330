"""
The process that speaks to Apprise: one job on stdin, one answer on stdout.

Before anything is sent an audit hook is set, which nothing can take away: it refuses each
connection to an address that the guard forbids, whoever asks for it (redirects and names that
change included), every datagram, and every other process.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
from typing import Any, NoReturn

import apprise
from apprise import NotifyBase
from apprise.manager_plugins import NotificationManager

from monitor.addresses import AddressPolicy
from monitor.deliver.forms import fitted

#: Memory that an answer may take, bytes; and seconds of the processor.
MEMORY, CPU_S = 2**30, 60

#: Room for the title, where a service shows it within the text.
TITLE_ROOM = 20

_DATAGRAMS = ("socket.sendto", "socket.sendmsg")
_PROCESSES = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pty.spawn")

#: Modules of plugins that speak something else than HTTP.
_OTHERS = ("socket", "smtplib", "subprocess", "paho", "slixmpp")


class _Answered(Exception):
    """Ends the job with an answer."""

    def __init__(self, error: str, kind: str = "") -> None:
        super().__init__(error)
        self.answer = {"error": error, "kind": kind}


class _Guard:
    """The hook, and what it refused."""

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy
        self.refusals: list[str] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            self._judge(arguments[1])
        elif event in _DATAGRAMS or event in _PROCESSES:
            self._refuse(f"{event} is not allowed")

    def _judge(self, address: Any) -> None:
        if not isinstance(address, tuple) or len(address) < 2:
            self._refuse("only internet addresses are allowed")
        # A name would be resolved after we looked at it: `refusal` knows addresses only.
        if refusal := self._policy.refusal(str(address[0]), int(address[1])):
            self._refuse(refusal)

    def _refuse(self, why: str) -> NoReturn:
        self.refusals.append(why)
        raise PermissionError(why)


class _Heard(logging.Handler):
    """What a plugin said of its failure."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Remember it."""
        self.said.append(record.getMessage())


def main() -> None:
    """Do one job."""
    job = json.load(sys.stdin)
    try:
        answer = _done(job)
    except _Answered as early:
        answer = early.answer
    json.dump(answer, sys.stdout)


def _done(job: dict[str, Any]) -> dict[str, str]:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    _refuse_others(job["target"])
    heard = _Heard()
    log = logging.getLogger("apprise")
    log.addHandler(heard)
    log.propagate = False
    plugin = apprise.Apprise.instantiate(job["target"], suppress_exceptions=True)
    if plugin is None:
        raise _Answered("Apprise cannot read it.", "permanent")
    if job.get("check"):
        return {}
    guard = _Guard(AddressPolicy.parse(job["allow"]))
    sys.addaudithook(guard)
    if _notified(plugin, job):
        return {}
    if guard.refusals:
        raise _Answered(guard.refusals[0], "refused")
    raise _Answered(heard.said[-1] if heard.said else "it did not take the message.")


def _notified(plugin: NotifyBase, job: dict[str, Any]) -> bool:
    headers = getattr(plugin, "headers", None)
    if isinstance(headers, dict):
        headers["Idempotency-Key"] = job["key"]
    room = int(plugin.body_maxlen) - (0 if plugin.title_maxlen else len(job["title"]) + TITLE_ROOM)
    text = fitted(job["lines"], most=max(room, 100), last=f"[{job['key']}]")
    sent = plugin.notify(body=text, title=job["title"], body_format=apprise.NotifyFormat.TEXT)
    return bool(sent)


def _refuse_others(target: str) -> None:
    """
    Only services that are reached over HTTP: their connections can be judged.

    Raises:
        _Answered: it is another.
    """
    scheme = target.partition(":")[0].lower()
    known: Any = NotificationManager()  # type: ignore[no-untyped-call]
    if scheme not in known:
        raise _Answered(f"Apprise knows no {scheme}://.", "permanent")
    module = sys.modules[known[scheme].__module__]
    if not hasattr(module, "requests") or any(hasattr(module, name) for name in _OTHERS):
        raise _Answered(f"{scheme}:// is not reached over HTTP, and not used here.", "permanent")


if __name__ == "__main__":
    main()
