"""Each rule passes on a good plan and fails, with its kind and setting, on a broken one."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.told import declared
from wizard.checks.plan.component import COMPONENT
from wizard.checks.plan.rules import rules
from wizard.checks.plan.specs import BUNDLE_FILES
from wizard.checks.plan.specs import RULES as SPECS
from wizard.checks.plan.specs_deployed import RULES as DEPLOYED
from wizard.engine.component import Request
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Extra, Plan, Unreadable
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.secret_hints import how_to_give
from wizard.plan.sections import BalancerKind, Layout, LicenceMethod, Node, QueueKind, RedisRole, StorageKind
from wizard.plan.sections.application import Deployment, Environment

FAIL, WARN, PASS, UNKNOWN = Severity.FAIL, Severity.WARN, Severity.PASS, Severity.UNKNOWN


def judged(plan, identifier, secrets=SECRETS, subject=None):
    found = [
        finding
        for finding in rules(plan, secrets)
        if finding.id == identifier and (subject is None or finding.subject == subject)
    ]
    assert found, f"{identifier} gave no finding"
    return found[0]


def bare_metal(plan):
    nodes = tuple(
        replace(node, pm2_home=f"/var/lib/{node.name}/.pm2", socket_path=f"/var/lib/{node.name}/gateway.sock")
        for node in plan.nodes
    )
    return plan.with_value("application.deployment", Deployment.BARE).with_value("nodes", nodes)


def test_a_good_plan_passes_every_rule():
    severities = {finding.id: finding.severity for finding in rules(good_plan(), SECRETS)}
    assert set(severities.values()) == {PASS}
    left = {"plan.own_paths", "plan.queue_variables", "plan.queue_localhost", *(spec.id for spec in DEPLOYED)}
    assert set(severities) | left == {spec.id for spec in SPECS}


def test_each_id_declares_what_is_written_down():
    [check] = COMPONENT.checks(good_plan(), SECRETS, Request())
    written = Path(__file__).with_name("rules_declared.txt").read_text(encoding="utf-8")
    assert "\n".join(declared(spec) for spec in (*check.specs, BUNDLE_FILES)) == written
    assert {finding.id for finding in rules(good_plan(), SECRETS)} < {spec.id for spec in check.specs}


BROKEN_VALUES = [
    ("application.public_url", "", "plan.required", FAIL, ErrorKind.MISSING),
    ("database.host", "", "plan.required", FAIL, ErrorKind.MISSING),
    ("licence.method", LicenceMethod.KEY, "plan.required", FAIL, ErrorKind.MISSING),
    ("application.app_key", None, "plan.app_key", FAIL, ErrorKind.MISSING),
    ("application.aes_key", None, "plan.aes_key", WARN, None),
    ("application.aes_key_path", "/etc/aes.key", "plan.aes_key", WARN, None),
    ("application.root_password", None, "plan.root_password", WARN, None),
    ("balancer.server_name", "other.example.com", "plan.public_url", FAIL, ErrorKind.MISSING),
    ("balancer.tls", False, "plan.public_url", FAIL, ErrorKind.TLS),
    ("application.public_url", "http://app.example.com", "plan.public_url", WARN, None),
    ("application.public_url", "https://app.example.com:8443", "plan.public_url", WARN, None),
    ("application.environment", Environment.DEVELOPMENT, "plan.environment", FAIL, ErrorKind.OTHER),
    ("licence.without_plugins", True, "plan.plugins", WARN, None),
    ("application.version", "", "plan.version", UNKNOWN, None),
    ("application.version", "1.5.9", "plan.version", FAIL, ErrorKind.VERSION),
    ("application.version", "2.1.20", "plan.version", WARN, ErrorKind.VERSION),
    ("application.time_zone", "", "plan.time_zone", WARN, None),
    ("database.time_zone", "+05:00", "plan.time_zone", FAIL, ErrorKind.OTHER),
    ("database.time_zone", "Etc/UTC", "plan.time_zone", WARN, None),
    ("database.pool_max", 200, "plan.pool", Severity.INFO, None),
    ("database.pool_min", 6, "plan.pool", FAIL, ErrorKind.OTHER),
    ("database.host", "localhost", "plan.database_localhost", FAIL, ErrorKind.MISSING),
    ("redis.server.host", "", "plan.redis_address", FAIL, ErrorKind.MISSING),
    ("redis.server.host", "127.0.0.1", "plan.redis_localhost", FAIL, ErrorKind.MISSING),
    ("redis.databases.queue", 0, "plan.redis_distinct", FAIL, ErrorKind.OTHER),
    ("redis.databases.queue", 2, "plan.redis_distinct", WARN, None),
    ("queue.kind", QueueKind.RABBITMQ, "plan.queue_variables", WARN, None),
    ("nodes", (), "plan.nodes", UNKNOWN, None),
    ("nodes.1.name", "node1", "plan.nodes", FAIL, ErrorKind.OTHER),
    ("nodes.1.host", "10.0.0.1", "plan.nodes", FAIL, ErrorKind.OTHER),
    ("nodes.0.processes", 31, "plan.worker_ids", FAIL, ErrorKind.OTHER),
    ("nodes.0.worker_mode", "!,*", "plan.worker_mode", FAIL, ErrorKind.PROTOCOL),
    ("nodes.0.worker_mode", "!, workflow:process", "plan.worker_mode", FAIL, ErrorKind.PROTOCOL),
    ("nodes.0.worker_mode", "-", "plan.worker_mode", FAIL, ErrorKind.PROTOCOL),
    ("nodes.0.worker_mode", "!,mine", "plan.worker_mode", WARN, None),
    ("storage.kind", StorageKind.LOCAL, "plan.shared_storage", FAIL, ErrorKind.MISSING),
    ("application.deployment", Deployment.BARE, "plan.own_paths", FAIL, ErrorKind.OTHER),
]


@pytest.mark.parametrize(("key", "value", "identifier", "severity", "error"), BROKEN_VALUES)
def test_a_rule_tells_a_broken_value(key, value, identifier, severity, error):
    finding = judged(good_plan().with_value(key, value), identifier)
    assert (finding.severity, finding.error) == (severity, error)
    assert finding.summary
    assert "setting" in finding.facts


def test_own_paths_pass_where_each_node_keeps_them_to_itself():
    assert judged(bare_metal(good_plan()), "plan.own_paths").severity is PASS


def test_own_paths_inside_the_shared_storage_fail():
    plan = bare_metal(good_plan()).with_value("nodes.2.pm2_home", "/srv/nocobase/.pm2")
    assert judged(plan, "plan.own_paths", subject="node3").severity is FAIL


def test_one_node_alone_is_a_warning():
    plan = replace(good_plan(), nodes=good_plan().nodes[:1])
    assert judged(plan, "plan.nodes").severity is WARN


@pytest.mark.parametrize("field", ["pm2_home", "socket_path"])
def test_own_paths_that_two_nodes_of_one_host_share_fail(field):
    plan = bare_metal(good_plan())
    plan = plan.with_value(f"nodes.2.{field}", plan.get(f"nodes.1.{field}"))
    assert judged(plan, "plan.own_paths").severity is PASS
    plan = plan.with_value("nodes.2.host", plan.nodes[1].host).with_value("nodes.2.port", 13001)
    assert judged(plan, "plan.own_paths", subject="node3").severity is FAIL


def test_a_broken_encryption_key_is_refused_though_a_file_is_named_too():
    plan = good_plan().with_value("application.aes_key_path", "/etc/aes.key")
    assert judged(plan, "plan.aes_key", {**SECRETS, "application.aes_key": Secret("short")}).severity is FAIL


def test_names_of_hosts_are_compared_without_regard_to_capitals():
    plan = good_plan().with_value("balancer.server_name", "App.Example.COM")
    assert judged(plan, "plan.public_url").severity is PASS


def test_a_port_that_another_proxy_passes_on_is_fine():
    plan = good_plan().with_value("application.public_url", "https://app.example.com:8443")
    assert judged(plan.with_value("balancer.behind_proxy", value=True), "plan.public_url").severity is PASS


@pytest.mark.parametrize("value", ["test-jwt-secret", "test-key", "your-secret-key"])
def test_a_public_application_key_is_refused(value):
    finding = judged(good_plan(), "plan.app_key", {**SECRETS, "application.app_key": Secret(value)})
    assert (finding.severity, finding.error) == (FAIL, ErrorKind.CREDENTIALS)


def test_a_short_application_key_is_refused_without_showing_it():
    finding = judged(good_plan(), "plan.app_key", {**SECRETS, "application.app_key": Secret("short-one")})
    assert finding.severity is FAIL
    assert "short-one" not in str(finding)


@pytest.mark.parametrize("name", ["app_key", "aes_key", "root_password"])
def test_a_key_not_at_hand_is_unknown_and_never_a_pass(name):
    secrets = {key: value for key, value in SECRETS.items() if key != f"application.{name}"}
    assert judged(good_plan(), f"plan.{name}", secrets).severity is UNKNOWN


@pytest.mark.parametrize("value", ["abc", "0a" * 31, "zz" * 32])
def test_an_encryption_key_that_is_not_64_hex_digits_is_refused(value):
    finding = judged(good_plan(), "plan.aes_key", {**SECRETS, "application.aes_key": Secret(value)})
    assert finding.severity is FAIL


def test_the_published_admin_password_is_refused():
    finding = judged(good_plan(), "plan.root_password", {**SECRETS, "application.root_password": Secret("admin123")})
    assert finding.severity is FAIL


@pytest.mark.parametrize("value", ["with space", "back\\slash"])
def test_a_database_password_that_breaks_the_licence_kit_is_warned_of(value):
    finding = judged(good_plan(), "plan.database_password", {**SECRETS, "database.password": Secret(value)})
    assert finding.severity is WARN
    words, line = finding.remedy.splitlines()
    assert "every node that has the old one is shut out" in words
    assert line == r"""psql -c '\password "nocobase"'"""


def test_a_value_no_env_file_can_carry_fails_and_names_the_variable():
    finding = judged(good_plan(), "plan.env_text", {**SECRETS, "database.password": Secret("a'b\"c$d")})
    assert finding.severity is FAIL
    assert "DB_PASSWORD" in finding.summary
    assert "“${”" in finding.detail


def test_a_value_that_needs_quotes_is_told_and_does_not_fail():
    plan = replace(good_plan(), extras=(Extra("EXPORT_NOTE", "two words"),))
    assert judged(plan, "plan.env_text").severity is Severity.INFO


def test_a_misspelt_variable_is_told_with_the_name_that_was_meant():
    plan = replace(good_plan(), extras=(Extra("DB_PASWORD", SecretRef("extra.DB_PASWORD")),))
    finding = judged(plan, "plan.unknown_variables", subject="DB_PASWORD")
    assert finding.severity is WARN
    assert "DB_PASSWORD" in finding.summary
    assert finding.facts["setting"] == "DB_PASWORD"


def test_a_variable_of_another_program_is_told_and_a_documented_one_is_not():
    plan = replace(good_plan(), extras=(Extra("SMTP_HOST", "mail"), Extra("EXPORT_LIMIT", "5")))
    found = [item for item in rules(plan, SECRETS) if item.id == "plan.unknown_variables"]
    assert [(item.severity, item.subject) for item in found] == [(Severity.INFO, "SMTP_HOST")]


@pytest.mark.parametrize("value", ["PASSWORD-HERE", "k" * 48 + "   (secret: application.app_key; fill in the value)"])
def test_a_remark_of_an_exported_file_is_no_value(value):
    secrets = {**SECRETS, "application.app_key": Secret(value)}
    finding = judged(good_plan(), "plan.unfilled", secrets, subject="application.app_key")
    assert (finding.severity, finding.error) == (FAIL, ErrorKind.MISSING)
    assert judged(good_plan(), "plan.app_key", secrets).severity is FAIL


def test_an_unreadable_text_is_kept_and_reported_with_its_setting():
    plan = good_plan().with_text("database.port", "fifty")
    finding = judged(plan, "plan.value")
    assert (finding.severity, finding.subject) == (FAIL, "database.port")
    assert plan.text("database.port") == "fifty"


def test_an_unreadable_value_is_told_in_sentences():
    plan = good_plan().with_text("application.version", "latest")
    assert judged(plan, "plan.value").summary.endswith(
        "(application.version) cannot be read. “latest” is not valid: use a full version such as 2.2.15."
    )
    line = good_plan().with_unreadable(Unreadable("line 19", SecretRef("x"), "It is no NAME=value.", "line 19"))
    assert judged(line, "plan.value").summary == "Line 19 cannot be read. It is no NAME=value."


def test_a_variable_that_is_not_there_is_missing_and_not_unreadable():
    plan = good_plan().with_unreadable(Unreadable("CACHE_DEFAULT_STORE", "", "It must be redis."))
    finding = judged(plan, "plan.value")
    assert (finding.summary, finding.error) == ("CACHE_DEFAULT_STORE is missing.", ErrorKind.MISSING)
    assert finding.detail == "It must be redis."


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("database.password", "export DB_PASSWORD=…"),
        ("redis.server.password", "export CACHE_REDIS_URL='redis://:PASSWORD-HERE@redis.internal:6379/0'"),
        ("queue.password", "export QUEUE_ADAPTER_RABBITMQ_URL='amqp://nocobase:PASSWORD-HERE@rabbit:5672/%2F'"),
        ("redis.lock.password", "--secrets-file"),
    ],
)
def test_a_secret_not_at_hand_is_asked_for_by_its_variable(key, words):
    plan = good_plan().with_value("queue.kind", QueueKind.RABBITMQ).with_value("queue.host", "rabbit")
    given = how_to_give(plan, key).text
    assert words in given
    assert "--secrets-file" in given


def test_an_address_in_the_field_of_something_else_is_reported_without_its_password():
    plan = good_plan().with_text("application.public_path", "redis://:S3cr3t@redis.internal")
    finding = judged(plan, "plan.value")
    assert (finding.severity, finding.subject) == (FAIL, "application.public_path")
    assert "S3cr3t" not in repr(finding)
    assert "a password, or a key" in finding.summary


def test_an_unreadable_variable_says_where_it_came_from():
    item = Unreadable("CACHE_REDIS_URL", SecretRef("unreadable.CACHE_REDIS_URL"), "one slash", "line 7")
    plan = good_plan().with_unreadable(item)
    finding = judged(plan, "plan.value")
    assert "line 7" in finding.summary
    assert not [
        finding for finding in rules(plan, SECRETS) if finding.id == "plan.redis_address" and finding.severity is FAIL
    ]


def test_nobody_serving_requests_fails():
    nodes = tuple(replace(node, worker_mode="*") for node in good_plan().nodes)
    finding = judged(good_plan().with_value("nodes", nodes), "plan.coverage")
    assert (finding.severity, finding.subject) == (FAIL, "!")


def test_a_task_without_a_node_fails_and_names_the_task():
    modes = ("!", "!", "workflow:process")
    nodes = tuple(replace(node, worker_mode=mode) for node, mode in zip(good_plan().nodes, modes, strict=True))
    finding = judged(good_plan().with_value("nodes", nodes), "plan.coverage")
    assert finding.subject == "async-task:process"


def test_a_task_left_to_others_without_the_plug_ins_fails():
    plan = good_plan().with_value("licence.without_plugins", True).with_value("nodes.0.worker_mode", "!")
    finding = judged(plan, "plan.coverage")
    assert (finding.severity, finding.subject) == (FAIL, "node1")


def on_one_machine(deployment, host="localhost"):
    nodes = (Node(name="a", host="10.0.0.1"), Node(name="b", host="10.0.0.1", port=13001))
    plan = good_plan().with_value("nodes", nodes).with_value("application.deployment", deployment)
    plan = plan.with_value("queue.kind", QueueKind.RABBITMQ).with_value("queue.host", host)
    return plan.with_value("database.host", host).with_value("redis.server.host", host)


LOCALHOST_RULES = ["plan.database_localhost", "plan.redis_localhost", "plan.queue_localhost"]


@pytest.mark.parametrize("identifier", LOCALHOST_RULES)
def test_localhost_is_fine_on_a_single_bare_machine(identifier):
    assert judged(on_one_machine(Deployment.BARE), identifier).severity is PASS


@pytest.mark.parametrize("identifier", LOCALHOST_RULES)
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize("deployment", [Deployment.DOCKER, Deployment.KUBERNETES])
def test_localhost_fails_inside_a_container(deployment, host, identifier):
    finding = judged(on_one_machine(deployment, host), identifier)
    assert (finding.severity, finding.error) == (FAIL, ErrorKind.MISSING)
    assert f"inside a container {host} is the container itself" in finding.summary


def test_roles_on_servers_of_their_own_may_share_a_database_number():
    plan = good_plan().with_value("redis.layout", Layout.PER_ROLE)
    for name in ("cache", "sync", "lock", "queue", "worker_id"):
        plan = plan.with_value(f"redis.{name}.host", f"{name.replace('_', '-')}.internal").with_value(
            f"redis.databases.{name}", 0
        )
    assert judged(plan, "plan.redis_distinct").severity is PASS


def test_rabbitmq_needs_no_redis_address_for_the_queue():
    plan = good_plan().with_value("redis.layout", Layout.PER_ROLE).with_value("queue.kind", QueueKind.RABBITMQ)
    for name in ("cache", "sync", "lock", "worker_id"):
        plan = plan.with_value(f"redis.{name}.host", "redis.internal")
    assert judged(plan, "plan.redis_address").severity is PASS


def test_an_empty_plan_is_judged_without_a_fault():
    assert {finding.severity for finding in rules(Plan(), {})} >= {FAIL, UNKNOWN}


@pytest.mark.parametrize(("host", "identifier"), [("", "plan.redis_address"), ("127.0.0.1", "plan.redis_localhost")])
def test_what_is_true_of_one_server_is_said_in_one_sentence_for_all_its_roles(host, identifier):
    found = [
        item for item in rules(good_plan().with_value("redis.server.host", host), SECRETS) if item.id == identifier
    ]
    assert len({item.subject for item in found}) == 5
    assert len({item.summary for item in found}) == 1


@pytest.mark.parametrize("values", [{}, {"application.aes_key": Secret("short")}])
def test_the_key_of_an_installed_cluster_is_read_before_a_new_one_is_made(values):
    plan = good_plan() if values else good_plan().with_value("application.aes_key", None)
    lines = judged(plan, "plan.aes_key", {**SECRETS, **values}).remedy.splitlines()
    assert lines[1] == "xxd -p -c 64 /srv/nocobase/apps/main/aes_key.dat"
    assert lines[3] == "openssl rand -hex 32"
    assert [line[0] for line in lines[::2]] == ["#", "#"]


@pytest.mark.parametrize("name", ["APP_KEY", "APP_AES_SECRET_KEY"])
@pytest.mark.parametrize("hidden", [True, False])
def test_a_key_among_the_further_variables_is_one(name, hidden):
    setting = {"APP_KEY": "app_key", "APP_AES_SECRET_KEY": "aes_key"}[name]
    value = SECRETS[f"application.{setting}"]
    extra = Extra(name, SecretRef(f"extra.{name}") if hidden else value.reveal())
    plan = replace(good_plan().with_value(f"application.{setting}", None), extras=(extra,))
    secrets = {**SECRETS, f"extra.{name}": value}
    assert judged(plan, f"plan.{setting}", secrets).severity is PASS
    assert judged(plan, f"plan.{setting}", {**secrets, f"extra.{name}": Secret("x")}).severity is (
        FAIL if hidden else PASS
    )
    empty = replace(plan, extras=(Extra(name, ""),))
    assert judged(empty, f"plan.{setting}", secrets).severity is (FAIL if setting == "app_key" else WARN)


@pytest.mark.parametrize(
    ("role", "words"),
    [("cache", "REDIS_URL, the database"), ("sync", "localhost"), ("lock", "localhost"), ("queue", "localhost"),
     ("worker-id", "at random")],
)  # fmt: skip
def test_each_role_without_an_address_says_what_nocobase_does_then(role, words):
    plan = good_plan().with_value("redis.server.host", "")
    finding = judged(plan, "plan.redis_address", subject=role)
    assert words in finding.detail
    assert finding.remedy.endswith(f"=redis://HOST:6379/{plan.redis.database(RedisRole(role))}")


def test_a_public_address_without_tls_is_told_how_to_get_it():
    plan = good_plan().with_value("application.public_url", "http://app.example.com").with_value("balancer.tls", False)
    finding = judged(plan, "plan.public_url")
    assert finding.severity is WARN
    assert finding.remedy == "Switch TLS on in the balancer, and begin the address with https://."


def test_another_make_of_balancer_ends_tls_itself():
    plan = good_plan().with_value("balancer.kind", BalancerKind.OTHER)
    summary = "Users reach https://app.example.com over TLS, which a balancer of another make ends."
    assert judged(plan, "plan.public_url").summary == summary
    assert judged(plan.with_value("application.public_url", "http://a.org"), "plan.public_url").severity is WARN
