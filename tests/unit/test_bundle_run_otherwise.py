"""What the Compose file and the manifests of a bundle run is compared with what the plan would run, part by part."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS
from tests.unit.test_bundle_deployed import EXAMPLES, judged
from wizard.app.bundle_files import beside, look_at
from wizard.app.export import export
from wizard.app.open_source import open_source
from wizard.checks.plan import bundle_deployed
from wizard.checks.plan.bundle_files import State
from wizard.formats.files import SecretsMode
from wizard.plan.finding import Severity

COMPOSE, WEB = "compose/compose.yaml", "kubernetes/deployment-web.yaml"
SERVICE, CLAIM = "kubernetes/service.yaml", "kubernetes/storage.yaml"
NODE2 = r"  node2:\n    <<: \*node\n"
NAME = "nocobase-three-nodes"


def three_nodes():
    return open_source("resources/examples/three-nodes.yaml").plan


@pytest.fixture
def bundle(tmp_path):
    export(three_nodes(), {}, tmp_path / "out", SecretsMode.REFERENCE)
    return tmp_path / "out"


def edit(bundle: Path, path: str, old: str, new: str) -> None:
    file = bundle / path
    text, count = re.subn(old, new, file.read_text())
    assert count
    file.write_text(text)


def findings(bundle: Path, plan=None):
    found = beside(bundle, edited=False)
    [check] = bundle_deployed.checks(found.deployed, found.opened, plan or three_nodes(), {})
    facts = check.facts()
    check.probe(facts)
    return {one.subject: one for one in check.judge(facts)}


HEALTH = re.escape("/api/__health_check")
MOUNT = r"(\n +)mountPath: .*"
SCALER = (
    "---\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\n"
    f"spec: {{scaleTargetRef: {{kind: Deployment, name: {NAME}-web}}, maxReplicas: 9}}\n"
)
CHANGES = [
    (COMPOSE, r"nocobase:2\.2\.15", "nocobase:latest", "services.{node1,node2,worker1}.image", "nocobase:latest"),
    (COMPOSE, NODE2, r"\g<0>    image: nocobase/nocobase:2.2.14\n", "services.node2.image", "2.2.14"),
    (COMPOSE, rf'({NODE2}(?:.*\n)*?      - )"13000:13000"', r'\1"13005:13000"', "services.node2.ports", "ports:"),
    (COMPOSE, rf'({NODE2}(?:.*\n)*?)    ports:\n      - "13000:13000"\n', r"\1", "services.node2.ports", "node2:"),
    (COMPOSE, NODE2, r"\g<0>    command: sleep infinity\n", "services.node2.command", "sleep"),
    (COMPOSE, NODE2, r"\g<0>    entrypoint: [sh]\n", "services.node2.entrypoint", "[sh]"),
    (COMPOSE, NODE2, r"\g<0>    deploy: {replicas: 3}\n", "services.node2.replicas", "replicas: 3"),
    (COMPOSE, NODE2, r"\g<0>    scale: 0\n", "services.node2.replicas", "scale: 0"),
    (
        COMPOSE,
        r"restart: unless-stopped\n  stop",
        'restart: "no"\n  stop',
        "services.{node1,node2,worker1}.restart",
        "restart:",
    ),
    (
        COMPOSE,
        NODE2,
        r"\g<0>    volumes: [/srv:/app/nocobase/storage]\n",
        "services.node2.volumes /app/nocobase/storage",
        "/srv:",
    ),
    (COMPOSE, r"env/node-node2\.env", "env/node-node1.env", "services.node2.env_file", "env_file:"),
    (COMPOSE, NODE2, r"\g<0>    healthcheck: {disable: true}\n", "services.node2.healthcheck", "disable: true"),
    (COMPOSE, r"machine-172\.31\.0\.2", "machine-172.31.0.1", "services.node2.profiles", "machine-172.31.0.1"),
    (COMPOSE, rf"{NODE2}(?:.*\n)*?\n", "", "services.node2", ""),
    (COMPOSE, r"services:\n", "services:\n  node9: {image: nocobase/nocobase:2.2.15}\n", "services.node9", "node9"),
    (WEB, r".*enableServiceLinks: false\n", "", f"Deployment.{NAME}-web.enableServiceLinks", "kind: Deployment"),
    (WEB, r"replicas: 2", "replicas: 1", f"Deployment.{NAME}-web.replicas", "replicas: 1"),
    (WEB, r"nocobase:2\.2\.15", "nocobase:latest", f"Deployment.{NAME}-web.image", "nocobase:latest"),
    (
        WEB,
        r"          env:\n",
        '          command: ["sh"]\n\\g<0>',
        f"Deployment.{NAME}-web.command command",
        "command:",
    ),
    (WEB, r"containerPort: 13000", "containerPort: 80", f"Deployment.{NAME}-web.ports http", "name: http"),
    (WEB, r"claimName: .*", "claimName: other", f"Deployment.{NAME}-web.volumes storage", "name: storage"),
    (WEB, r" +readinessProbe:\n(?: {12}.*\n)+", "", f"Deployment.{NAME}-web.readinessProbe", "kind: Deployment"),
    (WEB, r"memory: 4Gi", "memory: 512Mi", f"Deployment.{NAME}-web.limits.memory", "512Mi"),
    (WEB, r'cpu: "2"', "cpu: 999m", f"Deployment.{NAME}-web.limits.cpu", "999m"),
    (WEB, r"failureThreshold: 20", "failureThreshold: 19", f"Deployment.{NAME}-web.livenessProbe.seconds", "liveness"),
    (WEB, rf"(readinessProbe:\n.*){HEALTH}", r"\1/", f"Deployment.{NAME}-web.readinessProbe", "readinessProbe"),
    (WEB, rf"(livenessProbe:.*\n.*){HEALTH}", r"\1/", f"Deployment.{NAME}-web.livenessProbe", "livenessProbe"),
    (WEB, rf"(startupProbe:.*\n.*){HEALTH}", r"\1/", f"Deployment.{NAME}-web.startupProbe", "startupProbe"),
    (WEB, r"secrets, key: APP_KEY", "others, key: APP_KEY", f"Deployment.{NAME}-web.env APP_KEY", "name: APP_KEY"),
    (WEB, r"          envFrom:\n.*\n.*\n", "", f"Deployment.{NAME}-web.envFrom", "kind: Deployment"),
    (
        WEB,
        MOUNT,
        r"\g<0>\1readOnly: true",
        f"Deployment.{NAME}-web.volumeMounts /app/nocobase/storage",
        "name: storage",
    ),
    (WEB, MOUNT, r"\g<0>\1subPath: a", f"Deployment.{NAME}-web.volumeMounts /app/nocobase/storage", "name: storage"),
    (WEB, r"allowPriv.*", "runAsNonRoot: true", f"Deployment.{NAME}-web.runAsNonRoot", "runAsNonRoot"),
    (WEB, r"allowPriv.*", "runAsUser: 1000", f"Deployment.{NAME}-web.runAsUser", "runAsUser"),
    (
        WEB,
        r"PeriodSeconds: 60",
        "PeriodSeconds: 59",
        f"Deployment.{NAME}-web.terminationGracePeriodSeconds",
        "PeriodSeconds: 59",
    ),
    (WEB, r"          lifecycle:\n(?: {12}.*\n)+", "", f"Deployment.{NAME}-web.preStop", "kind: Deployment"),
    (WEB, rf"  name: {NAME}-web\n", r"\g<0>  namespace: prod\n", f"Deployment.{NAME}-web.namespace", "namespace: prod"),
    (
        WEB,
        r"(  selector:\n.*\n.*\n.*component: )web",
        r"\1www",
        f"Deployment.{NAME}-web.spec.selector",
        "selector:",
    ),
    (WEB, r"\Z", SCALER, "HorizontalPodAutoscaler.web", "kind: Horizontal"),
    (SERVICE, r'serves-requests: "true"', 'serves-requests: "yes"', f"Service.{NAME}.selector", "selector:"),
    (SERVICE, r'    serves-requests: "true"\n', "", f"Service.{NAME}.selector", "selector:"),
    (SERVICE, r"targetPort: http", "targetPort: 8080", f"Service.{NAME}.ports 80", "name: http"),
    (CLAIM, r"ReadWriteMany", "ReadWriteOnce", f"PersistentVolumeClaim.{NAME}-storage.accessModes", "accessModes:"),
    (
        "kubernetes/ingress.yaml",
        r"name: nocobase-three-nodes\n {16}port",
        "name: other\n                port",
        f"Ingress.{NAME}.rules",
        "rules:",
    ),
]


@pytest.mark.parametrize(("path", "old", "new", "name", "there"), CHANGES)
def test_what_is_run_otherwise_than_by_the_plan_fails_with_file_and_line(bundle, path, old, new, name, there):
    edit(bundle, path, old, new)
    finding = findings(bundle)[f"{path} {name}"]
    assert (finding.id, finding.severity) == ("plan.sources", Severity.FAIL)
    told = re.match(rf"{path} line (\d+)\. ", finding.detail)
    assert there in (bundle / path).read_text().splitlines()[int(told[1]) - 1] if told else not there
    assert path in finding.summary


@pytest.mark.parametrize(
    ("path", "old", "new", "place"),
    [
        (WEB, r"replicas: 2", "replicas: '2'", "In quotes, and not to be: replicas"),
        (WEB, r"containerPort: 13000", "containerPort: '13000'", "In quotes, and not to be: containerPort"),
        (SERVICE, r"port: 80\b", 'port: "80"', "In quotes, and not to be: port"),
        (WEB, r"enableServiceLinks: false", "enableServiceLinks: 'false'", "In quotes, and not to be: enableService"),
        (WEB, r'value: "!"', "value: 1", "Without quotes, and to be in them: value"),
        (
            "kubernetes/configmap.yaml",
            r'DB_PORT: "5432"',
            "DB_PORT: 5432",
            "Without quotes, and to be in them: DB_PORT",
        ),
        (SERVICE, r'serves-requests: "true"', "serves-requests: true", "Without quotes, and to be in them: serves-"),
    ],
)
def test_what_kubernetes_refuses_for_its_quotes_fails_with_file_and_line(bundle, path, old, new, place):
    edit(bundle, path, old, new)
    [finding] = [one for one in findings(bundle).values() if one.id == "plan.api_versions"]
    assert finding.severity is Severity.FAIL
    assert re.search(rf"{re.escape(place)}.*, {path} line \d+\.$", finding.detail)


def test_both_values_are_told_where_no_secret_can_be_in_them(bundle):
    edit(bundle, COMPOSE, NODE2, r"\g<0>    image: nocobase/nocobase:latest\n    command: yarn --password=hunter2\n")
    found = findings(bundle)
    image, command = (found[f"{COMPOSE} services.node2.{key}"] for key in ("image", "command"))
    assert "“nocobase/nocobase:latest” stands there, and by the plan “nocobase/nocobase:2.2.15”." in image.detail
    assert "hunter2" not in command.detail


def test_a_service_whose_selector_matches_nothing_is_told_so_once(bundle):
    edit(bundle, SERVICE, r'serves-requests: "true"', 'serves-requests: "yes"')
    [finding] = findings(bundle).values()
    assert finding.summary == f"{SERVICE}: the selector of Service.{NAME} matches no pod of these manifests."


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (COMPOSE, r'"13000:13000"', "{target: 13000, published: '13000'}"),
        (COMPOSE, r'"nocobase/nocobase:2\.2\.15"', "registry.internal/nocobase/nocobase:2.2.15-full"),
        (COMPOSE, r"restart: unless-stopped", "restart: always"),
        (COMPOSE, rf'({NODE2}(?:.*\n)*?      - "13000:13000")', r'\1\n      - "9229:9229"'),
        (COMPOSE, r'hostname: "node2"', "hostname: 'node2'"),
        (COMPOSE, NODE2, r"\g<0>    deploy: {replicas: 1}\n    mem_limit: 4g\n"),
        (COMPOSE, r"start_period: 15m", "start_period: 20m"),
        (COMPOSE, r"  volumes:\n    - type: bind\n", "  volumes:\n    - /var/log/nb:/var/log/nb\n    - type: bind\n"),
        (COMPOSE, r"(?s)  # The balancer.*", ""),
        (COMPOSE, r"services:\n", "services:\n  mail: {image: mailhog, ports: ['8025:8025']}\n"),
        (WEB, r"memory: 4Gi", 'memory: "8Gi"'),
        (WEB, r"memory: 4Gi", "memory: 2G"),
        (WEB, r'cpu: "2"', "cpu: 1000m"),
        (WEB, r"failureThreshold: 20", "failureThreshold: 40"),
        (WEB, r"PeriodSeconds: 60", "PeriodSeconds: 120"),
        (WEB, r"allowPriv.*", "runAsUser: 0"),
        (WEB, r"port: http}", "port: 13000}"),
        (WEB, r"      containers:\n", "\\g<0>        - {name: proxy, image: 'envoy:1.30', command: [envoy]}\n"),
        (WEB, r"containerPort: 13000\n", "\\g<0>            - {name: metrics, containerPort: 9000}\n"),
        (WEB, r"      volumes:\n", "\\g<0>        - {}\n"),
        (SERVICE, r"targetPort: http", "targetPort: 'http'\n      nodePort: 30080\n      protocol: TCP"),
        (SERVICE, r'serves-requests: "true"', "serves-requests: 'true'"),
        (CLAIM, r"storage: 10Gi", "storage: 50Gi"),
    ],
)
def test_what_changes_nothing_that_counts_is_no_failure(bundle, path, old, new):
    edit(bundle, path, old, new)
    assert findings(bundle) == {}


VOLUME = r"        - name: storage\n          persistent"
LAUGHS = [f"          {name}: &{name} [{', '.join([f'*{one}'] * 9)}]\n" for one, name in pairwise("abcdefghij")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (VOLUME, "        - name: more\n          x: &x {y: *x}\n\\g<0>"),
        (VOLUME, f"        - name: more\n          a: &a [1]\n{''.join(LAUGHS)}\\g<0>"),
        (r"enableServiceLinks: false", "enableServiceLinks: [false]"),
    ],
    ids=["a value within itself", "lists of lists of lists", "a list for a value"],
)
def test_what_cannot_be_compared_is_told_and_breaks_nothing(bundle, old, new):
    edit(bundle, WEB, old, new)
    [finding] = findings(bundle).values()
    assert finding.summary == "kubernetes cannot be read as what it was exported as."
    assert State.CHANGED in {one.state for one in look_at(bundle)}


def test_nodes_of_one_machine_wait_for_one_another_and_have_a_port_each(tmp_path):
    plan = open_source("resources/examples/single-server.yaml").plan
    export(plan, {}, tmp_path / "out", SecretsMode.REFERENCE)
    edit(tmp_path / "out", COMPOSE, r"    depends_on:\n(?:      .*\n)+", "")
    edit(tmp_path / "out", COMPOSE, r"13001:13001", "13000:13001")
    found = findings(tmp_path / "out", plan)
    assert found[f"{COMPOSE} services.node2.depends_on"].detail.startswith(f"{COMPOSE} line ")
    assert found[f"{COMPOSE} node2"].summary == "node1 and node2 both want port 13000 of one machine."
    assert found[f"{COMPOSE} node2"].id == "plan.ports"


def test_a_plan_that_was_changed_by_hand_is_not_what_the_other_files_run(bundle):
    edit(bundle, "cluster.yaml", r"2\.2\.15", "2.2.16")
    found = findings(bundle, open_source(str(bundle)).plan)
    assert {f"{COMPOSE} services.{{node1,node2,worker1}}.image", f"{WEB} Deployment.{NAME}-web.image"} <= found.keys()


def test_a_bundle_of_another_version_of_the_program_is_not_compared_with_what_this_one_writes(bundle):
    edit(bundle, "manifest.json", r'"version": ".*"', '"version": "0.0.1"')
    edit(bundle, "manifest.json", r'"sha256": ".*"', '"sha256": "00"')
    edit(bundle, COMPOSE, r"nocobase:2\.2\.15", "nocobase:latest")
    assert findings(bundle) == {}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("mode", [SecretsMode.INLINE, SecretsMode.REFERENCE])
def test_of_every_example_an_untouched_part_is_as_the_plan_says(tmp_path, example, mode):
    plan = open_source(str(example)).plan
    secrets = dict.fromkeys((ref.name for _key, ref in plan.secret_refs()), SECRETS["application.aes_key"])
    export(plan, secrets if mode is SecretsMode.INLINE else {}, tmp_path / "out", mode)
    for path in (COMPOSE, *(str(one.relative_to(tmp_path / "out")) for one in (tmp_path / "out/kubernetes").iterdir())):
        edit(tmp_path / "out", path, r"\Z", "# mine\n")
    assert judged(tmp_path / "out", plan, secrets) == set()
