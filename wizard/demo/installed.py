"""A PostgreSQL in which a NocoBase seems to be installed: as the stand-in nodes claim to serve one, there must be one.

Only the tables that a check looks at, with the columns it reads (docs/nocobase.md, "Database").
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence

from wizard.demo.licence_service import CLUSTER_PLUGINS
from wizard.demo.postgres import Postgres

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

    def settle(self) -> None:
        super().settle()
        install(self, CLUSTER_PLUGINS)

    def keep_session(self, number: str, user: int) -> None:
        """Keep the number of a session as NocoBase does when it begins."""
        now = round(time.time() * 1000)
        with self.connect(self.database, user=self.user, password=self.password) as connection:
            connection.execute(
                'INSERT INTO "issuedTokens" VALUES (%s, %s, %s, %s, %s)', (str(uuid.uuid4()), number, user, now, now)
            )
