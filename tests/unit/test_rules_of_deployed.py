"""What the rules say of how nodes are run, of one thing that was seen at a time."""

import time
from dataclasses import replace

import pytest

from tests.patience import processor_time
from tests.unit.plans import SECRETS, good_plan
from tests.unit.told import changed, told
from wizard.checks.plan.rules import rules
from wizard.plan.observed import Observed, Sharing, Topic, Unfollowed
from wizard.plan.place import Place
from wizard.plan.sections import Node

AT = Place("app.yaml", 7, "app")
ONE = {"nodes": (Node(name="a", host="10.0.0.1"),)}


def seen(*rows):
    observed = (Observed(topic, subject, AT, value, names, target) for topic, subject, value, names, target in rows)
    return {"observed": tuple(observed)}


TOLD = [
    # what was not followed
    (
        seen(
            (Topic.UNFOLLOWED, "a.yaml", Unfollowed.MISSING, (), ""),
            (Topic.UNFOLLOWED, "a.yaml", Unfollowed.PATCH, (), ""),
            (Topic.UNFOLLOWED, "b", Unfollowed.PROGRAM, (), ""),
            (Topic.UNFOLLOWED, "c", Unfollowed.FORM, (), ""),
        ),
        ["unknown plan.followed"],
    ),
    (seen((Topic.UNFOLLOWED, "worker", Unfollowed.APPLICATION, (), "")), ["unknown plan.followed"]),
    (
        seen((Topic.IDLE, "worker", "", ("jobs", "night"), ""), (Topic.IDLE, "old", "", ("legacy",), "")),
        ["pass plan.followed", "info plan.followed (COMPOSE_PROFILES)"],
    ),
    (
        {**ONE, **seen((Topic.IDLE, "b", "", ("more",), ""))},
        ["unknown plan.nodes nodes", "pass plan.followed", "info plan.followed (COMPOSE_PROFILES)"],
    ),
    (
        {
            "nodes": (
                Node(name="a", host="10.0.0.1", worker_mode="*"),
                Node(name="b", host="10.0.0.2", worker_mode="*"),
            ),
            **seen((Topic.IDLE, "web", "", ("web",), "")),
        },
        [
            "info plan.env_text",
            "unknown plan.coverage nodes",
            "pass plan.followed",
            "info plan.followed (COMPOSE_PROFILES)",
        ],
    ),
    (seen((Topic.API_VERSION, "Deployment app", "apps/v1", (), "")), ["pass plan.followed", "pass plan.api_versions"]),
    # storage
    (
        seen(
            (Topic.STORAGE, "a", Sharing.EVERYBODY, ("data",), ""),
            (Topic.STORAGE, "b", Sharing.EVERYBODY, ("data",), ""),
        ),
        ["pass plan.followed", "pass plan.shared_storage"],
    ),
    (
        seen(
            (Topic.STORAGE, "a", Sharing.EVERYBODY, ("data",), ""),
            (Topic.STORAGE, "b", Sharing.EVERYBODY, ("other",), ""),
        ),
        ["pass plan.followed", "fail plan.shared_storage missing"],
    ),
    (
        {
            **ONE,
            **seen(
                (Topic.STORAGE, "a", Sharing.EVERYBODY, ("data",), ""),
                (Topic.STORAGE, "b", Sharing.EVERYBODY, ("other",), ""),
            ),
        },
        ["warn plan.nodes nodes", "pass plan.followed", "gone plan.shared_storage"],
    ),
    (
        seen((Topic.STORAGE, "a", Sharing.MACHINE, ("/srv",), "")),
        ["pass plan.followed", "fail plan.shared_storage missing"],
    ),
    (
        {**ONE, **seen((Topic.STORAGE, "a", Sharing.MACHINE, ("/srv",), ""))},
        ["warn plan.nodes nodes", "pass plan.followed", "gone plan.shared_storage"],
    ),
    (
        {**ONE, **seen((Topic.STORAGE, "a", Sharing.EVERYBODY, ("data",), ""))},
        ["warn plan.nodes nodes", "pass plan.followed", "gone plan.shared_storage"],
    ),
    (
        seen((Topic.STORAGE, "a", Sharing.ITSELF, ("own", "more"), ""), (Topic.STORAGE, "b", Sharing.NOTHING, (), "")),
        ["pass plan.followed", "fail plan.shared_storage missing"],
    ),
    (seen((Topic.STORAGE, "a", Sharing.NOTHING, (), "")), ["pass plan.followed", "fail plan.shared_storage missing"]),
    (
        seen((Topic.STORAGE, "a", Sharing.PARTS, ("/app/nocobase/storage", "/app/nocobase/storage/uploads"), "")),
        ["pass plan.followed", "fail plan.shared_storage missing"],
    ),
    (
        {**ONE, **seen((Topic.STORAGE, "a", Sharing.NOTHING, (), ""))},
        ["warn plan.nodes nodes", "pass plan.followed", "fail plan.shared_storage missing"],
    ),
    (seen((Topic.STORAGE, "a", Sharing.UNKNOWN, ("x",), "")), ["pass plan.followed"]),
    # ports
    (seen((Topic.PORT, "a", "13000", ("13000", "80"), "")), ["pass plan.followed", "pass plan.ports"]),
    (
        seen((Topic.PORT, "a", "80", ("13000",), ""), (Topic.PORT, "b", "13000", ("13000",), "")),
        ["pass plan.followed", "fail plan.ports (a) refused"],
    ),
    (
        seen((Topic.PUBLISHED, "a", "127.0.0.1:80", (), ""), (Topic.PUBLISHED, "b", "80", (), "")),
        ["pass plan.followed", "fail plan.ports (b) refused"],
    ),
    (
        seen(
            (Topic.PUBLISHED, "a", "127.0.0.1:80", (), ""),
            (Topic.PUBLISHED, "b", "10.0.0.1:80", (), ""),
            (Topic.PUBLISHED, "c", "81", ("x",), ""),
            (Topic.PUBLISHED, "d", "81", ("y",), ""),
        ),
        ["pass plan.followed"],
    ),
    # connections of the database server
    (seen((Topic.CONNECTIONS, "db", "70", (), "")), ["pass plan.followed"]),
    (
        seen((Topic.CONNECTIONS, "db", "69", (), "")),
        ["fail plan.pool other database.pool_max", "pass plan.followed"],
    ),
    # updates
    (
        seen((Topic.UPDATE, "a", "RollingUpdate", ("Deployment", "1"), "deployment/a -n n")),
        ["pass plan.followed", "fail plan.rolling_update (a) other"],
    ),
    (
        seen((Topic.UPDATE, "a", "RollingUpdate", ("Deployment", "1"), "")),
        ["pass plan.followed", "fail plan.rolling_update (a) other"],
    ),
    (
        seen((Topic.UPDATE, "a", "RollingUpdate", ("StatefulSet", "1"), "statefulset/a")),
        ["pass plan.followed", "pass plan.rolling_update (a)"],
    ),
    (
        seen((Topic.UPDATE, "a", "RollingUpdate", ("StatefulSet", "2"), "statefulset/a")),
        ["pass plan.followed", "fail plan.rolling_update (a) other"],
    ),
    (
        seen(
            (Topic.UPDATE, "a", "Recreate", ("Deployment", "3"), "deployment/a"),
            (Topic.UPDATE, "b", "RollingUpdate", ("Deployment", "3"), "deployment/b"),
        ),
        ["pass plan.followed", "pass plan.rolling_update (a)", "fail plan.rolling_update (b) other"],
    ),
    # starts
    (seen((Topic.PATIENCE, "a", "", (), "")), ["pass plan.followed", "pass plan.startup_probe (a)"]),
    (
        seen((Topic.PATIENCE, "a", "900", ("startupProbe", "c"), "deployment/a")),
        ["pass plan.followed", "pass plan.startup_probe (a)"],
    ),
    (
        seen(
            (Topic.PATIENCE, "a", "899", ("startupProbe", "c"), "deployment/a"),
            (Topic.PATIENCE, "b", "1", ("livenessProbe", "it's"), "deployment/b"),
        ),
        ["pass plan.followed", "fail plan.startup_probe (a) other", "fail plan.startup_probe (b) other"],
    ),
    (
        {
            "application.public_path": "/crm/",
            **seen((Topic.PATIENCE, "a", "30", ("livenessProbe", "c"), "deployment/a")),
        },
        ["pass plan.followed", "fail plan.startup_probe (a) other"],
    ),
    (
        {"nodes.1.port": 13001, **seen((Topic.PATIENCE, "a", "30", ("livenessProbe", "c"), "deployment/a"))},
        ["pass plan.followed", "fail plan.startup_probe (a) other"],
    ),
    # secrets in plain text
    (
        seen(
            (Topic.PLAIN_SECRETS, "ConfigMap a", "", ("A", "B"), ""), (Topic.PLAIN_SECRETS, "ConfigMap b", "", (), "")
        ),
        ["pass plan.followed", "warn plan.secret_objects (ConfigMap a)", "pass plan.secret_objects (ConfigMap b)"],
    ),
    # links to Services
    (
        seen((Topic.SERVICE_LINKS, "a", "on", ("DB_PORT",), "deployment/a")),
        ["pass plan.followed", "fail plan.service_links (a) other"],
    ),
    (
        seen(
            (Topic.SERVICE_LINKS, "a", "on", (), "deployment/a"),
            (Topic.SERVICE_LINKS, "b", "off", ("DB_PORT",), ""),
            (Topic.SERVICE_LINKS, "c", "given", (), ""),
        ),
        [
            "pass plan.followed",
            "info plan.service_links (a)",
            "pass plan.service_links (b)",
            "pass plan.service_links (c)",
        ],
    ),
    # versions of kinds
    (
        seen(
            (Topic.API_VERSION, "Ingress a", "extensions/v1beta1", (), ""),
            (Topic.API_VERSION, "Job b", "batch/v1", (), ""),
        ),
        ["pass plan.followed", "fail plan.api_versions (Ingress a) version"],
    ),
    (
        seen(
            *(
                (Topic.API_VERSION, f"X {one}", one, (), "")
                for one in (
                    "apps/v1beta1",
                    "apps/v1beta2",
                    "networking.k8s.io/v1beta1",
                    "batch/v1beta1",
                    "policy/v1beta1",
                    "autoscaling/v2beta1",
                    "autoscaling/v2beta2",
                    "traefik.containo.us/v1alpha1",
                )
            )
        ),
        [
            "pass plan.followed",
            "fail plan.api_versions (X apps/v1beta1) version",
            "fail plan.api_versions (X apps/v1beta2) version",
            "fail plan.api_versions (X networking.k8s.io/v1beta1) version",
            "fail plan.api_versions (X batch/v1beta1) version",
            "fail plan.api_versions (X policy/v1beta1) version",
            "fail plan.api_versions (X autoscaling/v2beta1) version",
            "fail plan.api_versions (X autoscaling/v2beta2) version",
            "fail plan.api_versions (X traefik.containo.us/v1alpha1) version",
        ],
    ),
    (
        seen(
            *(
                (Topic.API_VERSION, f"X {one}", one, (), "")
                for one in (
                    "apps/v1",
                    "autoscaling/v2",
                    "networking.k8s.io/v1",
                    "v1",
                    "traefik.io/v1alpha1",
                    "xapps/v1beta1",
                    "apps/v1beta1x",
                )
            )
        ),
        ["pass plan.followed", "pass plan.api_versions"],
    ),
    # limits of an Ingress
    (
        seen(
            (Topic.BODY_LIMIT, "a", "", ("Prefix", "/"), "ingress/a"),
            (Topic.READ_TIMEOUT, "a", "", ("Prefix", "/"), "ingress/a"),
        ),
        [
            "pass plan.followed",
            "fail plan.ingress_limits (a: proxy-body-size) other",
            "warn plan.ingress_limits (a: proxy-read-timeout)",
        ],
    ),
    (
        seen(
            (Topic.BODY_LIMIT, "a", "20m", ("Prefix", "/"), "ingress/a"),
            (Topic.READ_TIMEOUT, "a", "600", ("Prefix", "/"), "ingress/a"),
        ),
        ["pass plan.followed", "pass plan.ingress_limits"],
    ),
    (
        seen(
            (Topic.BODY_LIMIT, "a", "19M", ("Prefix", "/"), ""), (Topic.READ_TIMEOUT, "a", "599", ("Prefix", "/"), "")
        ),
        [
            "pass plan.followed",
            "fail plan.ingress_limits (a: proxy-body-size) other",
            "warn plan.ingress_limits (a: proxy-read-timeout)",
        ],
    ),
    (
        seen((Topic.BODY_LIMIT, "a", "0", ("Prefix", "/"), ""), (Topic.READ_TIMEOUT, "a", "x", ("Prefix", "/"), "")),
        ["pass plan.followed", "pass plan.ingress_limits"],
    ),
    (
        seen(
            (Topic.BODY_LIMIT, "a", "20000k", ("Exact", "/api/app:getInfo"), ""),
            (Topic.BODY_LIMIT, "b", "1g", ("Prefix", "/"), ""),
        ),
        ["pass plan.followed", "fail plan.ingress_limits (a: proxy-body-size) other"],
    ),
    (
        seen(
            (Topic.BODY_LIMIT, "a", "1", ("Prefix", "/"), ""),
            (Topic.BODY_LIMIT, "a", "2", ("Prefix", "/api"), ""),
            (Topic.READ_TIMEOUT, "a", "1", ("Prefix", "/"), ""),
        ),
        [
            "pass plan.followed",
            "fail plan.ingress_limits (a: proxy-body-size) other",
            "warn plan.ingress_limits (a: proxy-read-timeout)",
        ],
    ),
    (
        seen(
            (Topic.BODY_LIMIT, "a", "1", ("Exact", "/"), ""),
            (Topic.READ_TIMEOUT, "a", "1", ("ImplementationSpecific", "/[x"), ""),
        ),
        ["pass plan.followed"],
    ),
    (seen((Topic.BODY_LIMIT, "a", "odd", ("Prefix", "/"), "")), ["pass plan.followed", "pass plan.ingress_limits"]),
    # rewrites of an Ingress
    (seen((Topic.REWRITE, "a", "", ("Prefix", "/"), "")), ["pass plan.followed", "pass plan.ingress_paths"]),
    (
        seen((Topic.REWRITE, "a", "/$2", ("ImplementationSpecific", "/crm(/|$)(.*)"), "")),
        ["pass plan.followed", "fail plan.ingress_paths (a) other"],
    ),
    (
        {
            "application.public_path": "/crm/",
            **seen((Topic.REWRITE, "a", "/$2", ("ImplementationSpecific", "/CRM(/|$)(.*)"), "")),
        },
        ["pass plan.followed", "fail plan.ingress_paths (a) other"],
    ),
    (
        {
            "application.public_path": "/crm/",
            **seen((Topic.REWRITE, "a", "/crm/$2", ("ImplementationSpecific", "/crm(/|$)(.*)"), "")),
        },
        ["pass plan.followed", "pass plan.ingress_paths"],
    ),
    (
        seen(
            (Topic.REWRITE, "a", "/$1", ("ImplementationSpecific", "/(.*)"), ""),
            (Topic.REWRITE, "b", "/$3", ("ImplementationSpecific", "/(.*)"), ""),
            (Topic.REWRITE, "c", "/x", ("Prefix", "/"), ""),
        ),
        ["pass plan.followed", "fail plan.ingress_paths (b) other"],
    ),
    (seen((Topic.REWRITE, "a", "/x", ("Exact", "/only"), "")), ["pass plan.followed"]),
]


@pytest.mark.parametrize(("changes", "lines"), TOLD)
def test_of_a_changed_plan_this_is_told_and_nothing_else(changes, lines):
    assert told(changes) == lines


def test_a_prefix_of_an_ingress_ends_where_a_part_of_the_path_does():
    rewritten = seen((Topic.REWRITE, "a", "/x", ("Prefix", "/noco"), ""))
    [finding] = [
        one
        for one in rules(*changed({"application.public_path": "/nocobase/", **rewritten}))
        if one.id == "plan.ingress_paths"
    ]
    assert finding.summary == "/noco/api/app:getInfo comes to NocoBase as /x."


def test_many_published_ports_take_time_in_proportion():
    rows = [(Topic.PUBLISHED, f"s{number}", str(number), (), "") for number in range(20_000)]
    plan, began = replace(good_plan(), **seen(*rows)), time.process_time()
    assert [one for one in rules(plan, SECRETS) if one.id == "plan.ports"] == []
    assert time.process_time() - began < processor_time(2)
