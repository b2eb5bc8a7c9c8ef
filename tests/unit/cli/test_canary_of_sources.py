"""No secret of a source of any kind is in what the program says, writes, keeps or logs, in any form."""

import json
import pkgutil
from pathlib import Path

import pytest

from tests import canary
from tests.unit.cli.secret_sources import ENV, SOURCES
from tests.unit.cli.test_canary import FORMATS, shown
from wizard import sources
from wizard.app.open_source import open_source
from wizard.guide.pasting import read
from wizard.guide.what_was_read import what_was_read
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.sources import registry
from wizard.sources.material import material

VALUES = [canary.PLAIN.format(number=number) for number in range(6)]
SECRETS = [Secret(value) for value in VALUES]


def filled(text):
    for number, value in enumerate(VALUES):
        text = text.replace(f"@{number}@", value)
    return text


def written(folder, row):
    """Write a row's files below a folder; return the path of the source."""
    for path, text in row.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(filled(text))
    return str(folder / row.name)


def test_every_kind_of_source_has_a_row():
    kinds = {module.name for module in pkgutil.iter_modules(sources.__path__)}
    kinds -= {"completing", "contract", "material", "registry", "shared"}
    assert {row.kind for row in SOURCES.values()} == kinds


@pytest.mark.parametrize("name", SOURCES)
def test_a_row_is_of_its_kind_and_tells_its_secrets(tmp_path, name):
    row = SOURCES[name]
    path = Path(written(tmp_path, row))
    with material(path, str(path)) as found:
        assert type(registry._kind_of(found)).__module__ == f"{sources.__name__}.{row.kind}"
    if row.at_hand:
        told = {secret.reveal() for secret in open_source(str(path)).secrets.values()}
        assert set(VALUES[: row.at_hand]) <= {value for value in VALUES if any(value in one for one in told)}


@pytest.mark.parametrize("name", SOURCES)
def test_no_secret_of_a_source_is_in_what_is_said_written_kept_or_logged(program, home, name):
    row = SOURCES[name]
    source = written(home / "given", row)
    outputs = [word for form in FORMATS for word in ("--format", form, "--output", f"report.{form}")]
    checked = program("check", source, "--only", "plan", "--verbose", *outputs)
    texts = shown(checked)
    calls = [
        ("check", source, "--only", "plan", "--since", "last"),
        ("history", source),
        ("diff", source, "other.env"),
        ("export", source, "bundle", "--secrets", "reference"),
        ("export", source, "bundle", "--secrets", "inline", "--dry-run"),
    ]
    (home / "other.env").write_text("DB_DIALECT=mysql\nMY_TOKEN=x\n")
    assert checked.code in ({2} if row.refused else {0, 3}), checked.err
    if not row.refused:
        asking = [one for one in json.loads(Path("report.json").read_text())["findings"] if one["severity"] == "fail"]
        for one in asking[:1]:
            calls.insert(0, ("accept", source, ":".join(filter(None, (one["id"], one["subject"]))), "--reason", "y"))
    for call in calls:
        texts += [(f"{call[0]}: {where}", text) for where, text in shown(program(*call))]
    texts += canary.files_below(home, but=[home / "given"])
    texts += [(f"accepted: {path}", path.read_bytes()) for path in home.rglob("accepted.yaml")]
    assert canary.found(SECRETS, texts) == []


@pytest.mark.parametrize("name", [name for name, row in SOURCES.items() if row.at_hand])
def test_no_secret_of_a_source_is_in_what_the_window_tells_of_it(tmp_path, name):
    opened = open_source(written(tmp_path, SOURCES[name]))
    told = [repr(opened), repr(opened.plan.observed), repr(what_was_read(opened.plan, opened.title))]
    assert canary.found(SECRETS, [("told", text.encode()) for text in told]) == []


@pytest.mark.parametrize("name", [*SOURCES, "an address"])
def test_no_secret_in_text_that_is_pasted_is_in_what_is_told_of_it(name):
    row = SOURCES.get(name)
    text = filled(row.files.get(row.name, ENV) if row else "redis://:@0@@127.0.0.1:1/2\npostgres://u:@1@@127.0.0.1/x\n")
    pasted = read(text, Plan())
    told = [repr(pasted), *(f"{one.title} {one.found} {one.instead}" for one in pasted.found), *pasted.problems]
    assert canary.found(SECRETS, [("told", one.encode()) for one in told]) == []
