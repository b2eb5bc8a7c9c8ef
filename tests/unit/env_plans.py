"""Generated plans for the round trips through files: any setting may differ from its default."""

from dataclasses import replace

from hypothesis import strategies as st

from wizard.plan.kinds import Boolean, Choice, FilePath, Host, Integer, SecretValue, Text, TimeZone
from wizard.plan.plan import Extra, Plan
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Node, QueueKind, RedisRole

WORDS = st.text("abcXYZ019 _.-#$é", min_size=1, max_size=12).map(str.strip).filter(bool)
HOSTS = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?(\.[a-z]{2,4})?", fullmatch=True)
VALUES = {
    "application.public_path": st.sampled_from(["/", "/crm/", "/a/b/"]),
    "application.version": st.sampled_from(["2.2.15", "2.10.0-beta.1"]),
    "application.public_url": st.sampled_from(["https://app.example.com", "http://10.0.0.1:8080"]),
    "application.language": st.sampled_from(["en-US", "fr", "no"]),
    "application.root_email": st.just("admin@example.com"),
    "application.cors_origins": st.sampled_from(["*", "https://a.example,https://b.example"]),
    "application.body_limit": st.sampled_from(["10mb", "7"]),
    "application.log_transport": st.sampled_from(["console", "console,file"]),
    "database.schema": st.sampled_from(["public", "nocobase"]),
    "database.table_prefix": st.sampled_from(["nb_", "x"]),
    "queue.url_variable": st.sampled_from(["QUEUE_ADAPTER_RABBITMQ_URL", "RABBIT_ADDRESS"]),
    "queue.virtual_host": st.sampled_from(["/", "nocobase", "a/b"]),
    "queue.adapter": st.just("rabbitmq"),
    "licence.service_url": st.sampled_from(["https://pkg.nocobase.com/", "http://localhost:4873/npm/"]),
    "balancer.server_name": st.sampled_from(["app.example.com", "a.example b.example"]),
    "balancer.upload_limit": st.sampled_from(["0", "500m"]),
}
"""What a text setting with a pattern takes."""


def _values(key, setting):
    kind = setting.kind
    by_kind = {
        SecretValue: lambda: st.just(SecretRef(key)),
        Boolean: st.booleans,
        Choice: lambda: st.sampled_from(list(kind.options)),
        Integer: lambda: st.integers(max(kind.low, 1), kind.high),
        Text: lambda: WORDS,
        TimeZone: lambda: st.sampled_from(["UTC", "Europe/Paris"]),
        Host: lambda: HOSTS,
        FilePath: lambda: st.just(f"/path/of/{key}"),
    }
    return VALUES[key] if key in VALUES else by_kind[type(kind)]()


@st.composite
def plans(draw):
    """A plan in which any setting may differ from its default."""
    plan = Plan(id="feedc0ffee00", name=draw(st.sampled_from(["nocobase", "Prod EU"])))
    plan = replace(plan, nodes=tuple(Node(name=f"node{number}") for number in range(draw(st.integers(0, 3)))))
    for key, setting, _ in list(plan.settings()):
        if key != "name" and not key.endswith(".name") and draw(st.booleans()):
            plan = plan.with_value(key, draw(_values(key, setting)))
    names = draw(st.lists(st.sampled_from(["EXPORT_LIMIT", "LOGGER_LEVEL", "WS_PATH", "NODE_ARGS"]), unique=True))
    return replace(plan, extras=tuple(Extra(name, draw(st.one_of(WORDS, st.just("a: b # c")))) for name in names))


def complete(plan):
    """Return the plan with a host and an account wherever a variable is left out without one.

    No env file can say that a cluster runs without the plug-ins for now: what it has then is a fault in one.
    """
    plan = plan.with_value("licence.without_plugins", value=False)
    for key in ("licence.username", "database.host", "queue.host", *(f"redis.{name}.host" for name in _servers())):
        plan = plan.with_value(key, plan.get(key) or "host.example")
    if plan.queue.kind is QueueKind.RABBITMQ:
        plan = plan.with_value("queue.port", plan.queue.effective_port)
    return plan


def _servers():
    return ["server", *(role.field for role in RedisRole)]


def secrets_of(plan, value="p#w/ü@:é"):
    """Return a different value for every secret of the plan."""
    return {ref.name: Secret(f"{value}{number}") for number, (_, ref) in enumerate(plan.secret_refs())}
