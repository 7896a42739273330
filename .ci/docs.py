"""
The references in docs/ that are made from the code: settings and commands.

    python .ci/docs.py            fail when one is out of date
    python .ci/docs.py --write    write them
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from monitor.cli.app import cli
from monitor.settings import reference_markdown

DOCS = Path(__file__).parent.parent / "docs"


def commands_markdown() -> str:
    """Every command with its help, as the terminal shows it."""
    lines = ["# Commands", "", "What `monitor COMMAND --help` prints."]
    for words, command, context in _commands(click.Context(cli, info_name="monitor"), ("monitor",)):
        lines += ["", f"## {' '.join(words)}", "", "```text", command.get_help(context), "```"]
    return "\n".join(lines) + "\n"


def _commands(
    context: click.Context, words: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command, click.Context]]:
    context.max_content_width = context.terminal_width = 90
    command = context.command
    yield words, command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            sub = command.get_command(context, name)
            assert sub is not None
            yield from _commands(click.Context(sub, info_name=name, parent=context), (*words, name))


def main() -> int:
    """0 when all are up to date."""
    made = {"configuration.md": reference_markdown(), "commands.md": commands_markdown()}
    if "--write" in sys.argv:
        for name, text in made.items():
            (DOCS / name).write_text(text, encoding="utf-8")
        return 0
    old = [name for name, text in made.items() if _read(DOCS / name) != text]
    for name in old:
        print(f"docs/{name} is out of date. Write it anew: make docs")
    return 1 if old else 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
