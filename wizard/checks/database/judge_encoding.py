"""Whether every character can be stored: the encoding of the database, and that of the tables which are there."""

from __future__ import annotations

import shlex
from typing import Any

from wizard.checks.database import specs
from wizard.checks.database.facts import Facts, Tables
from wizard.checks.database.judge_server import when_known
from wizard.checks.database.target import Target, sql_name
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import listing, tr
from wizard.plan.remedy import Remedy, steps


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
        detail=tr("A table keeps the encoding it was made with: {tables}.", tables=listing(tables.narrow)),
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
        remedy = _made_anew(target)
        detail = tr("An encoding is chosen when a database is made; fill a new one from a dump of the old one.")
    else:
        words = tr("That is for new tables; existing ones are converted with ALTER TABLE … CONVERT TO.")
        remedy, detail = steps(words, f"ALTER DATABASE {name} CHARACTER SET utf8mb4;", comment="--"), ""
    return spec.fail(
        tr("The database “{name}” is in {found}: some characters cannot be stored. It should be {wanted}.", **names),
        detail=detail,
        remedy=remedy,
        **more,
    )


def _made_anew(target: Target) -> Remedy:
    """Return what fills a new database from the old one and gives it its name; the old one stays under another."""
    name, made, kept = target.name, f"{target.name}_utf8", f"{target.name}_old"
    renamed = [
        f"ALTER DATABASE {sql_name(target, old)} RENAME TO {sql_name(target, new)}"
        for old, new in ((name, kept), (made, name))
    ]
    dump = ["pg_dump", "--encoding=UTF8", "--file=nocobase.sql", "--", name]
    fill = ["psql", "--set=ON_ERROR_STOP=1", "--file=nocobase.sql", "--", made]
    turn = ["psql", *(word for statement in renamed for word in ("-c", statement)), "postgres"]
    return steps(
        tr(
            "On the server, as its administrator, with all nodes stopped. What fails stops it before the names change, "
            "and the old database stays as {kept}:",
            kept=kept,
        ),
        shlex.join(["createdb", f"--owner={target.user}", "--encoding=UTF8", "--template=template0", "--", made]),
        " && ".join(map(shlex.join, (dump, fill, turn))),
    )
