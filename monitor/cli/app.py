"""
The `monitor` command: global options, the groups, and how errors end.

Exit status: 0 done; 1 done, but something failed; 2 wrong usage or configuration;
3 the database or another service cannot be used; 130 interrupted.
"""

from __future__ import annotations

import difflib
import importlib
import io
import logging
import os
import sys
from pathlib import Path

import click

from monitor import __version__
from monitor.cli import logs
from monitor.cli.session import Session
from monitor.errors import MonitorError

#: Command -> (module, attribute, what it does); a module loads only when its command is used.
COMMANDS = {
    "alerts": ("monitor.cli.alerts", "alerts", "Tell somebody at once when stories change."),
    "articles": ("monitor.cli.articles", "articles", "List articles, or show one."),
    "backup": ("monitor.cli.upkeep", "backup", "Copy the database, while it is in use."),
    "calendar": ("monitor.cli.calendar", "calendar", "List rules that take effect or lapse."),
    "claims": ("monitor.cli.claims", "claims", "List figures with their quotes."),
    "completion": ("monitor.cli.completion", "completion", "Print a shell's completion script."),
    "crawl": ("monitor.cli.crawl", "crawl", "Poll what is due, once."),
    "deliveries": ("monitor.cli.deliveries", "deliveries", "Show what was sent, or failed."),
    "demo": ("monitor.cli.demo", "demo", "See all of it on a sample news web."),
    "digest": ("monitor.cli.digest", "digest", "Print what changed, as Markdown."),
    "doctor": ("monitor.cli.upkeep", "doctor", "Check configuration, database, disk and clock."),
    "evaluate": ("monitor.cli.evaluate", "evaluate", "Score the rules on labelled items."),
    "export": ("monitor.cli.export", "export", "Write JSON Lines, CSV, XLSX, a brief."),
    "health": ("monitor.cli.health", "health", "Show how each source is doing."),
    "import": ("monitor.cli.import_", "import_", "Take decisions from an edited export."),
    "init": ("monitor.cli.init", "init", "Write monitor.toml and load the catalogue."),
    "prune": ("monitor.cli.upkeep", "prune", "Empty old texts; identities stay."),
    "recipients": ("monitor.cli.recipients", "recipients", "List who gets digests and alerts."),
    "rescore": ("monitor.cli.rescore", "rescore", "Read again what is stored; see what changes."),
    "restore": ("monitor.cli.upkeep", "restore", "Put a backup in the database's place."),
    "review": ("monitor.cli.review", "review", "Decide on a story, or undo it."),
    "rules": ("monitor.cli.rules", "rules", "Tag, raise, lower, mute or alert by rules."),
    "run": ("monitor.cli.run", "run", "Crawl by the clock: the daemon."),
    "search": ("monitor.cli.search", "search", "Find articles by their words."),
    "serve": ("monitor.cli.serve", "serve", "Serve the review site alone."),
    "sources": ("monitor.cli.sources", "sources", "List, add, check and exchange sources."),
    "stories": ("monitor.cli.stories", "stories", "List stories, or show one."),
    "taxonomy": ("monitor.cli.taxonomy", "taxonomy", "Explain, check and add names."),
    "users": ("monitor.cli.users", "users", "Manage who may use the review site."),
    "views": ("monitor.cli.views", "views", "Save searches as views, with feeds."),
}

EXAMPLES = """
\b
Examples:
  monitor demo                      see it work, without a network
  monitor init                      write monitor.toml, load the catalogue
  monitor crawl --limit 20          poll what is due, once
  monitor stories list --mineral tungsten
  monitor review s12 --keep
  monitor run                       the daemon, with the review site
"""


class LazyGroup(click.Group):
    """A group that imports a command's module only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, but an unknown name is answered with the nearest of all names."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            if not near:
                raise
            message = f"{error.message} Did you mean {near[0]!r}?"
            raise click.UsageError(message, ctx) from error

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a reader that closed the pipe has seen enough, which is no failure."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without loading their modules."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, _, words) in sorted(COMMANDS.items())])


@click.group(
    cls=LazyGroup,
    help="Watch the world's news for critical minerals: one story, its outlets, its figures."
    "\n" + EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--config", type=click.Path(path_type=Path), help="Configuration file.")
@click.option("--database", help="sqlite:///path or postgresql://…")
@click.option("-v", "--verbose", count=True, help="Say more; twice for every request.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@click.version_option(__version__, "--version", prog_name="monitor")
@click.pass_context
def cli(
    ctx: click.Context, config: Path | None, database: str | None, verbose: int, quiet: bool
) -> None:
    """Read the global options; the help text is given above."""
    asked = {0: logging.ERROR if quiet else None, 1: logging.INFO}.get(verbose, logging.DEBUG)
    logs.start(logging.WARNING if asked is None else asked)
    ctx.obj = Session(
        config=config, database=database, is_quiet=quiet, log_level=asked, environ=os.environ
    )
    ctx.call_on_close(ctx.obj.close)


def main() -> None:
    """Run the command and leave with the documented exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What an old terminal cannot show is named by its code, and ends nothing.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        status = _stopped()
    except KeyboardInterrupt:
        status = _stopped()
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except MonitorError as error:
        click.echo(f"monitor: {error}", err=True)
        status = error.exit_code
    sys.exit(status if isinstance(status, int) else 0)


def _stopped() -> int:
    click.echo("\nInterrupted. What was finished is kept.", err=True)
    return 130
