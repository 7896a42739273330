"""Sending over real sockets: mail, webhooks and services; what is refused, and what is retried."""

import random
import socket
from dataclasses import replace

import pytest

from monitor.deliver import mail, sending
from monitor.deliver.forms import body, fitted
from monitor.deliver.letters import Occasion, trial
from monitor.deliver.targets import checked, hidden, shown
from monitor.errors import BadInput, Permanent, Refused, Retryable
from monitor.model import Delivery
from monitor.settings import Settings
from tests.store.records import NOW
from tests.world.receivers import postbox, webhook

KEY = "digest-0123456789abcdef"


def delivery(subject="News"):
    """One that waits to be sent."""
    message = replace(trial(Occasion(recipient="Desk", now=NOW, zone="UTC")), subject=subject)
    return Delivery(
        id=1, key=KEY, kind="test", recipient_id=1, subject=subject, body=body(message), created_at=NOW
    )  # fmt: skip


def settings(*allow, **mail_settings):
    """Settings with addresses that may be reached, and a mail server."""
    made = Settings()
    values = {"host": "127.0.0.1", "tls": "none", "sender": "monitor@desk.example", "timeout": 5.0}
    return replace(
        made,
        fetch=replace(made.fetch, allow_private=allow),
        mail=replace(made.mail, **values | mail_settings),
    )


def send(target, made=None, **environ):
    """Send a message there."""
    sending.send(delivery(), target, made or settings("127.0.0.0/8"), environ=environ)


def test_a_mail():
    """It has both forms, its key as Message-ID, and says that a program wrote it."""
    with postbox() as box:
        send("mailto:ann@desk.example", settings(port=box.port))
    (got,) = box.mails
    assert got["To"] == "ann@desk.example"
    assert got["Message-ID"] == f"<{KEY}@desk.example>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got.get_content_type() == "multipart/alternative"
    text, page = got.iter_parts()
    assert (text.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    assert "This is a test." in text.get_content()


def test_a_hostile_subject_is_one_header():
    """No line of a subject becomes a header."""
    made = mail.compose(
        delivery("A\r\nBcc: eve@bad.example\u202e" + "x" * 999),
        sender="m@d.example",
        to="a@d.example",
    )
    assert made["Bcc"] is None
    assert len(made["Subject"]) <= mail.SUBJECT


@pytest.mark.parametrize(
    ("answer", "error"),
    [("450 try later", Retryable), ("550 no such user ann@desk.example", Permanent)],
)
def test_what_a_mail_server_refuses(answer, error):
    """A passing refusal is tried again, a lasting one is not; the address is not told."""
    with postbox() as box:
        box.answers = [answer]
        with pytest.raises(error, match="the mail server: answered") as caught:
            send("mailto:ann@desk.example", settings(port=box.port))
    assert "ann" not in str(caught.value)


def test_a_mail_server_without_tls_gets_nothing():
    """With starttls asked for, nothing is sent to a server that has none."""
    with postbox() as box:
        with pytest.raises(Permanent, match="STARTTLS"):
            send("mailto:ann@desk.example", settings(port=box.port, tls="starttls"))
        assert box.mails == []


def test_a_mail_server_that_is_away():
    """No connection is no lasting failure."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Retryable, match="refused"):
        send("mailto:ann@desk.example", settings(port=port))


def test_mail_that_is_not_set_up():
    """Without a server, a sender or a variable it says which setting is missing."""
    for made, what in (
        (settings(host=""), "mail.host"),
        (settings(sender=""), "mail.sender"),
        (settings(user="u", password="${MAIL_PASSWORD}"), "MAIL_PASSWORD"),
    ):
        with pytest.raises(Permanent, match=what):
            send("mailto:ann@desk.example", made)


def test_a_webhook():
    """It gets the message as JSON, and its key in a header."""
    with webhook() as hook:
        send(hook.url)
    assert hook.posts[0]["id"] == hook.headers[0]["Idempotency-Key"] == KEY
    assert "This is a test." in hook.posts[0]["text"]


def test_variables_are_filled_in_when_sent():
    """A target with a variable reaches its place; without it, the variable is named."""
    with webhook() as hook:
        target = hook.url.replace("secret-token", "${TOKEN}")
        send(target, TOKEN="secret-token")
        assert len(hook.posts) == 1
        with pytest.raises(Permanent, match="TOKEN"):
            send(target)


@pytest.mark.parametrize(
    ("status", "error"),
    [(500, Retryable), (429, Retryable), (404, Permanent), (307, Permanent)],
)
def test_what_a_webhook_answers(status, error):
    """Trouble there passes; a no is a no; a redirect is not followed."""
    with webhook() as other, webhook() as hook:
        hook.answers, hook.location = [status], other.url
        with pytest.raises(error, match=f"answered {status}"):
            send(hook.url)
        assert other.posts == []


@pytest.mark.parametrize("target", ["{0}", "json://{1}"])
def test_private_addresses_are_refused(target):
    """Without permission nothing connects to loopback, by whatever way."""
    with webhook() as hook:
        address = target.format(hook.url, hook.url.removeprefix("http://"))
        with pytest.raises(Refused, match=r"address 127\.0\.0\.1 is private") as caught:
            send(address, settings())
        assert hook.posts == []
    assert "secret-token" not in str(caught.value)


def test_a_name_for_loopback_is_refused():
    """It is the address that is judged, not the name."""
    with webhook() as hook, pytest.raises(Refused, match="is private"):
        send(hook.url.replace("127.0.0.1", "localhost"), settings())


def test_no_proxy_of_the_environment_is_asked(monkeypatch):
    """A proxy would hide whom we talk to."""
    with webhook() as hook, webhook() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for target in (hook.url, f"json://{hook.url.removeprefix('http://')}"):
            sending.send(
                delivery(), target, settings("127.0.0.0/8"), environ={"http_proxy": proxy.url}
            )
        assert proxy.posts == []


def test_a_service_of_apprise():
    """Its message has the subject, the lines and the key; the key is in a header too."""
    got: list[dict] = []

    with webhook() as hook:
        hook.posts = got
        send(f"json://{hook.url.removeprefix('http://')}")
        assert hook.headers[0]["Idempotency-Key"] == KEY
    assert got[0]["title"] == "News"
    assert got[0]["message"].endswith(f"[{KEY}]")


def test_a_redirect_of_a_service_is_judged():
    """A service that is allowed cannot lead to an address that is not."""
    with webhook() as other, webhook() as hook:
        hook.answers, hook.location = [307], other.url
        port = hook.url.split(":")[2].split("/")[0]
        with pytest.raises(Refused, match="is private"):
            send(f"json://127.0.0.1:{port}/secret-token", settings(f"127.0.0.1:{port}"))
        assert other.posts == []


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("syslog://", "not reached over HTTP"),
        ("mailtos://user:secretpass@mail.example", "not how mail is sent here"),
        ("file:///etc/passwd", "Apprise knows no file"),
        ("nonsense", "no scheme"),
        ("mailto:nobody", "names no mail address"),
        ("mailto:a@b.example\nBcc:e@f.example", "blanks or control"),
        ("https://", "names no host"),
        ("tgram://x", "cannot read it"),
    ],
)
def test_what_is_no_target(target, words):
    """It is refused when it is given, and not shown in the error."""
    with pytest.raises(BadInput, match=words) as caught:
        sending.usable(target, {})
    assert "secretpass" not in str(caught.value)


def test_what_is_shown_of_a_target():
    """How it is reached and at which host; never a token or a name."""
    assert shown("mailto:ann@desk.example") == "mail at desk.example"
    assert shown("https://user:pass@hook.example/T0K3N?key=1") == "webhook at hook.example"
    assert shown("https://${HOST}/x") == "webhook at …"
    assert shown("tgram://123:T0K3N/chat") == "tgram"
    assert checked(" mailto:ann@desk.example ") == "mailto:ann@desk.example"
    assert hidden("no route to T0K3N at ann", ["tgram://123:T0K3N/"]) == "no route to … at ann"


def test_waits_grow_and_end():
    """Each wait is longer, at most three hours; after nine attempts it is over."""
    dice = random.Random(1)
    waits = [
        (sending.next_attempt(number, now=NOW, dice=dice) - NOW).total_seconds()
        for number in range(1, sending.ATTEMPTS)
    ]
    assert waits[0] < waits[1] < waits[2] < waits[3]
    assert max(waits) <= sending.LONGEST_S * 1.2
    assert sending.next_attempt(sending.ATTEMPTS, now=NOW, dice=dice) is None


def test_what_fits_a_chat():
    """Whole lines as far as they go, then how many are missing, and the key."""
    lines = [f"line {number} {'x' * 20}" for number in range(10)]
    text = fitted(lines, most=120, last="[key]")
    assert len(text) <= 120
    assert text.endswith("… and 7 lines more\n[key]")
    assert fitted(lines, most=9999) == "\n".join(lines)
    assert len(fitted(["x" * 5000], most=100, last="[key]")) <= 100
