"""What Ingresses lead to, and how manifests are parted: documents with their lines, lists, names for kubectl."""

import pytest

from tests.unit.trees import one_object
from wizard.formats.files import SourceError
from wizard.formats.kubernetes.ingress import body_limit, fronts, observed, services_of
from wizard.formats.kubernetes.objects import documents, named, parts_of, read
from wizard.plan.observed import Topic

NGINX = ", annotations: {nginx.ingress.kubernetes.io/%s: x}"
INGRESS = "kind: Ingress\nmetadata: {name: in%s}\nspec: {rules: [{host: a.example, http: {paths: [%s]}}]%s}\n"


@pytest.mark.parametrize(
    ("key", "topic"),
    [
        ("proxy-body-size", Topic.BODY_LIMIT),
        ("proxy-read-timeout", Topic.READ_TIMEOUT),
        ("rewrite-target", Topic.REWRITE),
    ],
)
def test_each_annotation_of_ingress_nginx_says_its_topic(key, topic):
    [front] = fronts(read(INGRESS % (NGINX % key, "{path: /crm, pathType: Exact}", ""), "x.yaml"), set())
    found = {one.topic: (one.value, one.place.name, one.names) for one in observed(front)}
    assert found.pop(topic) == ("x", key, ("Exact", "/crm"))
    assert set(found.values()) == {("", "path", ("Exact", "/crm"))}
    assert (body_limit(front) is not None) is (topic is Topic.BODY_LIMIT)


@pytest.mark.parametrize(
    ("metadata", "spec", "is_nginx"),
    [
        ("", ", ingressClassName: nginx", True),
        ("", ", ingressClassName: nginx-internal", True),
        (", annotations: {kubernetes.io/ingress.class: nginx}", "", True),
        (NGINX % "other", ", ingressClassName: x", True),
        ("", ", ingressClassName: traefik", False),
        (", annotations: {a.example/x: y}", "", False),
    ],
)
def test_an_ingress_of_another_class_is_not_known(metadata, spec, is_nginx):
    [front] = fronts(read(INGRESS % (metadata, "", spec), "x.yaml"), set())
    assert front.is_nginx is is_nginx
    assert len([*observed(front)]) == (3 if is_nginx else 0)
    assert [(form, path) for form, path, _place in front.paths] == [("Prefix", "/")]


def test_hosts_are_those_of_the_rules_else_those_of_tls():
    [front] = fronts(read(INGRESS % ("", "", ", tls: [{hosts: [b.example]}]"), "x.yaml"), set())
    assert ([host.text() for host in front.hosts], front.tls is not None) == (["a.example"], True)
    text = "kind: Ingress\nspec: {rules: [{http: {paths: [{}]}}], tls: [{hosts: [b.example, c.example]}]}"
    [front] = fronts(read(text.replace("{}", "{pathType: Prefix}"), "x.yaml"), set())
    assert [host.text() for host in front.hosts] == ["b.example", "c.example"]
    assert [(form, path) for form, path, _place in front.paths] == [("Prefix", "/")]
    assert fronts(read("kind: Ingress\nspec: {tls: []}", "x.yaml"), set())[0].tls is None


@pytest.mark.parametrize(
    "spec",
    [
        "{rules: [{http: {paths: [{backend: {service: {name: web}}}]}}]}",
        "{rules: [{http: {paths: [{backend: {serviceName: web}}]}}]}",
        "{defaultBackend: {service: {name: web}}}",
    ],
)
def test_an_ingress_leads_to_a_service_by_each_form(spec):
    objects = read(
        f"kind: Ingress\nmetadata: {{name: other}}\n---\nkind: Ingress\nmetadata: {{name: in}}\nspec: {spec}", "x"
    )
    assert [front.name for front in fronts(objects, {"web"})] == ["in"]
    assert [front.name for front in fronts(objects, {"no"})] == ["other", "in"]


def test_a_service_leads_to_pods_that_meet_all_of_its_selector():
    service = "kind: Service\nmetadata: {name: %s}\nspec: {selector: {%s}}\n"
    some = [("both", "a: '1', b: '2'"), ("one", "a: '1'"), ("more", "a: '1', c: '3'"), ("none", "")]
    objects = read("---\n".join(service % one for one in some), "x.yaml")
    assert services_of(objects, {"a": "1", "b": "2"}) == {"both", "one"}


def test_an_object_of_the_same_namespace_is_meant_else_the_first():
    text = "---\n".join(f"kind: Secret\nmetadata: {{name: a, namespace: {name}}}\n" for name in ("x", "y"))
    objects = read(text, "x.yaml")
    assert named(objects, "Secret", "a", "y") is objects[1]
    assert named(objects, "Secret", "a", "z") is objects[0]
    assert named(objects, "Secret", "b", "x") is named(objects, "ConfigMap", "a", "x") is None


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a: 1\n---\nb: 2\n", [1, 3]),
        ("a: 1\n--- # x\nb: 2\n", [1, 3]),
        ("# x\n---\n%YAML 1.2\n---\na: 1\n", [5]),
        ("a: 1\n...\n---\nb: 2\n", [1, 4]),
        ('{"a": 1\n}\n{"b": 2\n}\n', [1, 3]),
        ("a: |\n  x\n  ---y\n", [1]),
        ("", []),
    ],
)
def test_documents_keep_their_lines(text, lines):
    assert [next(iter(one.merged().values())).line for one in documents(text, "x.yaml")] == lines
    assert [next(iter(one.merged().values())).line for one in documents(text, "x.yaml", 7)] == [n + 7 for n in lines]


@pytest.mark.parametrize(("count", "refused"), [(500, False), (501, True)])
def test_500_ends_of_documents_are_followed_and_no_more(count, refused):
    text = "---\n" * count
    if refused:
        with pytest.raises(SourceError, match=r"x.yaml, line 501: it has more than 500 documents"):
            [*documents(text, "x.yaml")]
    else:
        assert [*documents(text, "x.yaml")] == []


def test_lists_are_opened_three_deep():
    [tree] = documents("{items: [{items: [{items: [{items: [{kind: Pod}]}]}]}]}", "x.yaml")
    assert [[*one] for one in parts_of(tree)] == [["items"]]
    [tree] = documents("{items: [{items: [{items: [{kind: Pod}]}]}, {kind: Job}, text]}", "x.yaml")
    assert [[*one] for one in parts_of(tree)] == [["kind"], ["kind"]]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("kind: Deployment\nmetadata: {name: crm}", "deployment/crm"),
        ("kind: Deployment\nmetadata: {name: crm, namespace: shop}", "deployment/crm -n shop"),
        ("kind: Deployment\nmetadata: {name: crm.a-1}", "deployment/crm.a-1"),
        ("kind: Deployment\nmetadata: {name: -crm}", ""),
        ("kind: Deployment\nmetadata: {name: crm, namespace: 'a b'}", ""),
        ("kind: Deployment", ""),
    ],
)
def test_a_plain_name_is_in_the_words_for_kubectl(text, target):
    assert one_object(text).target == target
