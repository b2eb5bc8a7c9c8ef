"""Which values Kubernetes refuses for how they are written: numbers in quotes, and texts without them."""

import pytest

from tests.unit.trees import tree
from wizard.formats.kubernetes.objects import Object, read
from wizard.formats.kubernetes.scalars import refused
from wizard.plan.observed import Topic


def told(text, kind="Deployment"):
    """Return the key and the form of each value that is refused in an object with these parts."""
    head = f"kind: {kind}\nmetadata: {{name: crm}}\n" if kind else ""
    return [(one.place.name, one.value) for one in refused(read(head + text, "x.yaml"))]


@pytest.mark.parametrize(
    "kind",
    [
        *("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod"),
        *("Service", "Ingress", "ConfigMap", "Secret", "PersistentVolumeClaim"),
    ],
)
def test_each_kind_that_a_cluster_is_made_of_is_looked_through(kind):
    [found] = refused(read(f"kind: {kind}\nmetadata:\n  name: crm\n  labels:\n    tier: 1\n", "x.yaml"))
    assert (found.topic, found.subject, found.value) == (Topic.WRITTEN, f"{kind} crm", "unquoted")
    assert (found.place.file, found.place.line, found.place.name) == ("x.yaml", 5, "tier")


@pytest.mark.parametrize("kind", ["Rollout", "Certificate", ""])
def test_kinds_whose_fields_are_not_known_are_not_judged(kind):
    assert told("spec: {replicas: '1', labels: {a: 1}}", kind) == []


def test_an_object_without_a_name_is_called_by_its_kind():
    [found] = refused(read("kind: Service\nspec: {selector: {a: 1}}", "x.yaml"))
    assert found.subject == "Service"


@pytest.mark.parametrize(
    "key",
    [
        *("replicas", "minReadySeconds", "progressDeadlineSeconds", "revisionHistoryLimit", "containerPort"),
        *("hostPort", "nodePort", "periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold"),
        *("initialDelaySeconds", "terminationGracePeriodSeconds", "runAsUser", "runAsGroup", "fsGroup", "maxSkew"),
    ],
)
def test_a_number_in_quotes_is_refused(key):
    assert told(f"spec: {{{key}: '30'}}") == [(key, "quoted")]
    assert told(f'spec: {{a: [{{{key}: "30"}}]}}') == [(key, "quoted")]
    assert told(f"spec: {{{key}: 30}}") == []


@pytest.mark.parametrize(
    "key",
    [
        *("enableServiceLinks", "automountServiceAccountToken", "hostNetwork", "readOnly", "optional"),
        *("allowPrivilegeEscalation", "runAsNonRoot", "readOnlyRootFilesystem", "privileged"),
    ],
)
def test_true_and_false_in_quotes_are_refused(key):
    assert told(f"spec: {{{key}: 'true'}}") == [(key, "quoted")]
    assert told(f"spec: {{{key}: false}}") == []


@pytest.mark.parametrize("key", ["port", "targetPort", "number"])
def test_a_port_in_quotes_is_refused_and_a_name_is_none(key):
    assert told(f"spec: {{{key}: '80'}}") == [(key, "quoted")]
    assert told(f"spec: {{{key}: 'http'}}") == told(f"spec: {{{key}: 80}}") == told(f"spec: {{{key}: '80a'}}") == []


@pytest.mark.parametrize("key", ["path", "schedule", "name"])
def test_another_key_may_have_digits_in_quotes(key):
    assert told(f"spec: {{{key}: '80'}}") == []


TEXTS = ["data", "stringData", "labels", "annotations", "matchLabels", "nodeSelector", "selector"]


@pytest.mark.parametrize("key", TEXTS)
def test_a_number_below_a_key_of_texts_is_refused_without_quotes(key):
    assert told(f"{key}: {{a: 80}}") == told(f"spec: {{x: {{{key}: {{a: true}}}}}}") == [("a", "unquoted")]
    assert told(f"{key}: {{a: '80', b: eighty}}") == []


@pytest.mark.parametrize("key", TEXTS[:-1])
def test_what_is_a_number_elsewhere_may_stand_in_quotes_below_a_key_of_texts(key):
    assert told(f"{key}: {{replicas: '2', port: '80'}}") == []


@pytest.mark.parametrize("key", ["command", "args"])
def test_a_number_among_words_of_a_command_is_refused_without_quotes(key):
    assert told(f"spec: {{{key}: [sleep, 30, '30']}}") == [(key, "unquoted")]


def test_the_value_of_a_variable_is_a_text_and_that_of_another_list_may_be_none():
    assert told("spec: {env: [{name: A, value: 30}]}") == [("value", "unquoted")]
    assert told("spec: {env: [{name: A, value: '30'}, {name: 30}]}") == told("spec: {other: [{value: 30}]}") == []


@pytest.mark.parametrize(
    "value",
    [
        *("0", "42", "-42", "+42", "1_000", "1.5", "1.", ".5", "-.5", "1e3", "1E+3", "1.5e-3"),
        *("0x1F", "0xaf", "017", "0o17"),
        *("true", "True", "TRUE", "false", "False", "FALSE", "yes", "Yes", "YES", "no", "No", "NO"),
        *("on", "On", "ON", "off", "Off", "OFF"),
    ],
)
def test_what_yaml_takes_for_a_number_or_for_true_is_no_text(value):
    assert told(f"data: {{a: {value}}}") == [("a", "unquoted")]
    assert told(f"data: {{a: '{value}'}}") == []


@pytest.mark.parametrize(
    "value", ["a", "1a", "1.2.3", "0x", "0xg", "e3", "1e", "tRUE", "yEs", "nO", "oN", "truely", "10Gi", "-", ".", "x1"]
)
def test_other_words_are_texts_without_quotes(value):
    assert told(f"data: {{a: {value}}}") == []


@pytest.mark.parametrize(("above", "seen"), [(22, True), (23, False)])
@pytest.mark.parametrize("form", ["a: {%s}", "a: [%s]"])
def test_values_are_looked_for_24_levels_deep(above, seen, form):
    inner = "labels: {tier: 1}"
    for _level in range(above):
        inner = form % (inner if "{" in form else f"{{{inner}}}") if form.startswith("a: {") else f"a: {{{inner}}}"
    assert bool(told(f"spec: {{{inner}}}")) is seen


@pytest.mark.parametrize(("before", "seen"), [(19_997, True), (19_998, False)])
def test_the_first_20_000_values_are_looked_at(before, seen):
    word, number = tree("x"), tree("30")
    rows = tree("[]")
    rows.rows = lambda: [word] * before + [number]
    found = [*refused([Object({"kind": tree("Pod"), "args": rows})])]
    assert bool(found) is seen
