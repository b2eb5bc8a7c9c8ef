"""What patches of a kustomization make of its objects, by the rules of kustomize, and what is not followed."""

import pytest

from tests.unit.workload import CRM
from wizard.app.open_source import open_source
from wizard.formats.files import SourceError
from wizard.plan.observed import Sharing, Topic

BASE = (
    CRM
    + """\
          env:
            - {name: DB_DIALECT, value: postgres}
            - {name: DB_HOST, value: base}
            - {name: TZ, value: UTC}
          volumeMounts: [{name: data, mountPath: /app/nocobase/storage}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: crm}}]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: crm}
spec: {accessModes: [ReadWriteOnce]}
"""
)
HEAD = "resources: [base.yaml]\n"


def opened(tmp_path, text, **beside):
    files = {"kustomization.yaml": HEAD + text, "base.yaml": BASE}
    files |= {name.replace("__", "."): more for name, more in beside.items()}
    for name, more in files.items():
        (tmp_path / name).write_text(more)
    return open_source(str(tmp_path)).plan


def env(entry):
    """Return a strategic merge patch of the container with one entry of its environment."""
    spec = f"{{template: {{spec: {{containers: [{{name: app, env: [{entry}]}}]}}}}}}"
    return f"{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: crm}}, spec: {spec}}}\n"


AT = "/spec/template/spec/containers/0/env"
DEPLOYMENT = "target: {kind: Deployment, name: crm}"


def with_test(test):
    """Return a JSON patch that changes the host after a test."""
    change = f"{{op: replace, path: {AT}/1/value, value: new}}"
    return f"patches:\n- {DEPLOYMENT}\n  patch: |-\n    - {test % AT}\n    - {change}"


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (f"patches: [{{path: p.yaml}}]\n# {env('{name: DB_HOST, value: new}')}", "new"),
        (f"patches:\n- patch: |-\n    {env('{name: DB_HOST, value: new}')}", "new"),
        (f"patchesStrategicMerge:\n- |-\n  {env('{name: DB_HOST, value: new}')}", "new"),
        (f"patchesStrategicMerge: [p.yaml]\n# {env('{name: DB_HOST, value: new}')}", "new"),
        (f"patches:\n- {DEPLOYMENT}\n  patch: |-\n    {env('{name: DB_HOST, value: new}')}", "new"),
        (
            f"patches:\n- target: {{kind: Deploy.*}}\n  patch: '[{{op: replace, path: {AT}/1/value, value: new}}]'",
            "new",
        ),
        (
            f"patchesJson6902:\n- {DEPLOYMENT}\n  patch: |-\n    - {{op: replace, path: {AT}/1/value, value: new}}",
            "new",
        ),
        (
            f"patches:\n- {DEPLOYMENT}\n  patch: |-\n    - {{op: copy, from: {AT}/0/value, path: {AT}/1/value}}",
            "postgres",
        ),
        (f"patches:\n- {DEPLOYMENT}\n  patch: |-\n    - op: remove\n      path: {AT}/1", ""),
        (with_test("{op: test, path: %s/1/value, value: base}"), "new"),
        (with_test("{op: test, path: %s/1, value: {value: base, name: DB_HOST}}"), "new"),
        (f"patches:\n- patch: |-\n    {env('{name: DB_HOST, $patch: delete}')}", ""),
    ],
)
def test_a_patch_of_each_form_is_applied(tmp_path, text, host):
    text, _sign, file = text.partition("\n# ")
    plan = opened(tmp_path, text, p__yaml=file)
    assert (plan.database.host, plan.application.time_zone) == (host, "UTC")
    assert plan.seen(Topic.UNFOLLOWED) == []


def test_an_added_value_knows_its_line(tmp_path):
    add = f"    - op: add\n      path: {AT}/-\n      value: {{name: DB_USER, value: shop}}\n"
    plan = opened(tmp_path, f"patches:\n- {DEPLOYMENT}\n  patch: |-\n{add}")
    place = plan.place_of("database.user")
    assert (plan.database.user, place.file, place.line) == ("shop", str(tmp_path / "kustomization.yaml"), 7)
    assert plan.place_of("database.host").file == str(tmp_path / "base.yaml")


def test_a_patch_of_a_claim_and_of_the_update_counts(tmp_path):
    claim = "{kind: PersistentVolumeClaim, metadata: {name: crm}, spec: {accessModes: [ReadWriteMany]}}"
    update = "{kind: Deployment, metadata: {name: crm}, spec: {strategy: {type: Recreate}, replicas: 2}}"
    plan = opened(tmp_path, "patchesStrategicMerge: [p.yaml]\n", p__yaml=f"{claim}\n---\n{update}\n")
    assert [item.value for item in plan.seen(Topic.STORAGE)] == [Sharing.EVERYBODY]
    assert [item.value for item in plan.seen(Topic.UPDATE)] == ["Recreate"]
    assert len(plan.nodes) == 2


@pytest.mark.parametrize(
    ("api", "kept"),
    [("apps/v1", True), ("argoproj.io/v1alpha1", False), ("example.k8s.io/v1", True)],
)
def test_lists_of_a_kind_that_is_not_of_kubernetes_are_replaced(tmp_path, api, kept):
    patch = env("{name: DB_HOST, value: new}, {name: DB_DIALECT, value: postgres}").replace("apps/v1", api)
    patch = patch.replace("{name: app,", "{name: app, image: nocobase/nocobase,").replace("Deployment", "Rollout")
    base = BASE.replace("apps/v1", api).replace("Deployment", "Rollout")
    plan = opened(tmp_path, f"patches:\n- patch: |-\n    {patch}", base__yaml=base)
    assert (plan.database.host, "application.time_zone" in plan.places) == ("new", kept)


def test_what_a_generator_makes_is_patched_and_merged_into_a_resource(tmp_path):
    given = env("").replace("env: []", "envFrom: [{configMapRef: {name: one}}, {configMapRef: {name: two}}]")
    more = f"""\
configMapGenerator:
- {{name: one, behavior: merge, literals: [DB_USER=shop]}}
- {{name: two, literals: [DB_PORT=1]}}
patches:
- patch: '{{kind: ConfigMap, metadata: {{name: two}}, data: {{DB_PORT: "5433"}}}}'
- patch: |-
    {given}"""
    one = "{kind: ConfigMap, metadata: {name: one}, data: {DB_USER: base, DB_DATABASE: shop}}\n"
    text = more.replace("configMapGenerator", "resources: [base.yaml, one.yaml]\nconfigMapGenerator")
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "one.yaml").write_text(one)
    (tmp_path / "kustomization.yaml").write_text(text)
    database = open_source(str(tmp_path)).plan.database
    assert (database.user, database.name, database.port) == ("shop", "shop", 5433)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"patches:\n- patch: |-\n    {env('').replace('name: crm', 'name: other')}", "patches"),
        (f"patches:\n- {DEPLOYMENT}\n  patch: '[{{op: remove, path: {AT}/9}}]'", "patches"),
        (f"patches:\n- {DEPLOYMENT}\n  patch: '[{{op: remove, path: {AT}/{'0' * 5000}}}]'", "patches"),
        (f"patches:\n- {DEPLOYMENT}\n  patch: '[{{op: add, path: nowhere, value: 1}}]'", "patches"),
        (f"patches:\n- {DEPLOYMENT}\n  patch: '[{{op: remove, path: {AT}/1/value/0}}]'", "patches"),
        (f"patches:\n- target: {{labelSelector: a=b}}\n  patch: |-\n    {env('')}", "patches"),
        (f"patches:\n- target: {{kind: Deployment, name: '(a|b)+'}}\n  patch: |-\n    {env('')}", "patches"),
        (with_test("{op: test, path: %s/1/value, value: other}"), "patches"),
        (with_test("{op: test, path: %s/1, value: {name: DB_HOST}}"), "patches"),
        (with_test("{op: test, path: %s, value: [{name: DB_HOST, value: base}]}"), "patches"),
        (with_test("{op: test, path: %s/1/value}"), "patches"),
        ("patches: [{path: gone.yaml}]", "gone.yaml"),
    ],
)
def test_a_patch_that_is_not_followed_is_named(tmp_path, text, named):
    plan = opened(tmp_path, text)
    assert [item.subject for item in plan.seen(Topic.UNFOLLOWED)] == [named]
    assert plan.database.host == "base"


def test_a_namespace_and_the_parts_of_a_name_are_in_the_words_for_kubectl(tmp_path):
    plan = opened(tmp_path, "namespace: shop\nnamePrefix: a-\nnameSuffix: -z\n")
    assert [item.target for item in plan.seen(Topic.UPDATE)] == ["deployment/a-crm-z -n shop"]
    assert [node.name for node in plan.nodes] == ["a-crm-z-0"]


def test_an_image_is_changed_by_each_level_and_a_digest_says_no_version(tmp_path):
    plan = opened(tmp_path, "images: [{name: nocobase/nocobase, digest: 'sha256:ab'}]\n")
    assert "application.version" not in plan.places
    chain = (
        "images: [{name: nocobase/nocobase, newName: x/nocobase, newTag: 2.2.0}, {name: x/nocobase, newTag: 2.2.15}]\n"
    )
    assert opened(tmp_path, chain).application.version == "2.2.15"


def built(tmp_path, **kustomizations):
    """Return the plan of `top`, beside which the other folders stand, each with the workload."""
    for name, text in kustomizations.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "kustomization.yaml").write_text(text)
        (tmp_path / name / "base.yaml").write_text(BASE)
    return open_source(str(tmp_path / "top")).plan


def test_images_and_replicas_change_the_objects_of_their_own_kustomization_alone(tmp_path):
    change = "images: [{name: nocobase/nocobase, newTag: 2.2.15}]\nreplicas: [{name: crm, count: 3}]\n"
    other = HEAD.replace("base", "../one/base") + change + "nameSuffix: -b\n"
    plan = built(tmp_path, top="resources: [../one, ../two]\n", one=HEAD, two=other)
    assert [node.name for node in plan.nodes] == ["crm-0", "crm-b-0", "crm-b-1", "crm-b-2"]
    assert plan.application.version == "2.1.0"


def test_replicas_are_set_by_the_new_name_too(tmp_path):
    plan = opened(tmp_path, "namePrefix: a-\nreplicas: [{name: a-crm, count: 2}]\n")
    assert [node.name for node in plan.nodes] == ["a-crm-0", "a-crm-1"]


def test_a_patch_comes_after_the_images_and_replicas_of_what_it_builds_on(tmp_path):
    spec = "{replicas: 1, template: {spec: {containers: [{name: app, image: 'nocobase/nocobase:2.3.0'}]}}}"
    top = (
        f"resources: [../one]\npatches:\n- patch: |-\n    {{kind: Deployment, metadata: {{name: crm}}, spec: {spec}}}\n"
    )
    one = "images: [{name: nocobase/nocobase, newTag: 2.2.15}]\nreplicas: [{name: crm, count: 3}]\n"
    plan = built(tmp_path, top=top, one=HEAD + one)
    assert (len(plan.nodes), plan.application.version) == (1, "2.3.0")


def test_a_component_changes_the_objects_of_its_parent_alone(tmp_path):
    part = f"""kind: Component
images: [{{name: nocobase/nocobase, newTag: 2.2.15}}]
replicas: [{{name: crm, count: 2}}]
configMapGenerator: [{{name: one, behavior: merge, literals: [DB_USER=part]}}]
patches:
- patch: |-
    {env("{name: DB_HOST, value: new}")}"""
    top = HEAD + "configMapGenerator: [{name: one, literals: [DB_USER=top]}]\ncomponents: [../part]\n"
    plan = built(tmp_path, top=top, part=part)
    assert plan.seen(Topic.UNFOLLOWED) == []
    assert (plan.database.host, len(plan.nodes), plan.application.version) == ("new", 2, "2.2.15")
    place = plan.place_of("application.version")
    assert (place.file, place.line) == (str(tmp_path / "part/kustomization.yaml"), 2)


def test_an_anchor_that_holds_itself_has_an_end(tmp_path):
    with pytest.raises(SourceError, match="nested too deep"):
        opened(tmp_path, "patches:\n- patch: |-\n    {kind: Deployment, metadata: {name: crm}, spec: &a {x: *a}}\n")
