"""A plan that points at a server of the tests, its findings, and what a NocoBase leaves in a database."""

import time
from contextlib import contextmanager

from tests.live.running import findings_of
from wizard.checks.database.checks import checks
from wizard.plan.finding import Severity
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Dialect, Node

NODES = tuple(Node(name=f"node{number}", host=f"10.0.0.{number}") for number in (1, 2))
PLUGINS = (
    "@nocobase/plugin-pubsub-adapter-redis",
    "@nocobase/plugin-queue-adapter-redis",
    "@nocobase/plugin-lock-adapter-redis",
    "@nocobase/plugin-workerid-allocator-redis",
)


def plan_for(server, dialect: Dialect | str = Dialect.POSTGRES, **settings) -> Plan:
    """Return a plan of two nodes on `server`; `settings` are of the section database, `pool_max=5` and its like."""
    values = {
        "dialect": Dialect(dialect),
        "host": server.host,
        "port": server.port,
        "name": getattr(server, "database", "nocobase"),
        "user": getattr(server, "user", "nocobase"),
        "password": SecretRef("database.password"),
        **settings,
    }
    plan = Plan(nodes=NODES).with_value("application.version", "2.2.15")
    for key, value in values.items():
        plan = plan.with_value(f"database.{key}", value)
    return plan


def check(server, dialect: Dialect | str = Dialect.POSTGRES, *, secret: str | None = None, **settings):
    """Check the database of such a plan and give the findings by id; `secret` is the password if not the server's."""
    return check_plan(plan_for(server, dialect, **settings), secret or getattr(server, "password", "unused"))


def check_plan(plan: Plan, secret: str, **run_options):
    """Check the database of `plan` and give the findings by id."""
    found = findings_of(checks(plan, {"database.password": Secret(secret)}), **run_options)
    assert {subject for _id, subject in found} == {""}
    assert not any(secret in str(finding.as_json()) for finding in found.values())
    return {identifier: finding for (identifier, _subject), finding in found.items()}


def verdict(finding):
    """Return what a test asks of a finding first: how grave, and of which kind."""
    return finding.severity, finding.error


def only_the_gate(found):
    """Return the gate's finding; everything behind it must have been skipped."""
    gate, *rest = found.values()
    assert gate.id == "database.connect"
    assert {finding.severity for finding in rest} == {Severity.SKIP}
    return gate


def run_sql(server, *statements: str, **login) -> list:
    """Run statements as the administrator, or as another user; give the rows of the last one."""
    if "dbname" not in login and "database" not in login:
        login["dbname" if hasattr(server, "binaries") else "database"] = server.database
    with server.connect(**login) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


def installation(
    server, *, prefix="", underscored=False, schema="", version="2.2.15", plugins=PLUGINS, storage="s3"
) -> tuple[str, ...]:
    """Return the statements that make the tables of an installed NocoBase, as far as the checks look at them."""
    quote = '"' if hasattr(server, "binaries") else "`"
    names = (
        ("application_version", "application_plugins") if underscored else ("applicationVersion", "applicationPlugins")
    )
    where = f"{quote}{schema}{quote}." if schema else ""
    tables = [f"{where}{quote}{prefix}{name}{quote}" for name in (*names, "storages")]
    package = f"{quote}{'package_name' if underscored else 'packageName'}{quote}"
    default = f"{quote}default{quote}"
    rows = [f"INSERT INTO {tables[1]} VALUES ('{name}', '{name}', true, true)" for name in plugins]
    return (
        f"CREATE TABLE {tables[0]} (id INT PRIMARY KEY, value VARCHAR(255))",
        f"INSERT INTO {tables[0]} VALUES (1, '{version}')",
        f"CREATE TABLE {tables[1]} (name VARCHAR(255), {package} VARCHAR(255), enabled BOOLEAN, installed BOOLEAN)",
        *rows,
        f"CREATE TABLE {tables[2]} (id INT, name VARCHAR(255), type VARCHAR(255), {default} BOOLEAN)",
        f"INSERT INTO {tables[2]} VALUES (1, 'files', '{storage}', true), (2, 'other', 'local', false)",
        f"CREATE TABLE {where}{quote}{prefix}roles{quote} (name VARCHAR(255))",
        f"INSERT INTO {where}{quote}{prefix}roles{quote} VALUES ('root')",
    )


def issued_tokens(server, *, prefix="", underscored=False) -> str:
    """Return the statement that makes the table in which NocoBase keeps the numbers of sessions."""
    quote = '"' if hasattr(server, "binaries") else "`"
    table = f"{quote}{prefix}{'issued_tokens' if underscored else 'issuedTokens'}{quote}"
    number = "UUID" if hasattr(server, "binaries") else "CHAR(36)"
    return f"CREATE TABLE {table} (jti {number}, signed_in BIGINT)"


def keeper(server, *, prefix="", underscored=False, **login):
    """Return what keeps the number of a session that begins, as NocoBase does, in the database of `server`."""
    quote = '"' if hasattr(server, "binaries") else "`"
    table = f"{quote}{prefix}{'issued_tokens' if underscored else 'issuedTokens'}{quote}"
    return lambda number, user: run_sql(server, f"INSERT INTO {table} VALUES ('{number}', {user})", **login)


def workflows(server, *, prefix="", underscored=False) -> tuple[str, ...]:
    """Return the statements that make the tables of NocoBase's workflows, with one schedule of each mode."""
    quote = '"' if hasattr(server, "binaries") else "`"
    executions, flows = (f"{quote}{prefix}{name}{quote}" for name in ("executions", "workflows"))
    workflow = f"{quote}{'workflow_id' if underscored else 'workflowId'}{quote}"
    key = f"{quote}key{quote}"
    flow = (
        """(1, 'a', 'Nightly', 'schedule', '{"mode": 0}')""",
        """(2, 'b', 'Reminders', 'schedule', '{"mode": 1}')""",
        """(3, 'c', 'Form', 'action', '{}')""",
    )
    return (
        f"CREATE TABLE {flows} (id BIGINT, {key} VARCHAR(255), title VARCHAR(255), type VARCHAR(255), config JSON)",
        f"INSERT INTO {flows} VALUES {', '.join(flow)}",
        f"CREATE TABLE {executions} (id BIGINT, {workflow} BIGINT, status INT, dispatched BOOLEAN)",
    )


def execution(workflow: int, seconds_ago: int, *, worker: int = 0, number: int = 0, waits: bool = False) -> str:
    """Return a row of executions as NocoBase writes it: its ID holds the second, the worker and a number."""
    identity = ((int(time.time()) - seconds_ago - 1_605_024_000) * 32 + worker) * 65_536 + number
    return f"({identity}, {workflow}, {'NULL, false' if waits else '1, true'})"


@contextmanager
def database_of_its_own(server, name: str, options: str = ""):
    """Make a database of the server's user, give the server as seen with it, and drop it afterwards."""
    postgres = hasattr(server, "binaries")
    home = {"dbname": "postgres"} if postgres else {"database": "mysql"}
    owner = f"OWNER {server.user} " if postgres else ""
    make = [f"CREATE DATABASE {name} {owner}{options or ('' if postgres else 'CHARACTER SET utf8mb4')}"]
    if not postgres:
        make.append(f"GRANT ALL ON {name}.* TO {server.user}@'%'")
    run_sql(server, *make, **home)
    try:
        yield OtherDatabase(server, name)
    finally:
        run_sql(server, f"DROP DATABASE {name} WITH (FORCE)" if postgres else f"DROP DATABASE {name}", **home)


class OtherDatabase:
    """A server, seen with another database."""

    def __init__(self, server, name: str) -> None:
        self._server = server
        self.database = name

    def __getattr__(self, name: str):
        return getattr(self._server, name)

    def as_owner(self, *statements: str) -> list:
        """Run statements as the account of the plan."""
        key = "dbname" if hasattr(self._server, "binaries") else "database"
        login = {"user": self.user, "password": self.password, key: self.database}
        return run_sql(self._server, *statements, **login)
