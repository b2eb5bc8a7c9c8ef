"""Variables that stand in two places of a plan: the rule names the variable, both places and the way out."""

from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.checks.plan.rules import rules
from wizard.formats import cluster_file, dotenv
from wizard.formats.files import SecretsMode
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Extra
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import QueueKind
from wizard.plan.sections.application import Deployment


def _judged(plan, identifier="plan.overridden", secrets=SECRETS):
    return [finding for finding in rules(plan, secrets) if finding.id == identifier]


def _with_extra(name, value, plan=None):
    return replace(plan or good_plan(), extras=(Extra(name, value),))


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("WORKER_MODE", "*", "nodes.0.worker_mode"),
        ("CLUSTER_MODE", "max", "nodes.0.processes"),
        ("APP_PORT", "13001", "nodes.0.port"),
    ],
)
def test_a_variable_of_each_node_must_not_stand_among_those_of_all(name, value, key):
    finding = _judged(_with_extra(name, value))[0]
    assert (finding.severity, finding.error, finding.subject) == (Severity.FAIL, ErrorKind.OTHER, name)
    assert name in finding.summary
    assert "“extras”" in finding.detail
    assert key in finding.remedy
    assert finding.facts["setting"] == name


def test_it_is_told_of_the_cluster_file_that_holds_it():
    text = cluster_file.write(_with_extra("CLUSTER_MODE", "4"))
    assert "\nextras:\n  CLUSTER_MODE:" in text
    plan = cluster_file.read(text, "cluster.yaml")
    assert [finding.subject for finding in _judged(plan)] == ["CLUSTER_MODE"]


def test_what_the_rule_says_is_what_an_export_does():
    files = {
        file.path: file.text for file in dotenv.write(_with_extra("APP_PORT", "14000"), SECRETS, SecretsMode.INLINE)
    }
    assert "\nAPP_PORT=14000\n" in files["env/cluster.env"]
    assert "APP_PORT" not in files["env/node-node1.env"]


@pytest.mark.parametrize("name", ["PM2_HOME", "SOCKET_PATH"])
def test_paths_of_nodes_count_on_bare_metal_alone(name):
    assert _judged(_with_extra(name, "/var/lib/x"))[0].severity is Severity.PASS
    bare = good_plan().with_value("application.deployment", Deployment.BARE)
    finding = _judged(_with_extra(name, "/var/lib/x", bare))[0]
    assert (finding.severity, finding.subject) == (Severity.FAIL, name)


def test_the_value_that_every_node_has_anyway_is_no_fault():
    assert _judged(_with_extra("APP_PORT", "13000"))[0].severity is Severity.PASS
    plan = _with_extra("APP_PORT", "13000").with_value("nodes.1.port", 13001)
    assert _judged(plan)[0].facts["instead_of"] == ["nodes.1.port"]


def test_a_further_variable_in_the_place_of_a_setting_is_a_warning():
    finding = _judged(_with_extra("DB_HOST", "other.internal"))[0]
    assert (finding.severity, finding.error, finding.subject) == (Severity.WARN, None, "DB_HOST")
    assert "takes the place of database.host" in finding.summary
    assert "let database.host decide" in finding.remedy
    assert "other.internal" not in str(finding)


@pytest.mark.parametrize(
    ("name", "value", "severity"),
    [
        ("DB_HOST", "db.internal", Severity.PASS),
        ("CACHE_DEFAULT_STORE", "redis", Severity.PASS),
        ("CACHE_DEFAULT_STORE", "memory", Severity.WARN),
        ("QUEUE_ADAPTER", "memory", Severity.WARN),
        ("CACHE_REDIS_URL", SecretRef("x"), Severity.WARN),
        ("DB_PASSWORD", SecretRef("database.password"), Severity.PASS),
        ("DB_PASSWORD", SecretRef("same"), Severity.PASS),
        ("DB_PASSWORD", SecretRef("other"), Severity.WARN),
        ("DB_PASSWORD", SecretRef("not at hand"), Severity.WARN),
        ("EXPORT_LIMIT", "5", Severity.PASS),
        ("APPEND_PRESET_BUILT_IN_PLUGINS", "mine", Severity.PASS),
    ],
)
def test_only_what_the_plan_decides_otherwise_is_told(name, value, severity):
    secrets = {**SECRETS, "same": SECRETS["database.password"], "other": Secret("another")}
    assert _judged(_with_extra(name, value), secrets=secrets)[0].severity is severity


def test_a_lock_without_the_plug_ins_is_decided_by_that_setting():
    plan = good_plan().with_value("licence.without_plugins", True)
    (finding,) = _judged(_with_extra("LOCK_ADAPTER_DEFAULT", "redis", plan))
    assert finding.summary == ("The further variable LOCK_ADAPTER_DEFAULT takes the place of licence.without_plugins.")
    assert finding.facts["instead_of"] == ["licence.without_plugins"]


def test_the_shared_folder_has_its_variable_on_bare_metal():
    bare = good_plan().with_value("application.deployment", Deployment.BARE)
    found = {finding.subject: finding for finding in _judged(_with_extra("STORAGE_PATH", "/elsewhere", bare))}
    assert found["STORAGE_PATH"].severity is Severity.WARN


def _on_rabbitmq(variable):
    plan = good_plan().with_value("queue.kind", QueueKind.RABBITMQ).with_value("queue.host", "rabbit.internal")
    return plan.with_value("queue.url_variable", variable)


@pytest.mark.parametrize(
    ("variable", "key"),
    [
        ("DB_HOST", "database.host"),
        ("REDIS_URL", "redis.server"),
        ("APP_PORT", "nodes.0.port"),
        ("QUEUE_ADAPTER", ""),
        ("APP_AES_SECRET_KEY_PATH", "application.aes_key_path"),
    ],
)
def test_the_variable_of_rabbitmqs_address_must_be_no_others(variable, key):
    (finding,) = _judged(_on_rabbitmq(variable), "plan.queue_variables")
    assert (finding.severity, finding.error) == (Severity.FAIL, ErrorKind.OTHER)
    assert variable in finding.summary
    assert key in finding.detail
    assert "queue.url_variable" in finding.remedy
    assert finding.facts["setting"] == "queue.url_variable"


@pytest.mark.parametrize("variable", ["QUEUE_ADAPTER_RABBITMQ_URL", "RABBITMQ_URL", "QUEUE_ADAPTER_REDIS_URL"])
def test_a_variable_of_its_own_stays_unverified(variable):
    (finding,) = _judged(_on_rabbitmq(variable), "plan.queue_variables")
    assert finding.severity is Severity.WARN


def test_a_further_variable_in_the_place_of_rabbitmqs_address_is_told():
    plan = _with_extra("RABBITMQ_URL", SecretRef("x"), _on_rabbitmq("RABBITMQ_URL"))
    finding = _judged(plan)[0]
    assert (finding.severity, finding.subject) == (Severity.WARN, "RABBITMQ_URL")
