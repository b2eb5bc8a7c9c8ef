"""The manifests for Kubernetes: valid by the published schemas of several versions, and fit for how NocoBase starts."""

from dataclasses import replace

import kubernetes_validate
import pytest
from ruamel.yaml import YAML

from tests.unit.plans import SECRETS, good_plan
from wizard.export import bundle
from wizard.formats.files import SecretsMode, UnwritableError
from wizard.plan.plan import Extra, Plan
from wizard.plan.sections import Deployment, Distribution, Node, Tls

VERSIONS = ("1.29", "1.37")


def mixed() -> Plan:
    nodes = (
        Node(name="tasks1", host="a", worker_mode="*"),
        Node(name="web1", host="b", worker_mode="!", processes=2),
        Node(name="web2", host="c", worker_mode="!"),
        Node(name="jobs", host="d", worker_mode="workflow:process,async-task:process"),
    )
    return replace(good_plan(), nodes=nodes)


def files_of(plan, mode=SecretsMode.REFERENCE, secrets=SECRETS):
    files = bundle.render(plan, secrets, mode, ["kubernetes"])
    return {file.path: file for file in files if file.path.startswith("kubernetes/")}


def objects(plan, *more, **options):
    """Return all objects by kind."""
    found = {}
    for file in files_of(plan, *more, **options).values():
        for document in YAML(typ="safe", pure=True).load_all(file.text):
            found.setdefault(document["kind"], []).append(document)
    return found


def validate(found):
    """Refuse objects that the strict schema of a version does not take."""
    for document in (item for items in found.values() for item in items):
        for version in VERSIONS:
            kubernetes_validate.validate(document, version, strict=True)


def deployments(plan, *more, **options):
    found = objects(plan, *more, **options)["Deployment"]
    return {item["metadata"]["name"].removeprefix("nocobase-production-"): item["spec"] for item in found}


def container(spec):
    return spec["template"]["spec"]["containers"][0]


@pytest.mark.parametrize("mode", [SecretsMode.REFERENCE, SecretsMode.INLINE])
def test_it_is_valid_for_every_version_and_has_all_it_needs(mode):
    plan = mixed().with_value("database.tls", Tls.VERIFY).with_value("database.tls_ca", "/etc/pg/ca.pem")
    plan = plan.with_value("balancer.distribution", Distribution.IP_HASH)
    found = objects(plan, mode)
    validate(found)
    kinds = {kind: len(items) for kind, items in found.items()}
    secret = {} if mode is SecretsMode.REFERENCE else {"Secret": 1}
    assert kinds == {"ConfigMap": 1, "PersistentVolumeClaim": 1, "Service": 1, "Ingress": 2, "Deployment": 3, **secret}


def test_nodes_of_one_worker_mode_are_one_deployment_with_a_pod_for_each_process():
    found = deployments(mixed())
    assert {name: spec["replicas"] for name, spec in found.items()} == {
        "web": 3, "tasks": 1, "tasks-workflow-async": 1
    }  # fmt: skip
    modes = {name: [item["value"] for item in container(spec)["env"] if item["name"] == "WORKER_MODE"]
             for name, spec in found.items()}  # fmt: skip
    assert modes == {"web": ["!"], "tasks": ["*"], "tasks-workflow-async": ["workflow:process,async-task:process"]}
    assert not [item for spec in found.values() for item in container(spec)["env"] if item["name"] == "CLUSTER_MODE"]


def test_more_processes_than_worker_ids_are_refused():
    with pytest.raises(UnwritableError, match="33 processes") as refused:
        files_of(replace(good_plan(), nodes=(Node(name="a", host="a", processes=32), Node(name="b", host="b"))))
    assert refused.value.key == "nodes"
    assert deployments(replace(good_plan(), nodes=(Node(name="a", host="a", processes=32),)))["app"]["replicas"] == 32


def test_labels_that_would_be_alike_are_told_apart():
    nodes = (Node(name="a", host="a"), Node(name="b", host="b", worker_mode="x:process"),
             Node(name="c", host="c", worker_mode="x"))  # fmt: skip
    assert sorted(deployments(replace(good_plan(), nodes=nodes))) == ["app", "tasks-x", "tasks-x-2"]


def test_it_starts_as_nocobase_needs_it():
    for spec in deployments(mixed()).values():
        assert spec["strategy"] == {"type": "Recreate"}
        pod = spec["template"]["spec"]
        assert pod["enableServiceLinks"] is False
        node = container(spec)
        assert node["image"] == "nocobase/nocobase:2.2.15"
        startup = node["startupProbe"]
        assert startup["periodSeconds"] * startup["failureThreshold"] >= 900
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            assert node[probe]["httpGet"] == {"path": "/api/__health_check", "port": "http"}
        assert node["resources"] == {
            "requests": {"cpu": "1", "memory": "2Gi"}, "limits": {"cpu": "2", "memory": "4Gi"}
        }  # fmt: skip
        assert {"name": "storage", "mountPath": "/app/nocobase/storage"} in node["volumeMounts"]


def test_pods_behind_the_first_deployment_wait_for_it():
    found = deployments(mixed())
    assert "initContainers" not in found["web"]["template"]["spec"]
    for name in ("tasks", "tasks-workflow-async"):
        [waiting] = found[name]["template"]["spec"]["initContainers"]
        assert "http://nocobase-production/api/__health_check" in waiting["command"][-1]


def test_the_service_leads_to_pods_that_serve_requests_alone():
    found = objects(mixed())
    selector = found["Service"][0]["spec"]["selector"]
    chosen = [item["metadata"]["name"] for item in found["Deployment"]
              if selector.items() <= item["spec"]["template"]["metadata"]["labels"].items()]  # fmt: skip
    assert chosen == ["nocobase-production-web"]
    for item in found["Deployment"]:
        matching = item["spec"]["selector"]["matchLabels"].items()
        owners = [other for other in found["Deployment"]
                  if matching <= other["spec"]["template"]["metadata"]["labels"].items()]  # fmt: skip
        assert owners == [item]


def test_without_nodes_that_serve_it_is_refused():
    for nodes in ((), (Node(name="a", host="a", worker_mode="*"),)):
        with pytest.raises(UnwritableError) as refused:
            files_of(replace(good_plan(), nodes=nodes))
        assert refused.value.key == "nodes"


def test_every_value_is_a_string_and_none_is_a_secret():
    bare = good_plan().with_value("application.deployment", Deployment.BARE)
    data = objects(bare)["ConfigMap"][0]["data"]
    assert all(isinstance(value, str) for value in data.values())
    assert (data["DB_PORT"], data["APP_PORT"], data["DISABLE_PM_ADD"]) == ("5432", "13000", "true")
    assert "DB_PASSWORD" not in data
    assert "STORAGE_PATH" not in data


@pytest.mark.parametrize(
    "value", ["007", "yes", "1e3", "~", "a: b # c", "- x", "*a", "q\"u\\o'te", "é\u2028", "$(APP)"]
)
def test_values_arrive_as_they_are(value):
    plan = replace(good_plan(), extras=(Extra("EXTRA", value), Extra("APP_PORT", value)))
    data = objects(plan)["ConfigMap"][0]["data"]
    assert (data["EXTRA"], data["APP_PORT"]) == (value, value)


def test_by_reference_there_is_no_secret_object_and_no_pod_starts_without_each_key():
    assert "Secret" not in objects(good_plan())
    env = container(deployments(good_plan())["app"])["env"]
    refs = {item["name"]: item["valueFrom"]["secretKeyRef"] for item in env if "valueFrom" in item}
    assert {"APP_KEY", "APP_AES_SECRET_KEY", "DB_PASSWORD", "CACHE_REDIS_URL", "REDIS_URL"} <= refs.keys()
    assert all(ref == {"name": "nocobase-production-secrets", "key": name} for name, ref in refs.items())


@pytest.mark.parametrize("mode", [SecretsMode.REFERENCE, SecretsMode.MASKED])
def test_no_file_holds_a_secret_unless_asked_for(mode):
    for file in files_of(mixed(), mode).values():
        assert file.secret is (mode is SecretsMode.MASKED and file.path == "kubernetes/secret.yaml")
        assert not [name for name, secret in SECRETS.items() if secret.reveal() in file.text]


def test_inline_the_secret_file_alone_holds_them_and_is_marked():
    holding = [path for path, file in files_of(mixed(), SecretsMode.INLINE).items() if file.secret]
    assert holding == ["kubernetes/secret.yaml"]
    [secret] = objects(mixed(), SecretsMode.INLINE)["Secret"]
    assert secret["stringData"]["DB_PASSWORD"] == SECRETS["database.password"].reveal()
    assert secret["stringData"]["REDIS_URL"] == "redis://:Rd-Pw_12345@redis.internal:6379/4"
    for path, file in files_of(mixed(), SecretsMode.INLINE).items():
        assert path in holding or not [one for one in SECRETS.values() if one.reveal() in file.text]


def test_a_secret_not_at_hand_is_left_out_and_still_waited_for():
    secrets = {name: value for name, value in SECRETS.items() if name != "application.app_key"}
    [secret] = objects(good_plan(), SecretsMode.INLINE, secrets)["Secret"]
    assert "APP_KEY" not in secret["stringData"]
    assert "APP_KEY" in {item["name"] for item in container(deployments(good_plan(), SecretsMode.INLINE)["app"])["env"]}


def test_the_ingress_passes_what_nocobase_needs():
    plan = good_plan().with_value("balancer.upload_limit", "500m").with_value("application.public_path", "/crm/")
    main, root, discovery = objects(plan)["Ingress"]
    [rule] = main["spec"]["rules"]
    paths = [(path["path"], path["pathType"]) for path in rule["http"]["paths"]]
    assert (rule["host"], paths) == ("app.example.com", [("/crm/", "Prefix"), ("/files/", "Prefix")])
    assert root["metadata"]["annotations"]["nginx.ingress.kubernetes.io/app-root"] == "/crm/"
    [whole] = root["spec"]["rules"][0]["http"]["paths"]
    assert (whole["path"], whole["pathType"]) == ("/", "Exact")
    validate(objects(plan))
    assert main["spec"]["tls"] == [{"secretName": "nocobase-production-tls", "hosts": ["app.example.com"]}]
    notes = {name.partition("/")[2]: value for name, value in main["metadata"]["annotations"].items()}
    assert (notes["proxy-body-size"], notes["proxy-read-timeout"], notes["proxy-buffering"]) == ("500m", "600", "off")
    assert "non_idempotent" not in notes["proxy-next-upstream"]
    assert discovery["spec"]["rules"][0]["http"]["paths"][0]["pathType"] == "ImplementationSpecific"


def test_an_address_or_no_name_at_all_leaves_the_host_out():
    for url in ("http://10.0.0.9", ""):
        plan = good_plan().with_value("application.public_url", url).with_value("balancer.tls", False)
        main, _discovery = objects(plan)["Ingress"]
        assert "host" not in main["spec"]["rules"][0]
        assert "tls" not in main["spec"]


def test_a_client_keeps_its_pod_where_the_plan_says_so():
    plan = good_plan().with_value("balancer.distribution", Distribution.IP_HASH)
    assert objects(plan)["Service"][0]["spec"]["sessionAffinity"] == "ClientIP"


def test_files_outside_the_shared_folder_come_from_a_secret():
    plan = good_plan().with_value("database.tls", Tls.VERIFY).with_value("database.tls_ca", "/etc/pg/ca.pem")
    spec = deployments(plan)["app"]
    mount = {"name": "files", "mountPath": "/etc/pg/ca.pem", "subPath": "etc-pg-ca.pem", "readOnly": True}
    assert mount in container(spec)["volumeMounts"]
    assert spec["template"]["spec"]["volumes"][1]["secret"]["secretName"] == "nocobase-production-files"
    plan = plan.with_value("application.deployment", Deployment.KUBERNETES)
    readme = {file.path: file.text for file in bundle.render(plan, {}, targets=["kubernetes"])}["README.md"]
    assert "--from-file=etc-pg-ca.pem=" in readme


@pytest.mark.parametrize("name", ["a", "9", "x" * 80, "NocoBase prod", "É", "a" * 23 + "-b"])
def test_any_name_of_a_cluster_gives_names_that_kubernetes_takes(name):
    plan = mixed().with_value("name", name)
    for items in objects(plan).values():
        for item in items:
            found = item["metadata"]["name"]
            assert len(found) <= 63
            assert found[0].isalpha()
            assert found[-1] != "-"


def test_two_clusters_with_long_names_share_no_name():
    names = [
        {item["metadata"]["name"] for items in objects(good_plan().with_value("name", name)).values() for item in items}
        for name in ("acme production cluster europe west 1", "acme production cluster europe west 2")
    ]
    assert not names[0] & names[1]


@pytest.mark.parametrize("key", ["application.version", "nodes.0.processes", "balancer.upload_limit"])
def test_it_gets_no_default_in_the_place_of_what_could_not_be_read(key):
    with pytest.raises(UnwritableError) as refused:
        files_of(good_plan().with_text(key, "://"))
    assert refused.value.key == key


def test_a_variable_that_could_not_be_read_is_named_and_not_written():
    file = files_of(good_plan().with_text("database.pool_max", "many"))["kubernetes/configmap.yaml"]
    assert "  # DB_POOL_MAX: “many” is not a whole number." in file.text


def test_on_kubernetes_nodes_need_no_hosts_and_no_other_balancer():
    nodes = (Node(name="a"), Node(name="b"))
    plan = replace(good_plan(), nodes=nodes).with_value("application.deployment", Deployment.KUBERNETES)
    paths = {file.path for file in bundle.render(plan, {})}
    assert "kubernetes/deployment-app.yaml" in paths
    assert not [path for path in paths if path.startswith(("nginx/", "haproxy/"))]
