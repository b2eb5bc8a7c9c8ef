"""Variables of settings that decide more than one thing: the kit's TLS, local adapters, a node's address."""

from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.readmes import readme_of
from wizard.formats import dotenv
from wizard.formats.files import SecretsMode
from wizard.plan.plan import Extra
from wizard.plan.sections import Deployment, Dialect, Node, QueueKind, Tls

MODE = "DB_DIALECT_OPTIONS_SSL_MODE"


def values(plan, path="env/cluster.env"):
    text = next(file.text for file in dotenv.write(plan, SECRETS, SecretsMode.INLINE) if file.path == path)
    return {name: found.value for name, found in dotenv.parse(text).items()}


@pytest.mark.parametrize(
    ("dialect", "tls", "given", "written"),
    [
        (Dialect.POSTGRES, Tls.OFF, "", None),
        (Dialect.POSTGRES, Tls.ENCRYPT, "", "require"),
        (Dialect.POSTGRES, Tls.VERIFY, "", "verify-full"),
        (Dialect.POSTGRES, Tls.VERIFY, "verify-ca", "verify-ca"),
        (Dialect.MYSQL, Tls.VERIFY, "", None),
        (Dialect.MARIADB, Tls.ENCRYPT, "", None),
    ],
)
def test_postgresql_over_tls_gets_the_mode_that_the_licence_kit_reads(dialect, tls, given, written):
    plan = good_plan().with_value("database.dialect", dialect).with_value("database.tls", tls)
    plan = plan.with_value("database.tls_mode", given)
    assert values(plan).get(MODE) == written
    text = next(file.text for file in dotenv.write(plan, SECRETS, SecretsMode.INLINE) if file.path == "env/cluster.env")
    assert dotenv.read(text, "cluster.env")[0].database.tls_mode == given


@pytest.mark.parametrize("kind", list(QueueKind))
def test_without_the_plug_ins_lock_and_queue_are_each_process_own(kind):
    plan = good_plan().with_value("queue.kind", kind).with_value("queue.host", "mq")
    found = values(plan)
    assert (found["LOCK_ADAPTER_DEFAULT"], found["QUEUE_ADAPTER"]) == ("redis", kind.value)
    assert "lock-adapter-redis" in found["APPEND_PRESET_BUILT_IN_PLUGINS"]
    found = values(plan.with_value("licence.without_plugins", True))
    assert found["LOCK_ADAPTER_DEFAULT"] == "local"
    assert found["CACHE_DEFAULT_STORE"] == "redis"  # that is in NocoBase itself
    assert not {"QUEUE_ADAPTER", "APPEND_PRESET_BUILT_IN_PLUGINS"} & found.keys()


def test_without_the_plug_ins_an_admins_own_list_is_left_as_it_is():
    plan = replace(good_plan(), extras=(Extra("APPEND_PRESET_BUILT_IN_PLUGINS", "mine"),))
    assert values(plan.with_value("licence.without_plugins", True))["APPEND_PRESET_BUILT_IN_PLUGINS"] == "mine"


@pytest.mark.parametrize("deployment", list(Deployment))
def test_the_readme_says_what_it_costs_to_run_without_the_plug_ins(deployment):
    plan = good_plan().with_value("application.deployment", deployment)
    text = readme_of(plan)
    assert "## Without the commercial plug-ins" not in text
    assert "and not before, start node1 again with the cluster's lock" in text
    text = readme_of(plan.with_value("licence.without_plugins", True))
    assert "## Without the commercial plug-ins" in text
    assert "yarn nocobase pm enable" not in text
    assert "and not before" not in text
    assert "\n\n\n" not in text


def test_a_node_listens_where_the_plan_says():
    nodes = (Node(name="node1", host="app1", listen_host="10.0.0.11"), Node(name="node2", host="app2"))
    plan = replace(good_plan(), nodes=nodes).with_value("application.deployment", Deployment.BARE)
    assert values(plan, "env/node-node1.env")["APP_HOST"] == "10.0.0.11"
    assert "APP_HOST" not in values(plan, "env/node-node2.env")
    assert dotenv.read("APP_HOST=10.0.0.11\nDB_HOST=db\n", "app.env")[0].nodes[0].listen_host == "10.0.0.11"
