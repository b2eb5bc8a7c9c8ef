"""The file for Docker Compose: valid by the specification, safe without secrets, in the order of the first start."""

from dataclasses import replace

import pytest
from compose_spec import PyOptions
from ruamel.yaml import YAML

from tests.unit.plans import SECRETS, good_plan
from wizard.export import bundle, compose_file
from wizard.formats.files import SecretsMode, UnwritableError
from wizard.plan.plan import Extra, Plan
from wizard.plan.secret import SecretRef
from wizard.plan.sections import BalancerKind, Deployment, Node, Tls

NAMED = sorted(["APP_KEY", "APP_AES_SECRET_KEY", "INIT_ROOT_PASSWORD", "DB_PASSWORD", "CACHE_REDIS_URL", "REDIS_URL",
                "PUBSUB_ADAPTER_REDIS_URL", "LOCK_ADAPTER_REDIS_URL", "QUEUE_ADAPTER_REDIS_URL",
                "NOCOBASE_PKG_PASSWORD"])  # fmt: skip


def one_machine() -> Plan:
    nodes = tuple(Node(name=f"node{index}", host="127.0.0.1", port=13000 + index) for index in (1, 2, 3))
    return replace(good_plan(), nodes=nodes)


def text_of(plan, mode=SecretsMode.REFERENCE, secrets=SECRETS, targets=()):
    return {file.path: file.text for file in bundle.render(plan, secrets, mode, targets)}[compose_file.PATH]


def read(text):
    """Return the document; refused unless it is one by the Compose specification, merge keys resolved."""
    options = PyOptions()
    options.apply_merge = True
    options.from_yaml(text).validate()
    return YAML(typ="safe", pure=True).load(text)


def services(plan, *more, **options):
    return read(text_of(plan, *more, **options))["services"]


def test_each_node_is_a_service_with_a_pinned_image_its_files_its_port_and_the_shared_folder():
    found = services(good_plan())
    assert list(found) == ["node1", "node2", "node3", "balancer"]
    node = found["node2"]
    assert node["image"] == "nocobase/nocobase:2.2.15"
    assert node["env_file"] == ["../env/cluster.env", "../env/node-node2.env"]
    assert node["ports"] == ["13000:13000"]
    assert node["restart"] == "unless-stopped"
    [mount] = node["volumes"]
    assert (mount["source"], mount["target"]) == ("/srv/nocobase", "/app/nocobase/storage")
    assert mount["bind"] == {"create_host_path": False}


def test_on_one_machine_each_node_waits_for_the_one_before():
    found = services(one_machine())
    assert "depends_on" not in found["node1"]
    assert found["node2"]["depends_on"] == {"node1": {"condition": "service_healthy"}}
    assert found["node3"]["depends_on"] == {"node2": {"condition": "service_healthy"}}
    assert not [name for name in found if name != "balancer" and "profiles" in found[name]]


def test_ports_are_open_to_the_machine_alone_where_the_balancer_is_on_it():
    assert services(one_machine())["node2"]["ports"] == ["127.0.0.1:13002:13002"]


def test_nodes_that_are_pods_of_one_port_get_a_port_each_on_the_machine():
    found = services(
        replace(good_plan(), nodes=tuple(Node(name=name) for name in ("a", "b", "c"))), targets=["compose"]
    )
    assert [found[name]["ports"] for name in ("a", "b", "c")] == [["13000:13000"], ["13001:13000"], ["13002:13000"]]


def test_on_several_machines_nothing_starts_that_is_not_named_and_nobody_waits_for_another_machine():
    nodes = (*good_plan().nodes, Node(name="node4", host="10.0.0.1", port=13001))
    found = services(replace(good_plan(), nodes=nodes))
    assert [found[f"node{index}"]["profiles"] for index in (1, 2, 3, 4)] == [
        ["machine-10.0.0.1"], ["machine-10.0.0.2"], ["machine-10.0.0.3"], ["machine-10.0.0.1"]
    ]  # fmt: skip
    assert "depends_on" not in found["node2"]
    assert list(found["node4"]["depends_on"]) == ["node1"]


def test_the_health_check_asks_for_the_body_at_the_own_port_and_path():
    plan = good_plan().with_value("application.public_path", "/crm/")
    [command, program, flag, script] = services(plan)["node1"]["healthcheck"]["test"]
    assert (command, program, flag) == ("CMD", "node", "-e")
    assert "process.env.APP_PORT+'/crm/api/__health_check'" in script
    assert "==='ok'" in script
    assert "$" not in script


def test_without_the_secrets_compose_asks_its_own_environment_and_refuses_an_empty_one():
    environment = services(good_plan())["node1"]["environment"]
    assert sorted(environment) == NAMED
    assert all(value.startswith(f"${{{name}:?") for name, value in environment.items())


def test_with_the_secrets_in_the_env_files_nothing_is_asked():
    assert "environment" not in services(good_plan(), SecretsMode.INLINE)["node1"]
    assert "environment" not in services(good_plan(), SecretsMode.MASKED)["node1"]


def test_one_secret_that_is_not_at_hand_is_asked_for():
    secrets = {name: value for name, value in SECRETS.items() if name != "database.password"}
    assert list(services(good_plan(), SecretsMode.INLINE, secrets)["node1"]["environment"]) == ["DB_PASSWORD"]


@pytest.mark.parametrize("mode", [SecretsMode.REFERENCE, SecretsMode.INLINE, SecretsMode.MASKED])
def test_no_secret_is_in_it(mode):
    text = text_of(good_plan(), mode)
    assert not [name for name, secret in SECRETS.items() if secret.reveal() in text]


def test_it_comes_with_the_env_files_that_it_reads():
    paths = {file.path for file in bundle.render(good_plan(), {}, targets=["compose"])}
    assert {"env/cluster.env", "env/node-node1.env", "env/node-node2.env", "env/node-node3.env"} <= paths


def test_the_balancer_is_offered_where_its_file_is_in_the_bundle():
    nginx = services(good_plan())["balancer"]
    assert (nginx["profiles"], nginx["network_mode"]) == (["balancer"], "host")
    assert [mount["target"] for mount in nginx["volumes"]] == [
        "/etc/nginx/conf.d/default.conf", "/etc/ssl/app.pem", "/etc/ssl/app.key"
    ]  # fmt: skip
    haproxy = services(good_plan().with_value("balancer.kind", BalancerKind.HAPROXY))["balancer"]
    assert [(mount["source"], mount["target"]) for mount in haproxy["volumes"]] == [
        ("../haproxy/production.cfg", "/usr/local/etc/haproxy/haproxy.cfg"),
        ("/etc/ssl/app.pem", "/etc/ssl/app.pem"),
        ("/etc/ssl/app.key", "/etc/ssl/app.pem.key"),
        ("/run/nocobase-production", "/run/haproxy"),
    ]
    assert "balancer" not in services(good_plan(), targets=["compose"])


def test_a_node_may_be_called_balancer():
    found = services(replace(good_plan(), nodes=(Node(name="balancer", host="a"),)))
    assert found["balancer"]["image"] == "nocobase/nocobase:2.2.15"


def test_files_outside_the_shared_folder_are_brought_along():
    plan = good_plan().with_value("database.tls", Tls.VERIFY).with_value("database.tls_ca", "/etc/pg/c$a.pem")
    plan = plan.with_value("application.extra_ca_file", "/app/nocobase/storage/ca.pem")
    mounts = services(plan)["node1"]["volumes"][1:]
    assert [(mount["source"], mount["read_only"]) for mount in mounts] == [("/etc/pg/c$$a.pem", True)]
    assert len(services(plan.with_value("database.tls", Tls.OFF))["node1"]["volumes"]) == 1


def test_what_a_plan_for_bare_metal_says_of_its_machine_does_not_count_in_a_container():
    nodes = (Node(name="n", host="a", listen_host="10.0.0.1", pm2_home="/var/pm2", socket_path="/run/gateway.sock"),)
    plan = replace(good_plan(), nodes=nodes).with_value("application.deployment", Deployment.BARE)
    environment = services(plan, SecretsMode.INLINE)["n"]["environment"]
    assert environment["STORAGE_PATH"] == "/app/nocobase/storage"
    assert environment["APP_HOST"] == "0.0.0.0"
    assert environment["PM2_HOME"].startswith("/root/")
    assert environment["SOCKET_PATH"].startswith("/root/")
    assert set(NAMED) < set(services(plan)["n"]["environment"])


def test_what_the_plan_does_not_say_is_asked_for_and_never_latest():
    text = text_of(one_machine().with_value("application.version", ""))  # no variable is an image for compose_spec
    assert YAML(typ="safe").load(text)["x-node"]["image"].startswith("nocobase/nocobase:${NOCOBASE_VERSION:?")
    text = text_of(good_plan().with_value("storage.path", ""))
    assert YAML(typ="safe").load(text)["x-node"]["volumes"][0]["source"].startswith("${NOCOBASE_STORAGE:?")
    alone = read(text_of(one_machine().with_value("storage.path", "")))
    assert alone["services"]["node1"]["volumes"] == ["storage:/app/nocobase/storage"]
    assert list(alone["volumes"]) == ["storage"]


def test_a_localhost_that_would_be_the_container_is_named():
    assert "database.host, redis.server.host" in text_of(
        good_plan().with_value("database.host", "localhost").with_value("redis.server.host", "127.0.0.1")
    )
    assert "localhost" not in text_of(good_plan())


@pytest.mark.parametrize(
    ("key", "text"), [("application.version", "latest"), ("nodes.1.port", "x"), ("application.public_path", "crm")]
)
def test_it_gets_no_default_in_the_place_of_what_could_not_be_read(key, text):
    with pytest.raises(UnwritableError) as refused:
        text_of(good_plan().with_text(key, text), targets=["compose"])
    assert refused.value.key == key


def test_a_plan_without_nodes_and_a_node_without_a_machine_are_refused():
    with pytest.raises(UnwritableError, match="no nodes"):
        text_of(replace(good_plan(), nodes=()), targets=["compose"])
    nodes = (*good_plan().nodes, Node(name="lost"))
    with pytest.raises(UnwritableError) as refused:
        text_of(replace(good_plan(), nodes=nodes), targets=["compose"])
    assert refused.value.key == "nodes.3.host"


def test_names_cannot_leave_their_places():
    plan = good_plan().with_value("name", 'a\nservices: {evil: {image: "x"}} # ${X:?}')
    document = read(text_of(plan))
    assert list(document["services"]) == ["node1", "node2", "node3", "balancer"]
    assert document["name"].startswith("nocobase-a-services")


def test_an_extra_variable_with_a_secret_is_asked_for_too():
    plan = replace(good_plan(), extras=(Extra("SMTP_PASSWORD", SecretRef("extra.SMTP_PASSWORD")),))
    assert "SMTP_PASSWORD" in services(plan)["node1"]["environment"]
