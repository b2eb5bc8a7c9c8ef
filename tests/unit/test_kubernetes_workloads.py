"""What each word of a workload means: its kind, its probes and volumes, and what its containers are given."""

import pytest

from tests.unit.trees import one_object
from wizard.formats.kubernetes import containers
from wizard.formats.kubernetes.given import Given, held
from wizard.formats.kubernetes.objects import read
from wizard.formats.kubernetes.observing import observed, patience
from wizard.plan.observed import Sharing, Topic
from wizard.plan.place import Place


def all_of(text):
    objects = read(text, "x.yaml")
    given = Given(objects)
    return objects, given, containers.read(objects, given)


def workload(kind="Deployment", pod="", row="", spec=""):
    inside = f"containers: [{{name: app{row}}}]{pod}"
    body = f"{{{inside}}}" if kind == "Pod" else f"{{template: {{spec: {{{inside}}}}}{spec}}}"
    return f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: crm}}\nspec: {body}\n"


def seen(topic, text):
    """Return value and names of what is seen of a topic."""
    return [(one.value, one.names) for one in observed(*all_of(text)) if one.topic is topic]


@pytest.mark.parametrize(
    "kind", ["Deployment", "StatefulSet", "DaemonSet", "Rollout", "ReplicaSet", "ReplicationController", "Pod"]
)
def test_containers_of_each_workload_are_read(kind):
    [one] = all_of(workload(kind))[2]
    assert (one.workload.kind, one.place.name, one.place.line, one.replicas, one.address) == (kind, "crm", 4, 1, "")


@pytest.mark.parametrize("kind", ["Job", "CronJob", "ConfigMap"])
def test_containers_of_what_runs_once_are_not(kind):
    assert all_of(workload(kind))[2] == []


@pytest.mark.parametrize(
    ("replicas", "read"),
    [("3", 3), ("500", 500), ("501", 500), ("9" * 12, 500), ("0", 0), ("-1", 1), ("x", 1), ("''", 1)],
)
def test_replicas_are_counted_up_to_500(replicas, read):
    assert [one.replicas for one in all_of(workload(spec=f", replicas: {replicas}"))[2]] == [read]


@pytest.mark.parametrize(
    ("head", "replicas"),
    [
        ("status: {phase: Running, podIP: 10.0.0.1}", 1),
        ("status: {phase: Failed, podIP: 10.0.0.1}", 0),
        ("status: {phase: Succeeded, podIP: 10.0.0.1}", 0),
        ("status: {phase: Pending, podIP: 10.0.0.1}", 1),
    ],
)
def test_a_pod_that_has_ended_is_none(head, replicas):
    [one] = all_of(workload("Pod") + head)[2]
    assert (one.replicas, one.address) == (replicas, "10.0.0.1")


def test_a_pod_that_is_ending_is_none_and_another_workload_is():
    ending = "metadata: {name: crm, deletionTimestamp: now}"
    assert [one.replicas for one in all_of(workload("Pod").replace("metadata: {name: crm}", ending))[2]] == [0]
    assert [one.replicas for one in all_of(workload().replace("metadata: {name: crm}", ending))[2]] == [1]


def test_the_address_is_that_of_a_pod_alone():
    assert all_of(workload() + "status: {podIP: 10.0.0.1}")[2][0].address == ""


@pytest.mark.parametrize(
    ("owner", "beside", "owned"),
    [
        ("{kind: Job, name: j}", "", True),
        ("{kind: CronJob, name: j}", "", True),
        ("{kind: ReplicaSet, name: crm-5d}", "Deployment", True),
        ("{kind: ReplicaSet, name: other-5d}", "Deployment", False),
        ("{kind: ReplicaSet, name: crm-5D}", "Deployment", False),
        ("{kind: ReplicaSet, name: crm-5d}", "StatefulSet", False),
        ("{kind: StatefulSet, name: crm}", "StatefulSet", True),
        ("{kind: StatefulSet, name: crm-5d}", "Deployment", False),
        ("{kind: Node, name: n}", "Deployment", False),
    ],
)
def test_what_another_of_the_objects_keeps_is_not_counted_twice(owner, beside, owned):
    pod = workload("Pod").replace("metadata: {name: crm}", f"metadata: {{name: p, ownerReferences: [{owner}]}}")
    found = all_of(pod + (f"---\n{workload(beside)}" if beside else ""))[2]
    assert ("Pod" in {one.workload.kind for one in found}) is not owned


MAPS = """\
---
kind: ConfigMap
metadata: {name: conf}
data: {A: a, B: b}
---
kind: Secret
metadata: {name: keys}
data: {A: c2VjcmV0, B: "not base64"}
stringData: {C: plain, A: wins}
"""


def test_of_a_secret_data_is_base64_and_string_data_wins():
    found = held(one_object(MAPS.split("---\n")[2]))
    assert {key: one.value for key, one in found.items()} == {"A": "wins", "B": "not base64", "C": "plain"}
    assert {one.quote for one in found.values()} == {"'"}
    assert {one.file for one in found.values()} == {"x.yaml"}
    plain = held(one_object("kind: ConfigMap\ndata: {A: c2VjcmV0, B: {c: d}}"))
    assert {key: one.value for key, one in plain.items()} == {"A": "c2VjcmV0", "B": ""}
    assert held(one_object("kind: Secret\ndata: {A: 'c2Vj\n cmV0'}"))["A"].value == "secret"
    assert held(one_object("kind: Secret\ndata: {A: /w==}"))["A"].value == "/w=="


def given(row, more=MAPS):
    """Return what a container is given, what it comes from where that is not known, and the names by ConfigMap."""
    [one] = all_of(workload(row=f", {row}") + more)[2]
    values = {name: found.value for name, found in one.variables.items()}
    return values, {name: found.unset for name, found in one.expressions.items()}, one.maps, one.lacks


@pytest.mark.parametrize(
    ("row", "values", "unset", "maps", "lacks"),
    [
        ("envFrom: [{configMapRef: {name: conf}}]", {"A": "a", "B": "b"}, {}, {"conf": ["A", "B"]}, False),
        (
            "envFrom: [{secretRef: {name: keys}, prefix: X_}]",
            {"X_A": "wins", "X_B": "not base64", "X_C": "plain"},
            {},
            {},
            False,
        ),
        ("envFrom: [{configMapRef: {name: no}}]", {"ConfigMap no": ""}, {"ConfigMap no": ("ConfigMap no",)}, {}, True),
        ("env: [{name: A, value: x}]", {"A": "x"}, {}, {"": ["A"]}, False),
        ("env: [{name: A}, {value: b}]", {"A": ""}, {}, {"": ["A"]}, False),
        (
            "env: [{name: D, valueFrom: {configMapKeyRef: {name: conf, key: A}}}]",
            {"D": "a"},
            {},
            {"conf": ["D"]},
            False,
        ),
        ("env: [{name: D, valueFrom: {secretKeyRef: {name: keys, key: C}}}]", {"D": "plain"}, {}, {}, False),
        (
            "env: [{name: D, valueFrom: {secretKeyRef: {name: keys, key: no}}}]",
            {"D": ""},
            {"D": ("Secret keys",)},
            {},
            False,
        ),
        ("env: [{name: D, valueFrom: {secretKeyRef: {name: keys, key: no, optional: true}}}]", {}, {}, {}, False),
        (
            "env: [{name: D, valueFrom: {secretKeyRef: {name: no, key: A, optional: true}}}]",
            {"D": ""},
            {"D": ("Secret no",)},
            {},
            False,
        ),
        (
            "env: [{name: D, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]",
            {"D": ""},
            {"D": ("status.podIP",)},
            {},
            False,
        ),
        (
            "env: [{name: D, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}]",
            {"D": ""},
            {"D": ("limits.cpu",)},
            {},
            False,
        ),
        ("env: [{name: D, valueFrom: {fileKeyRef: {path: x}}}]", {"D": ""}, {"D": ("fileKeyRef",)}, {}, False),
        ("env: [{name: D, valueFrom: {}}]", {"D": ""}, {"D": ("valueFrom",)}, {}, False),
        (
            "env: [{name: A, value: x}, {name: B, value: '$(A)-$$(A)-$(no)'}]",
            {"A": "x", "B": "x-$(A)-$(no)"},
            {},
            {"": ["A", "B"]},
            False,
        ),
        (
            "env: [{name: A, valueFrom: {}}, {name: B, value: '$(A)'}]",
            {"A": "", "B": ""},
            {"A": ("valueFrom",), "B": ("valueFrom",)},
            {"": ["B"]},
            False,
        ),
        ("env: [{name: A, valueFrom: {}}, {name: A, value: x}]", {"A": "x"}, {}, {"": ["A"]}, False),
    ],
)
def test_what_a_container_is_given(row, values, unset, maps, lacks):
    assert given(row) == (values, unset, maps, lacks)


@pytest.mark.parametrize(
    ("kind", "key"), [("Deployment", "strategy"), ("StatefulSet", "updateStrategy"), ("DaemonSet", "updateStrategy")]
)
def test_how_pods_are_replaced_stands_where_the_kind_has_it(kind, key):
    assert seen(Topic.UPDATE, workload(kind)) == [("RollingUpdate", (kind, "1"))]
    assert seen(Topic.UPDATE, workload(kind, spec=f", replicas: 2, {key}: {{type: OnDelete}}")) == [
        ("OnDelete", (kind, "2"))
    ]
    assert seen(Topic.UPDATE, workload("ReplicaSet")) == []


def waits(row, **how):
    return patience(one_object(row).parts, "crm", "", Place("x", 1), **how)


@pytest.mark.parametrize(
    ("row", "seconds", "names"),
    [
        ("startupProbe: {a: b}", "30", ("startupProbe", "nocobase")),
        ("{name: app, startupProbe: {periodSeconds: 5, failureThreshold: 60}}", "300", ("startupProbe", "app")),
        ("startupProbe: {initialDelaySeconds: 7}", "37", ("startupProbe", "nocobase")),
        ("livenessProbe: {periodSeconds: 999999999, failureThreshold: 1}", "999999999", ("livenessProbe", "nocobase")),
        ("livenessProbe: {periodSeconds: 1000000000, failureThreshold: 1}", "10", ("livenessProbe", "nocobase")),
        ("livenessProbe: {periodSeconds: x, failureThreshold: y}", "30", ("livenessProbe", "nocobase")),
        ("{livenessProbe: {a: b}, startupProbe: {periodSeconds: 1}}", "3", ("startupProbe", "nocobase")),
        ("readinessProbe: {a: b}", "", ()),
    ],
)
def test_how_long_a_start_may_take(row, seconds, names):
    found = waits(row)
    assert (found.value, found.names, found.topic) == (seconds, names, Topic.PATIENCE)


@pytest.mark.parametrize(
    ("pod", "service", "row", "expected"),
    [
        ("", "db", "", ("on", ("DB_PORT",))),
        ("", "app", "", ("on", ("APP_PORT",))),
        ("", "cache", "", ("on", ())),
        (", enableServiceLinks: false", "db", "", ("off", ("DB_PORT",))),
        (", enableServiceLinks: true", "db", "", ("on", ("DB_PORT",))),
        ("", "db", ", env: [{name: DB_PORT, value: '1'}]", ("on", ())),
        ("", "db", ", env: [{name: DB_PORT, value: '1'}, {name: APP_PORT, value: '1'}]", ("given", ())),
    ],
)
def test_variables_that_the_name_of_a_service_would_set(pod, service, row, expected):
    text = workload(pod=pod, row=row) + f"---\nkind: Service\nmetadata: {{name: {service}}}\n"
    assert seen(Topic.SERVICE_LINKS, text) == [expected]


@pytest.mark.parametrize(
    ("volume", "sharing", "called"),
    [
        ("emptyDir: {}", Sharing.ITSELF, "data"),
        ("ephemeral: {}", Sharing.ITSELF, "data"),
        ("nfs: {}", Sharing.EVERYBODY, "data"),
        ("cephfs: {}", Sharing.EVERYBODY, "data"),
        ("glusterfs: {}", Sharing.EVERYBODY, "data"),
        ("azureFile: {}", Sharing.EVERYBODY, "data"),
        ("hostPath: {path: /srv}", Sharing.MACHINE, "/srv"),
        ("csi: {}", Sharing.UNKNOWN, "data"),
        ("persistentVolumeClaim: {claimName: other}", Sharing.UNKNOWN, "other"),
        ("persistentVolumeClaim: {claimName: crm}", Sharing.MACHINE, "crm"),
    ],
)
def test_who_shares_a_volume(volume, sharing, called):
    mount = ", volumeMounts: [{name: data, mountPath: /app/nocobase/storage}]"
    claim = "---\nkind: PersistentVolumeClaim\nmetadata: {name: crm}\nspec: {accessModes: [%s]}\n"
    text = workload(pod=f", volumes: [{{name: data, {volume}}}]", row=mount)
    assert seen(Topic.STORAGE, text + claim % "ReadWriteOnce") == [(sharing, (called,))]
    if called == "crm":
        assert seen(Topic.STORAGE, text + claim % "ReadOnlyMany, ReadWriteMany") == [(Sharing.EVERYBODY, ("crm",))]
        assert seen(Topic.STORAGE, text + claim % "") == [(Sharing.UNKNOWN, ("crm",))]
    own = text.replace("mountPath", "subPathExpr: $(POD), mountPath")
    assert seen(Topic.STORAGE, own + claim % "ReadWriteOnce") == [(Sharing.ITSELF, (called,))]


@pytest.mark.parametrize(
    ("mounts", "expected"),
    [
        ("{name: a, mountPath: /app}", (Sharing.MACHINE, ("/srv",))),
        ("{name: a, mountPath: /app}, {name: b, mountPath: /app/nocobase}", (Sharing.ITSELF, ("b",))),
        ("{name: a, mountPath: /}", (Sharing.MACHINE, ("/srv",))),
        (
            "{name: a, mountPath: /app/nocobase/storage/uploads}",
            (Sharing.PARTS, ("/app/nocobase/storage", "/app/nocobase/storage/uploads")),
        ),
        ("{name: a, mountPath: /app/nocobase/stor}", (Sharing.NOTHING, ("/app/nocobase/storage",))),
        ("{name: a}", (Sharing.NOTHING, ("/app/nocobase/storage",))),
    ],
)
def test_the_nearest_mount_above_the_storage_counts(mounts, expected):
    pod = ", volumes: [{name: a, hostPath: {path: /srv}}, {name: b, emptyDir: {}}]"
    assert seen(Topic.STORAGE, workload(pod=pod, row=f", volumeMounts: [{mounts}]")) == [expected]


def test_names_and_versions_are_seen_once_each():
    text = workload(pod=", hostAliases: [{ip: 10.0.0.9, hostnames: [db, cache]}]") + "---\n" + workload("Pod")
    found = observed(*all_of(text + "---\nkind: Service\nmetadata: {name: web}\n---\n" + workload()))
    names = {(one.subject, one.value, one.place.name) for one in found if one.topic is Topic.NAME}
    assert names == {
        ("db", "10.0.0.9", "hostAliases"),
        ("cache", "10.0.0.9", "hostAliases"),
        ("web", "", "Service web"),
    }
    versions = [(one.subject, one.value) for one in found if one.topic is Topic.API_VERSION]
    assert versions == [("Deployment crm", "apps/v1"), ("Pod crm", "apps/v1")]
