"""Values in a file of JavaScript, each in the forms in which people write them; nothing of it is run."""

import pytest

from wizard.formats.files import SourceError
from wizard.formats.units.literal import read


def _value(written):
    found = read(f"module.exports = {{ a: {written}\n}}\n", "x.js").get("a")
    return found.text if found.text is not None else found


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *[("'a'", "a"), ('"a"', "a"), ("`a`", "a"), ("'it\\'s'", "it's"), ('"\\"a\\""', '"a"'), ("`$a`", "$a")],
        *[("'a\\nb'", "a\nb"), ("'a\\tb'", "a\tb"), ("'a\\rb'", "a\rb"), ("'a\\bb'", "a\bb"), ("'a\\fb'", "a\fb")],
        *[("'a\\0b'", "a\0b"), ("'a\\\nb'", "ab"), ("'\\x41'", "A"), ("'\\u00e9'", "é"), ("'\\q'", "q")],
        *[("`a\nb`", "a\nb"), ("'${a}'", "${a}"), ("`a\\${b}`", "a${b}")],
        *[("13000", "13000"), ("-1", "-1"), ("1.50", "1.5"), ("0x10", "16"), ("1_000", "1000"), ("1e3", "1000")],
        *[("true", "true"), ("false", "false"), ("null", ""), ("undefined", "")],
        *[("'a' // 'b'", "a"), ("'a' /* b */", "a"), ("/* b */ 'a'", "a"), ("13000 // b", "13000")],
    ],
)
def test_a_plain_value_is_what_javascript_makes_of_it(written, value):
    assert _value(written) == value


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        *[("process.env.KEY", "process.env.KEY"), ("a + 'word'", "a + …"), ("f(1, 2)", "f(1, 2)"), ("`${a}`", "")],
        *[
            ("'a' + b", ""),
            ("trueish", "trueish"),
            ("x  ?  y : z", "x ? y : z"),
            ("f({ b: 1 })", "f({ b: 1 })"),
        ],
        ("f(/* word */)", "f( …"),
    ],
)
def test_an_expression_is_kept_up_to_its_first_text(written, shown):
    assert _value(written).expression == shown


def test_parts_have_their_names_and_their_lines():
    text = "module.exports = {\n  a: 'x',\n  'b-c': 1,\n\n  \"d\": [\n    'y', // z\n    { e: 'f' },\n  ],\n}\n"
    found = read(text, "x.js")
    assert [(name, part.line) for name, part in found.parts] == [("a", 2), ("b-c", 3), ("d", 5)]
    assert [one.line for one in found.get("d").items] == [6, 7]
    assert (found.along(["d"]).items[1].get("e").text, found.size) == ("f", 7)


def test_the_last_part_of_a_name_counts_and_what_is_spread_behind_hides_it():
    assert read("module.exports = { a: 1, a: 2 }", "x.js").along(["a"]).text == "2"
    assert read("module.exports = { a: 1, ...b }", "x.js").along(["a"]) is None
    assert read("module.exports = { ...b, a: 1 }", "x.js").along(["a"]).text == "1"
    assert read("module.exports = { a: 1 }", "x.js").along(["a", "b"]) is None


@pytest.mark.parametrize(
    "begin",
    ["module.exports = ", "export default ", "exports.apps = ", "module.exports.apps=", "  exports.apps = ", "", "\n "],
)
@pytest.mark.parametrize("value", ["{ a: 1 }", "[{ a: 1 }]"])
def test_what_a_module_exports_is_read(begin, value):
    found = read(f"{begin}{value}\n", "x.js")
    assert (found if value[0] == "{" else found.items[0]).get("a").text == "1"


@pytest.mark.parametrize("begin", ["module.exports = ", "export default "])
@pytest.mark.parametrize("end", ["", ";", " ;\t"])
def test_what_is_exported_by_its_name_is_the_constant(begin, end):
    assert read(f"const all = {{ a: 1 }};\n{begin}all{end}\n", "x.js").get("a").text == "1"


@pytest.mark.parametrize("value", ["'text'", "make()", "other"])
def test_a_name_of_anything_else_is_made_by_a_program(value):
    with pytest.raises(SourceError, match=r"^x\.js: what it exports is made by a program"):
        read(f"const all = {value};\nmodule.exports = all\n", "x.js")


def test_a_file_of_yaml_is_read_too():
    found = read("apps:\n  - name: crm\n    instances: 2\n", "x.yaml")
    assert found.get("apps").items[0].along(["name"]).text == "crm"
    assert (found.get("apps").items[0].get("instances").text, found.get("apps").items[0].line) == ("2", 2)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        *[
            ("module.exports = {\n a: 1\n", 1),
            ("module.exports = [\n [1, 2)\n]", 2),
            ("\n\nmodule.exports = { /* a", 3),
        ],
        *[("module.exports = {\n a: f(1\n", 2), ("module.exports = {\n a: 1 ]", 1)],
    ],
)
def test_what_is_not_closed_is_named_with_its_line(text, line):
    with pytest.raises(SourceError, match=rf"^x\.js, line {line}: what is opened here is not closed\.$"):
        read(text, "x.js")


@pytest.mark.parametrize(("deep", "problem"), [(20, ""), (21, "it is nested too deep")])
def test_twenty_brackets_in_one_another_are_read(deep, problem):
    text = f"module.exports = {'[' * (deep + 1)}{']' * (deep + 1)}"
    if problem:
        with pytest.raises(SourceError, match=problem):
            read(text, "x.js")
    else:
        assert read(text, "x.js").size == 21


@pytest.mark.parametrize(("count", "problem"), [(4999, ""), (5000, "it has too many values")])
def test_five_thousand_values_are_read(count, problem):
    text = f"module.exports = [{'1,' * count}]"
    if problem:
        with pytest.raises(SourceError, match=problem):
            read(text, "x.js")
    else:
        assert len(read(text, "x.js").items) == 4999


@pytest.mark.parametrize(("length", "is_read"), [(256 * 1024, True), (256 * 1024 + 1, False)])
def test_a_file_of_more_than_256_kibibytes_is_refused(length, is_read):
    text = "module.exports = [1]"
    text += " " * (length - len(text))
    if is_read:
        assert read(text, "x.js").items[0].text == "1"
    else:
        with pytest.raises(SourceError, match=r"x\.js is too large: it has more than 262144 characters"):
            read(text, "x.js")


@pytest.mark.parametrize(("within", "is_told"), [(5, True), (6, False)])
def test_constants_made_of_one_another_are_followed_five_times(within, is_told):
    chain = "".join(f"const c{at} = {{ x: c{at + 1}.x }};\n" for at in range(within - 1))
    text = f"{chain}const c{within - 1} = {{ x: 'y' }};\nmodule.exports = {{ a: c0.x }}\n"
    found = read(text, "x.js").get("a")
    assert (found.text == "y") == is_told


@pytest.mark.parametrize(("names", "is_told"), [(50, True), (51, False)])
def test_fifty_constants_are_looked_for(names, is_told):
    text = "".join(f"const c{at} = 'y{at}';\n" for at in range(names))
    text += f"module.exports = [{', '.join(f'c{at}' for at in range(names))}]\n"
    assert (read(text, "x.js").items[-1].text == f"y{names - 1}") == is_told
