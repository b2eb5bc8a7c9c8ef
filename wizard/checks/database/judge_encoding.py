"""Whether every character can be stored: the encoding of the database, and that of the tables which are there."""

from __future__ import annotations

from typing import Any

from wizard.checks.database import specs
from wizard.checks.database.facts import Facts, Tables
from wizard.checks.database.judge_server import when_known
from wizard.checks.database.target import Target, sql_account, sql_name
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import tr
from wizard.plan.remedy import commands, steps


def judge_encoding(target: Target, facts: Facts) -> Finding:
    """Judge the database's default, and in MySQL the tables of an installation, which keep what they were made with."""
    default = when_known(specs.ENCODING, facts.encoding, lambda name: _encoding(target, name))
    if target.postgres or default.severity is not Severity.PASS:
        return default
    return when_known(specs.ENCODING, facts.tables, lambda tables: _tables(target, tables) or default)


def _tables(target: Target, tables: Tables) -> Finding | None:
    if not tables.versions or not tables.narrow:
        return None
    convert = [f"ALTER TABLE {sql_name(target, table)} CONVERT TO CHARACTER SET utf8mb4;" for table in tables.narrow]
    return specs.ENCODING.warn(
        tr(
            "New tables of “{name}” are in utf8mb4; {count} that are there are not, such as “{table}”: some characters "
            "cannot be stored in them.",
            name=target.name,
            count=len(tables.narrow),
            table=tables.narrow[0],
        ),
        detail=tr("A table keeps the encoding it was made with: {tables}.", tables=", ".join(tables.narrow)),
        remedy=steps(tr("With all nodes stopped, and a backup made before:"), *convert, comment="--"),
        facts={"tables": list(tables.narrow)},
    )


def _encoding(target: Target, found: str) -> Finding:
    spec, name = specs.ENCODING, sql_name(target, target.name)
    wanted = "UTF8" if target.postgres else "utf8mb4"
    more: dict[str, Any] = {"facts": {"encoding": found, "wanted": wanted}}
    names = {"name": target.name, "found": found, "wanted": wanted}
    if found.lower() == wanted.lower():
        return spec.passed(tr("The database “{name}” is in {found}.", **names), **more)
    if target.postgres:
        remedy = f"CREATE DATABASE {name} OWNER {sql_account(target)} ENCODING 'UTF8' TEMPLATE template0;"
        detail = tr("An encoding is chosen when a database is made; fill a new one from a dump of the old one.")
    else:
        remedy = f"ALTER DATABASE {name} CHARACTER SET utf8mb4;"
        detail = tr("That is for new tables; existing ones are converted with ALTER TABLE … CONVERT TO.")
    return spec.fail(
        tr("The database “{name}” is in {found}: some characters cannot be stored. It should be {wanted}.", **names),
        detail=detail,
        remedy=commands(remedy),
        **more,
    )
