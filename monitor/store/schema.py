"""Bring a database to this version's schema, or say that it is another's."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from monitor.errors import Unusable
from monitor.store import engine as engines

#: The newest migration; a test holds it against the folder.
HEAD = "0005"

_FOLDER = Path(__file__).parent / "migrations"


def version(connection: sa.Connection) -> str:
    """
    The migration that the database is at; '' for an empty one.

    Raises:
        Unusable: it holds tables that are not ours.
    """
    names = sa.inspect(connection).get_table_names()
    if "alembic_version" in names:
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        return str(found or "")
    if names:
        raise Unusable(
            f"belongs to another program (it holds the table {names[0]}).",
            subject="database",
            advice="Give database.url a file or database of its own.",
        )
    return ""


def migrate(engine: sa.Engine, shown_url: str) -> None:
    """
    Upgrade to the newest schema, in one transaction; nothing when it is there.

    Raises:
        Unusable: a newer version of the monitor wrote this database.
    """
    with engine.connect() as connection:
        if version(connection) == HEAD:
            return
    # Imported late: Alembic costs a tenth of a second, and is seldom needed.
    from alembic import command, script  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    known = {one.revision for one in script.ScriptDirectory.from_config(config).walk_revisions()}
    with engines.writing(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            # Two programs that start together migrate one after the other.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7277)"))
        found = version(connection)
        if found and found not in known:
            raise Unusable(
                f"was written by a newer version of the monitor (schema {found}, this one "
                f"knows {HEAD}).",
                subject=shown_url,
                advice="Upgrade the monitor, or restore a backup of the older schema.",
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
