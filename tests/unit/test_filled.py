"""Placeholders that an admin filled in: told as such, kept by the next export, and never shown."""

import json
import stat
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.test_bundle_files import findings
from wizard.app.export import changes, export
from wizard.cli.changes import changes_json, changes_text
from wizard.export.manifest import sha256
from wizard.formats.dotenv import parse
from wizard.formats.dotenv.filled import emptied, fill, filled, fits, placeholders
from wizard.formats.files import SecretsMode
from wizard.plan.finding import Severity
from wizard.plan.secret import Secret

ENV = "env/cluster.env"
FILLED = {
    "#APP_KEY=": "APP_KEY=hunter1",
    "#DB_PASSWORD=": "DB_PASSWORD='hunter 2'",
    "#REDIS_URL=redis://:PASSWORD-HERE@": "REDIS_URL=redis://:hunter3@",
}
NAMES = ("APP_KEY", "DB_PASSWORD", "REDIS_URL")


def fill_in(folder: Path, path: str = ENV, **more: str) -> None:
    """Do what the README asks for, for some of the secrets, and put other texts in the place of `more`."""
    text = (folder / path).read_text()
    for placeholder, line in {**FILLED, **more}.items():
        assert placeholder in text
        text = text.replace(placeholder, line)
    (folder / path).write_text(text)


@pytest.fixture
def exported(tmp_path):
    export(good_plan(), {}, tmp_path / "out")
    return tmp_path / "out"


def change_of(folder, plan, path=ENV):
    found = changes(plan, {}, folder)
    return found, next(change for change in found.files if change.path == path)


def test_what_was_filled_in_is_told_and_is_no_change(exported):
    fill_in(exported)
    [finding] = findings(exported).values()
    assert (finding.severity, finding.subject) == (Severity.INFO, ENV)
    assert finding.summary == "env/cluster.env: 3 of 10 secrets are filled in; an export keeps them."


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("DB_PORT=5432", "DB_PORT=5433"),
        ("#APP_AES_SECRET_KEY=", "APP_AES_SECRET_KEY="),
        ("#APP_AES_SECRET_KEY=", "APP_AES_SECRET_KEY=''"),
        ("#APP_AES_SECRET_KEY=", "#APP_AES_SECRET_KEY=hunter4"),
        ("#APP_AES_SECRET_KEY=", "APP_AES_SECRET_KEY= # hunter4"),
        ("#APP_AES_SECRET_KEY=", "APP_AES_SECRET_KEY=hunter4\nAPP_AES_SECRET_KEY=hunter5"),
        ("#CACHE_REDIS_URL=", "CACHE_REDIS_URL="),
        ("#CACHE_REDIS_URL=redis://:PASSWORD-HERE@redis.internal", "CACHE_REDIS_URL=redis://:hunter4@else"),
        ("TZ=UTC", "TZ=UTC\nMINE=1"),
    ],
)
def test_what_is_more_than_filling_in_is_a_change(exported, there, instead):
    fill_in(exported, **{there: instead})
    assert findings(exported)[ENV].severity is Severity.WARN
    found, change = change_of(exported, good_plan())
    assert change.by_hand
    assert found.kept_for == (ENV,)


@pytest.mark.parametrize("name", ["out", "out.zip"])
@pytest.mark.parametrize("path", [ENV, "env/cluster.docker.env"])
def test_an_export_takes_it_over_as_often_as_it_is_done(tmp_path, exported, name, path):
    fill_in(exported, path)
    if name == "out.zip":
        zipped(exported, tmp_path / name)
    plan = good_plan()
    for port in (6000, 6001):
        plan = plan.with_value("database.port", port)
        found = changes(plan, {}, tmp_path / name)
        [change] = [change for change in found.files if change.path == path]
        assert (change.by_hand, change.filled, change.lost, found.kept_for) == (False, NAMES, (), ())
        assert change.secret
        written = export(plan, {}, tmp_path / name)
        assert (written.kept, written.lost) == (None, {})
        [file] = [file for file in written.files if file.path == path]
        assert f"DB_PORT={port}\n" in file.text
        assert all(line in file.text and placeholder not in file.text for placeholder, line in FILLED.items())
        assert (file.secret, file.mode) == (True, 0o600)
        [info] = findings(tmp_path / name).values()
        assert info.summary.startswith(f"{path}: 3 of 10 secrets are filled in")


def zipped(folder: Path, archive: Path) -> None:
    import zipfile

    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(folder.rglob("*")):
            file.write(path, path.relative_to(folder).as_posix())
    archive.chmod(0o600)


def test_the_file_it_goes_on_in_is_private_and_marked(exported):
    fill_in(exported)
    export(good_plan(), {}, exported)
    assert stat.S_IMODE((exported / ENV).stat().st_mode) == 0o600
    entries = {entry["path"]: entry for entry in json.loads((exported / "manifest.json").read_text())["files"]}
    assert entries[ENV]["secret"]
    assert entries[ENV]["sha256"] == sha256((exported / ENV).read_text())
    assert not entries["env/cluster.docker.env"]["secret"]


def test_no_value_is_shown_by_the_check_or_before_the_export(exported):
    fill_in(exported)
    found = changes(good_plan().with_value("redis.server.host", "else").with_value("database.user", "me"), {}, exported)
    text = changes_text(found) + changes_json(found, SecretsMode.REFERENCE) + repr(findings(exported)) + repr(found)
    assert "hunter" not in text


def test_an_address_that_changed_waits_for_its_password_again_and_the_former_bundle_is_kept(exported):
    fill_in(exported)
    export(good_plan(), {}, exported)  # from now on the file is as the last export wrote it
    plan = good_plan().with_value("redis.server.host", "else")
    found, change = change_of(exported, plan)
    assert (change.filled, change.lost) == (("APP_KEY", "DB_PASSWORD"), ("REDIS_URL",))
    assert found.kept_for == (ENV,)
    assert "Filled in by hand and not taken over, as its place changed: REDIS_URL." in changes_text(found)
    written = export(plan, {}, exported)
    assert written.lost == {ENV: ("REDIS_URL",)}
    text = (exported / ENV).read_text()
    assert "\n#REDIS_URL=redis://:PASSWORD-HERE@else:6379/4\n" in text
    assert "\nAPP_KEY=hunter1\n" in text
    assert "REDIS_URL=redis://:hunter3@" in (written.kept / ENV).read_text()


@pytest.mark.parametrize("exports", [0, 1])
def test_with_the_env_files_left_out_the_former_bundle_is_kept(exported, exports):
    fill_in(exported)
    for _ in range(exports):
        export(good_plan(), {}, exported)
    written = export(good_plan(), {}, exported, targets=["nginx"])
    assert (written.changed, written.lost) == ((ENV,), {ENV: NAMES})
    assert "hunter1" in (written.kept / ENV).read_text()


def test_what_was_filled_in_beside_another_change_goes_on_and_the_former_bundle_is_kept(exported):
    fill_in(exported, **{"DB_PORT=5432": "DB_PORT=5433"})
    written = export(good_plan(), {}, exported)
    assert written.changed == (ENV,)
    text = (exported / ENV).read_text()
    assert "\nDB_PORT=5432\n" in text
    assert "\nAPP_KEY=hunter1\n" in text


@pytest.mark.parametrize("same", [True, False])
def test_an_export_that_writes_the_secrets_keeps_the_former_bundle_for_other_values_alone(exported, same):
    values = {name: secret.reveal() for name, secret in SECRETS.items()}
    text = (exported / ENV).read_text()
    app_key = values["application.app_key"] if same else "hunter1"
    (exported / ENV).write_text(text.replace("#APP_KEY=", f"APP_KEY={app_key}"))
    written = export(good_plan(), {name: Secret(value) for name, value in values.items()}, exported, SecretsMode.INLINE)
    assert f"\nAPP_KEY={values['application.app_key']}\n" in (exported / ENV).read_text()
    assert written.changed == (() if same else (ENV,))


def test_a_key_that_the_plan_does_not_name_at_all_is_kept_too(tmp_path):
    plan = good_plan().with_value("application.app_key", None)
    export(plan, {}, tmp_path / "out")
    path = tmp_path / "out" / ENV
    path.write_text(path.read_text().replace("#APP_KEY=", "APP_KEY=hunter1"))
    assert export(plan, {}, tmp_path / "out").kept is None
    assert parse(path.read_text())["APP_KEY"].value == "hunter1"


def test_a_bundle_of_before_placeholders_were_listed_counts_as_changed(exported):
    document = json.loads((exported / "manifest.json").read_text())
    for entry in document["files"]:
        entry.pop("placeholders", None)
        entry.pop("empty", None)
    (exported / "manifest.json").write_text(json.dumps(document))
    fill_in(exported)
    assert findings(exported)[ENV].severity is Severity.WARN
    assert export(good_plan(), {}, exported).changed == (ENV,)


def test_the_placeholders_put_back_give_the_text_as_it_was():
    empty = "# a\n#A=\nB=1\n#C=redis://:PASSWORD-HERE@h:1/0\n"
    lines = placeholders(empty)
    assert lines == ("#A=", "#C=redis://:PASSWORD-HERE@h:1/0")
    values = {"A": "A=x#y", "C": "C='redis://:p@h:1/0'"}
    text, lost = fill(empty, values)
    assert (text, lost) == ("# a\nA=x#y\nB=1\nC='redis://:p@h:1/0'\n", ())
    assert filled(text, lines) == values
    assert emptied(text, lines) == empty


@pytest.mark.parametrize(
    ("line", "fit"),
    [
        ("A=redis://:p@h", True),
        ('A="redis://:p@h"', True),
        ("A=redis://:PASSWORD-HERE@h", False),
        ("A=redis://:@h", False),
        ("A=redis://:p@hh", False),
        ("A=redis://u:p@h", False),
        ("A=", False),
        ("B=redis://:p@h", False),
        ("export A=redis://:p@h", False),
        ("", False),
    ],
)
def test_a_line_fits_a_placeholder_if_nothing_else_differs(line, fit):
    assert fits(line, "#A=redis://:PASSWORD-HERE@h") is fit
