"""A PostgreSQL in which a NocoBase seems to be installed: as the stand-in nodes claim to serve one, there must be one.

Only the tables that a check looks at, with the columns it reads (docs/nocobase.md, "Database").
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wizard.demo.licence_service import CLUSTER_PLUGINS
from wizard.demo.postgres import Postgres

if TYPE_CHECKING:
    import psycopg

VERSION = "2.2.15"

_TABLES = (
    'CREATE TABLE "applicationVersion" (id INT PRIMARY KEY, value VARCHAR(255))',
    (
        'CREATE TABLE "applicationPlugins" (name VARCHAR(255), "packageName" VARCHAR(255), '
        "enabled BOOLEAN, installed BOOLEAN)"
    ),
    'CREATE TABLE "storages" (id INT, name VARCHAR(255), type VARCHAR(255), "default" BOOLEAN)',
    "INSERT INTO \"storages\" VALUES (1, 'files', 's3', true)",
    "CREATE TABLE roles (name VARCHAR(255))",
    "INSERT INTO roles VALUES ('root')",
    "CREATE TABLE workflows (id BIGINT, key VARCHAR(255), title VARCHAR(255), type VARCHAR(255), config JSON)",
    (
        'CREATE TABLE "issuedTokens" (id UUID PRIMARY KEY, jti UUID, "userId" BIGINT, "issuedTime" BIGINT, '
        '"signInTime" BIGINT)'
    ),
    'CREATE TABLE executions (id BIGINT, "workflowId" BIGINT, status INT, dispatched BOOLEAN)',
)


def install(server: Postgres, plugins: Sequence[str]) -> None:
    """Make the tables in the server's database, owned by its user, with `plugins` enabled."""
    with server.connect(server.database, user=server.user, password=server.password) as connection:
        for statement in _TABLES:
            connection.execute(statement.encode())
        connection.execute('INSERT INTO "applicationVersion" VALUES (1, %s)', (VERSION,))
        for name in plugins:
            connection.execute('INSERT INTO "applicationPlugins" VALUES (%s, %s, true, true)', (name, name))


class InstalledPostgres(Postgres):
    """A private PostgreSQL with the tables of an installed NocoBase whose cluster plug-ins are enabled."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._kept: psycopg.Connection[Any] | None = None
        self._keeping = threading.Lock()

    def settle(self) -> None:
        super().settle()
        install(self, CLUSTER_PLUGINS)

    def stop(self) -> None:
        with self._keeping:
            if self._kept:
                self._kept.close()
            self._kept = None
        super().stop()

    def keep_session(self, number: str, user: int) -> None:
        """Keep the number of a session as NocoBase does when it begins: over a connection that stays open."""
        now = round(time.time() * 1000)
        with self._keeping:
            if self._kept is None or self._kept.closed:
                self._kept = self.connect(self.database, user=self.user, password=self.password)
            self._kept.execute(
                'INSERT INTO "issuedTokens" VALUES (%s, %s, %s, %s, %s)', (str(uuid.uuid4()), number, user, now, now)
            )
