"""What the plan's database holds of an installation, for those who compare it with what nodes say."""

from __future__ import annotations

from collections.abc import Collection

from wizard.checks.database.executions import Rows, have, table_of
from wizard.checks.database.facts import installed_version
from wizard.checks.database.target import Target
from wizard.plan.sql import quoted_text


def version(target: Target, rows: Rows) -> str:
    """Return the version of the installation, nothing where there is none; raises NoVersionError if it names none."""
    name = target.version_table.removeprefix(target.prefix)
    if not have(target, rows, name):
        return ""
    return installed_version(next(iter(rows(f"SELECT value FROM {table_of(target, name)}")), None))  # noqa: S608


def sessions(target: Target, rows: Rows, numbers: Collection[str]) -> frozenset[str] | None:
    """Return those numbers of sessions that the database keeps; None where it has no table of them.

    NocoBase keeps each in `issuedTokens` when it begins (packages/plugins/@nocobase/plugin-auth, token-controller.ts).
    """
    name = "issued_tokens" if target.underscored else "issuedTokens"
    if not have(target, rows, name):
        return None
    column = "CAST(jti AS TEXT)" if target.postgres else "jti"
    listed = ", ".join(quoted_text(number, backslash=not target.postgres) for number in numbers)
    query = f"SELECT {column} FROM {table_of(target, name)} WHERE {column} IN ({listed})"  # noqa: S608 - quoted
    return frozenset(str(row[0]) for row in rows(query))
