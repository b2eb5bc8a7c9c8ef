"""Which settings stand on which page of the window, and how: data that the forms are made from. No Qt.

A setting that stands nowhere here is on no page, and a test says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from wizard.dataclass import dataclass
from wizard.plan.i18n import mark
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment, Dialect, LicenceMethod, RedisRole, Tls, Transport
from wizard.plan.sections.database import DEFAULT_PORTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a form: one setting or a few beside one another.

    `label` and `hint` replace those of the first setting, `visible` says for which plans the line counts, and
    `placeholder` shows what an empty field means.
    """

    keys: tuple[str, ...]
    label: str = ""
    hint: str = ""
    visible: Callable[[Plan], bool] | None = None
    placeholder: Callable[[Plan], str] | str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Lines one below the other; those of `more` are folded away. `title` is its heading, if it has one."""

    lines: tuple[Row, ...]
    more: tuple[Row, ...] = ()
    title: str = ""

    @property
    def keys(self) -> Iterator[str]:
        """The keys of all its settings."""
        return (key for line in (*self.lines, *self.more) for key in line.keys)


def rows(*keys: str) -> tuple[Row, ...]:
    """Return a line for each key."""
    return tuple(Row(keys=(key,)) for key in keys)


def server(group: str, hint: str, *extra: Row, usual_port: Callable[[Plan], str] | str = "") -> Form:
    """Return the form of a server of Redis or RabbitMQ whose settings are in `group` (`redis.server`).

    `hint` stands under the host; `usual_port` is shown where no port is given.
    """
    return Form(
        (
            Row(keys=(f"{group}.host",), hint=hint),
            Row(keys=(f"{group}.port", f"{group}.tls"), label=mark("Port"), placeholder=usual_port),
            Row(keys=(f"{group}.username", f"{group}.password"), label=mark("User and password")),
            *extra,
        )
    )


def _public_host(plan: Plan) -> str:
    return urlsplit(plan.application.public_url).hostname or ""


def _balancer_tls(plan: Plan) -> bool:
    return plan.balancer.tls and plan.balancer.is_written


def _is_written(plan: Plan) -> bool:
    return plan.balancer.is_written


def _usual_database_port(plan: Plan) -> str:
    return str(DEFAULT_PORTS[plan.database.dialect])


def _postgres(plan: Plan) -> bool:
    return plan.database.dialect is Dialect.POSTGRES


def _database_tls(plan: Plan) -> bool:
    return plan.database.tls is not Tls.OFF


def _by_account(plan: Plan) -> bool:
    return plan.licence.method is LicenceMethod.ACCOUNT


def _by_key(plan: Plan) -> bool:
    return plan.licence.method is LicenceMethod.KEY


def _has_way(plan: Plan) -> bool:
    return plan.reach.transport is not Transport.NONE


def _own_command(plan: Plan) -> bool:
    return plan.reach.transport is Transport.COMMAND


def _usual_rabbitmq_port(plan: Plan) -> str:
    return str(replace(plan.queue, port=None).effective_port)


_REDIS_HINT = mark("Paste a whole redis:// address to fill all fields.")
_AMQP_HINT = mark("Paste a whole amqp:// address to fill all fields.")
_DATABASE_HINT = mark("Paste a whole postgres:// or mysql:// address to fill all fields.")

START = Form(rows("name"))

LICENCE = Form(
    (
        *rows("licence.method"),
        Row(keys=("licence.key",), visible=_by_key),
        Row(
            keys=("licence.username", "licence.password"),
            label=mark("User and password"),
            hint=mark("Of the account that bought the plug-ins."),
            visible=_by_account,
        ),
        *rows("licence.without_plugins"),
    ),
    rows("licence.enable_plugins", "licence.service_url", "licence.skip_download"),
)

SIGNING_IN = Form(
    rows("application.check_account", "application.check_password", "application.try_default_admin"),
    title=mark("Signing in for checks"),
)
APPLICATION = (
    Form(
        (
            Row(keys=("application.public_url",), placeholder="https://app.example.com"),
            *rows("application.version", "application.deployment", "application.time_zone"),
        ),
        rows(
            "application.public_path",
            "application.environment",
            "application.cors_origins",
            "application.body_limit",
            "application.lock_plugins",
            "application.log_transport",
            "application.async_tasks",
            "application.extra_ca_file",
        ),
    ),
    Form(
        rows("application.app_key", "application.aes_key"),
        rows("application.aes_key_path"),
        title=mark("Keys"),
    ),
    Form(
        (
            *rows("application.root_email"),
            Row(keys=("application.root_password",), label=mark("Password")),
            *rows("application.language"),
        ),
        (Row(keys=("application.root_username",), label=mark("User name")), *rows("application.root_nickname")),
        title=mark("First installation"),
    ),
    SIGNING_IN,
)

DATABASE = Form(
    (
        *rows("database.dialect"),
        Row(keys=("database.host",), hint=_DATABASE_HINT),
        Row(keys=("database.port",), placeholder=_usual_database_port),
        *rows("database.name"),
        Row(keys=("database.user", "database.password"), label=mark("User and password")),
        *rows("database.tls"),
        Row(keys=("database.tls_ca",), visible=_database_tls),
    ),
    (
        Row(keys=("database.schema",), visible=_postgres),
        *rows("database.pool_max"),
        Row(keys=("database.tls_cert",), visible=_database_tls),
        Row(keys=("database.tls_key",), visible=_database_tls),
        *rows(
            "database.tls_mode",
            "database.allow_clear_password",
            "database.table_prefix",
            "database.underscored",
            "database.time_zone",
            "database.pool_min",
            "database.pool_idle",
            "database.pool_acquire",
            "database.pool_evict",
            "database.pool_max_uses",
        ),
    ),
)

REDIS_LAYOUT = Form(rows("redis.layout"))
REDIS_SERVER = server("redis.server", _REDIS_HINT)
REDIS_DATABASES: Mapping[RedisRole, str] = {role: f"redis.databases.{role.field}" for role in RedisRole}
REDIS_ROLES: Mapping[RedisRole, Form] = {
    role: server(f"redis.{role.field}", _REDIS_HINT, Row(keys=(REDIS_DATABASES[role],), label=mark("Database index")))
    for role in RedisRole
}
"""The form of each role where each has a server of its own."""

QUEUE = Form(rows("queue.kind"))
QUEUE_SERVER = server("queue", _AMQP_HINT, *rows("queue.virtual_host"), usual_port=_usual_rabbitmq_port)
QUEUE_NAMES = Form(rows("queue.adapter", "queue.url_variable"))

STORAGE = Form(rows("storage.kind", "storage.path"))

NODE_COLUMNS = ("name", "host", "port", "processes", "worker_mode")
"""Settings of a node that stand in columns."""
SPARED_COLUMNS = ("port", "processes")
"""Those that stand in the form of a node where a narrow window has no room for them beside the others."""


def node_form(index: int, *, narrow: bool = False) -> Form:
    """Return the form of what no column has of the node at `index`; most of it is for nodes without containers.

    In a `narrow` window it has what the columns there are spared of.
    """
    key = f"nodes.{index}."

    def names_tasks(plan: Plan) -> bool:
        return index < len(plan.nodes) and plan.nodes[index].worker_mode not in {"", "!", "*"}

    def is_bare(plan: Plan) -> bool:
        return plan.application.deployment is Deployment.BARE

    return Form(
        (
            *rows(*(f"{key}{name}" for name in SPARED_COLUMNS if narrow)),
            Row(keys=(f"{key}worker_mode",), label=mark("Tasks, separated by commas"), visible=names_tasks),
            Row(keys=(f"{key}pm2_home",), visible=is_bare),
            Row(keys=(f"{key}socket_path",), visible=is_bare),
        ),
        rows(f"{key}listen_host", f"{key}reach"),
    )


REACH = Form(
    (
        *rows("reach.transport"),
        Row(keys=("reach.command",), visible=_own_command),
        Row(keys=("reach.seconds",), visible=_has_way),
    ),
    title=mark("Looking from inside"),
)
"""Below the nodes: how `check --nodes` gets into them."""

BALANCER = Form(
    (
        *rows("balancer.kind"),
        Row(keys=("balancer.port", "balancer.tls"), label=mark("HTTP port"), visible=_is_written),
        Row(keys=("balancer.tls_port", "balancer.redirect"), label=mark("HTTPS port"), visible=_balancer_tls),
        Row(keys=("balancer.certificate",), visible=_balancer_tls),
        Row(keys=("balancer.certificate_key",), visible=_balancer_tls),
    ),
    (
        Row(keys=("balancer.server_name",), placeholder=_public_host, visible=_is_written),
        Row(keys=("balancer.distribution",), visible=_is_written),
        Row(keys=("balancer.hsts",), visible=_balancer_tls),
        Row(keys=("balancer.behind_proxy",), visible=_is_written),
        *rows("balancer.upload_limit"),
        Row(keys=("balancer.maintenance_file",), visible=_is_written),
        Row(keys=("balancer.site_file",), visible=_is_written),
    ),
)
