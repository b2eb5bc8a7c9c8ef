"""Units of systemd, and literals of JavaScript: words, specifiers, variables and values, each with its line."""

import pytest

from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.files import SourceError
from wizard.formats.units import environment_file, literal, systemd
from wizard.formats.units.systemd import Unit, words
from wizard.plan.place import Place


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("a  b\tc", ["a", "b", "c"]),
        ("'a b' \"c d\"e", ["a b", "c de"]),
        ("a'b c'd", ["ab cd"]),
        ("'' \"\"", ["", ""]),
        (r"a\ \n\t\r\s\\\"\'\q", ["a\\ \n\t\r \\\"'\\q"]),
        (r'"a\"b" c', ['a"b', "c"]),
        ("'it\"s'", ['it"s']),
        ("a\\", ["a\\"]),
        ("'open", ["open"]),
    ],
)
def test_a_line_has_words_in_quotes_and_with_escapes(text, found):
    assert words(text) == found


UNIT = """[Unit]
Environment=A=outside
[Service]
# a note
Environment=A=1 "B=x y" C='z' %i=no D=%i-%%-%h E
; another
Environment="F=a \\
# inside
  b"
EnvironmentFile=-/etc/%i.env
EnvironmentFile=/etc/two
PassEnvironment=P Q
UnsetEnvironment=A Z
ExecStart=/bin/one
ExecStart=/bin/two
WorkingDirectory=-/srv/%i
Image=nocobase:2
Other=x
no sign
[Install]
Environment=G=1
"""


def at(line, name):
    return Place("a.service", line, name)


def test_a_unit_gives_its_process_what_its_section_says():
    unit = Unit()
    systemd.read(unit, UNIT, "a.service", {"i": "one"})
    assert {name: (one.value, one.line) for name, one in unit.variables.items()} == {
        "A": ("1", 5),
        "B": ("x y", 5),
        "C": ("z", 5),
        "D": ("one-%-%h", 5),
        "F": ("a b", 7),
    }
    assert unit.variables["A"] == Assignment("A", "1", 5, quote="'", file="a.service")
    assert {name: (one.value, one.named, one.unset) for name, one in unit.expressions.items()} == {
        "D": (None, ("%h",), ("%h",))
    }
    assert unit.files == [("-/etc/one.env", at(10, "EnvironmentFile")), ("/etc/two", at(11, "EnvironmentFile"))]
    assert unit.passed == {"P": at(12, "PassEnvironment"), "Q": at(12, "PassEnvironment")}
    assert unit.unset == {"A", "Z"}
    assert unit.start == [("/bin/one", at(14, "ExecStart")), ("/bin/two", at(15, "ExecStart"))]
    assert (unit.folder, unit.image, unit.place) == ("/srv/one", "nocobase:2", Place("a.service", 3, "Service"))


def test_an_empty_value_in_a_drop_in_takes_back_what_was_said():
    unit = Unit()
    systemd.read(unit, UNIT, "a.service", {})
    assert unit.variables["D"].value == "%i-%-%h"
    assert unit.expressions["D"].named == ("%i", "%h")
    keys = ("Environment", "EnvironmentFile", "PassEnvironment", "UnsetEnvironment", "ExecStart")
    systemd.read(unit, "[Service]\n" + "".join(f"{key}=\n" for key in keys) + "Environment=D=1\n", "b.conf", {})
    assert {name: one.value for name, one in unit.variables.items()} == {"D": "1"}
    assert (unit.expressions, unit.files, unit.passed, unit.unset, unit.start) == ({}, [], {}, set(), [])
    assert unit.place == Place("a.service", 3, "Service")


def test_a_variable_that_is_said_anew_is_no_expression_any_more():
    unit = Unit()
    systemd.read(unit, "[Service]\nEnvironment=A=%h\nEnvironment=A=1\n", "a.service", {})
    assert (unit.variables["A"].value, unit.expressions) == ("1", {})


@pytest.mark.parametrize("value", ["/srv/x", "-/srv/x"])
def test_a_folder_may_be_missing_where_a_dash_says_so(value):
    unit = Unit()
    systemd.read(unit, f"[Service]\nWorkingDirectory={value}\n", "a.service", {})
    assert unit.folder == "/srv/x"


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("Environment=A=1 \\\n\nB=2\n", {"A": "1"}),
        ("Environment=A=1 \\\n# a note\nB=2\n", {"A": "1", "B": "2"}),
        ("\n\nEnvironment=A=1\n\n", {"A": "1"}),
        ("Environment=A=1\nEnvironment\n", {"A": "1"}),
        ("Environment=A=1 \\", {"A": "1"}),
        ("Environment=A=1\\\nB=2\n", {"A": "1", "B": "2"}),
    ],
)
def test_a_line_goes_on_behind_a_backslash_up_to_an_empty_one(text, variables):
    unit = Unit()
    systemd.read(unit, f"[Service]\n{text}", "a.service", {})
    assert {name: one.value for name, one in unit.variables.items()} == variables


def test_a_unit_that_starts_nothing_has_no_place():
    unit = Unit()
    systemd.read(unit, "[Timer]\nEnvironment=A=1\n", "a.timer", {})
    assert (unit.place, unit.variables) == (None, {})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("X=1", "1"),
        (" X =  a b \t", "a b"),
        ("X=a#b ;c", "a#b ;c"),
        ("X='a b'  # c", "a b# c"),
        ("X='x y' z", "x yz"),
        ("X='a \\n $b'", "a \\n $b"),
        ('X="a \\"b\\" \\$c \\` \\\\ \\n"', 'a "b" $c ` \\ \\n'),
        ('X="a\nb"', "a\nb"),
        ('X="a\\\nb"', "ab"),
        ("X=a\\\nb", "ab"),
        ("X=back\\slash", "backslash"),
        ('X=a"b c"d', 'a"b c"d'),
        ("X=a\\ ", "a "),
        ("X=", ""),
        ("X=1\r\nY=2\r\n", "1"),
        ("# X=0\n;X=0\nX=1", "1"),
        ("X=1\nX=2", "2"),
        ('X="open', "open"),
    ],
)
def test_a_value_is_what_systemd_makes_of_it(text, value):
    read = environment_file.read(text, "a.env")
    assert (read.variables["X"].value, read.ignored) == (value, ())


def test_a_variable_of_a_file_says_where_it_stands():
    assert environment_file.read("\nAXB=1\n", "a.env").variables == {
        "AXB": Assignment("AXB", "1", 2, quote="'", file="a.env")
    }


def test_lines_that_systemd_passes_over_are_known():
    read = environment_file.read("export D=4\n2G=1\nH\n=1\nI-J=1\nK=x\n", "a.env")
    assert {name: one.line for name, one in read.variables.items()} == {"K": 6}
    assert read.ignored == (1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("file", "known"),
    [
        ("crm.service", {"n": "crm.service", "N": "crm", "p": "crm", "P": "crm", "j": "crm", "J": "crm"}),
        ("a-b.service", {"n": "a-b.service", "N": "a-b", "p": "a-b", "P": "a/b", "j": "b", "J": "b"}),
        ("/x/c@d-e\\x2d.service", {"n": "c@d-e\\x2d.service", "p": "c", "i": "d-e\\x2d", "I": "d/e-"}),
        ("c@.service", {"p": "c"}),
        ("printed.txt", {}),
    ],
)
def test_the_name_of_a_unit_tells_specifiers(file, known):
    found = systemd.specifiers(file)
    assert {key: found.get(key) for key in known} == known
    assert ("i" in found) is ("i" in known)


@pytest.mark.parametrize(
    ("file", "folders"),
    [
        ("crm.service", ["crm.service.d", "service.d"]),
        ("a-b-c.service", ["a-b-c.service.d", "a-b-.service.d", "a-.service.d", "service.d"]),
        ("c@d.service", ["c@d.service.d", "c@.service.d", "service.d"]),
        ("c@.service", ["c@.service.d", "service.d"]),
        ("a--b.service", ["a--b.service.d", "a--.service.d", "a-.service.d", "service.d"]),
        (
            "a-b@c.service",
            ["a-b@c.service.d", "a-b@.service.d", "a-.service.d", "a-@c.service.d", "a-@.service.d", "service.d"],
        ),
    ],
)
def test_a_unit_gets_the_drop_ins_of_several_folders(file, folders):
    assert systemd.drop_ins(file) == folders


@pytest.mark.parametrize(("letters", "folders"), [(247, 2), (248, 0)])
def test_a_name_that_no_unit_can_have_has_no_drop_ins(letters, folders):
    assert len(systemd.drop_ins(f"{'a' * letters}.service")) == folders


def shown(found):
    """Return a literal as plain data: expressions in angle brackets, each value with its line."""
    if found.items is not None:
        return [shown(item) for item in found.items]
    if found.parts is not None:
        return {name: shown(part) for name, part in found.parts}
    return (found.text if found.text is not None else f"<{found.expression}>", found.line)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("module.exports = {}", {}),
        ("const x = 1;\nexport default [1, 'a']", [("1", 2), ("a", 2)]),
        (' { "a" : 1 , } ', {"a": ("1", 1)}),
        (
            "[true, false, null, undefined, -1.5, 0x1f]",
            [(text, 1) for text in ("true", "false", "", "", "-1.5", "31")],
        ),
        (
            "{ // a\n a: \"x\", /* b\n */ 'b c': `y`,\n \"d\": 'it\\'s' }",
            {"a": ("x", 2), "b c": ("y", 3), "d": ("it's", 4)},
        ),
        ('["\\n\\t\\r\\b\\f\\0\\x41\\u00e9\\q"]', [("\n\t\r\b\f\0A\u00e9q", 1)]),
        (
            "{ a: f(1, [2]), b: x || 'y,', ...more, m() { return 1 }, c: `${z}` }",
            {
                "a": ("<f(1, [2])>", 1),
                "b": ("<x || …>", 1),
                "…1": ("<m() { return 1 }>", 1),
                "c": ("<>", 1),
            },
        ),
        ("{ : 1, a: 2 }", {"…1": ("<: 1>", 1), "a": ("2", 1)}),
        ("[1 + 2, 'a' + b, 5]", [("<1 + 2>", 1), ("<>", 1), ("5", 1)]),
        ("[f('),'), 2]", [("<f( …>", 1), ("2", 1)]),
        ("{a: {b: [{c: 1}]}}", {"a": {"b": [{"c": ("1", 1)}]}}),
    ],
)
def test_literals_are_read_and_expressions_are_kept_as_such(text, found):
    assert shown(literal.read(text, "a.js")) == found


def test_of_several_parts_of_one_name_the_last_counts():
    found = literal.read("{a: 1, a: 2}", "a.js")
    assert found.get("a").text == "2"
    assert found.get("b") is None
    assert literal.read("[1]", "a.js").get("a") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("const a = 1", "a.js: what it exports is made by a program, and no program is run to be read."),
        ("{\na: [1,\n", "a.js, line 2: what is opened here is not closed."),
        ("{a: f(1", "a.js, line 1: what is opened here is not closed."),
        ("[1)", "a.js, line 1: what is opened here is not closed."),
        ("{\na: 1, /* open\n", "a.js, line 2: what is opened here is not closed."),
        ("{\na: x " + "'\n" * 101 + "}", "a.js, line 2: what is opened here is not closed."),
        ("\n" + "[" * 22, "a.js, line 2: it is nested too deep."),
        ("[" + "1," * 5000 + "]", "a.js, line 1: it has too many values."),
    ],
)
def test_what_is_no_literal_is_told_with_its_line(text, message):
    with pytest.raises(SourceError) as refused:
        literal.read(text, "a.js")
    assert str(refused.value) == message


def test_a_constant_that_is_exported_is_read_by_its_name():
    assert shown(literal.read("const b = {c: 1};\nconst a = {d: 2};\nmodule.exports = a;\n", "a.js")) == {"d": ("2", 2)}


def test_a_hundred_quotes_without_an_end_are_the_most():
    assert literal.read("{a: x " + "'\n" * 100 + "}", "a.js").get("a").expression == "x …"


def test_twenty_levels_and_5000_values_are_the_most():
    assert literal.read("[" * 21 + "]" * 21, "a.js").items
    assert len(literal.read("[" + "1," * 4999 + "]", "a.js").items) == 4999
