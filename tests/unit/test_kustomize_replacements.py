"""What a kustomization puts from one object into others: replacements, variables, labels; else it is named."""

import pytest

from wizard.app.open_source import open_source
from wizard.formats.cluster_file.tree import compose
from wizard.formats.kubernetes.joined import Joined
from wizard.plan.observed import Topic

APP = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: crm}
spec:
  replicas: 1
  selector: {matchLabels: {app: crm}}
  template:
    metadata: {labels: {app: crm}}
    spec:
      containers:
      - name: app
        image: nocobase/nocobase:2.2.15
        envFrom: [{configMapRef: {name: conf}}]
        env:
        - {name: DB_DATABASE, value: placeholder}
        - {name: DB_USER, value: "u-$(WHO)"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data: {DB_DIALECT: postgres, DB_HOST: "db.old:5432", WHO: shop}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: other}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: way-in}
spec:
  ingressClassName: nginx
  rules:
  - {host: crm.example.com, http: {paths: [{path: /, backend: {service: {name: web}}}]}}
"""
OTHER = """\
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: another}
spec:
  rules:
  - {host: other.example.com, http: {paths: [{path: /, backend: {service: {name: other}}}]}}
---
apiVersion: v1
kind: Service
metadata: {name: other}
spec: {selector: {app: crm}}
"""
OF_CONF = "source: {kind: ConfigMap, name: conf, fieldPath: data.WHO}"
ENV = "spec.template.spec.containers.[name=app].env.[name=DB_DATABASE].value"


def built(tmp_path, text, **more):
    files = {"kustomization.yaml": f"resources: [app.yaml]\n{text}", "app.yaml": APP, **more}
    for name, content in files.items():
        (tmp_path / name.replace("__", ".")).write_text(content)
    return open_source(str(tmp_path)).plan


def into(*paths, select="kind: Deployment", source=OF_CONF, more=""):
    listed = ", ".join(f"'{path}'" for path in paths)
    return f"replacements: [{{{source}, targets: [{{select: {{{select}}}, fieldPaths: [{listed}]{more}}}]}}]\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (into(ENV), "shop"),
        (into(ENV, select="name: crm"), "shop"),
        (into("spec.template.spec.containers.0.env.0.value"), "shop"),
        (into("spec.template.spec.containers.*.env.[name=DB_DATABASE].value"), "shop"),
        (into(ENV, source="source: {kind: Deployment}"), "crm"),
        ("namePrefix: x-\n" + into(ENV, source="source: {kind: Deployment, name: crm}"), "x-crm"),
        (
            into(
                ENV,
                source="source: {kind: ConfigMap, fieldPath: data.DB_HOST, options: {delimiter: ':', index: 0}}",
            ),
            "db.old",
        ),
        (into(ENV, more=", options: {delimiter: e, index: 1}"), "placeshoper"),
        (into(ENV, more=", options: {delimiter: '-', index: 5}"), "placeholder-shop"),
        (into(ENV, more=", options: {delimiter: '-', index: -1}"), "shop-placeholder"),
    ],
)
def test_a_replacement_is_put_in(tmp_path, text, name):
    plan = built(tmp_path, text)
    assert (plan.database.name, plan.seen(Topic.UNFOLLOWED)) == (name, [])


def test_a_replacement_in_a_file_of_its_own_is_put_in_and_stands_where_its_value_does(tmp_path):
    text = f"- {OF_CONF}\n  targets: [{{select: {{kind: Deployment}}, fieldPaths: ['{ENV}']}}]\n"
    plan = built(tmp_path, "replacements: [{path: more.yaml}]\n", more__yaml=text)
    assert (plan.database.name, plan.seen(Topic.UNFOLLOWED)) == ("shop", [])


def test_a_replacement_takes_from_what_is_generated_and_changes_that(tmp_path):
    generated = (
        "configMapGenerator: [{name: more, literals: [WHO=other]}, {name: conf, behavior: merge, literals: [A=b]}]\n"
    )
    source = "source: {kind: ConfigMap, name: more, fieldPath: data.WHO}"
    plan = built(tmp_path, generated + into("data.DB_HOST", select="kind: ConfigMap, name: conf", source=source))
    assert (plan.database.host, plan.seen(Topic.UNFOLLOWED)) == ("other", [])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (into(ENV, more=", reject: [{name: crm}]"), "placeholder"),
        (into(ENV, more=", reject: [{name: other}]"), "shop"),
        (into(ENV, more=", reject: [{group: apps}]"), "placeholder"),
        (into(ENV, more=", reject: [{version: v1, group: batch}]"), "shop"),
        ("namespace: here\n" + into(ENV, more=", reject: [{namespace: here}]"), "placeholder"),
        ("namespace: here\n" + into(ENV, more=", reject: [{namespace: there}]"), "shop"),
        (into(ENV, select="kind: StatefulSet"), "placeholder"),
        (into(ENV, select="name: gone"), "placeholder"),
    ],
)
def test_what_is_rejected_or_not_there_stays_and_nothing_is_said(tmp_path, text, name):
    plan = built(tmp_path, text)
    assert (plan.database.name, plan.seen(Topic.UNFOLLOWED)) == (name, [])


SEVERAL = "source: {kind: ConfigMap, name: '', fieldPath: data.WHO}"
ENV_OF = "spec.template.spec.containers.[name=app].env"


@pytest.mark.parametrize(
    "text",
    [
        into(ENV, more=", reject: [{labelSelector: app=crm}]"),
        into(ENV, more=", reject: [{name: crm, annotationSelector: a=b}]"),
        into(ENV, more=", reject: [{name: 'c[rm]+'}]"),
        into(ENV, source="source: {kind: Service}"),
        "configMapGenerator: [{name: x, literals: [A=b]}]\n" + into(ENV, source=SEVERAL),
        into(ENV, source="source: {kind: Deployment, fieldPath: spec, options: {delimiter: '-'}}"),
        into(ENV_OF, more=", options: {delimiter: '-'}"),
        into(ENV, source="source: {kind: Deployment, fieldPath: spec}", more=", options: {delimiter: '-'}"),
        "configMapGenerator: [{name: x, literals: [A=b]}]\n"
        + into("data.A", select="name: x", source="source: {kind: Deployment, fieldPath: spec}"),
    ],
)
def test_a_replacement_that_cannot_be_told_is_named_and_changes_nothing(tmp_path, text):
    plan = built(tmp_path, text, app__yaml=APP + OTHER)
    assert (plan.database.name, [item.subject for item in plan.seen(Topic.UNFOLLOWED)]) == (
        "placeholder",
        ["replacements"],
    )


def test_what_a_generator_is_merged_into_is_one_source(tmp_path):
    generated = "configMapGenerator: [{name: conf, behavior: merge, literals: [WHO=new]}]\n"
    plan = built(tmp_path, generated + into(ENV))
    assert (plan.database.name, plan.seen(Topic.UNFOLLOWED)) == ("new", [])


def test_a_replacement_for_all_of_a_kind_changes_what_is_generated_too(tmp_path):
    generated = "configMapGenerator: [{name: conf, behavior: merge, literals: [A=b]}]\n"
    plan = built(tmp_path, generated + into("data.DB_HOST", select="kind: ConfigMap"))
    assert (plan.database.host, plan.seen(Topic.UNFOLLOWED)) == ("shop", [])


def test_what_is_put_together_many_times_still_has_its_line():
    tree = compose("a: b\n", "x.yaml")
    for _ in range(5000):
        tree = Joined(tree, tree.merged())
    assert (tree.line, tree.place.file) == (1, "x.yaml")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (into("spec.template.spec.containers.[name=gone].env.0.value"), "replacements"),
        (into("spec.nothing.here"), "replacements"),
        (into(ENV, select="kind: Deployment, labelSelector: app=crm"), "replacements"),
        (into(ENV, source="source: {kind: ConfigMap, name: gone, fieldPath: data.WHO}"), "replacements"),
        (into(ENV, source="source: {kind: ConfigMap, name: conf, fieldPath: data.GONE}"), "replacements"),
        (
            into(ENV, source="source: {kind: ConfigMap, fieldPath: data.WHO, options: {delimiter: o, index: 7}}"),
            "replacements",
        ),
        ("replacements: [{path: gone.yaml}]\n", "gone.yaml"),
        ("vars: [{name: WHO, objref: {kind: ConfigMap, name: gone}}]\n", "$(WHO)"),
        ("labels: [{pairs: {a: b}, fields: [{path: spec/x}]}]\n", "labels"),
        ("configurations: [names.yaml]\n", "names.yaml"),
        ("configMapGenerator: [{name: x, literals: [ODD]}]\n", "ODD"),
        ("configMapGenerator: [{name: x, literals: ['DB_PASSWORD:S3cret']}]\n", "line 2"),
        ("secretGenerator: [{name: x, literals: [S3cret]}]\n", "line 2"),
        ("secretGenerator: [{name: x, literals: ['DB_PASSWORD:S3cret']}]\n", "line 2"),
        ("secretGenerator: [{name: x, files: [DB_PASSWORD=S3cret]}]\n", "DB_PASSWORD"),
        ("secretGenerator: [{name: x, envs: [DB_PASSWORD=S3cret]}]\n", "line 2"),
        ("secretGenerator: [{name: x, envs: [gone.env]}]\n", "gone.env"),
        ("replacements: [{}]\n", "replacements"),
        ("replacements: [word]\n", "replacements"),
    ],
)
def test_what_cannot_be_followed_is_named_with_its_line(tmp_path, text, named):
    plan = built(tmp_path, text)
    assert [(item.subject, item.place.line) for item in plan.seen(Topic.UNFOLLOWED)] == [(named, 2)]


@pytest.mark.parametrize(
    ("generator", "line", "subject"),
    [
        ("configMapGenerator", "HERE", "HERE"),
        ("configMapGenerator", "APP_KEY: S3cret", "line 4"),
        ("secretGenerator", "APP_KEY: S3cret", "line 4"),
        ("secretGenerator", "S3cret", "line 4"),
    ],
)
def test_a_line_without_a_value_is_named_unless_it_may_be_a_secret(tmp_path, generator, line, subject):
    plan = built(tmp_path, f"{generator}: [{{name: x, envs: [a.env]}}]\n", a__env=f"# x\nA=b\n\n{line}\n")
    [item] = plan.seen(Topic.UNFOLLOWED)
    assert (item.subject, item.place.line, item.place.file.endswith("a.env")) == (subject, 4, True)
    assert "S3cret" not in f"{item}"


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("vars: [{name: WHO, objref: {kind: ConfigMap, name: conf}, fieldref: {fieldpath: data.WHO}}]\n", "u-shop"),
        ("vars: [{name: WHO, objref: {kind: Service, name: web}}]\n", "u-web"),
        ("vars: [{Name: WHO, objRef: {Kind: ConfigMap, name: conf}, fieldRef: {fieldPath: data.WHO}}]\n", "u-shop"),
        ("nameSuffix: -2\nvars: [{name: WHO, objref: {kind: Service, name: web}}]\n", "u-web-2"),
        ("", "u-shop"),  # Kubernetes itself puts in what the container is given
    ],
)
def test_a_variable_of_kustomize_is_put_in(tmp_path, text, user):
    plan = built(tmp_path, text)
    assert (plan.database.user, plan.seen(Topic.UNFOLLOWED)) == (user, [])


@pytest.mark.parametrize(
    ("written", "user"),
    [("$$(GONE)", "$(GONE)"), ("$$(H)", "$(H)"), ("$(H)$$$(H)", "web$web"), ("a$b", "a$b"), ("$(H", "$(H")],
)
def test_a_doubled_sign_is_no_variable_of_kustomize(tmp_path, written, user):
    app = APP.replace("u-$(WHO)", written)
    plan = built(tmp_path, "vars: [{name: H, objref: {kind: Service, name: web}}]\n", app__yaml=app)
    assert (plan.database.user, plan.seen(Topic.UNFOLLOWED)) == (user, [])


def test_a_variable_that_stands_for_no_text_is_named(tmp_path):
    text = "vars: [{name: H, objref: {kind: Service, name: web}, fieldref: {fieldpath: spec}}]\n"
    plan = built(tmp_path, text, app__yaml=APP.replace("$(WHO)", "$(H)"))
    assert [item.subject for item in plan.seen(Topic.UNFOLLOWED)] == ["$(H)"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("commonAnnotations: {nginx.ingress.kubernetes.io/proxy-body-size: 7m}\n", "7m"),
        ("commonLabels: {nginx.ingress.kubernetes.io/proxy-body-size: 7m}\n", ""),
        ("", ""),
    ],
)
def test_annotations_for_all_are_those_of_the_ingress(tmp_path, text, found):
    assert [item.value for item in built(tmp_path, text).seen(Topic.BODY_LIMIT)] == [found]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("", "https://other.example.com"),
        ("commonLabels: {app: all}\n", "http://crm.example.com"),
        ("labels: [{pairs: {app: all}, includeSelectors: true}]\n", "http://crm.example.com"),
        ("labels: [{pairs: {app: other}, includeTemplates: true}]\n", "http://crm.example.com"),
        ("labels: [{pairs: {app: other}}]\n", "http://other.example.com"),
    ],
)
def test_labels_decide_which_service_leads_to_the_nodes(tmp_path, text, url):
    plan = built(tmp_path, text, app__yaml=APP + OTHER)
    assert plan.application.public_url == url.replace("https", "http")
