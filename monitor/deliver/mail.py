"""A message as mail (RFC 5322), and how it is handed to the mail server."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from monitor.deliver.targets import hidden, mail_address, resolved
from monitor.errors import Permanent, Retryable
from monitor.model import Delivery
from monitor.settings import MailSettings
from monitor.wording import one_line

#: Characters of a subject.
SUBJECT = 200


def compose(delivery: Delivery, *, sender: str, to: str) -> EmailMessage:
    """The mail: text and HTML; its Message-ID is the delivery's key, however often it is sent."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name="Critical minerals monitor", addr_spec=sender)
    mail["To"] = Address(addr_spec=to)
    # What looks like an encoded word (RFC 2047) would be decoded, with the line ends in it.
    mail["Subject"] = one_line(delivery.subject.replace("=?", "= ?"), SUBJECT)
    mail["Date"] = format_datetime(_time(delivery))
    mail["Message-ID"] = f"<{delivery.key}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(str(delivery.body["text"]))
    mail.add_alternative(str(delivery.body["html"]), subtype="html")
    return mail


def send(
    delivery: Delivery, target: str, settings: MailSettings, *, environ: Mapping[str, str]
) -> None:
    """
    Hand it to the mail server.

    Args:
        target: with its variables filled in.

    Raises:
        Permanent: the settings or the server forbid it.
        Retryable: it may go well later.
    """
    if not settings.host:
        raise Permanent("is not set.", subject="mail.host", advice="Set it in monitor.toml.")
    if "@" not in settings.sender:
        raise Permanent("is no mail address.", subject="mail.sender", advice="Set it.")
    password = resolved(settings.password, environ)
    mail = compose(delivery, sender=settings.sender, to=mail_address(target))
    secrets = (password, target)
    try:
        _hand_over(mail, settings, resolved(settings.user, environ), password)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _answered(code, text, secrets) from None
    except smtplib.SMTPResponseException as error:
        raise _answered(error.smtp_code, error.smtp_error, secrets) from None
    except ssl.SSLCertVerificationError as error:
        raise Permanent(
            f"has a certificate that is not trusted: {error.verify_message}.", subject="mail.host"
        ) from None
    except smtplib.SMTPNotSupportedError as error:
        raise Permanent(hidden(f"{error}", secrets), subject="mail.host") from None
    except (smtplib.SMTPException, OSError) as error:
        words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Retryable(
            hidden(words or type(error).__name__, secrets), subject="the mail server"
        ) from None


def _hand_over(mail: EmailMessage, settings: MailSettings, user: str, password: str) -> None:
    trust = ssl.create_default_context()
    name = settings.sender.rpartition("@")[2]
    server: smtplib.SMTP
    if settings.tls == "tls":
        server = smtplib.SMTP_SSL(
            settings.host, settings.port, name, timeout=settings.timeout, context=trust
        )
    else:
        server = smtplib.SMTP(settings.host, settings.port, name, timeout=settings.timeout)
    try:
        if settings.tls == "starttls":
            server.starttls(context=trust)
        if user:
            server.login(user, password)
        server.send_message(mail)
        # It is taken: how the farewell goes does not matter.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()
    finally:
        server.close()


def _answered(code: int, text: bytes | str, secrets: tuple[str, ...]) -> Permanent | Retryable:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    words = f"answered {code}: {one_line(hidden(said, secrets), 200)}"
    kind = Permanent if 500 <= code < 600 else Retryable
    return kind(words, subject="the mail server")


def _time(delivery: Delivery) -> datetime:
    return delivery.created_at
