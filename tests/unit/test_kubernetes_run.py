"""How Kubernetes runs the nodes: what manifests show of it, judged both ways."""

import pytest

from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.plan.finding import Severity

FAIL, WARN, PASS, INFO, UNKNOWN = Severity.FAIL, Severity.WARN, Severity.PASS, Severity.INFO, Severity.UNKNOWN

CLAIM = """\
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: files}
spec: {accessModes: [MODE]}
"""
INGRESS = """\
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: crm
  annotations: {ANNOTATIONS}
spec:
  ingressClassName: nginx
  tls: [{hosts: [crm.example.com]}]
  rules:
    - host: crm.example.com
      http: {paths: [{path: "PATH", pathType: TYPE, backend: {service: {name: crm, port: {number: 80}}}}]}
"""


def workload(
    kind="Deployment", replicas=2, spec="", pod="", container="", volume="persistentVolumeClaim: {claimName: files}"
):
    return f"""\
apiVersion: apps/v1
kind: {kind}
metadata: {{name: crm}}
spec:
  replicas: {replicas}
  {spec}
  template:
    metadata: {{labels: {{app: crm}}}}
    spec:
      {pod}
      containers:
        - name: app
          image: nocobase/nocobase:2.2.15
          env: [{{name: DB_DIALECT, value: postgres}}]
          volumeMounts: [{{name: data, mountPath: /app/nocobase/storage}}]
          {container}
      volumes: [{{name: data, {volume}}}]
"""


def judged(tmp_path, text, identifier):
    (tmp_path / "app.yaml").write_text(text)
    found = open_source(str(tmp_path / "app.yaml"))
    return [one for one in rules(found.plan, found.secrets) if one.id == identifier]


def severity(tmp_path, text, identifier):
    return {(one.subject, one.severity) for one in judged(tmp_path, text, identifier)}


@pytest.mark.parametrize("spec", ["", "strategy: {type: RollingUpdate}"])
def test_a_rolling_update_runs_two_versions_at_once(tmp_path, spec):
    [finding] = judged(tmp_path, workload(spec=spec), "plan.rolling_update")
    assert (finding.severity, finding.subject) == (FAIL, "crm")
    assert "Recreate" in finding.remedy
    assert "app.yaml line" in finding.detail


@pytest.mark.parametrize(
    "text",
    [
        workload(spec="strategy: {type: Recreate}"),
        workload(kind="StatefulSet", spec="updateStrategy: {type: OnDelete}"),
        workload(kind="StatefulSet", replicas=1),
    ],
)
def test_one_version_after_the_other_is_right(tmp_path, text):
    assert severity(tmp_path, text, "plan.rolling_update") == {("crm", PASS)}


def test_the_pods_of_a_stateful_set_are_replaced_one_by_one(tmp_path):
    [finding] = judged(tmp_path, workload(kind="StatefulSet"), "plan.rolling_update")
    assert (finding.severity, "OnDelete" in finding.remedy) == (FAIL, True)


@pytest.mark.parametrize(
    ("kind", "words"), [("Deployment", "spec.strategy.type to Recreate"), ("StatefulSet", "updateStrategy.type to On")]
)
def test_a_workload_whose_name_is_none_for_a_command_gets_the_remedy_of_its_kind(tmp_path, kind, words):
    text = workload(kind=kind).replace("metadata: {name: crm}", "metadata: {name: '${{ app }}'}", 1)
    [finding] = judged(tmp_path, text, "plan.rolling_update")
    assert words in finding.remedy
    assert "kubectl" not in finding.remedy


@pytest.mark.parametrize(
    ("probes", "expected"),
    [
        ("livenessProbe: {httpGet: {path: /, port: 80}, initialDelaySeconds: 60}", FAIL),
        ("startupProbe: {periodSeconds: 10, failureThreshold: 89}", FAIL),
        ("startupProbe: {periodSeconds: 10, failureThreshold: 90}", PASS),
        ("startupProbe: {failureThreshold: 90}", PASS),
        ("livenessProbe: {initialDelaySeconds: 870}", PASS),
        ("livenessProbe: {initialDelaySeconds: 869}", FAIL),
        ("readinessProbe: {httpGet: {path: /, port: 80}}", PASS),
    ],
)
def test_a_node_may_take_fifteen_minutes_to_start(tmp_path, probes, expected):
    assert severity(tmp_path, workload(container=probes), "plan.startup_probe") == {("crm", expected)}


def test_a_password_in_a_config_map_is_told(tmp_path):
    config = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: all}\ndata: {DB_PASSWORD: Vt8kQ2mW, DB_HOST: db}\n"
    text = workload(container="envFrom: [{configMapRef: {name: all}}]") + config
    found = judged(tmp_path, text, "plan.secret_objects")
    assert [(one.subject, one.severity) for one in found] == [("ConfigMap all", WARN), ("Deployment crm", PASS)]
    assert "DB_PASSWORD" in found[0].summary
    assert "Vt8kQ2mW" not in str(found)


def test_a_secret_in_a_secret_is_right(tmp_path):
    secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: all}\nstringData: {DB_PASSWORD: Vt8kQ2mW}\n"
    text = workload(container="envFrom: [{secretRef: {name: all}}]") + secret
    assert severity(tmp_path, text, "plan.secret_objects") == {("Deployment crm", PASS)}


SERVICE = "---\napiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec: {ports: [{port: 5432}]}\n"


@pytest.mark.parametrize(
    ("pod", "more", "expected"),
    [
        ("", SERVICE, FAIL),
        ("", "", INFO),
        ("enableServiceLinks: true", SERVICE, FAIL),
        ("enableServiceLinks: false", SERVICE, PASS),
    ],
)
def test_a_service_named_as_a_variable_begins_takes_its_place(tmp_path, pod, more, expected):
    assert severity(tmp_path, workload(pod=pod) + more, "plan.service_links") == {("crm", expected)}


def test_a_variable_that_the_container_is_given_is_not_taken(tmp_path):
    text = workload().replace(
        "value: postgres}", "value: postgres}, {name: DB_PORT, value: '5432'}, {name: APP_PORT, value: '80'}"
    )
    assert severity(tmp_path, text + SERVICE, "plan.service_links") == {("crm", PASS)}


@pytest.mark.parametrize(
    ("volume", "mode", "expected"),
    [
        ("persistentVolumeClaim: {claimName: files}", "ReadWriteMany", PASS),
        ("persistentVolumeClaim: {claimName: files}", "ReadWriteOnce", FAIL),
        ("persistentVolumeClaim: {claimName: files}", "ReadWriteOncePod", FAIL),
        ("emptyDir: {}", "ReadWriteMany", FAIL),
        ("hostPath: {path: /srv}", "ReadWriteMany", FAIL),
        ("nfs: {server: nas, path: /export}", "ReadWriteMany", PASS),
        ("persistentVolumeClaim: {claimName: elsewhere}", "ReadWriteMany", UNKNOWN),
    ],
)
def test_all_pods_have_one_storage(tmp_path, volume, mode, expected):
    text = workload(volume=volume) + CLAIM.replace("MODE", mode)
    assert severity(tmp_path, text, "plan.shared_storage") == {("", expected)}


def test_a_claim_for_each_pod_and_a_folder_for_each_pod_are_not_shared(tmp_path):
    claims = "volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteMany]}}]"
    assert severity(tmp_path, workload(kind="StatefulSet", spec=claims), "plan.shared_storage") == {("", FAIL)}
    text = workload().replace("mountPath:", "subPathExpr: $(POD_NAME), mountPath:") + CLAIM.replace(
        "MODE", "ReadWriteMany"
    )
    assert severity(tmp_path, text, "plan.shared_storage") == {("", FAIL)}


def test_no_storage_at_all_is_lost_with_the_pod_also_with_one_node(tmp_path):
    text = workload(replicas=1).replace("/app/nocobase/storage", "/tmp")
    [finding] = judged(tmp_path, text, "plan.shared_storage")
    assert (finding.severity, "gone with the container" in finding.summary) == (FAIL, True)


def test_two_workloads_with_two_claims_do_not_share(tmp_path):
    other = workload(volume="persistentVolumeClaim: {claimName: more}").replace("name: crm", "name: tasks")
    claims = CLAIM.replace("MODE", "ReadWriteMany")
    text = workload() + "---\n" + other + claims + claims.replace("files", "more")
    [finding] = judged(tmp_path, text, "plan.shared_storage")
    assert (finding.severity, "files, more" in finding.summary) == (FAIL, True)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("networking.k8s.io/v1", ("", PASS)),
        ("networking.k8s.io/v1beta1", ("Ingress crm", FAIL)),
        ("extensions/v1beta1", ("Ingress crm", FAIL)),
    ],
)
def test_a_version_that_is_gone_is_told(tmp_path, version, expected):
    text = ingress().replace("networking.k8s.io/v1", version)
    assert severity(tmp_path, text, "plan.api_versions") == {expected}


def ingress(path="/", form="Prefix", **annotations):
    lines = ", ".join(
        f'nginx.ingress.kubernetes.io/{key.replace("_", "-")}: "{value}"' for key, value in annotations.items()
    )
    return INGRESS.replace("ANNOTATIONS", lines).replace("PATH", path).replace("TYPE", form).removeprefix("---\n")


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        ({"proxy_body_size": "20m", "proxy_read_timeout": "600"}, {("", PASS)}),
        ({"proxy_body_size": "0", "proxy_read_timeout": "600"}, {("", PASS)}),
        ({"proxy_body_size": "19m", "proxy_read_timeout": "600"}, {("crm: proxy-body-size", FAIL)}),
        ({"proxy_body_size": "8M", "proxy_read_timeout": "600"}, {("crm: proxy-body-size", FAIL)}),
        ({"proxy_read_timeout": "600"}, {("crm: proxy-body-size", FAIL)}),
        ({"proxy_body_size": "0", "proxy_read_timeout": "599"}, {("crm: proxy-read-timeout", WARN)}),
        ({"proxy_body_size": "0"}, {("crm: proxy-read-timeout", WARN)}),
    ],
)
def test_an_ingress_lets_large_files_and_slow_answers_pass(tmp_path, annotations, expected):
    assert severity(tmp_path, ingress(**annotations), "plan.ingress_limits") == expected


@pytest.mark.parametrize(
    ("path", "form", "target", "expected"),
    [
        ("/crm(/|$)(.*)", "ImplementationSpecific", "/$2", {("crm", FAIL)}),
        ("/(.*)", "ImplementationSpecific", "/$1", {("", PASS)}),
        ("/crm/(.*)", "ImplementationSpecific", "/crm/$1", {("", PASS)}),
        ("/crm", "Prefix", "/", {("crm", FAIL)}),
        ("/crm/", "Prefix", "/", {("crm", FAIL)}),
        ("/", "Prefix", "", {("", PASS)}),
        ("/.well-known/(a|b)/(.+)", "ImplementationSpecific", "/$2/.well-known/$1", set()),
        ("/", "Exact", "/x", set()),
        ("/(((", "ImplementationSpecific", "/$1", set()),
    ],
)
def test_a_rewrite_that_takes_the_sub_path_off_is_told(tmp_path, path, form, target, expected):
    annotations = {"rewrite_target": target} if target else {}
    assert severity(tmp_path, ingress(path, form, **annotations), "plan.ingress_paths") == expected


@pytest.mark.parametrize(
    ("path", "expected"), [("/(.*)" + "x?" * 96 + "y*?", {("", PASS)}), ("/(.*)" + "x?" * 98, set())]
)
def test_an_expression_of_200_signs_is_matched_and_no_longer_one(tmp_path, path, expected):
    assert len(path) in {200, 201}
    found = severity(tmp_path, ingress(path, "ImplementationSpecific", rewrite_target="/$1"), "plan.ingress_paths")
    assert found == expected


def test_an_ingress_alone_says_the_way_in_and_nothing_else(tmp_path):
    (tmp_path / "in.yaml").write_text(ingress(proxy_body_size="8m"))
    plan = open_source(str(tmp_path / "in.yaml")).plan
    assert plan.application.public_url == "https://crm.example.com"
    assert (plan.balancer.server_name, plan.balancer.upload_limit, plan.nodes) == ("crm.example.com", "8m", ())
    assert {"database.host", "nodes", "storage.path"} <= plan.unsaid
    failed = {one.id for one in rules(plan, {}) if one.severity is FAIL}
    assert failed == {"plan.ingress_limits"}


def test_a_folder_of_manifests_is_read_whole(tmp_path):
    (tmp_path / "deployment.yaml").write_text(workload(container="envFrom: [{configMapRef: {name: all}}]"))
    (tmp_path / "config.yml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: all}\ndata: {DB_HOST: db.internal}\n"
    )
    (tmp_path / "notes.yaml").write_text("not: a manifest\n")
    plan = open_source(str(tmp_path)).plan
    assert plan.database.host == "db.internal"
    assert plan.place_of("database.host").file.endswith("config.yml")
    assert plan.expressions == ()


def test_running_pods_without_a_workload_are_nodes_with_their_addresses(tmp_path):
    pod = """\
- apiVersion: v1
  kind: Pod
  metadata: {name: crm-NUMBER}
  spec:
    containers: [{name: app, image: "nocobase/nocobase:2.2.15", env: [{name: DB_HOST, value: db}]}]
  status: {podIP: 10.1.0.NUMBER}
"""
    text = "apiVersion: v1\nkind: List\nitems:\n" + pod.replace("NUMBER", "7") + pod.replace("NUMBER", "8")
    (tmp_path / "pods.yaml").write_text(text)
    plan = open_source(str(tmp_path / "pods.yaml")).plan
    assert [(node.name, node.host) for node in plan.nodes] == [("crm-7", "10.1.0.7"), ("crm-8", "10.1.0.8")]


def test_a_field_of_the_pod_and_what_rests_on_it_are_named_and_not_guessed(tmp_path):
    env = (
        "value: postgres}, {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}, "
        "{name: DB_HOST, value: db-$(POD)}, {name: DB_USER, value: $(NOBODY)$$(POD)}"
    )
    (tmp_path / "app.yaml").write_text(workload().replace("value: postgres}", env))
    found = open_source(str(tmp_path / "app.yaml"))
    [finding] = [one for one in rules(found.plan, {}) if one.id == "plan.expressions"]
    assert (finding.severity, "metadata.name" in finding.summary) == (UNKNOWN, True)
    assert {item.name for item in found.plan.expressions} == {"POD", "DB_HOST"}
    assert found.plan.database.user == "$(NOBODY)$(POD)"


def test_a_liveness_probe_alone_ends_a_migration(tmp_path):
    text = workload(container="livenessProbe: {httpGet: {path: /, port: 80}, initialDelaySeconds: 60}")
    [finding] = judged(tmp_path, text, "plan.startup_probe")
    assert (finding.severity, "90 seconds" in finding.summary) == (FAIL, True)
    assert "kubectl patch deployment/crm" in finding.remedy


def test_a_service_called_db_takes_the_place_of_db_port(tmp_path):
    [finding] = judged(tmp_path, workload() + SERVICE, "plan.service_links")
    assert (finding.severity, "DB_PORT" in finding.summary) == (FAIL, True)


def test_an_ingress_of_a_former_version_is_told(tmp_path):
    text = ingress().replace("networking.k8s.io/v1", "extensions/v1beta1")
    assert severity(tmp_path, text, "plan.api_versions") == {("Ingress crm", FAIL)}


def test_an_ingress_with_its_own_default_refuses_large_files(tmp_path):
    found = judged(tmp_path, ingress(proxy_read_timeout="600"), "plan.ingress_limits")
    assert [(one.severity, "1m" in one.summary) for one in found] == [(FAIL, True)]


def test_an_ingress_with_its_own_default_waits_a_minute(tmp_path):
    found = judged(tmp_path, ingress(proxy_body_size="0"), "plan.ingress_limits")
    assert [(one.severity, "60 seconds" in one.summary) for one in found] == [(WARN, True)]


def test_an_ingress_that_takes_the_sub_path_off_is_told(tmp_path):
    text = ingress("/crm(/|$)(.*)", "ImplementationSpecific", rewrite_target="/$2")
    [finding] = judged(tmp_path, text, "plan.ingress_paths")
    assert (finding.severity, "/crm/api/" in finding.summary) == (FAIL, True)
