"""How Alembic runs here: one transaction for everything, so that a killed migration leaves the old schema.

The tables of `webapp.models` are only compared with; versions import none of them.
"""

from __future__ import annotations

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, create_engine

from webapp.config import Settings
from webapp.database import WRITES, engine_options, prepare_engine
from webapp.models.base import JsonData, Score, UtcDateTime
from webapp.models.registry import metadata


def render_item(kind: str, item: object, _context: AutogenContext) -> str | bool:
    """New versions spell our own column types out in SQLAlchemy's words."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Score):
        return "sa.BigInteger()"
    if kind == "type" and item is JsonData:
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run(connection: Connection) -> None:
    """Run what was asked for on this connection."""
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:  # tables are rebuilt to change them; the check below stands in for the switched-off keys
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.close()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transactional_ddl=True,
        render_as_batch=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all() if is_sqlite else []
        if broken:
            raise RuntimeError(f"the migration would leave rows that point at nothing: {broken[:5]}")
    if is_sqlite:
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = prepare_engine(create_engine(**engine_options(Settings.from_environment())))
    with engine.execution_options(**{WRITES: True}).connect() as own:
        run(own)
