"""JSON patches upon trees: what each operation of RFC 6902 does, where in a list, and what is refused whole."""

import pytest

from tests.unit.trees import plain, tree
from wizard.formats.kubernetes.json_patch import patched

TREE = "{a: 1, b: {c: x, 'd/e': y, 'f~g': z, '~1': w}, l: [p, q, {m: n}], none: null, empty: []}"


def after(operations, text=TREE):
    return plain(patched(tree(text), tree(operations, "patch.yaml")))


def one(operation, text=TREE):
    return after(f"[{operation}]", text)


@pytest.mark.parametrize(
    ("operation", "path", "found"),
    [
        ("{op: add, path: /l/0, value: new}", "l", ["new", "p", "q", {"m": "n"}]),
        ("{op: add, path: /l/1, value: new}", "l", ["p", "new", "q", {"m": "n"}]),
        ("{op: add, path: /l/2, value: new}", "l", ["p", "q", "new", {"m": "n"}]),
        ("{op: add, path: /l/3, value: new}", "l", ["p", "q", {"m": "n"}, "new"]),
        ("{op: add, path: /l/-, value: new}", "l", ["p", "q", {"m": "n"}, "new"]),
        ("{op: add, path: /empty/0, value: new}", "empty", ["new"]),
        ("{op: add, path: /empty/-, value: new}", "empty", ["new"]),
        ("{op: replace, path: /l/0, value: new}", "l", ["new", "q", {"m": "n"}]),
        ("{op: replace, path: /l/2, value: new}", "l", ["p", "q", "new"]),
        ("{op: replace, path: /l/2/m, value: new}", "l", ["p", "q", {"m": "new"}]),
        ("{op: add, path: /l/2/o, value: new}", "l", ["p", "q", {"m": "n", "o": "new"}]),
        ("{op: replace, path: /l/000000001, value: new}", "l", ["p", "new", {"m": "n"}]),
        ("{op: remove, path: /l/0}", "l", ["q", {"m": "n"}]),
        ("{op: remove, path: /l/2}", "l", ["p", "q"]),
        ("{op: remove, path: /l/2/m}", "l", ["p", "q", {}]),
        ("{op: add, path: /a, value: '2'}", "a", "2"),
        ("{op: replace, path: /a, value: {x: y}}", "a", {"x": "y"}),
        ("{op: add, path: /a, value: null}", "a", None),
        ("{op: copy, from: /l/1, path: /a}", "a", "q"),
        ("{op: copy, from: /l/1, path: /l/0}", "l", ["q", "p", "q", {"m": "n"}]),
        ("{op: copy, from: /l/1, path: /l/-}", "l", ["p", "q", {"m": "n"}, "q"]),
        ("{op: move, from: /l/0, path: /l/-}", "l", ["q", {"m": "n"}, "p"]),
        ("{op: move, from: /l/2, path: /l/0}", "l", [{"m": "n"}, "p", "q"]),
        ("{op: move, from: /l/0, path: /l/2}", "l", ["q", {"m": "n"}, "p"]),
        ("{op: move, from: /b/c, path: /a}", "a", "x"),
        ("{op: copy, from: /b/c, path: /new}", "new", "x"),
    ],
)
def test_an_operation_changes_what_its_path_names(operation, path, found):
    assert one(operation)[path] == found


@pytest.mark.parametrize(
    ("path", "key"), [("d~1e", "d/e"), ("f~0g", "f~g"), ("~01", "~1")]
)  # section 4 of RFC 6901: “~01” is “~1”, never “/”
def test_a_slash_and_a_tilde_of_a_key_are_written_with_a_tilde(path, key):
    assert one(f"{{op: replace, path: /b/{path}, value: new}}")["b"][key] == "new"


def test_what_is_moved_is_no_longer_where_it_was_and_what_is_copied_is():
    assert one("{op: move, from: /b/c, path: /a}")["b"] == {"d/e": "y", "f~g": "z", "~1": "w"}
    assert one("{op: copy, from: /b/c, path: /a}")["b"]["c"] == "x"
    assert list(one("{op: remove, path: /b}")) == ["a", "l", "none", "empty"]


@pytest.mark.parametrize(
    "operation",
    [
        "{op: replace, path: /new, value: x}",
        "{op: remove, path: /new}",
        "{op: copy, from: /new, path: /a}",
        "{op: move, from: /new, path: /a}",
        "{op: add, path: /new/x, value: x}",
        "{op: add, path: /l/4, value: x}",
        "{op: replace, path: /l/3, value: x}",
        "{op: remove, path: /l/3}",
        "{op: replace, path: /l/-, value: x}",
        "{op: remove, path: /l/-}",
        "{op: copy, from: /l/-, path: /a}",
        "{op: copy, from: /l/3, path: /a}",
        "{op: add, path: /l/x, value: x}",
        "{op: add, path: /l/+1, value: x}",
        "{op: replace, path: /l/0000000001, value: x}",
        "{op: add, path: /a/0, value: x}",
        "{op: add, path: /a/-, value: x}",
        "{op: remove, path: /a/0}",
        "{op: remove, path: /a/0/0}",
        "{op: add, path: a, value: x}",
        "{op: add, path: '', value: x}",
        "{op: add, value: x}",
        "{op: copy, from: a, path: /a}",
        "{op: add, path: /a}",
        "{op: replace, path: /a}",
        "{op: swap, path: /a, value: x}",
        "{path: /a, value: x}",
        "{op: test, path: /a}",
        "[op]",
        "op",
    ],
)
def test_what_has_nothing_to_change_or_is_no_operation_is_refused(operation):
    with pytest.raises(LookupError):
        one(operation)


@pytest.mark.parametrize(
    ("path", "value", "same"),
    [
        ("/a", "1", True),
        ("/a", "2", False),
        ("/a", "'1'", False),  # a number is no text of the same signs
        ("/a", "[1]", False),
        ("/a", "{a: 1}", False),
        ("/l", "[p, q, {m: n}]", True),
        ("/l", "[q, p, {m: n}]", False),
        ("/l", "[p, q, {m: o}]", False),
        ("/l", "[p, q]", False),
        ("/l", "[p, q, {m: n}, r]", False),
        ("/l", "[]", False),
        ("/l", "{p: q}", False),
        ("/l", "p", False),
        ("/l/2", "{m: n}", True),
        ("/l/2", "{m: n, o: p}", False),
        ("/l/2", "{}", False),
        ("/l/2", "{o: n}", False),
        ("/l/2", "[m]", False),
        ("/b", "{'~1': w, 'f~g': z, 'd/e': y, c: x}", True),  # their order tells nothing
        ("/none", "null", True),
        ("/none", "'null'", False),
        ("/empty", "[]", True),
        ("/empty", "{}", False),
    ],
)
def test_a_test_lets_go_on_with_the_same_value_alone(path, value, same):
    operations = f"[{{op: test, path: {path}, value: {value}}}, {{op: remove, path: /a}}]"
    if same:
        assert "a" not in after(operations)
    else:
        with pytest.raises(LookupError):
            after(operations)


def test_a_list_is_no_mapping_whatever_they_are_marked_with():
    with pytest.raises(LookupError):
        one("{op: test, path: /a, value: !x [a]}", "{a: !x {a: b}}")


def test_operations_are_done_one_after_the_other():
    in_turn = "[{op: add, path: /a, value: {b: x}}, {op: copy, from: /a/b, path: /l/0}, {op: remove, path: /a}]"
    found = after(in_turn)
    assert "a" not in found
    assert found["l"] == ["x", "p", "q", {"m": "n"}]


@pytest.mark.parametrize("operations", ["[]", "{op: remove, path: /a}", "text"])
def test_what_is_no_list_of_operations_changes_nothing(operations):
    assert after(operations) == plain(tree(TREE))


def test_a_path_has_as_many_steps_as_a_tree_may_be_deep():
    deepest = "{a: " * 63 + "{}" + "}" * 63
    assert one(f"{{op: add, path: {'/a' * 64}, value: x}}", deepest)
    deeper = f"[{{op: add, path: {'/a' * 64}, value: {{b: x}}}}, {{op: %s}}]"
    assert after(deeper % f"copy, from: {'/a' * 64}, path: /b", deepest)["b"] == {"b": "x"}
    with pytest.raises(LookupError):
        after(deeper % f"copy, from: {'/a' * 64}/b, path: /b", deepest)
