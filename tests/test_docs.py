"""What the documents say of commands, targets and files is so."""

import re
from pathlib import Path

import click
import pytest

from monitor.cli.app import cli

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    "README.md",
    "CHANGELOG.md",
    "docs/access.md",
    "docs/architecture.md",
    "docs/calendar.md",
    "docs/deliveries.md",
    "docs/exchange.md",
    "docs/health.md",
    "docs/ledger.md",
    "docs/operations.md",
    "docs/rules.md",
    "docs/site.md",
    "docs/sources.md",
    "docs/stories.md",
]

#: Documents that show other programs' options too.
OTHERS = ["docs/operations.md"]


def text(name):
    """A document."""
    return (ROOT / name).read_text(encoding="utf-8")


def commands(document):
    """Every `monitor WORD…` that a document shows."""
    return re.findall(r"(?:`|^)monitor ((?:[a-z-]+ ?)+)", text(document), re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_named_exists(document):
    """A reader who types what a document shows reaches a command."""
    for words in commands(document):
        context, command = click.Context(cli), cli
        for word in words.split():
            if not isinstance(command, click.Group):
                break
            command = command.get_command(context, word)
            assert command is not None, f"monitor {words}"


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if d not in OTHERS])
def test_every_option_named_exists(document):
    """An option that a document shows beside a command is one of its options."""
    known = set()
    waiting = [cli]
    while waiting:
        command = waiting.pop()
        known |= {name for option in command.params for name in option.opts}
        if isinstance(command, click.Group):
            context = click.Context(command)
            waiting += [command.get_command(context, n) for n in command.list_commands(context)]
    shown = set(re.findall(r"(?<=[\s`])--[a-z-]+", text(document)))
    assert shown - known - {"--help", "--version"} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_named_exists(document):
    """Links and paths lead somewhere."""
    links = re.findall(r"\]\(([^)#:]+)\)", text(document))
    places = re.findall(r"`((?:monitor|spiders|docs|tests)/[\w./]*)`", text(document))
    base = (ROOT / document).parent
    missing = [link for link in links if not (base / link).exists()]
    missing += [place for place in places if not (ROOT / place).exists()]
    assert missing == []


def test_every_target_named_exists():
    """`make WORD` in the README is a target that `make help` lists."""
    targets = set(re.findall(r"^([a-z]+):.*##", text("Makefile"), re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)", text("README.md"))) <= targets | {"help"}


def every_command():
    """(words, command) of all commands and groups."""
    waiting = [(("monitor",), cli)]
    while waiting:
        words, command = waiting.pop()
        yield words, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            names = command.list_commands(context)
            waiting += [((*words, name), command.get_command(context, name)) for name in names]


def test_every_command_has_help():
    """Each command says what it does; each leaf shows an example or takes no thought."""
    for words, command in every_command():
        assert command.help, words


def test_every_setting_is_in_the_reference():
    """The reference was made from the code as it is."""
    from monitor.settings import reference_markdown

    assert text("docs/configuration.md") == reference_markdown()
