"""When a constant of a module may be taken for what it was set to: nothing in the file may change it."""

import pytest

from wizard.formats.files import SourceError
from wizard.formats.units.literal import read


def _told(text):
    """Return what the part `a` of the export is, or None where it is an expression."""
    found = read(text, "x.js")
    one = found.get("a") if found.parts is not None else found.items[0].get("a")
    return one.text if one is not None and one.text is not None else None


def _module(between, export="module.exports = { a: D.H }"):
    return f"const D = {{ H: 'y' }};\n{between}\n{export};\n"


@pytest.mark.parametrize(
    "between",
    [
        *["", "// D.H = 1", "/* D = 2 */", "const t = 'D.H = 1';", "const t = `D = 1`;", "x.D = 1;", "f({ D: 1 });"],
        *["const t = 'a' + D.H;", "const t = `${D.H}`;", "const o = { h: D.H };", "const l = [D.H, 1];", "if (1) {}"],
        *["const o = { ...D };", "D.H === 1;", "const o = { D };", "const e = { x: D };"],
    ],
)
def test_what_only_reads_a_constant_leaves_it(between):
    assert _told(_module(between)) == "y"


@pytest.mark.parametrize(
    "between",
    [
        *["D.H = 'z';", "D.H += 'z';", "D.H >>>= 1;", "D.H++;", "--D.H;", "delete D.H;", "D['H'] = 'z';", "D.set();"],
        *["D = { H: 'z' };", "f(D);", "new F(D);", "Object.assign(D, x);", "for (D of x) {}", "for (D.H in x) {}"],
        *["[D.H] = x;", "({ x: D.H } = y);", "function f(D) {}", "(D) => 1;", "D => 1;", "const e = D;\ne.H = 'z';"],
        *["const o = { x: D };\no.x.H = 'z';", "const o = [D];\no[0].H = 'z';", "const o = { x: D };\nf(o);"],
        *["import D from 'x';", "D`x`;", "D ? 1 : 2;", "label: D: 1;", "x = D;"],
    ],
)
def test_what_may_change_a_constant_leaves_nothing_to_tell(between):
    assert _told(_module(between)) is None


@pytest.mark.parametrize("word", ["const", "let", "var", "export const"])
def test_a_constant_is_declared_at_the_beginning_of_a_line(word):
    assert _told(f"{word} D = {{ H: 'y' }};\nmodule.exports = {{ a: D.H }};\n") == "y"
    assert _told(f"  {word} D = {{ H: 'y' }};\nmodule.exports = {{ a: D.H }};\n") is None


@pytest.mark.parametrize("before", ["", "f\n", "export\n", "if (x)\n"])
def test_a_name_that_is_only_given_a_value_is_none(before):
    assert _told(f"{before}D = {{ H: 'y' }};\nmodule.exports = {{ a: D.H }};\n") is None


@pytest.mark.parametrize("export", ["exports.apps = [D]", "module.exports.apps = [D]", "module.exports = [D]"])
def test_a_constant_may_stand_in_what_is_exported(export):
    found = read(f"const D = {{ a: 'y' }};\n{export};\n", "x.js")
    assert found.items[0].get("a").text == "y"


def test_a_part_of_a_part_that_is_handed_on_is_changed_where_it_is_no_text():
    deep = "const D = { X: { Y: { H: 'y' } } };\n"
    assert _told(f"{deep}f(D.X.Y.H);\nmodule.exports = {{ a: D.X.Y.H }};\n") == "y"
    assert _told(f"{deep}f(D.X.Y);\nmodule.exports = {{ a: D.X.Y.H }};\n") is None


def test_frozen_constants_are_read_through():
    assert _told("const D = Object.freeze({ H: 'y' });\nmodule.exports = { a: D.H };\n") == "y"
    assert _told("const D = Object.keys({ H: 'y' });\nmodule.exports = { a: D.H };\n") is None


@pytest.mark.parametrize("odd", ["/ 'x /", "\\u0041", "a / b;"])
def test_where_texts_cannot_be_told_for_sure_all_signs_count(odd):
    assert _told(_module(f"{odd} 'D.H = 1'\n")) is None
    assert _told(_module(f"{odd} 'x'\n")) == "y"


@pytest.mark.parametrize("odd", [")", "}", "]", "(]", "{)", "(", "f(x}"])
def test_where_brackets_do_not_fit_together_nothing_is_told(odd):
    with pytest.raises(SourceError, match="made by a program"):
        read(f"const D = {{ a: 'y' }};\n{odd}\nmodule.exports = D\n", "x.js")


def test_a_constant_that_names_itself_is_not_told():
    assert _told("const D = { H: D.H };\nmodule.exports = { a: D.H };\n") is None
    assert _told("const D = { H: E.H };\nconst E = { H: D.H };\nmodule.exports = { a: D.H };\n") is None


def test_a_constant_that_is_declared_twice_counts_once():
    assert _told("const D = { H: 'y' };\nconst D = { H: 'z' };\nmodule.exports = { a: D.H };\n") is None
