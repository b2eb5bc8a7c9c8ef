"""Variables as other programs list them, each form at its edges."""

import json

import pytest

from wizard.app.open_source import open_source
from wizard.formats.files import SourceError
from wizard.formats.variable_lists import Listed, env_line, in_command, in_json, in_lists


def _json(value):
    found = in_json(json.dumps(value))
    return {one.name: one.value for one in found.variables}


@pytest.mark.parametrize("key", ["env", "environment", "variables", "envVars", "stringData", "ENV", "Environment"])
def test_names_below_a_key_for_variables_may_be_of_any_case(key):
    assert _json({key: {"app_port": "13000", "Nested": {"A": "b"}}}) == {"app_port": "13000"}


def test_names_below_another_key_are_variables_where_all_are_capitals_at_the_outermost_alone():
    assert _json({"APP_KEY": "a", "DB_HOST": "b"}) == {"APP_KEY": "a", "DB_HOST": "b"}
    assert _json({"APP_KEY": "a", "other": "b"}) == {}
    assert _json({"other": {"APP_KEY": "a"}}) == {}


def test_what_stands_beside_variables_as_a_list_or_a_mapping_is_looked_into():
    value = {"APP_KEY": "a", "LIST": [{"name": "DB_HOST", "value": "b"}], "MORE": {"env": {"DB_PORT": 1}}}
    assert _json(value) == {"APP_KEY": "a", "DB_HOST": "b", "DB_PORT": "1"}


@pytest.mark.parametrize(
    ("value", "told"), [(True, "true"), (False, "false"), (13000, "13000"), (1.5, "1.5"), (None, None), ("x", "x")]
)
def test_a_scalar_is_told_as_a_program_gets_it(value, told):
    assert _json({"NAME": value}) == {"NAME": told}


@pytest.mark.parametrize(
    ("item", "found"),
    [
        ({"name": "A_B", "value": "x"}, {"A_B": "x"}),
        ({"name": "A_B", "valueFrom": {"secretKeyRef": {}}}, {"A_B": None}),
        ({"name": "A_B", "value": {"x": 1}}, {"A_B": None}),
        ({"name": "A_B"}, {}),
        ({"name": 1, "value": "x"}, {}),
        ("A_B=x=y", {"A_B": "x=y"}),
        ("a_b=x", {}),
        ("A_B", {}),
    ],
)
def test_an_item_of_a_list_is_a_variable_by_its_form(item, found):
    assert _json([item]) == found


@pytest.mark.parametrize(("deep", "found"), [(12, {"A": "b"}), (13, {})])
def test_what_is_nested_more_than_twelve_deep_is_not_looked_at(deep, found):
    value = [{"name": "A", "value": "b"}]
    for _ in range(deep):
        value = {"x": value}
    assert _json(value) == found


@pytest.mark.parametrize("text", ['"APP_KEY": "a",', '{"APP_KEY": "a"}', ' {"APP_KEY": "a"}, '])
def test_members_that_were_cut_out_are_read(text):
    assert [(one.name, one.value) for one in in_json(text).variables] == [("APP_KEY", "a")]


@pytest.mark.parametrize("text", ["APP_KEY=a", '"APP_KEY" "a"', "[" * 100_000])
def test_other_texts_are_no_json(text):
    assert in_json(text) is None


@pytest.mark.parametrize(("between", "line"), [(16, 3), (16 * 1024 + 1, 1)])
def test_a_variable_has_its_line_where_it_is_not_far_from_the_one_before(between, line):
    text = f'{{"A": "{"x" * between}",\n\n"B": "y"}}'
    assert [(one.name, one.line) for one in in_json(text).variables] == [("A", 1), ("B", line)]


def _lists(*lines):
    left, found = in_lists(lines)
    return left, [(one.name, one.value, one.line) for one in found.variables]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("plain", "plain"),
        ("plain # note", "plain"),
        ("a#b", "a#b"),
        ("'it''s' # note", "it's"),
        (r'"a\tb"', "a\tb"),
        (r'"a\qb"', r"a\qb"),
        ("", ""),
        ("'", "'"),
    ],
)
def test_a_value_is_read_as_yaml_has_it(written, value):
    assert _lists("- name: A", f"  value: {written}") == (["", ""], [("A", value, 1)])


def test_a_key_above_and_what_names_the_secret_are_left_out():
    lines = [
        "  env:  # all",
        "  - name: A",
        "    valueFrom:",
        "      secretKeyRef:",
        "",
        "        name: s",
        "  tty: true",
    ]
    assert _lists(*lines) == (["", "", "", "", "", "", "  tty: true"], [("A", None, 2)])


@pytest.mark.parametrize("blanks", [0, 1, 2])
def test_a_value_stands_up_to_three_lines_behind_its_name(blanks):
    left, found = _lists("- name: A", *[""] * blanks, "  value: x")
    assert (found, any(left)) == ([("A", "x", 1)], False)


@pytest.mark.parametrize("below", [["", "", "", "  value: x"], ["- value: x"], ["  image: x"], []])
def test_a_name_without_a_value_beside_it_is_another_programs(below):
    assert _lists("- name: A", *below) == (["- name: A", *below], [])


@pytest.mark.parametrize("head", ["env:", "environment:", "variables:", "stringData:"])
def test_a_head_alone_is_left_out(head):
    assert _lists(head, "A=b") == (["", "A=b"], [])


def _command(line):
    found = in_command(line, 7)
    return None if found is None else ({one.name: one.value for one in found.variables}, dict(found.files))


@pytest.mark.parametrize("program", ["docker", "podman", "nerdctl", "docker-compose", "/usr/bin/docker", "sudo docker"])
@pytest.mark.parametrize("starts", ["run", "create", "exec"])
def test_a_command_that_starts_a_container_gives_its_variables(program, starts):
    line = f"{program} {starts} -e A=b --env C=d --env=E=f -eG=h -e I --env-file x.env --env-file=y.env image"
    assert _command(line) == ({"A": "b", "C": "d", "E": "f", "G": "h", "I": None}, {"x.env": 7, "y.env": 7})


@pytest.mark.parametrize("line", ["docker pull image", "# docker run -e A=b image", "docker build -t run ."])
def test_other_commands_give_none(line):
    found = _command(line)
    assert found is None or found == ({}, {})


def test_what_the_shell_alone_knows_has_no_value():
    assert _command("docker run -e A=$B -e C=d$E image") == ({"A": None, "C": "d$E"}, {})


@pytest.mark.parametrize("before", ["", "export ", "env ", "set ", "$ "])
def test_several_assignments_on_one_line_are_several_variables(before):
    assert _command(f"{before}A=b C=d") == ({"A": "b", "C": "d"}, {})
    assert _command(f"{before}A=b C=d node app") == ({"A": "b", "C": "d"}, {})


def test_one_assignment_is_left_to_the_reader_of_env_files():
    assert _command("A=b") is None
    assert _command("A=b c C=d") is None


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("plain", "A='plain'"),
        ("it's", 'A="it\'s"'),
        ('it\'s "here"', 'A=`it\'s "here"`'),
        ("it's \\n", "A=`it's \\n`"),
        ("ends\\", None),
        ("'\"`", None),
        (None, None),
    ],
)
def test_a_variable_is_quoted_so_that_the_reader_takes_it_as_it_is(value, line):
    assert env_line(Listed("A", value, 1)) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"DB_DIALECT": "postgres",\n "DB_PASSWORD": "hunter2', 2),
        ('{"DB_DIALECT": "postgres",\n "DB_PASSWORD": hunter2}', 2),
        ('{"DB_DIALECT": "postgres",\n "DB_PASSWORD": "hunter2"\n', 3),
    ],
)
def test_json_that_is_cut_off_or_broken_is_refused_with_its_line(tmp_path, text, line):
    (tmp_path / "env.json").write_text(text)
    with pytest.raises(SourceError) as refused:
        open_source(str(tmp_path / "env.json"))
    assert f"env.json, line {line}: its JSON is cut off or broken there." in str(refused.value)
    assert "hunter2" not in str(refused.value)
