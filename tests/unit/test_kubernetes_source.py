"""Kubernetes manifests as a source: what the containers that are NocoBase are given."""

import base64
import json

import pytest

from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.formats.files import SourceError
from wizard.plan.finding import Severity
from wizard.plan.secret import Secret
from wizard.plan.sections import Deployment
from wizard.plan.sections.storage import StorageKind

KEY = "Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE"
CONFIG = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "config"},
    "data": {"DB_DIALECT": "postgres", "DB_HOST": "db", "HOST": "redis"},
}
SECRET = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "secret"},
    "data": {"password": base64.b64encode(b"Vt8kQ2mW").decode()},
    "stringData": {"key": KEY},
}


def workload(*env: dict, env_from: list = (), kind: str = "Deployment", **spec) -> dict:
    container = {
        "name": "app",
        "image": "registry.example.com/mirror/nocobase:2.2.15-full@sha256:00",
        "env": list(env),
        "envFrom": list(env_from),
    }
    pods = {"template": {"spec": {"containers": [{"name": "log", "image": "busybox"}, container]}}}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "crm"}, "spec": {"replicas": 2, **pods, **spec}}


def of(kind: str, name: str, key: str, **more) -> dict:
    return {"valueFrom": {f"{kind}KeyRef": {"name": name, "key": key, **more}}}


def opened(tmp_path, *objects: dict, form: str = "documents"):
    if form == "list":
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}, indent=1)
    else:
        text = "# ours\n---\n" + "\n---\n".join(json.dumps(one, indent=1) for one in objects)
    (tmp_path / "app.yaml").write_text(text)
    return open_source(str(tmp_path / "app.yaml"))


@pytest.mark.parametrize("form", ["documents", "list"])
def test_what_a_container_is_given_comes_from_all_its_sources(tmp_path, form):
    found = opened(
        tmp_path,
        CONFIG,
        SECRET,
        workload(
            {"name": "APP_KEY", **of("secret", "secret", "key")},
            {"name": "DB_PASSWORD", **of("secret", "secret", "password")},
            {"name": "DB_USER", "value": "shop"},
            {"name": "CACHE_REDIS_URL", "value": "redis://$(HOST):6379/0"},
            {"name": "TZ", **of("configMap", "gone", "tz", optional=True)},
            {"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
            env_from=[{"configMapRef": {"name": "config"}}, {"secretRef": {"name": "gone", "optional": True}}],
        ),
        form=form,
    )
    plan = found.plan
    assert [node.name for node in plan.nodes] == ["crm-0", "crm-1"]
    assert (plan.database.host, plan.database.user, plan.redis.cache.host) == ("db", "shop", "redis")
    assert found.secrets["application.app_key"] == Secret(KEY)
    assert found.secrets["database.password"] == Secret("Vt8kQ2mW")
    assert (plan.application.version, plan.application.deployment) == ("2.2.15", Deployment.KUBERNETES)
    named = {item.name: item.named for item in plan.expressions}
    assert named.pop("POD") == ("metadata.name",)
    assert named == {"TZ": ("ConfigMap gone",), "Secret gone": ("Secret gone",)}  # whether they are there is not known


def test_a_prefix_is_put_before_each_name(tmp_path):
    config = {**CONFIG, "data": {"HOST": "db", "DIALECT": "postgres"}}
    plan = opened(tmp_path, config, workload(env_from=[{"prefix": "DB_", "configMapRef": {"name": "config"}}])).plan
    assert plan.database.host == "db"


def test_each_value_knows_the_line_it_stands_in(tmp_path):
    found = opened(tmp_path, CONFIG, workload(env_from=[{"configMapRef": {"name": "config"}}]))
    place = found.plan.place_of("database.host")
    line = (tmp_path / "app.yaml").read_text().splitlines()[place.line - 1]
    assert '"DB_HOST": "db"' in line


def test_what_is_not_among_the_manifests_is_named_and_not_guessed(tmp_path):
    found = opened(
        tmp_path,
        workload(
            {"name": "APP_KEY", **of("secret", "elsewhere", "key")},
            {"name": "DB_DIALECT", "value": "postgres"},
            env_from=[{"secretRef": {"name": "more"}}],
        ),
    )
    [finding] = [one for one in rules(found.plan, found.secrets) if one.id == "plan.expressions"]
    assert finding.severity is Severity.UNKNOWN
    assert "Secret elsewhere" in finding.summary
    assert "Secret more" in finding.summary
    assert not [one for one in rules(found.plan, {}) if one.id == "plan.app_key" and one.severity is Severity.FAIL]


def test_a_volume_for_each_pod_is_not_shared(tmp_path):
    claims = [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}]
    plan = opened(
        tmp_path, workload({"name": "DB_HOST", "value": "db"}, kind="StatefulSet", volumeClaimTemplates=claims)
    ).plan
    assert plan.storage.kind is StorageKind.LOCAL


@pytest.mark.parametrize(
    ("objects", "words"),
    [
        ([CONFIG], "no container in it is NocoBase, as there is none in it. Open it together with"),
        ([{"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": []}}], "no container in it is NocoBase"),
    ],
)
def test_manifests_without_nocobase_are_said_so(tmp_path, objects, words):
    with pytest.raises(SourceError, match=words):
        opened(tmp_path, *objects)


@pytest.mark.parametrize(("lines", "refused"), [(200_000, False), (200_001, True)])
def test_the_lines_of_a_file_have_a_bound(tmp_path, lines, refused):
    empty = "\n" * (lines - 1)
    (tmp_path / "pods.yaml").write_text(f"kind: Pod{empty}\napiVersion: v1")
    with pytest.raises(SourceError) as told:
        open_source(str(tmp_path / "pods.yaml"))
    assert ("pods.yaml: its files have too many lines together." in str(told.value)) is refused


def running(kind, name, owner=None, **more):
    """Return an object as `kubectl get` prints it: a workload or a pod, and who owns it."""
    container = {"name": "app", "image": "nocobase/nocobase:2.2.15", "env": [{"name": "DB_HOST", "value": name}]}
    pod = {"containers": [container]}
    spec = pod if kind == "Pod" else {**more, "template": {"spec": pod}}
    owners = [{"kind": owner[0], "name": owner[1]}] if owner else []
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "ownerReferences": owners}, "spec": spec}


@pytest.mark.parametrize(
    ("objects", "nodes"),
    [
        ([running("ReplicaSet", "crm", replicas=2)], ["crm-0", "crm-1"]),
        ([running("Rollout", "crm", replicas=2)], ["crm-0", "crm-1"]),
        ([running("ReplicaSet", "crm-6c", ("Deployment", "crm")), running("Deployment", "crm")], ["crm-0"]),
        ([running("Pod", "crm-6c-x", ("ReplicaSet", "crm-6c")), running("Deployment", "crm")], ["crm-0"]),
        (
            [running("Pod", "crm-0", ("StatefulSet", "crm")), running("StatefulSet", "crm", replicas=2)],
            ["crm-0", "crm-1"],
        ),
        ([running("Pod", "a", ("ReplicaSet", "gone")), running("Pod", "b", ("ReplicaSet", "gone"))], ["a", "b"]),
        ([running("Pod", "a"), running("Pod", "done", ("Job", "migrate"))], ["a"]),
        ([running("Deployment", "old", replicas=0), running("Deployment", "crm")], ["crm-0"]),
        ([running("Deployment", "crm", replicas=0)], ["crm-0"]),
    ],
)
def test_each_node_counts_once_and_a_job_is_none(tmp_path, objects, nodes):
    (tmp_path / "all.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
    plan = open_source(str(tmp_path / "all.json")).plan
    assert [node.name for node in plan.nodes] == nodes


def test_a_pod_beside_other_workloads_is_read(tmp_path):
    database = running("StatefulSet", "pg")
    database["spec"]["template"]["spec"]["containers"][0] |= {"image": "postgres:16"}
    (tmp_path / "all.json").write_text(
        json.dumps({"apiVersion": "v1", "kind": "List", "items": [database, running("Pod", "crm")]})
    )
    assert [node.name for node in open_source(str(tmp_path / "all.json")).plan.nodes] == ["crm"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_secret_that_was_encoded_with_the_end_of_its_line_is_called_so(tmp_path, end):
    data = {"password": base64.b64encode(b"Vt8kQ2mW" + end).decode()}
    reference = {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "secret", "key": "password"}}}
    app = workload({"name": "DB_DIALECT", "value": "postgres"}, reference)
    (tmp_path / "app.json").write_text(
        json.dumps({"kind": "List", "apiVersion": "v1", "items": [{**SECRET, "data": data}, app]})
    )
    found = open_source(str(tmp_path / "app.json"))
    told = [one for one in rules(found.plan, found.secrets) if "ends with a line break" in one.summary]
    assert [(one.id, one.severity) for one in told] == [
        ("plan.env_text", Severity.FAIL),
        ("plan.database_password", Severity.WARN),
    ]
    assert all("printf %s" in one.remedy and "psql" not in one.remedy for one in told)


def test_a_variable_that_the_container_is_not_given_is_no_command_of_a_shell(tmp_path):
    app = workload({"name": "DB_PASSWORD", "value": "$(PG_PASSWORD)"}, {"name": "DB_DIALECT", "value": "postgres"})
    found = opened(tmp_path, app)
    [told] = [one for one in rules(found.plan, found.secrets) if one.id == "plan.unfilled"]
    assert "names a variable that its container is not given" in told.summary
    assert "PG_PASSWORD" not in f"{told.summary} {told.detail}"
