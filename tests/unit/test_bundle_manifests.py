"""The objects of manifests beside those of the plan: which kinds count, what is gone, doubled, scaled or cut off."""

import pytest

from tests.unit.manifests import FILE, container, line_of, told, workload
from wizard.checks.plan import bundle_kubernetes
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.place import Place

UNKNOWN_NODE = "A further node takes a worker ID and connections, and nothing here was checked for it."


def service(name="web", selector=None, **port):
    return {
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {"selector": selector or {"app": "web"}, "ports": [{"port": 80, **port}]},
    }


def claim(*modes):
    return {"kind": "PersistentVolumeClaim", "metadata": {"name": "storage"}, "spec": {"accessModes": list(modes)}}


def ingress(host):
    return {"kind": "Ingress", "metadata": {"name": "web"}, "spec": {"rules": [{"host": host}]}}


def scaler(kind, /, **target):
    return {"kind": kind, "metadata": {"name": "more"}, "spec": {"scaleTargetRef": target}}


def elsewhere(one, namespace):
    return {**one, "metadata": {**one["metadata"], "namespace": namespace}}


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet"])
def test_each_kind_of_workload_is_compared_and_is_a_node_where_it_runs_nocobase(kind):
    plan = workload(kind=kind, replicas=2)
    assert list(told(workload(kind=kind, replicas=3), plan)) == [f"{kind}.web.replicas"]
    found = told([workload(), {**workload(kind=kind), "metadata": {"name": "next"}}], workload())
    assert list(found) == [f"{kind}.next"]
    [finding] = found.values()
    assert finding.summary == f"{FILE} has {kind}.next, of which the plan knows nothing."
    assert UNKNOWN_NODE in finding.detail


@pytest.mark.parametrize("kind", ["Job", "ReplicaSet", "ConfigMap"])
def test_an_object_of_another_kind_is_neither_compared_nor_a_node(kind):
    assert told(workload(kind=kind, replicas=3), workload(kind=kind, replicas=2)) == {}
    assert told([workload(), {**workload(kind=kind), "metadata": {"name": "next"}}], workload()) == {}


def test_a_further_workload_of_another_image_is_no_node():
    more = {**workload(container(image="mailhog")), "metadata": {"name": "mail"}}
    assert told([workload(), more], workload()) == {}


def test_what_the_plan_has_and_the_manifests_have_not_is_gone():
    [(setting, finding)] = told([workload()], [workload(), claim("ReadWriteMany")]).items()
    assert setting == "PersistentVolumeClaim.storage"
    assert finding.summary == f"{FILE} does not give PersistentVolumeClaim.storage, which the plan says."
    assert finding.places == (Place(FILE),)
    assert "kubectl makes no such object of it, and leaves a former one as it is." in finding.detail


def test_that_a_whole_file_without_pods_is_gone_is_told_elsewhere_and_of_pods_here():
    plan = {"kubernetes/a.yaml": "kind: Service\nmetadata: {name: a}\n", FILE: "kind: ConfigMap\nmetadata: {name: b}\n"}
    assert list(bundle_kubernetes.judge({FILE: plan[FILE]}, plan)) == []
    node = "{containers: [{name: nocobase, image: nocobase/nocobase:1.0.0}]}"
    deployment = f"kind: Deployment\nmetadata: {{name: p}}\nspec: {{template: {{spec: {node}}}}}\n"
    pods = {"kubernetes/pods.yaml": deployment}
    [gone] = bundle_kubernetes.judge({}, {**plan, **pods})
    assert gone.facts == {"setting": "Deployment.p", "places": ["kubernetes/pods.yaml"]}


@pytest.mark.parametrize("kind", ["HorizontalPodAutoscaler", "ScaledObject"])
def test_what_scales_a_workload_of_the_plan_is_told(kind):
    now = [workload(), scaler(kind, kind="Deployment", name="web")]
    [(setting, finding)] = told(now, workload()).items()
    assert setting == f"{kind}.more"
    assert finding.summary == f"{FILE}: {kind}.more changes how many pods Deployment.web has."
    assert finding.places == (Place(FILE, line_of(now, kind)),)
    assert "Each pod is a node" in finding.detail


def test_what_scales_names_a_deployment_where_it_says_no_kind():
    assert list(told([workload(), scaler("ScaledObject", name="web")], workload())) == ["ScaledObject.more"]


@pytest.mark.parametrize(
    "more",
    [
        scaler("HorizontalPodAutoscaler", kind="Deployment", name="mail"),
        scaler("HorizontalPodAutoscaler", kind="StatefulSet", name="web"),
        scaler("VerticalPodAutoscaler", kind="Deployment", name="web"),
        scaler("PodDisruptionBudget", kind="Deployment", name="web"),
    ],
)
def test_what_scales_others_or_does_not_scale_is_not_told(more):
    assert told([workload(), more], workload()) == {}


def test_an_object_of_the_plan_that_stands_there_twice_is_told_at_the_later_one():
    now = [claim("ReadWriteMany"), claim("ReadWriteMany")]
    [(setting, finding)] = told(now, claim("ReadWriteMany")).items()
    assert setting == "PersistentVolumeClaim.storage again"
    assert finding.summary == f"{FILE} has PersistentVolumeClaim.storage, which stands in another file, too."
    assert "kubectl applies one after the other: the later one counts." in finding.detail


@pytest.mark.parametrize(
    ("now", "plan"),
    [
        ([claim("ReadWriteMany"), elsewhere(claim("ReadWriteMany"), "b")], claim("ReadWriteMany")),
        ([claim("ReadWriteMany"), service("mine"), service("mine")], claim("ReadWriteMany")),
    ],
    ids=["in another namespace", "of which the plan knows nothing"],
)
def test_what_only_looks_doubled_is_not_told_so(now, plan):
    assert not [setting for setting in told(now, plan) if setting.endswith("again")]


def test_an_object_that_most_others_are_apart_from_is_told_with_its_namespace():
    others = [elsewhere(claim("ReadWriteMany"), "prod"), elsewhere(ingress("a"), "prod")]
    plan = [*others, elsewhere(workload(), "prod")]
    now = [*others, elsewhere(workload(), "test")]
    [(setting, finding)] = told(now, plan).items()
    assert setting == "Deployment.web.namespace"
    assert "“test” stands there, and by the plan nothing." in finding.detail
    assert finding.places == (Place(FILE, line_of(now, '"test"')),)
    [finding] = told([*others, workload()], plan).values()
    assert "“default” stands there, and by the plan nothing." in finding.detail
    assert told([elsewhere(one, "else") for one in plan], plan) == {}


@pytest.mark.parametrize(
    ("now", "setting", "says"),
    [
        (service(targetPort=80), "ports 80", "“80” stands there, and by the plan “13000”."),
        (service(), "ports 80", "“80” stands there, and by the plan “13000”."),
        (service(targetPort="http"), "ports 80", "“http” stands there, and by the plan “13000”."),
        (service(targetPort=13000, protocol="UDP"), "ports 80", "“13000/UDP” stands there, and by the plan “13000”."),
        (service(targetPort=13000, port=81), "ports 80", "By the plan it is “13000”."),
        (service(targetPort=13000, selector={"app": "web", "more": "1"}), "selector", "Every request to it fails."),
        (service(targetPort=13000, selector={"tier": "1"}), "selector", "Requests come to other pods than by the plan"),
    ],
)
def test_a_service_that_leads_elsewhere_is_told(now, setting, says):
    pods = workload(labels={"app": "web", "tier": "1"})
    [(told_of, finding)] = told([pods, now], [pods, service(targetPort=13000)]).items()
    assert told_of == f"Service.web.{setting}"
    assert says in finding.detail


def test_a_service_of_somebody_elses_pods_is_not_told():
    now = [workload(), service(targetPort=13000), service("mail", {"app": "mail"})]
    assert told(now, [workload(), service(targetPort=13000)]) == {}


def test_a_service_that_finds_no_pod_is_told_at_its_selector():
    now = [workload(labels={"app": "www"}), service()]
    plan = [workload(), service()]
    finding = told(now, plan)["Service.web.selector"]
    assert finding.summary == f"{FILE}: the selector of Service.web matches no pod of these manifests."
    assert finding.places == (Place(FILE, line_of(now, '"selector"')),)


@pytest.mark.parametrize(
    ("modes", "fails"),
    [
        (["ReadWriteMany"], False),
        (["ReadWriteOnce", "ReadWriteMany"], False),
        (["ReadWriteOnce"], True),
        (["ReadOnlyMany"], True),
        ([], True),
    ],
)
def test_a_claim_must_let_several_machines_write(modes, fails):
    found = told(claim(*modes), claim("ReadWriteMany", "ReadWriteOncePod"))
    assert list(found) == (["PersistentVolumeClaim.storage.accessModes"] if fails else [])


def test_the_rules_of_an_ingress_are_compared_and_not_shown():
    now = ingress("b")
    [(setting, finding)] = told(now, ingress("a")).items()
    assert setting == "Ingress.web.rules"
    assert finding.detail == (
        f"{FILE} line {line_of(now, 'rules')}. Users come in by another host or path than by the plan."
    )
    assert told(ingress("a"), ingress("a")) == {}


def test_what_is_told_of_a_difference_is_a_failure_of_the_sources_with_its_place_and_what_to_do():
    now = workload(replicas=3)
    [finding] = told(now, workload(replicas=2)).values()
    line = line_of(now, "replicas")
    assert (finding.id, finding.severity, finding.error) == ("plan.sources", Severity.FAIL, ErrorKind.OTHER)
    assert finding.subject == f"{FILE} Deployment.web.replicas"
    assert finding.summary == f"{FILE} gives Deployment.web.replicas otherwise than the plan."
    assert finding.remedy == "Put back there what the plan says, or change the plan and export again."
    assert finding.facts == {"setting": "Deployment.web.replicas", "places": [f"{FILE} line {line}"]}
    assert finding.places == (Place(FILE, line),)


def test_a_kustomization_of_the_folder_makes_the_objects():
    base = "kind: PersistentVolumeClaim\nmetadata: {name: a}\nspec: {accessModes: [ReadWriteMany]}\n"
    texts = {"kubernetes/base.yaml": base, "kubernetes/kustomization.yaml": "resources: [base.yaml]\nnamespace: prod\n"}
    assert list(bundle_kubernetes.judge(texts, {"kubernetes/base.yaml": base})) == []
    nothing = {**texts, "kubernetes/kustomization.yaml": "resources: []\n"}
    [gone] = bundle_kubernetes.judge(nothing, {"kubernetes/base.yaml": base})
    assert gone.facts["setting"] == "PersistentVolumeClaim.a"
    below = {"kubernetes/base.yaml": base, "kubernetes/more/kustomization.yaml": "kind: Kustomization\n"}
    assert list(bundle_kubernetes.judge(below, {"kubernetes/base.yaml": base})) == []
