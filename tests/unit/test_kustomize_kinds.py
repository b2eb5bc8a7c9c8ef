"""What a kustomization changes by the kind of an object: replicas, images, labels, what a patch for several keeps."""

import pytest

from tests.unit.trees import one_object, parts_of, tree
from wizard.formats.kubernetes import kustomize
from wizard.formats.kubernetes.changing import Image, with_count, with_images
from wizard.formats.kubernetes.labelling import labelled
from wizard.formats.kubernetes.objects import read
from wizard.formats.kubernetes.patching import chosen
from wizard.formats.kubernetes.replacing import with_variables
from wizard.plan.observed import Unfollowed

POD = "{containers: [{name: a, image: noco:1}], initContainers: [{name: b, image: 'noco:1@sha256:0'}]}"


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"])
def test_replicas_are_set_for_each_kind_that_has_them(kind):
    one = one_object(f"kind: {kind}\nmetadata: {{name: crm}}\nspec: {{replicas: 1, paused: true}}")
    assert parts_of(with_count(one, {"crm": tree("4")}))["spec"] == {"replicas": "4", "paused": "true"}


@pytest.mark.parametrize("text", ["kind: DaemonSet\nspec: {a: 1}", "kind: Rollout\nspec: {a: 1}", "kind: Deployment"])
def test_replicas_of_other_kinds_and_of_what_has_no_specification_stay(text):
    one = one_object(f"{text}\nmetadata: {{name: crm}}")
    assert with_count(one, {"crm": tree("4")}) is one


def test_replicas_of_another_name_stay():
    one = one_object("kind: Deployment\nmetadata: {name: crm}\nspec: {replicas: 1}")
    assert with_count(one, {"other": tree("4")}) is one


@pytest.mark.parametrize("kind", ["Pod", "Deployment"])
def test_images_of_containers_and_init_containers_are_changed(kind):
    spec = POD if kind == "Pod" else f"{{template: {{spec: {POD}}}}}"
    found = with_images(one_object(f"kind: {kind}\nspec: {spec}"), [Image("noco", "own/noco", tree("'2'"), "")])
    spec = parts_of(found)["spec"]
    pod = spec if kind == "Pod" else spec["template"]["spec"]
    assert [row["image"] for row in pod["containers"] + pod["initContainers"]] == ["own/noco:2", "own/noco:2"]


@pytest.mark.parametrize(
    ("written", "image", "becomes"),
    [
        ("noco", Image("noco", "", tree("'2'"), ""), "noco:2"),
        ("noco:1", Image("noco", "own", None, ""), "own:1"),
        ("noco:1", Image("noco", "", None, "sha256:f"), "noco@sha256:f"),
        ("noco:1", Image("noco", "", tree("'2'"), "sha256:f"), "noco@sha256:f"),
        ("noco@sha256:0", Image("noco", "", tree("'2'"), ""), "noco:2"),
        ("noco@sha256:0", Image("noco", "own", None, ""), "own@sha256:0"),
        ("host:5000/noco:1", Image("host:5000/noco", "", tree("'2'"), ""), "host:5000/noco:2"),
        ("host:5000/noco", Image("host", "own", None, ""), "host:5000/noco"),
        ("nocobase:1", Image("noco", "own", None, ""), "nocobase:1"),
        ("{a: 1}", Image("", "own", None, ""), {"a": "1"}),
    ],
)
def test_an_image_gets_another_name_tag_or_digest(written, image, becomes):
    found = with_images(one_object(f"kind: Pod\nspec: {{containers: [{{image: {written}}}]}}"), [image])
    assert parts_of(found)["spec"]["containers"][0]["image"] == becomes


def test_images_are_changed_one_after_the_other_and_the_first_that_fits_goes_on():
    images = [Image("other", "no", None, ""), Image("noco", "own", None, ""), Image("own", "", tree("'2'"), "")]
    found = with_images(one_object("kind: Pod\nspec: {containers: [{image: noco:1}]}"), images)
    assert parts_of(found)["spec"]["containers"][0]["image"] == "own:2"


@pytest.mark.parametrize("text", ["kind: Pod", "kind: Pod\nspec: {containers: text}", "kind: Pod\nspec: {a: 1}"])
def test_without_containers_there_is_nothing_to_change(text):
    one = one_object(text)
    assert parts_of(with_images(one, [Image("noco", "own", None, "")])) == parts_of(one)


def said(kind, text):
    """Return where an object of that kind has the label or annotation `a`, by the keys above it."""
    one = labelled(one_object(f"kind: {kind}\nmetadata: {{name: crm}}"), tree(text).merged())
    found = []

    def look(part, above):
        for key, value in part.items():
            if key == "a":
                found.append(f"{above}={value}")
            elif isinstance(value, dict):
                look(value, f"{above}/{key}" if above else key)

    look(parts_of(one), "")
    return found


OWN, TEMPLATE = "metadata/labels=1", "spec/template/metadata/labels=1"


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        *((kind, [f"{TEMPLATE}", "spec/selector/matchLabels=1"]) for kind in ("Deployment", "StatefulSet")),
        *((kind, [f"{TEMPLATE}", "spec/selector/matchLabels=1"]) for kind in ("DaemonSet", "ReplicaSet")),
        ("ReplicationController", [TEMPLATE, "spec/selector=1"]),
        ("Job", [TEMPLATE]),
        ("Service", ["spec/selector=1"]),
        ("ConfigMap", []),
        ("Pod", []),
    ],
)
def test_common_labels_are_put_where_kustomize_puts_them(kind, more):
    assert sorted(said(kind, "commonLabels: {a: 1}")) == sorted([OWN, *more])
    assert sorted(said(kind, "labels: [{pairs: {a: 1}, includeSelectors: true}]")) == sorted([OWN, *more])
    inside = [OWN, *(place for place in more if place == TEMPLATE)]
    assert sorted(said(kind, "labels: [{pairs: {a: 1}, includeTemplates: true}]")) == sorted(inside)
    assert said(kind, "labels: [{pairs: {a: 1}}]") == [OWN]
    assert said(kind, "labels: [{pairs: {a: 1}, includeSelectors: false, includeTemplates: false}]") == [OWN]
    notes = [place.replace("labels", "annotations") for place in inside]
    assert sorted(said(kind, "commonAnnotations: {a: 1}")) == sorted(notes)


def test_labels_are_put_beside_those_that_are_there_and_win():
    one = one_object("kind: Pod\nmetadata: {labels: {a: 0, b: 2}}")
    found = labelled(one, tree("{commonLabels: {a: 1}, labels: [{pairs: {c: 3}}]}").merged())
    assert parts_of(found)["metadata"]["labels"] == {"a": "1", "b": "2", "c": "3"}


def built(text, **files):
    files = {name.replace("__", "."): more for name, more in files.items()}
    return kustomize.read(text, "kustomization.yaml", files.get)


SEVERAL = """\
kind: Deployment
metadata: {generateName: crm-, labels: {a: 1}}
---
kind: Deployment
metadata: {name: jobs}
---
kind: Deployment
"""


def test_a_patch_for_several_leaves_kind_and_name_as_they_are():
    patch = "{kind: Any, metadata: {name: any, labels: {b: 2}}, spec: {replicas: 3}}"
    text = f'resources: [all.yaml]\npatches: [{{target: {{kind: Deployment}}, patch: "{patch}"}}]'
    found = built(text, all__yaml=SEVERAL)
    assert found.observed == []
    assert [(one.kind, one.name) for one in found.objects] == [
        ("Deployment", "any"),
        ("Deployment", "jobs"),
        ("Deployment", "any"),
    ]
    assert [parts_of(one)["spec"] for one in found.objects] == [{"replicas": "3"}] * 3
    assert parts_of(found.objects[0])["metadata"]["labels"] == {"a": "1", "b": "2"}


def test_a_patch_that_takes_out_objects_leaves_those_behind_them():
    text = "resources: [all.yaml]\npatches: [{target: {name: 'a.*'}, patch: '{kind: X, $patch: delete}'}]"
    names = "\n---\n".join(f"kind: Pod\nmetadata: {{name: {name}}}" for name in ("a1", "b", "a2", "c"))
    assert [one.name for one in built(text, all__yaml=names).objects] == ["b", "c"]


OBJECTS = read(
    """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: crm, namespace: shop}
---
apiVersion: v1
kind: Service
metadata: {name: crm}
---
apiVersion: batch/v1beta1
kind: CronJob
metadata: {name: crm-jobs, namespace: shop}
""",
    "x.yaml",
)


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("{kind: Deployment}", [0]),
        ("{name: crm}", [0, 1]),
        ("{name: crm, kind: Service}", [1]),
        ("{name: 'crm.*'}", [0, 1, 2]),
        ("{name: 'crm-.*'}", [2]),
        ("{name: crm, namespace: shop}", [0]),
        ("{name: 'crm.*', namespace: shop}", [0, 2]),
        ("{name: 'crm.*', version: v1}", [0, 1]),
        ("{name: 'crm.*', version: v1beta1}", [2]),
        ("{name: 'crm.*', group: apps}", [0]),
        ("{name: 'crm.*', group: batch}", [2]),
        ("{kind: Secret}", []),
        ("{}", None),
        ("{namespace: shop}", None),
        ("{kind: Deployment, labelSelector: a=b}", None),
        ("{kind: Deployment, annotationSelector: a=b}", None),
        ("{name: '(crm|x)'}", None),
        ("{name: 'c.*m'}", None),
        ("{kind: Deployment, namespace: '^shop$'}", None),
    ],
)
def test_a_target_means_objects_by_all_that_it_says(target, found):
    assert chosen(OBJECTS, tree(target).merged()) == found


def test_a_target_that_may_say_a_namespace_alone_is_told_so():
    assert chosen(OBJECTS, tree("{namespace: shop}").merged(), ("kind", "namespace")) == [0, 2]


def filled(text, kind="Pod"):
    spec = f"{{containers: [{text}], initContainers: [{text}]}}"
    spec = spec if kind == "Pod" else f"{{template: {{spec: {spec}}}}}"
    found = parts_of(with_variables(one_object(f"kind: {kind}\nspec: {spec}"), {"WHO": tree("shop"), "a.b": tree("x")}))
    pod = found["spec"] if kind == "Pod" else found["spec"]["template"]["spec"]
    assert pod["containers"] == pod["initContainers"]
    return pod["containers"][0]


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("$(WHO)", "shop"),
        ("a-$(WHO)-$(a.b)", "a-shop-x"),
        ("$$(WHO)", "$(WHO)"),
        ("$$$(WHO)", "$shop"),
        ("$(OTHER)", "$(OTHER)"),
        ("$WHO ${WHO} $()", "$WHO ${WHO} $()"),
        ("no sign", "no sign"),
    ],
)
@pytest.mark.parametrize("kind", ["Pod", "Deployment"])
def test_variables_are_put_into_values_commands_and_arguments(kind, written, becomes):
    row = filled(f"{{env: [{{name: A, value: '{written}'}}], command: ['{written}'], args: [a, '{written}']}}", kind)
    assert row == {"env": [{"name": "A", "value": becomes}], "command": [becomes], "args": ["a", becomes]}


def test_variables_are_put_nowhere_else():
    row = "{name: $(WHO), image: $(WHO), env: [{name: $(WHO)}]}"
    assert filled(row) == {"name": "$(WHO)", "image": "$(WHO)", "env": [{"name": "$(WHO)"}]}


@pytest.mark.parametrize(
    "key",
    [
        *("transformers", "generators", "validators", "helmCharts", "helmChartInflationGenerator"),
        "configurations",
    ],
)
def test_what_is_not_followed_is_named_by_its_file_else_by_its_key(key):
    found = built(f"a: 1\n{key}:\n- x.yaml\n- {{path: y.yaml}}\n- {{name: z}}\n- |\n  kind: X\n").observed
    assert [(one.subject, one.place.line, one.place.name, one.value) for one in found] == [
        ("x.yaml", 3, key, Unfollowed.PATCH),
        ("y.yaml", 4, key, Unfollowed.PATCH),
        (key, 5, key, Unfollowed.PATCH),
        (key, 6, key, Unfollowed.PATCH),
    ]


def test_labels_with_fields_of_their_own_are_named():
    [found] = built("labels:\n- pairs: {a: 1}\n  fields: [{path: spec}]\n").observed
    assert (found.subject, found.place.line, found.place.name) == ("labels", 3, "labels")
    assert (found.place.file, found.value) == ("kustomization.yaml", Unfollowed.PATCH)


@pytest.mark.parametrize("kind", ["Namespace", "CustomResourceDefinition", "APIService"])
def test_names_that_others_rely_on_get_nothing_put_before_them(kind):
    text = f"kind: {kind}\nmetadata: {{name: crm}}\n---\nkind: Service\nmetadata: {{name: crm}}"
    found = built("resources: [all.yaml]\nnamePrefix: a-\nnameSuffix: -z\nnamespace: shop", all__yaml=text)
    assert [(one.called, one.namespace) for one in found.objects] == [("crm", ""), ("a-crm-z", "shop")]


@pytest.mark.parametrize(
    ("generator", "kind", "file", "subject"),
    [
        ("configMapGenerator", "ConfigMap", "A=b.env", "A=b.env"),
        ("secretGenerator", "Secret", "A=b.env", "line 3"),
        ("secretGenerator", "Secret", "b.env", "b.env"),
    ],
)
def test_a_file_that_is_not_there_is_named_unless_it_may_be_a_secret(generator, kind, file, subject):
    found = built(f"{generator}:\n- name: x\n  envs: [{file}]\n")
    assert [(one.subject, one.value) for one in found.observed] == [(subject, Unfollowed.MISSING)]
    assert found.generated == {(kind, "x"): {}}
