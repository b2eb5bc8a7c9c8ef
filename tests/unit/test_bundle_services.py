"""The services of a Compose file beside those of the plan: part by part, as Compose reads them."""

import pytest

from wizard.checks.plan import bundle_compose
from wizard.checks.plan.bundle_shape import Part, image
from wizard.plan.place import Place

FILE = "compose/compose.yaml"


def services(**parts):
    """Return a Compose file with one service of NocoBase, given further keys as texts."""
    rows = {"image": "nocobase/nocobase:2.2.15", **parts}
    return "services:\n  node1:\n" + "".join(f"    {key}: {text}\n" for key, text in rows.items() if text is not None)


def told(now, plan, **beside):
    texts = {FILE: now, **{f"compose/{name.replace('__', '.')}": text for name, text in beside.items()}}
    found = list(bundle_compose.judge(FILE, texts, plan))
    return {str(one.facts["setting"]): one for one in found}


PLAN = {
    "image": ("nocobase/nocobase:2.2.15", "nocobase/nocobase:2.2.14"),
    "command": (None, "[sh]"),
    "entrypoint": (None, "sh"),
    "ports": ("['13000:13000']", "['13001:13000']"),
    "scale": ("1", "2"),
    "restart": ("always", "on-failure"),
    "depends_on": ("[db]", "[]"),
    "env_file": ("[../env/cluster.env, ../env/node-a.env]", "[../env/cluster.env]"),
    "profiles": ("[a]", "[b]"),
    "healthcheck": ("{test: [CMD, 'true']}", "{disable: true}"),
}
SHOWN = {
    "image": "“nocobase/nocobase:2.2.14” stands there, and by the plan “nocobase/nocobase:2.2.15”.",
    "command": "",
    "entrypoint": "",
    "ports": "“13001:13000” stands there, and by the plan “13000:13000”.",
    "scale": "“2” stands there, and by the plan “1”.",
    "restart": "“on-failure” stands there, and by the plan “always”.",
    "depends_on": "By the plan it is “db”.",
    "env_file": "“env/cluster.env” stands there, and by the plan “env/cluster.env, env/node-a.env”.",
    "profiles": "“b” stands there, and by the plan “a”.",
    "healthcheck": "",
}


@pytest.mark.parametrize("key", PLAN)
def test_each_part_of_a_service_that_counts_is_told_where_it_is_another_one(key):
    plan, now = PLAN[key]
    text = services(**{key: now})
    [(setting, finding)] = told(text, services(**{key: plan})).items()
    assert setting == f"services.node1.{'replicas' if key == 'scale' else key}"
    assert SHOWN[key].replace("env/", "../env/") in finding.detail or SHOWN[key] in finding.detail
    assert SHOWN[key] or "“" not in finding.detail
    line = next(number for number, row in enumerate(text.splitlines(), 1) if f"{key}:" in row)
    assert finding.places == (Place(FILE, line),) or key == "depends_on"


@pytest.mark.parametrize(
    ("key", "plan", "now"),
    [
        ("restart", "on-failure", "always"),
        ("restart", "on-failure", "unless-stopped"),
        ("restart", "always", "unless-stopped"),
        ("depends_on", "[db]", "[redis]"),
        ("depends_on", "[db]", "{redis: {condition: service_healthy}}"),
        ("depends_on", "[db]", "{db: {condition: service_healthy}}"),
        ("env_file", "[../env/cluster.env]", None),
        ("env_file", "[../env/cluster.env]", "../env/cluster.env"),
        ("env_file", "[../env/cluster.env]", "[{path: ../env/cluster.env}]"),
        ("env_file", "[../env/cluster.env]", "[.././env//cluster.env]"),
        ("healthcheck", "{disable: true}", "{test: [CMD, x]}"),
        ("healthcheck", "{test: [CMD, 'true']}", "{disable: false}"),
        ("healthcheck", "{test: [CMD, 'true']}", "{interval: 5s}"),
        ("ports", "['13000:13000']", "['9229:9229', '13000:13000']"),
        ("ports", "['13000:13000']", "[{published: '13000', target: 13000}]"),
        ("ports", "['13000:13000', '1:1']", "['1:1', '13000:13000']"),
        ("ports", "['127.0.0.1:13000:13000']", "[{host_ip: 127.0.0.1, published: 13000, target: 13000}]"),
        ("ports", None, "['9229:9229']"),
        ("volumes", None, "['/log:/log']"),
        ("volumes", "['/a:/s']", "['/a:/s', '/log:/log']"),
        ("volumes", "['/a:/s']", "['/a/:/s/']"),
        ("volumes", "['/a:/s']", "['/a:/s:rw']"),
        ("volumes", "['/a:/s']", "[{type: bind, source: /a, target: /s}]"),
        ("deploy", None, "{replicas: 1}"),
        ("scale", None, "1"),
        ("deploy", "{replicas: 2}", "{replicas: 2}"),
        ("image", None, "registry.internal/nocobase/nocobase:2.2.15@sha256:1"),
        ("command", "sh", "sh"),
        ("profiles", "[a]", "a"),
        ("image", '"${IMAGE:?no version}"', "nocobase/nocobase:latest"),
        ("mem_limit", "1g", "2g"),
    ],
)
def test_what_changes_nothing_that_counts_is_not_told(key, plan, now):
    given = {} if key == "image" and plan is None else {key: plan}
    assert told(services(**{key: now}), services(**given)) == {}


@pytest.mark.parametrize(
    ("key", "plan", "now", "setting"),
    [
        ("restart", "always", None, "restart"),
        ("restart", "always", "'no'", "restart"),
        ("ports", "['13000:13000']", None, "ports"),
        ("ports", "['13000:13000']", "['127.0.0.1:13000:13000']", "ports"),
        ("ports", "['13000:13000']", "[{published: 13000, target: 13001}]", "ports"),
        ("volumes", "['/a:/s']", "['/b:/s']", "volumes /s"),
        ("volumes", "['/a:/s']", "[{source: /b, target: /s}]", "volumes /s"),
        ("volumes", "['/a:/s']", "[]", "volumes /s"),
        ("deploy", None, "{replicas: 0}", "replicas"),
        ("healthcheck", "{test: [CMD, 'true']}", "{test: [NONE]}", "healthcheck"),
        ("healthcheck", "{test: [CMD, 'true']}", None, "healthcheck"),
        ("env_file", "[../env/a.env]", "[../env/b.env]", "env_file"),
        ("profiles", None, "[a]", "profiles"),
        ("profiles", "[a]", None, "profiles"),
    ],
)
def test_what_changes_what_runs_is_told(key, plan, now, setting):
    found = told(services(**{key: now}), services(**{key: plan}))
    assert list(found) == [f"services.node1.{setting}"]
    assert f"services.node1.{setting}" in found[f"services.node1.{setting}"].summary


def test_of_two_counts_that_of_deploy_holds():
    now = services(scale="3", deploy="{replicas: 1}")
    assert told(now, services()) == {}


def test_a_service_that_is_gone_is_told_but_for_the_balancer():
    plan = services() + "  balancer: {image: nginx}\n"
    assert told(services(), plan) == {}
    found = told("services:\n  other: {image: mailhog}\n", plan)
    assert list(found) == ["services.node1"]
    assert "Nothing of that name is started." in found["services.node1"].detail


@pytest.mark.parametrize(
    ("parts", "is_one"),
    [
        ("image: nocobase/nocobase:2.2.15", True),
        ("image: crm, env_file: [../env/cluster.env]", True),
        ("image: crm, env_file: [../env/other.env]", False),
        ("image: crm", False),
        ("image: 'postgres:16', env_file: [../env/cluster.env]", False),
    ],
)
def test_a_further_service_is_a_node_by_its_image_or_by_what_it_is_given(parts, is_one):
    found = told(f"{services()}  next: {{{parts}}}\n", services())
    assert list(found) == (["services.next"] if is_one else [])


def test_a_file_that_the_env_file_of_compose_passes_over_is_told():
    [(setting, finding)] = told(services(), services(), __env="A=1\nCOMPOSE_FILE=a.yaml:b.yaml\n").items()
    assert setting == "COMPOSE_FILE"
    assert finding.summary == f"By compose/.env Compose reads a.yaml, b.yaml in the place of {FILE}."
    assert finding.places == (Place("compose/.env", 2),)
    assert "What those start was not compared with the plan." in finding.detail


@pytest.mark.parametrize("said", ["", "A=1\n", "COMPOSE_FILE=\n", "COMPOSE_FILE=compose.yaml\n"])
def test_a_file_that_compose_reads_is_not_told_as_passed_over(said):
    assert told(services(), services(), __env=said) == {}


def test_values_of_composes_own_env_file_are_put_in():
    now = services(image="nocobase/nocobase:${VERSION}", restart="${RESTART:-always}")
    assert told(now, services(restart="always"), __env="VERSION=2.2.15\n") == {}
    [(setting, finding)] = told(now, services(restart="always"), __env="VERSION=2.2.14\n").items()
    assert setting == "services.node1.image"
    assert "“nocobase/nocobase:2.2.14” stands there" in finding.detail


def test_the_same_place_for_several_services_is_told_once():
    def two(restart):
        return (
            f"x-node: &node\n  image: nocobase/nocobase:2.2.15\n  restart: {restart}\n"
            "services:\n  node1: *node\n  node2: *node\n"
        )

    [(setting, finding)] = told(two("'no'"), two("always")).items()
    assert setting == "services.{node1,node2}.restart"
    assert finding.places == (Place(FILE, 3),)


@pytest.mark.parametrize(
    ("name", "compared"),
    [
        ("nocobase/nocobase:2.2.15", "2.2.15"),
        ("registry.internal:5000/nocobase/nocobase:2.2.15-full", "2.2.15"),
        ("nocobase/nocobase:2.2.15@sha256:0", "2.2.15"),
        ("nocobase/nocobase:latest", "nocobase/nocobase:latest"),
        ("nocobase/nocobase:2.2", "nocobase/nocobase:2.2"),
        ("nocobase/nocobase", "nocobase/nocobase"),
        ("postgres:16.1.2", "postgres:16.1.2"),
    ],
)
def test_an_image_of_nocobase_is_compared_by_its_version_and_another_by_its_name(name, compared):
    assert image(name) == compared


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (Part("a" * 120, Place("f")), "a" * 120),
        (Part("a" * 121, Place("f")), ""),
        (Part(("a", "b"), Place("f")), "a, b"),
        (Part("compared", Place("f"), "shown"), "shown"),
        (Part("a", Place("f"), ""), ""),
        (Part("short", Place("f"), "a" * 121), ""),
    ],
)
def test_a_part_is_shown_as_a_person_writes_it_unless_it_is_long(part, words):
    assert part.words == words
