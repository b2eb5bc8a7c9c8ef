"""Strategic merge patches: which lists are merged by which key, and what their directives do, by Kubernetes' API."""

import pytest

from tests.unit.trees import plain, tree
from wizard.formats.files import SourceError
from wizard.formats.kubernetes.joined import Joined
from wizard.formats.kubernetes.strategic import merged


def patched(old, new, key="", **how):
    return plain(merged(tree(old) if old else None, tree(new, "p.yaml"), key, **how))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("containers", "name"),
        ("initContainers", "name"),
        ("ephemeralContainers", "name"),
        ("volumes", "name"),
        ("env", "name"),
        ("imagePullSecrets", "name"),
        ("volumeMounts", "mountPath"),
        ("volumeDevices", "devicePath"),
        ("hostAliases", "ip"),
        ("ports", "containerPort"),
        ("ports", "port"),
        ("topologySpreadConstraints", "topologyKey"),
    ],
)
def test_entries_of_a_list_are_told_apart_by_its_key(name, key):
    old = f"{{{name}: [{{{key}: '1', a: x}}, {{{key}: '2', a: x}}]}}"
    found = patched(old, f"{{{name}: [{{{key}: '2', b: y}}, {{{key}: '3', b: y}}]}}")
    assert found == {name: [{key: "3", "b": "y"}, {key: "1", "a": "x"}, {key: "2", "a": "x", "b": "y"}]}


@pytest.mark.parametrize("name", ["command", "args", "envFrom", "tolerations", "rules", "hosts", "paths"])
def test_a_list_without_a_key_is_replaced(name):
    old = f"{{{name}: [{{name: a, x: '1'}}, {{name: b}}]}}"
    assert patched(old, f"{{{name}: [{{name: a}}]}}") == {name: [{"name": "a"}]}


def test_the_port_of_a_container_counts_before_that_of_a_service():
    old = "{ports: [{containerPort: 80, port: 1, name: a}, {containerPort: 81, port: 2, name: b}]}"
    found = patched(old, "{ports: [{containerPort: 81, port: 1, name: c}]}")
    assert [row["name"] for row in found["ports"]] == ["a", "c"]


def test_lists_of_another_kind_are_replaced_at_every_depth():
    old, new = "{spec: {env: [{name: A}, {name: B}]}}", "{spec: {env: [{name: B}]}}"
    assert patched(old, new, keyed=False) == {"spec": {"env": [{"name": "B"}]}}
    assert patched(old, new) == {"spec": {"env": [{"name": "A"}, {"name": "B"}]}}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("{a: 1, b: 2}", "{b: 3}", {"a": "1", "b": "3"}),
        ("{a: 1, b: 2}", "{b: null}", {"a": "1"}),
        ("{a: 1}", "{b: null}", {"a": "1"}),
        ("{a: {b: 1, c: 2}}", "{a: {$patch: delete}}", {}),
        ("{a: {b: 1, c: 2}}", "{a: {$patch: replace, d: 3}}", {"a": {"d": "3"}}),
        ("{a: {b: 1, c: 2}}", "{a: {$patch: merge, d: 3}}", {"a": {"b": "1", "c": "2", "d": "3"}}),
        ("{a: {b: 1, c: 2}}", "{a: {$retainKeys: [c, d], d: 3}}", {"a": {"c": "2", "d": "3"}}),
        ("{a: {b: 1}}", "{a: {$setElementOrder/b: [], c: 2}}", {"a": {"b": "1", "c": "2"}}),
        ("{a: {b: 1}}", "{a: text}", {"a": "text"}),
        ("{a: text}", "{a: {b: 1}}", {"a": {"b": "1"}}),
        ("{a: [x]}", "{a: {b: 1}}", {"a": {"b": "1"}}),
        ("{env: text}", "{env: [{name: A}]}", {"env": [{"name": "A"}]}),
        ("{env: {b: 1}}", "{env: [{name: A}]}", {"env": [{"name": "A"}]}),
        ("{b: 1}", "{env: [{name: A}]}", {"b": "1", "env": [{"name": "A"}]}),
        ("", "{a: 1}", {"a": "1"}),
    ],
)
def test_mappings_are_merged_and_directives_obeyed(old, new, found):
    assert patched(old, new) == found


ENV = "[{name: A, value: a}, {name: B, value: b}, {name: C, value: c}]"


@pytest.mark.parametrize(
    ("new", "found"),
    [
        ("[{name: B, $patch: delete}]", ["A=a", "C=c"]),
        ("[{name: D, $patch: delete}]", ["A=a", "B=b", "C=c"]),
        ("[{$patch: replace}, {name: D, value: d}]", ["D=d"]),
        ("[{name: D, value: d}, {$patch: replace}, {name: A, $patch: delete}]", ["D=d"]),
        ("[{$patch: replace, name: B, value: d}]", ["A=a", "B=d", "C=c"]),
        ("[text, {name: B, value: d}]", ["A=a", "B=d", "C=c"]),
        ("[{name: B, $patch: delete}, {name: B, value: d}]", ["B=d", "A=a", "C=c"]),
        ("[{name: B, value: d}, {name: B, value: e}]", ["A=a", "B=e", "C=c"]),
        ("[{name: E, value: e}, {name: D, value: d}]", ["E=e", "D=d", "A=a", "B=b", "C=c"]),
        ("[]", ["A=a", "B=b", "C=c"]),
    ],
)
def test_entries_are_merged_taken_out_and_put_first(new, found):
    rows = patched(f"{{env: {ENV}}}", f"{{env: {new}}}")["env"]
    assert [f"{row['name']}={row['value']}" for row in rows] == found


def test_of_two_old_entries_of_a_name_the_first_is_changed():
    rows = patched("{env: [{name: A, value: a}, text, {name: A, value: b}]}", "{env: [{name: A, value: c}]}")["env"]
    assert rows == [{"name": "A", "value": "c"}, "text", {"name": "A", "value": "b"}]


def test_a_value_that_a_patch_repeats_stands_where_it_stood_and_another_in_the_patch():
    old, new = tree("{a: {x: 1, y: 2}}", "old.yaml"), tree("{a: {x: 1, y: 3}}", "new.yaml")
    found = merged(old, new).merged()["a"].merged()
    assert [(part.text(), part.place.file) for part in found.values()] == [("1", "old.yaml"), ("3", "new.yaml")]


@pytest.mark.parametrize(("levels", "refused"), [(64, False), (65, True)])
def test_64_levels_are_merged_and_no_more(levels, refused):
    deep = tree("x")
    for _level in range(levels):
        deep = Joined(deep, {"a": deep})
    if refused:
        with pytest.raises(SourceError, match="nested too deep"):
            merged(None, deep)
    else:
        assert merged(None, deep) is not None
