"""
Settings: one table of defaults; a TOML file overrides it, the environment overrides the file.

Read once, frozen, passed down. Every key carries its meaning, so that `monitor init` can
write a commented file and the reference can be made from the same words. An unknown key
is an error that names the nearest right one.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import os
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import platformdirs

from monitor import __version__
from monitor.errors import BadInput

APP = "critical-minerals-monitor"

#: Environment variables are `MONITOR_SECTION__KEY`.
PREFIX = "MONITOR_"

#: The environment's name of `taxonomy.folder`.
TAXONOMY_FOLDER = f"{PREFIX}TAXONOMY__FOLDER"

#: Variables of the test suite, not settings.
NOT_SETTINGS = ("MONITOR_TEST_",)


def _key(
    default: Any,
    meaning: str,
    *,
    least: float | None = None,
    most: float | None = None,
    choices: tuple[str, ...] = (),
    is_secret: bool = False,
) -> Any:
    limits = {"least": least, "most": most, "choices": choices, "is_secret": is_secret}
    return field(default=default, metadata={"meaning": meaning, **limits})


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """Where everything is kept."""

    url: str = _key(
        "",
        "sqlite:///path or postgresql://user@host/name; empty: SQLite in your data folder.",
    )
    keep_polls: int = _key(
        30, "Days for which each poll is kept; what a source did by the day stays.", least=1
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How the network is asked."""

    allow_private: tuple[str, ...] = _key(
        (), "Private addresses that may be asked: CIDRs or host:port. Empty: none."
    )
    host_gap: float = _key(1.0, "Seconds between two requests to one host.", least=0, most=3600)
    user_agent: str = _key(
        f"{APP}/{__version__}", "How we introduce ourselves; the contact is added to it."
    )
    contact: str = _key("", "An address where a webmaster reaches you: mail or URL.")
    timeout: float = _key(30.0, "Seconds until a request is given up.", least=0.1, most=600)
    max_bytes: int = _key(
        10_000_000, "Bytes of one answer, unpacked; longer ones are refused.", least=1000
    )
    pages: bool = _key(True, "Fetch the pages that entries point to; false: feeds only.")
    concurrency: int = _key(64, "Requests under way at once, over all hosts.", least=1, most=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleSettings:
    """How often sources are polled."""

    min_interval: float = _key(300.0, "Seconds between two polls, at least.", least=1)
    max_interval: float = _key(86_400.0, "Seconds between two polls, at most.", least=1)
    default_interval: float = _key(
        1800.0,
        "Seconds between two polls of a source that is not known yet, or brings about 22 entries "
        "a day; others follow from it. Shorter: news sooner, for more polls.",
        least=1,
    )
    tick: float = _key(1.0, "Seconds between two looks at what is due.", least=0.1, most=60)
    batch: int = _key(64, "Sources in one crawl of the daemon.", least=1, most=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelevanceSettings:
    """What counts as news on critical minerals."""

    threshold: float = _key(0.5, "Score from which an article is relevant.", least=0, most=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxonomySettings:
    """Which names are looked for; see docs/taxonomy.md."""

    folder: str = _key(
        "",
        "A folder of your own tables, whose rows add to ours, change or remove them; "
        "see: monitor taxonomy add. Empty: ours alone.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """The review site, and the status pages /healthz, /readyz and /metrics; see docs/access.md."""

    host: str = _key(
        "127.0.0.1",
        "Address to listen at; anything but loopback needs accounts: monitor users add.",
    )
    port: int = _key(
        8000, "Port to listen at; 0: neither site nor status pages.", least=0, most=65_535
    )
    hosts: tuple[str, ...] = _key(
        (),
        "Names by which browsers reach the site, beside loopback and web.host: desk.example.org.",
    )
    https: bool = _key(
        False, "Browsers reach it by https only, through a proxy: cookies go no other way."
    )
    proxies: tuple[str, ...] = _key(
        (), "Addresses or CIDRs of proxies whose X-Forwarded-For and -Proto are believed."
    )
    max_upload: int = _key(20_000_000, "Bytes of a file that is sent to the site.", least=1000)
    idle_hours: float = _key(
        24.0, "Hours without a request after which a user is signed out.", least=0.1, most=8784
    )
    sign_in_days: float = _key(
        30.0, "Days after which a user must sign in again.", least=0.01, most=366
    )
    public_url: str = _key(
        "", "Where readers open the site: https://desk.example.org; links in messages begin so."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """What the daemon logs, on stderr."""

    format: str = _key(
        "auto",
        "auto: text for a terminal and for systemd's journal, else one JSON object a line.",
        choices=("auto", "text", "json"),
    )
    level: str = _key(
        "info", "Least grave events that are told.", choices=("debug", "info", "warning", "error")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """How digests and alerts are sent by mail; ${NAME} stands for an environment variable."""

    host: str = _key("", "Mail server (SMTP); empty: no mail is sent.")
    port: int = _key(587, "Its port: 587, or 465 with tls.", least=1, most=65_535)
    tls: str = _key(
        "starttls",
        "starttls, tls from the first byte, or none: what is sent can be read on its way.",
        choices=("starttls", "tls", "none"),
    )
    user: str = _key("", "Name to sign in with; empty: without.")
    password: str = _key("", "Its password: write ${MAIL_PASSWORD}, not itself.", is_secret=True)
    sender: str = _key("", "Address that mail is from: monitor@example.org.")
    timeout: float = _key(30.0, "Seconds to wait for an answer.", least=0.1, most=600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings."""

    database: DatabaseSettings = DatabaseSettings()
    fetch: FetchSettings = FetchSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    relevance: RelevanceSettings = RelevanceSettings()
    taxonomy: TaxonomySettings = TaxonomySettings()
    web: WebSettings = WebSettings()
    log: LogSettings = LogSettings()
    mail: MailSettings = MailSettings()


def use_taxonomy(folder: str) -> None:
    """
    Hand the user's folder of the taxonomy on to this process and to those that it starts.

    By the environment, under the name that overrides the setting: worker processes read the
    same words. '' = none.
    """
    if folder:
        os.environ[TAXONOMY_FOLDER] = str(Path(folder).expanduser().absolute())
    else:
        os.environ.pop(TAXONOMY_FOLDER, None)


def taxonomy_folder() -> Path | None:
    """The user's folder of the taxonomy, as it was handed on."""
    folder = os.environ.get(TAXONOMY_FOLDER, "")
    return Path(folder) if folder else None


def load_settings(
    path: Path | None, *, environ: Mapping[str, str], database: str | None = None
) -> Settings:
    """
    Read the settings of this run.

    Args:
        path: the file; None takes `./monitor.toml`, else the user's configuration folder.
        environ: `MONITOR_SECTION__KEY` variables override the file; lists are JSON.
        database: overrides both.

    Raises:
        BadInput: the file is missing or broken, a key unknown, a value of the wrong form.
    """
    values = _from_file(path)
    for section, key, value, origin in _from_environment(environ):
        values.setdefault(section, {})[key] = (value, origin)
    if database is not None:
        values.setdefault("database", {})["url"] = (database, "--database")
    sections = {
        section.name: _section(section.name, _class_of(section), values.pop(section.name, {}))
        for section in dataclasses.fields(Settings)
    }
    for section_name, keys in values.items():
        origin = next((origin for _, origin in keys.values()), "the configuration")
        _refuse(section_name, list(sections), f"[{section_name}] in {origin}")
    settings = Settings(**sections)
    if settings.schedule.min_interval > settings.schedule.max_interval:
        raise BadInput("is above schedule.max_interval.", subject="schedule.min_interval")
    return settings if settings.database.url else _with_default_database(settings)


def default_toml() -> str:
    """The commented file that `monitor init` writes; it reads back as the defaults."""
    lines = ["# Settings of the monitor. MONITOR_SECTION__KEY in the environment overrides a key."]
    for section in dataclasses.fields(Settings):
        kind = _class_of(section)
        lines += ["", f"# {_meaning_of(kind)}", f"[{section.name}]"]
        for key in dataclasses.fields(kind):
            lines += [f"# {key.metadata['meaning']}{_bounds(key)}"]
            lines += [f"{key.name} = {_toml(key.default)}"]
    return "\n".join(lines) + "\n"


def reference_markdown() -> str:
    """The reference of all keys, as `docs/configuration.md` holds it."""
    lines = [
        "# Configuration",
        "",
        "`monitor init` writes `monitor.toml` with every key. `MONITOR_SECTION__KEY` in the",
        "environment overrides the file (lists as JSON); `--database` overrides both.",
    ]
    for section in dataclasses.fields(Settings):
        kind = _class_of(section)
        lines += ["", f"## {section.name}", "", _meaning_of(kind), ""]
        lines += ["| key | default | meaning |", "|---|---|---|"]
        for key in dataclasses.fields(kind):
            default = f"`{_toml(key.default)}`"
            meaning = f"{key.metadata['meaning']}{_bounds(key)}"
            lines.append(f"| `{section.name}.{key.name}` | {default} | {meaning} |")
    return "\n".join(lines) + "\n"


def differences(old: Settings, new: Settings) -> list[tuple[str, str, str]]:
    """
    What differs between two settings: key, its old and its new value as the file writes them.

    Passwords in addresses are left out; where only one of them differs, the value says so.
    """
    found = []
    for section in dataclasses.fields(Settings):
        before, after = getattr(old, section.name), getattr(new, section.name)
        for key in dataclasses.fields(before):
            values = getattr(before, key.name), getattr(after, key.name)
            if values[0] != values[1]:
                if key.metadata["is_secret"]:
                    values = "…", "…"
                was, now = (_toml(_shown(value)) for value in values)
                now += " (another password)" if was == now else ""
                found.append((f"{section.name}.{key.name}", was, now))
    return found


def _shown(value: Any) -> Any:
    return redacted(value) if isinstance(value, str) and "://" in value else value


def redacted(url: str) -> str:
    """A database URL without its password."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    user = parts.username or ""
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:…@{place}"))


def _from_file(path: Path | None) -> dict[str, dict[str, tuple[Any, str]]]:
    found = path or _default_file()
    if found is None:
        return {}
    try:
        parsed = tomllib.loads(found.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"is no TOML: {error}.", subject=str(found)) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise BadInput(
            f"cannot be read: {reason}.", subject=str(found), advice="monitor init writes one."
        ) from error
    for name, section in parsed.items():
        if not isinstance(section, dict):
            names = [f.name for f in dataclasses.fields(Settings)]
            _refuse(name, names, f"{name} in {found}")
    return {
        name: {key: (value, str(found)) for key, value in section.items()}
        for name, section in parsed.items()
    }


def _default_file() -> Path | None:
    for candidate in (
        Path("monitor.toml"),
        Path(platformdirs.user_config_dir(APP), "monitor.toml"),
    ):
        if candidate.is_file():
            return candidate
    return None


def _from_environment(environ: Mapping[str, str]) -> list[tuple[str, str, Any, str]]:
    found = []
    for name, raw in sorted(environ.items()):
        if not name.startswith(PREFIX) or name.startswith(NOT_SETTINGS) or "__" not in name:
            continue
        section, _, key = name.removeprefix(PREFIX).lower().partition("__")
        found.append((section, key, _Text(raw), f"the environment variable {name}"))
    return found


class _Text(str):
    """A value from the environment: its form follows from the key."""

    __slots__ = ()


def _section(name: str, kind: type[Any], values: dict[str, tuple[Any, str]]) -> Any:
    known = {key.name: key for key in dataclasses.fields(kind)}
    hints = typing.get_type_hints(kind)
    for key, (_, origin) in values.items():
        if key not in known:
            _refuse(f"{name}.{key}", [f"{name}.{k}" for k in known], f"{name}.{key} in {origin}")
    return kind(
        **{
            key: _checked(f"{name}.{key}", value, hints[key], known[key], origin)
            for key, (value, origin) in values.items()
        }
    )


def _checked(name: str, value: Any, hint: Any, key: dataclasses.Field[Any], origin: str) -> Any:
    meaning = f"{key.metadata['meaning']}{_bounds(key)}"
    try:
        result = _converted(value, hint)
    except (ValueError, TypeError) as error:
        shown = "what is given" if key.metadata["is_secret"] else repr(value)
        raise BadInput(
            f"{shown} is {error}.", subject=f"{name} in {origin}", advice=meaning
        ) from error
    least, most = key.metadata["least"], key.metadata["most"]
    if (least is not None and not result >= least) or (most is not None and not result <= most):
        raise BadInput(
            f"{value!r} is out of bounds.", subject=f"{name} in {origin}", advice=meaning
        )
    choices = key.metadata["choices"]
    if choices and result not in choices:
        raise BadInput(
            f"{value!r} is none of {', '.join(choices)}.",
            subject=f"{name} in {origin}",
            advice=meaning,
        )
    return result


def _converted(value: Any, hint: Any) -> Any:
    """The value as its key wants it; a ValueError says which form that is."""
    if isinstance(value, _Text) and hint is not str:
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            raise ValueError(_form(hint)) from None
    if not _has_form(value, hint):
        raise ValueError(_form(hint))
    if isinstance(hint, types.GenericAlias):
        return tuple(value)
    return hint(value)


def _has_form(value: Any, hint: Any) -> bool:
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if hint in {str, bool}:
        return isinstance(value, hint)
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _form(hint: Any) -> str:
    forms = {str: "no text", bool: "neither true nor false", int: "no whole number"}
    return forms.get(hint, "no number" if hint is float else "no list of texts")


def _refuse(name: str, known: list[str], subject: str) -> None:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    advice = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
    raise BadInput("there is no such key.", subject=subject, advice=advice)


def _with_default_database(settings: Settings) -> Settings:
    path = Path(platformdirs.user_data_dir(APP), "monitor.sqlite")
    return dataclasses.replace(
        settings, database=dataclasses.replace(settings.database, url=f"sqlite:///{path}")
    )


def _class_of(section: dataclasses.Field[Any]) -> type[Any]:
    kind: type[Any] = type(section.default)
    return kind


def _meaning_of(kind: type[Any]) -> str:
    return (kind.__doc__ or "").strip()


def _bounds(key: dataclasses.Field[Any]) -> str:
    least, most = key.metadata["least"], key.metadata["most"]
    if least is None and most is None:
        return ""
    parts = [f"at least {least:g}"] if least is not None else []
    parts += [f"at most {most:g}"] if most is not None else []
    return f" ({', '.join(parts)})"


def _toml(value: Any) -> str:
    if isinstance(value, tuple):
        return json.dumps(list(value))
    return json.dumps(value, ensure_ascii=False)
