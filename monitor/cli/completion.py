"""`monitor completion`: the shell's script for completing commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> int:
    """
    Print a completion script.

    \b
    Example:
      monitor completion bash > ~/.local/share/bash-completion/completions/monitor
    """
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(ctx.find_root().command, {}, "monitor", "_MONITOR_COMPLETE").source())
    return 0
