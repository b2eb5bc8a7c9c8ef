"""Constants of an ecosystem file of PM2: read where they are literals that nothing changes, else named."""

import pytest

from wizard.app.open_source import open_source
from wizard.formats.files import SourceError
from wizard.formats.units import literal
from wizard.formats.units.constants import Places
from wizard.plan.observed import Topic

OWN = "APP_KEY: 'Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE', DB_DIALECT: 'postgres'"
ENV = f"{{ {OWN}, DB_HOST: 'db' }}"
APP = f"{{ name: 'crm', script: 'yarn', env: {ENV} }}"


def opened(tmp_path, text):
    (tmp_path / "ecosystem.config.js").write_text(text)
    return open_source(str(tmp_path / "ecosystem.config.js")).plan


@pytest.mark.parametrize(
    "text",
    [
        f"const apps = [{APP}];\nmodule.exports = {{ apps }};\n",
        f"let apps = [{APP}]\n\nmodule.exports = {{ deploy: {{}}, apps, }}\n",
        f"var apps = Object.freeze([{APP}]);\nmodule.exports = {{ apps: apps }};\n",
        f"const app = {APP};\nmodule.exports = {{ apps: [app] }};\n",
        f"const app = {APP};\nmodule.exports = [app];\n",
        f"const all = [{APP}];\nmodule.exports = {{ apps: [...all] }};\n",
        f"const env = {ENV} // all\nmodule.exports = {{ apps: [{{ name: 'crm', env }}] }};\n",
        f"const env = {ENV};\nmodule.exports = {{ apps: [{{ name: 'crm', env: {{ ...env }} }}] }};\n",
        f"const HOST = 'db';\nmodule.exports = {{ apps: [{{ name: 'crm', env: {{ {OWN}, DB_HOST: HOST }} }}] }};\n",
        f"const DB_HOST = `db`\nmodule.exports = {{ apps: [{{ name: 'crm', env: {{ {OWN}, DB_HOST }} }}] }};\n",
        f"const D = {{ H: 'db' }};\nmodule.exports = {{ apps: [{{ name: 'crm', env: {{ {OWN}, DB_HOST: D.H }} }}] }}",
        f"const H = 'db';\nconst env = {{ {OWN}, DB_HOST: H }};\nexport default {{ apps: [{{ name: 'crm', env }}] }}",
        f"const D = {{ ...more, H: 'db' }};\nexports.apps = [{{ name: 'crm', env: {{ {OWN}, DB_HOST: D.H }} }}];",
        f"const config = {{ apps: [{APP}] }};\nmodule.exports = config;\n",
        f"exports.apps = [{APP}];\n",
        f"module.exports.apps = [{APP}];\n",
    ],
)
def test_what_is_a_constant_is_read(tmp_path, text):
    plan = opened(tmp_path, text)
    assert [node.name for node in plan.nodes] == ["crm"]
    assert (plan.database.host, plan.seen(Topic.UNFOLLOWED), plan.expressions) == ("db", [], ())


@pytest.mark.parametrize(
    ("before", "value"),
    [
        ("const H = 'db'; // H = 'other'\nconst url = 'x' + H;\nlog('H = 1');", "H"),
        ("const D = { H: 'db' };\nconst url = `x${D.H}`;\nlog(D.H);", "D.H"),
        ("const D = { H: 'db' };\nconst more = { D: 1, H: x.D, ...D };", "D.H"),
        ("const D = { H: 'db' };\nlist = [1].map(() => ({ env: { ...D } }));", "D.H"),
        ("const H = 'db';\nconst E = { H };\nconst L = [H, E];", "H"),
        ("const D = { H: 'db' };\nconst Z = Object.freeze({ d: D });", "D.H"),
    ],
)
def test_a_constant_that_is_only_read_is_told(tmp_path, before, value):
    plan = opened(tmp_path, f"{before}\nmodule.exports = {{ apps: [{{ env: {{ {OWN}, DB_HOST: {value} }} }}] }};\n")
    assert (plan.database.host, plan.expressions) == ("db", ())


def test_a_value_of_a_constant_stands_where_the_constant_does(tmp_path):
    plan = opened(tmp_path, f"\nconst H = 'db';\nmodule.exports = {{ apps: [{{ env: {{ {OWN}, DB_HOST: H }} }}] }};\n")
    assert plan.place_of("database.host").line == 2


@pytest.mark.parametrize(
    ("before", "value", "named"),
    [
        ("const H = 'db' + '.internal';", "H", "H"),
        ("const H = 'db'\n  + '.internal';", "H", "H"),
        ("const H = `db${1}`;", "H", "H"),
        ("const H = process.env.H;", "H", "H"),
        ("const H = make();", "H", "H"),
        ("let H = 'db';\nH = 'other';", "H", "H"),
        ("let H = 'db';\nif (x) H += '.internal';", "H", "H"),
        ("const D = { H: 'db' };\nD.H = 'other';", "D.H", "D.H"),
        ("const D = { H: 'db' };\nD['H'] = 'other';", "D.H", "D.H"),
        ("const D = { H: 'db' };\nObject.assign(D, more);", "D.H", "D.H"),
        ("const D = { H: 'db' };\nchange(1, D);", "D.H", "D.H"),
        ("const D = { H: 'db' };\ndelete D.H;", "D.H", "D.H"),
        ("const D = { H: 'db' };", "D.GONE", "D.GONE"),
        ("const D = { H: 'db', ...require('./x') };", "D.H", "D.H"),
        ("const D = { H: 'db', [h()]: 'other' };", "D.H", "D.H"),
        ("const D = { E: { H: 'db' }, ...more };", "D.E.H", "D.E.H"),
        ("const D = { H: 'db' };\nconst Z = D; Z.H = 'other';", "D.H", "D.H"),
        ("const D = { H: 'db' };\nlet z\nz = D", "D.H", "D.H"),
        ("const D = { H: 'db' };\nconst Z = { d: D };\nZ.d.H = 'other';", "D.H", "D.H"),
        ("const D = { H: 'db' };\nconst Z = [D];\nZ[0].H = 'other';", "D.H", "D.H"),
        ("const D = { E: { H: 'db' } };\nconst Z = { ...D };\nZ.E.H = 'other';", "D.E.H", "D.E.H"),
        ("const D = { E: { H: 'db' } };\nconst e = D.E;\ne.H = 'other';", "D.E.H", "D.E.H"),
        ("const D = { H: 'db' };\nmake = () => ({ d: D });", "D.H", "D.H"),
        ("const D = { H: 'db' };\nmerge(true, D, { H: 'other' });", "D.H", "D.H"),
        ("const D = { H: 'db' };\nmerge({ a: D });", "D.H", "D.H"),
        ("const D = { H: 'db' };\nconst Z = { a: merge({ d: D }) };", "D.H", "D.H"),
        ("const D = { H: 'db' };\nlet z;\nconst Z = { a() { z = D } };\nz.H = 'other';", "D.H", "D.H"),
        ("const D = { H: 'db' };\n[D.H] = ['other'];", "D.H", "D.H"),
        ("const D = { H: 'db' };\n({ a: [D.H] } = more);", "D.H", "D.H"),
        ("const D = { H: 'db' };\nfor (D.H of ['other']);", "D.H", "D.H"),
        ("const D = { H: 'db' };\nD/*c*/.H = 'other';", "D.H", "D.H"),
        ("const D = { H: 'db' };\nD.H ||= 'other';", "D.H", "D.H"),
        ("const D = { H: 'db' };\nD.H >>>= 1;", "D.H", "D.H"),
        ("const D = { H: 'db' };\nx.replace(/'/g, ''); D.H = 'other'; y('');", "D.H", "D.H"),
        ("const D = { H: 'db' };\ny(`${D.H = 'other'}`);", "D.H", "D.H"),
        ("const D = { H: 'db' };\nD?.E.push(1);", "D.H", "D.H"),
        ("let H = 'db';\n[H] = ['other'];", "H", "H"),
        ("let H = 'db';\n({H} = require('x'));", "H", "H"),
        ("let H = 'db';\n({ a: H } = require('x'));", "H", "H"),
        ("let H = 'db';\n({ ...H } = require('x'));", "H", "H"),
        ("let H = 'db';\nH/**/= 'other';", "H", "H"),
        ("let H = 'db';\nH // no\n  = 'other';", "H", "H"),
        ("let H = 'db';\nx = (H) => H;", "H", "H"),
        ("let H = 'db';\nx = H => ({ H });", "H", "H"),
        ("let H = 'db';\nx = ')", "H", "H"),
        ("function f() {\n  const H = 'db';\n}", "H", "H"),
        ("const H = H;", "H", "H"),
        ("const H = I;\nconst I = H;", "H", "H"),
        ("", "H", "H"),
    ],
)
def test_what_a_program_makes_is_named_and_not_guessed(tmp_path, before, value, named):
    plan = opened(tmp_path, f"{before}\nmodule.exports = {{ apps: [{{ env: {{ {OWN}, DB_HOST: {value} }} }}] }};\n")
    assert [(one.name, one.named) for one in plan.expressions] == [("DB_HOST", (named,))]


@pytest.mark.parametrize(
    "text",
    [
        "const apps = [1].map(() => ({}));\nmodule.exports = { apps };\n",
        f"let apps = [{APP}];\nmodule.exports = {{ apps }};\napps = [];\n",
        f"const apps = [{APP}];\napps.push({{}});\nmodule.exports = {{ apps }};\n",
        "module.exports = { apps };\n",
    ],
)
def test_apps_that_a_program_makes_are_told(tmp_path, text):
    with pytest.raises(SourceError, match=r"line [123]: its apps are made by a program"):
        opened(tmp_path, text)


def test_variables_that_a_program_makes_are_named(tmp_path):
    app = f"{{ name: 'nocobase', env_production: {ENV}, env }}"
    plan = opened(tmp_path, f"const env = make();\nmodule.exports = {{ apps: [{app}] }};\n")
    assert [(one.subject, one.place.line) for one in plan.seen(Topic.UNFOLLOWED)] == [("env", 2)]


def test_constants_are_followed_within_bounds():
    names = ", ".join(["a"] * 1251)
    with pytest.raises(SourceError, match="too many values"):
        literal.read(f"const a = [1, 2, 3];\nmodule.exports = [{names}];\n", "a.js")
    found = literal.read(f"const a = [1, 2, 3];\nmodule.exports = [{names[: 3 * 900]}];\n", "a.js")
    assert found.items[899].items[2].text == "3"


def test_constants_of_constants_are_followed_five_deep():
    lines = "".join(f"const a{number} = [a{number + 1}];\n" for number in range(8))
    found, depth = literal.read(f"{lines}module.exports = {{ apps: a0 }};\n", "a.js").get("apps"), 0
    while found.items:
        found, depth = found.items[0], depth + 1
    assert (depth, found.expression) == (5, "a5")


def test_fifty_constants_are_looked_for():
    lines = "".join(f"const a{number} = {number};\n" for number in range(51))
    names = ", ".join(f"a{number}" for number in range(51))
    *found, last = literal.read(f"{lines}module.exports = [{names}];\n", "a.js").items
    assert [one.text for one in found] == [str(number) for number in range(50)]
    assert (last.text, last.expression) == (None, "a50")


@pytest.mark.parametrize(("text", "begin"), [("const H = 'db';", 9), ("let H = 'db';\nH = 1;", 0), ("const X = 1;", 0)])
def test_a_constant_that_something_changes_or_nobody_defines_begins_nowhere(text, begin):
    assert Places(text).defined("H") == begin


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("0xff", "255"),
        ("0b101", "5"),
        ("0o17", "15"),
        ("0777", "511"),
        ("089", "89"),
        ("5_432", "5432"),
        ("1.50", "1.5"),
        ("1e3", "1000"),
        ("-0.0", "0"),
        ("0.000001", "0.000001"),
        ("0.0000001", "1e-7"),
        ("1e21", "1e+21"),
        ("1e999", "Infinity"),
        ("123456789012345678901", "123456789012345680000"),
        ("10GB", "10GB"),
    ],
)
def test_a_number_is_given_as_node_js_writes_it(tmp_path, written, given):
    (tmp_path / "ecosystem.config.js").write_text(
        f'module.exports = {{ apps: [{{ name: "nocobase", script: "a", env: {{ DB_HOST: "d", MY: {written} }} }}] }}\n'
    )
    [extra] = open_source(str(tmp_path / "ecosystem.config.js")).plan.extras
    assert (extra.name, extra.value) == ("MY", given)


def test_apps_and_variables_that_are_no_plain_values_are_named(tmp_path):
    (tmp_path / "ecosystem.config.js").write_text(
        "module.exports = { apps: [\n"
        '  { name: "nocobase", script: "yarn", env: { DB_HOST: "db", LIST: ["a"],\n    MORE: { a: 1 } } },\n'
        '  make("worker"),\n'
        "] }\n"
    )
    plan = open_source(str(tmp_path / "ecosystem.config.js")).plan
    told = [(one.subject, one.place.line, one.value) for one in plan.seen(Topic.UNFOLLOWED)]
    assert told == [("LIST", 2, "form"), ("MORE", 3, "form"), ("make( …", 4, "program")]
