"""A YAML document as a tree: lines and places, merge keys, and what is too large, too deep or too much."""

import pytest

from wizard.formats.cluster_file.tree import compose
from wizard.formats.files import SourceError
from wizard.plan.place import Place

TEXT = """a: 1
b:
  c: x
  list:
    - one
    - two: 2
nothing:
tilde: ~
word: null
text: "null"
"""


def told(text):
    with pytest.raises(SourceError) as refused:
        compose(text, "c.yaml").merged()
    return str(refused.value)


def test_each_part_knows_its_key_its_line_and_what_it_is():
    tree = compose(TEXT, "c.yaml")
    parts = tree.merged()
    assert (tree.line, tree.key, tree.place) == (1, "", Place("c.yaml", 1, ""))
    assert [(name, part.line, part.key) for name, part in parts.items()] == [
        ("a", 1, "a"),
        ("b", 2, "b"),
        ("nothing", 7, "nothing"),
        ("tilde", 8, "tilde"),
        ("word", 9, "word"),
        ("text", 10, "text"),
    ]
    inner = dict(parts["b"].items())
    assert (inner["c"].key, inner["c"].place) == ("b.c", Place("c.yaml", 3, "b.c"))
    assert [(row.key, row.line, row.is_mapping()) for row in inner["list"].rows()] == [
        ("b.list.0", 5, False),
        ("b.list.1", 6, True),
    ]
    assert [part.is_null() for part in parts.values()] == [False, False, True, True, True, False]
    assert [part.text() for part in parts.values() if not part.is_mapping()] == ["1", "", "", "", "null"]
    assert (inner["list"].is_list(), inner["list"].is_mapping(), parts["b"].is_list()) == (True, False, False)
    assert (dict(parts["nothing"].items()), parts["nothing"].rows(), parts["nothing"].merged()) == ({}, [], {})


def test_what_is_merged_gives_way_to_what_is_there():
    text = """
one: &one {a: 1, b: 1}
two: &two {a: 2, c: 2}
both: {<<: [*one, *two], b: 9}
single:
  <<: *two
  c: 8
"""
    parts = compose(text, "c.yaml").merged()
    assert {key: part.text() for key, part in parts["both"].merged().items()} == {"a": "1", "b": "9", "c": "2"}
    single = parts["single"].merged()
    assert {key: (part.text(), part.line, part.key) for key, part in single.items()} == {
        "a": ("2", 3, "single.a"),
        "c": ("8", 7, "single.c"),
    }


def test_no_more_than_2000_entries_are_merged():
    rows = ", ".join(f"k{number}: 1" for number in range(1998))
    assert len(compose(f"a: &a {{{rows}}}\nb: {{<<: *a, c: 1}}\n", "c.yaml").merged()["b"].merged()) == 1999
    text = f"a: &a {{{rows}, x: 1}}\nb: {{<<: *a, c: 1}}\n"
    with pytest.raises(SourceError, match=r"c\.yaml, line 1: too much is merged into one another here\."):
        compose(text, "c.yaml").merged()["b"].merged()


@pytest.mark.parametrize("text", ["a: &x {<<: *x}\n", "a: &x {b: 1, <<: [*x, *x]}\n"])
def test_what_is_merged_into_itself_is_refused(text):
    with pytest.raises(SourceError, match=r"c\.yaml, line 1: too much is merged into one another here\."):
        compose(text, "c.yaml").merged()["a"].merged()


def chain(levels):
    rows = "".join(f"a{at}: &a{at} {{<<: *a{at - 1}}}\n" for at in range(1, levels + 1))
    return compose(f"a0: &a0 {{b: 1}}\n{rows}", "c.yaml").merged()[f"a{levels}"]


def test_mappings_are_merged_in_64_levels_at_most():
    assert [*chain(64).merged()] == ["b"]
    with pytest.raises(SourceError, match="too much is merged"):
        chain(65).merged()


def test_256_kib_are_the_most_of_a_document():
    assert compose("#" * (256 * 1024 - 4) + "\na: ", "c.yaml").is_mapping()
    assert told("#" * (256 * 1024 - 3) + "\na: ") == "c.yaml is too large for a cluster file."


def test_64_levels_are_the_most():
    assert compose("[" * 64 + "]" * 64, "c.yaml").is_list()
    assert len(compose("[" + "[" * 63 + "]" * 63 + "," + "[" * 63 + "]" * 63 + "]", "c.yaml").rows()) == 2
    assert told("\n" + "[" * 65 + "]" * 65) == "c.yaml, line 2: it is not YAML: it is nested too deep."


def test_12000_values_are_the_most():
    assert len(compose("[" + "1," * 11_999 + "]", "c.yaml").rows()) == 11_999
    assert told("[" + "1," * 12_000 + "]") == "c.yaml, line 1: it is not YAML: it has too many values."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "c.yaml, line 1: the file is empty."),
        ("\n\na: [\n", "c.yaml, line 4: it is not YAML."),
        ("a: b\n\n\tc: d\n", "c.yaml, line 3: it is not YAML."),
        ("a: \x07\n", "c.yaml, line 1: it is not YAML."),
        ("a: é\nb: \t\n\x00", "c.yaml, line 3: it is not YAML."),
        ("a: *gone", "c.yaml, line 1: it is not YAML."),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line_and_quotes_nothing(text, message):
    assert told(text).startswith(message.removesuffix("."))


def test_an_anchor_twice_is_no_warning():
    assert compose("a: &x 1\nb: &x 2\nc: *x\n", "c.yaml").merged()["c"].text() == "2"
