"""
A message to one of Apprise's services, sent by a process of its own.

That process (`service_process`) judges every address that it connects to, sees no secrets but
the target, and is ended when it takes too long; Apprise is loaded in no other.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import Any

from monitor.addresses import AddressPolicy
from monitor.deliver.targets import hidden
from monitor.errors import BadInput, Permanent, Refused, Retryable
from monitor.model import Delivery
from monitor.wording import one_line

#: Seconds for all of it.
DEADLINE_S = 90.0

#: What of our environment the process sees; proxies would hide whom it talks to.
KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "SSL_CERT_FILE", "SSL_CERT_DIR")

_SUBJECT = "the service"


def send(
    delivery: Delivery, target: str, policy: AddressPolicy, *, environ: Mapping[str, str]
) -> None:
    """
    Send it.

    Args:
        target: with its variables filled in.

    Raises:
        Refused: the address guard forbids it.
        Permanent: the target is none.
        Retryable: it may go well later.
    """
    answer = _asked(
        {
            "target": target,
            "title": one_line(delivery.subject, 250),
            "lines": delivery.body["lines"],
            "key": delivery.key,
            "allow": policy.allow,
        },
        environ,
    )
    error = answer.get("error")
    if error and answer.get("kind") == "refused":
        # In our own words, which name an address only.
        raise Refused(f"{error}.", subject=_SUBJECT)
    if error:
        kind = Permanent if answer.get("kind") == "permanent" else Retryable
        raise kind(one_line(hidden(error, [target]), 300), subject=_SUBJECT)


def check(target: str, *, environ: Mapping[str, str]) -> None:
    """
    Make sure that Apprise can read a target, and reaches it over HTTP.

    Raises:
        BadInput: it is not so.
    """
    try:
        answer = _asked({"target": target, "check": True}, environ)
    except Retryable as error:
        raise BadInput(error.message, subject="the target") from None
    if wrong := answer.get("error"):
        raise BadInput(one_line(hidden(wrong, [target]), 300), subject="the target")


def _asked(job: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    kept = {name: environ[name] for name in KEPT if name in environ}
    with tempfile.TemporaryDirectory(prefix="monitor-send-") as home:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "monitor.deliver.service_process"],
                input=json.dumps(job),
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=DEADLINE_S,
                check=False,
                cwd=home,
                env=kept | {"HOME": home, "NETRC": "/dev/null", "PYTHONUTF8": "1"},
            )
        except subprocess.TimeoutExpired:
            raise Retryable(f"no answer within {DEADLINE_S:g} s.", subject=_SUBJECT) from None
        except OSError as error:
            raise Retryable(f"{error.strerror}.", subject="the sending process") from None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise Retryable(
            f"ended with status {done.returncode}.", subject="the sending process"
        ) from None
    return answer
