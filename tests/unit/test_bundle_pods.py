"""What pods are made of is compared part by part: each part that counts is told where it is another one or gone."""

import pytest

from tests.unit.manifests import FILE, container, line_of, told, workload
from wizard.checks.plan.bundle_pods import amount
from wizard.plan.place import Place

ALIVE = {"httpGet": {"path": "/a", "port": "http"}, "periodSeconds": 30, "failureThreshold": 20}


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("0", 0),
        ("2", 2),
        ("1.5", 1.5),
        ("1.", 1),
        ("12m", 0.012),
        ("1000m", 1),
        ("1k", 1000),
        ("1K", 1000),
        ("1M", 1_000_000),
        ("1G", 1_000_000_000),
        ("1T", 1_000_000_000_000),
        ("1Ki", 1024),
        ("1Mi", 1_048_576),
        ("1Gi", 1_073_741_824),
        ("1Ti", 1_099_511_627_776),
        ("2.5Gi", 2_684_354_560),
        ("", float("inf")),
        ("1e3", float("inf")),
        ("-1", float("inf")),
        ("1ki", float("inf")),
        ("1 Gi", float("inf")),
        ("1Gib", float("inf")),
        (".5", float("inf")),
        ("much", float("inf")),
    ],
)
def test_a_quantity_of_kubernetes_is_a_number_of_cores_or_bytes(value, number):
    assert amount(value) == pytest.approx(number)


PORT, SECOND = {"name": "http", "containerPort": 13000}, {"name": "more", "containerPort": 80}
REF = {"valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}
MAP = {"valueFrom": {"configMapKeyRef": {"name": "c", "key": "k"}}}
MOUNT = {"name": "storage", "mountPath": "/s"}


def of_container(**more):
    return workload(container(**more))


def of_pod(**more):
    return workload(pod=more)


@pytest.mark.parametrize(
    ("now", "plan", "setting", "says"),
    [
        (workload(replicas=3), workload(replicas=2), "replicas", "“3” stands there, and by the plan “2”."),
        (workload(), workload(replicas=2), "replicas", "“1” stands there, and by the plan “2”."),
        (workload(replicas=2), workload(), "replicas", "“2” stands there, and by the plan “1”."),
        (workload(selector={"a": "b"}), workload(selector={"a": "c"}), "spec.selector", ""),
        (
            of_pod(),
            of_pod(enableServiceLinks=False),
            "enableServiceLinks",
            "“true” stands there, and by the plan “false”.",
        ),
        (
            workload(labels={"app": "x"}),
            workload(labels={"app": "web"}),
            "labels app",
            "“x” stands there, and by the plan “web”.",
        ),
        (of_pod(volumes=[{"name": "a", "x": 1}]), of_pod(volumes=[{"name": "a", "x": 2}]), "volumes a", ""),
        (of_pod(), of_pod(volumes=[{"name": "a", "x": 2}]), "volumes a", ""),
        (of_pod(), of_pod(initContainers=[{"name": "wait"}]), "initContainers wait", ""),
        (
            of_pod(initContainers=[{"name": "wait", "image": "busybox:2"}]),
            of_pod(initContainers=[{"name": "wait", "image": "busybox:1"}]),
            "initContainers wait.image",
            "“busybox:2” stands there, and by the plan “busybox:1”.",
        ),
        (
            of_pod(initContainers=[{"name": "wait", "image": "nocobase/nocobase:2.2.14"}]),
            of_pod(initContainers=[{"name": "wait", "image": "nocobase/nocobase:2.2.15"}]),
            "image wait",
            "“nocobase/nocobase:2.2.14” stands there, and by the plan “nocobase/nocobase:2.2.15”.",
        ),
        (
            of_pod(initContainers=[{"name": "mine", "image": "nocobase/nocobase:2.2.14"}]),
            of_pod(),
            "image mine",
            "“nocobase/nocobase:2.2.14” stands there, and by the plan nothing.",
        ),
        (
            of_pod(),
            of_pod(terminationGracePeriodSeconds=60),
            "terminationGracePeriodSeconds",
            "“30” stands there, and by the plan “60”.",
        ),
        (
            of_container(image="nocobase/nocobase:latest"),
            of_container(),
            "image",
            "“nocobase/nocobase:latest” stands there, and by the plan “nocobase/nocobase:2.2.15”.",
        ),
        (
            of_container(ports=[{**PORT, "containerPort": 80}]),
            of_container(ports=[PORT]),
            "ports http",
            "“80” stands there, and by the plan “13000”.",
        ),
        (
            of_container(ports=[{**PORT, "protocol": "UDP"}]),
            of_container(ports=[{**PORT, "protocol": "TCP"}]),
            "ports http",
            "“13000/UDP” stands there, and by the plan “13000”.",
        ),
        (of_container(), of_container(ports=[{"containerPort": 13000}]), "ports 13000", "By the plan it is “13000”."),
        (of_container(command=["sh"]), of_container(), "command command", ""),
        (of_container(args=["start"]), of_container(), "command args", ""),
        (
            of_container(volumeMounts=[{**MOUNT, "subPath": "a", "readOnly": True}]),
            of_container(volumeMounts=[MOUNT]),
            "volumeMounts /s",
            "“storage, subPath: a, readOnly: true” stands there, and by the plan “storage”.",
        ),
        (
            of_container(volumeMounts=[{**MOUNT, "subPathExpr": "$(A)"}]),
            of_container(volumeMounts=[MOUNT]),
            "volumeMounts /s",
            "“storage, subPathExpr: $(A)” stands there, and by the plan “storage”.",
        ),
        (
            of_container(resources={"limits": {"memory": "1Gi"}}),
            of_container(resources={"limits": {"memory": "4Gi"}}),
            "limits.memory",
            "“1Gi” stands there, and by the plan “4Gi”.",
        ),
        (
            of_container(resources={"limits": {"cpu": "500m"}}),
            of_container(resources={"limits": {"cpu": "2"}}),
            "limits.cpu",
            "“500m” stands there, and by the plan “2”.",
        ),
        (of_container(lifecycle={}), of_container(lifecycle={"preStop": {"exec": {}}}), "preStop", ""),
        (
            of_container(env=[{"name": "A", "valueFrom": {"secretKeyRef": {"name": "t", "key": "k"}}}]),
            of_container(env=[{"name": "A", **REF}]),
            "env A",
            "“Secret t: k” stands there, and by the plan “Secret s: k”.",
        ),
        (
            of_container(env=[{"name": "A", **MAP}]),
            of_container(env=[{"name": "A", **REF}]),
            "env A",
            "“ConfigMap c: k” stands there, and by the plan “Secret s: k”.",
        ),
        (
            of_container(envFrom=[{"configMapRef": {"name": "c"}}]),
            of_container(envFrom=[{"configMapRef": {"name": "c"}}, {"secretRef": {"name": "s"}}]),
            "envFrom",
            "“ConfigMap c” stands there, and by the plan “ConfigMap c, Secret s”.",
        ),
    ],
)
def test_a_part_that_is_another_one_or_gone_is_told_with_both_values(now, plan, setting, says):
    found = told(now, plan)
    assert list(found) == [f"Deployment.web.{setting}"]
    detail = found[f"Deployment.web.{setting}"].detail
    assert says in detail
    assert says or "“" not in detail


@pytest.mark.parametrize("where", [of_pod, of_container], ids=["of the pod", "of the container"])
@pytest.mark.parametrize(
    ("key", "harmful", "harmless"),
    [("runAsNonRoot", True, False), ("runAsUser", 1000, 0), ("readOnlyRootFilesystem", True, False)],
)
def test_what_lets_the_image_start_as_somebody_else_is_told_and_root_is_not(where, key, harmful, harmless):
    assert told(where(securityContext={key: harmless}), workload()) == {}
    now = where(securityContext={key: harmful})
    found = told(now, workload())
    assert list(found) == [f"Deployment.web.{key}"]
    assert f"“{str(harmful).lower()}” stands there" in found[f"Deployment.web.{key}"].detail
    assert found[f"Deployment.web.{key}"].places == (Place(FILE, line_of(now, key)),)


@pytest.mark.parametrize(
    ("now", "plan"),
    [
        (
            of_pod(volumes=[{"name": "a", "x": {"b": [1, "2"], "c": 3}}]),
            of_pod(volumes=[{"x": {"c": 3, "b": [1, "2"]}, "name": "a"}]),
        ),
        (of_pod(volumes=[{"name": "mine"}]), workload()),
        (of_pod(initContainers=[{"name": "mine", "image": "busybox"}]), workload()),
        (workload(labels={"app": "web", "more": "1"}), workload()),
        (of_container(ports=[PORT, SECOND]), of_container(ports=[PORT])),
        (of_container(volumeMounts=[{**MOUNT, "readOnly": False}]), of_container(volumeMounts=[MOUNT])),
        (of_container(volumeMounts=[MOUNT]), workload()),
        (of_container(env=[{"name": "A", **REF}]), workload()),
        (workload(), of_container(env=[{"name": "A", **REF}])),  # the variables themselves are judged elsewhere
        (of_container(env=[{"name": "A", "value": "1"}]), of_container(env=[{"name": "A", "value": "2"}])),
        (
            of_container(envFrom=[{"secretRef": {"name": "s"}}, {"x": 1}]),
            of_container(envFrom=[{"secretRef": {"name": "s"}}]),
        ),
        (of_container(resources={"limits": {"ephemeral-storage": "1"}}), workload()),
        (of_container(resources={"requests": {"memory": "1"}}), workload()),
        (workload(), of_container(resources={"limits": {"memory": "4Gi", "cpu": "2"}})),
        (of_container(image="registry.internal/nocobase/nocobase:2.2.15-full"), workload()),
        (of_container(lifecycle={"preStop": {"x": 1}}), of_container(lifecycle={"preStop": {"x": 2}})),
        (of_container(lifecycle={"postStart": {}}), workload()),
        (of_pod(terminationGracePeriodSeconds=60), of_pod(terminationGracePeriodSeconds=90)),
        (of_pod(enableServiceLinks=True), workload()),
        (workload(), of_container(startupProbe=ALIVE)),
        (workload(), of_container(livenessProbe=ALIVE)),
    ],
)
def test_what_changes_nothing_that_counts_is_not_told(now, plan):
    assert told(now, plan) == {}


def test_the_least_memory_cores_and_seconds_that_will_do():
    plan = workload(
        container(resources={"limits": {"memory": "4Gi", "cpu": "2"}}), pod={"terminationGracePeriodSeconds": 120}
    )

    def now(memory="2G", cores="1", seconds=60):
        return workload(
            container(resources={"limits": {"memory": memory, "cpu": cores}}),
            pod={"terminationGracePeriodSeconds": seconds},
        )

    assert told(now(), plan) == {}
    assert list(told(now(memory="1999999999"), plan)) == ["Deployment.web.limits.memory"]
    assert told(now(memory="2000000000"), plan) == {}
    assert list(told(now(cores="999m"), plan)) == ["Deployment.web.limits.cpu"]
    assert list(told(now(seconds=59), plan)) == ["Deployment.web.terminationGracePeriodSeconds"]


@pytest.mark.parametrize("name", ["startupProbe", "readinessProbe", "livenessProbe"])
@pytest.mark.parametrize(
    ("probe", "asks"),
    [
        ({"httpGet": {"path": "/b", "port": "http"}}, "GET 13000/b"),
        ({"httpGet": {"path": "/a", "port": 80}}, "GET 80/a"),
        ({"httpGet": {"path": "/a", "port": "other"}}, "GET other/a"),
        ({"httpGet": {"port": 13000}}, "GET 13000/"),
        ({"exec": {"command": ["true"]}}, "exec"),
        ({"tcpSocket": {"port": 13000}}, "tcpSocket"),
        ({"grpc": {"port": 13000}}, "grpc"),
        ({"telnet": {}}, "?"),
    ],
)
def test_what_a_probe_asks_otherwise_is_told(name, probe, asks):
    long = {"periodSeconds": 30, "failureThreshold": 20}
    now = of_container(ports=[PORT], **{name: {**probe, **long}})
    found = told(now, of_container(ports=[PORT], **{name: ALIVE}))
    assert list(found) == [f"Deployment.web.{name}"]
    [finding] = found.values()
    assert f"“{asks}” stands there, and by the plan “GET 13000/a”." in finding.detail
    assert finding.places == (Place(FILE, line_of(now, name)),)


def test_a_probe_that_asks_the_same_port_by_its_number_is_the_same():
    now = of_container(ports=[PORT], livenessProbe={**ALIVE, "httpGet": {"path": "/a", "port": 13000}})
    assert told(now, of_container(ports=[PORT], livenessProbe=ALIVE)) == {}


def test_a_readiness_probe_that_is_gone_is_told():
    found = told(workload(), of_container(readinessProbe=ALIVE))
    assert list(found) == ["Deployment.web.readinessProbe"]
    assert found["Deployment.web.readinessProbe"].summary == (
        f"{FILE} does not give Deployment.web.readinessProbe, which the plan says."
    )


@pytest.mark.parametrize(
    ("patience", "seconds"),
    [
        ({"periodSeconds": 599, "failureThreshold": 1}, 599),
        ({}, 30),
        ({"periodSeconds": 20}, 60),
        ({"failureThreshold": 59}, 590),
        ({"periodSeconds": "often", "failureThreshold": 59}, 590),
    ],
)
def test_a_liveness_probe_waits_so_many_seconds_and_less_than_ten_minutes_are_told(patience, seconds):
    get = {"httpGet": ALIVE["httpGet"]}
    [(setting, finding)] = told(
        of_container(livenessProbe={**get, **patience}), of_container(livenessProbe=ALIVE)
    ).items()
    assert setting == "Deployment.web.livenessProbe.seconds"
    assert f"“{seconds} s” stands there, and by the plan “600 s”." in finding.detail


@pytest.mark.parametrize(
    "patience",
    [
        {"periodSeconds": 600, "failureThreshold": 1},
        {"failureThreshold": 60},
        {"periodSeconds": 200},
        {"periodSeconds": 601, "failureThreshold": 1},
    ],
)
def test_a_liveness_probe_of_ten_minutes_and_more_is_not_told(patience):
    now = of_container(livenessProbe={"httpGet": ALIVE["httpGet"], **patience})
    plan = of_container(livenessProbe={**ALIVE, "failureThreshold": 40})
    assert told(now, plan) == {}


@pytest.mark.parametrize("at_front", [True, False])
def test_of_several_containers_nocobases_own_is_compared_wherever_it_stands(at_front):
    def pods(image):
        beside, own = {"name": "proxy", "image": "envoy:1"}, container(image=image)
        return of_pod(containers=[own, beside] if at_front else [beside, own])

    assert list(told(pods("nocobase/nocobase:2.2.14"), workload())) == ["Deployment.web.image"]
    assert told(pods("nocobase/nocobase:2.2.15"), workload()) == {}


def test_where_none_is_called_so_the_first_container_is_compared():
    def pods(first, second):
        return of_pod(containers=[{"name": "app", "image": first}, {"name": "next", "image": second}])

    plan = pods("nocobase/nocobase:2.2.15", "nocobase/nocobase:2.2.15")
    assert told(pods("nocobase/nocobase:2.2.15", "nocobase/nocobase:2.2.1"), plan) == {}
    assert list(told(pods("nocobase/nocobase:2.2.1", "nocobase/nocobase:2.2.15"), plan)) == ["Deployment.web.image"]


@pytest.mark.parametrize(
    ("now", "plan", "words"),
    [
        (workload(replicas=3), workload(replicas=2), '"replicas"'),
        (of_container(command=["sh"]), workload(), '"command"'),
        (of_container(image="nocobase/nocobase:1.0.0"), workload(), '"image"'),
        (of_container(ports=[{**PORT, "containerPort": 1}]), of_container(ports=[PORT]), '"http"'),
        (workload(labels={"app": "x"}), workload(), '"app"'),
        (of_container(envFrom=[]), of_container(envFrom=[{"secretRef": {"name": "s"}}]), '"envFrom"'),
        (workload(), workload(replicas=2), '"kind"'),
    ],
)
def test_a_difference_is_told_with_the_line_where_it_stands(now, plan, words):
    [finding] = told(now, plan).values()
    assert finding.places == (Place(FILE, line_of(now, words)),)
    assert finding.facts["places"] == [f"{FILE} line {line_of(now, words)}"]
    assert finding.detail.startswith(f"{FILE} line {line_of(now, words)}.")
