"""The check of a bundle tells which of its files are not as they were exported, in a folder and in an archive."""

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.bundle_files import look_at
from wizard.app.export import export
from wizard.app.open_source import open_source
from wizard.checks.plan import bundle_files
from wizard.checks.plan.specs import BUNDLE_FILES
from wizard.engine.facts import overdue
from wizard.formats.files import SecretsMode
from wizard.plan.finding import ErrorKind, Severity

SITE = "nginx/production.conf"


def findings(bundle: Path, *, edited=False):
    [check] = bundle_files.checks(lambda: look_at(bundle), str(bundle), edited=edited)
    facts = check.facts()
    check.probe(facts)
    found = list(check.judge(facts))
    assert {finding.id for finding in found} == {BUNDLE_FILES.id}
    return {finding.subject: finding for finding in found}


@pytest.fixture(params=["folder", "archive"])
def bundle(request, tmp_path):
    """A bundle, and what changes it: `bundle(change)` gives its place after `change(folder)`."""
    export(good_plan(), SECRETS, tmp_path / "out")

    def changed(change=lambda _folder: None) -> Path:
        change(tmp_path / "out")
        if request.param == "folder":
            return tmp_path / "out"
        with zipfile.ZipFile(tmp_path / "out.zip", "w") as archive:
            for path in sorted((tmp_path / "out").rglob("*")):
                archive.write(path, path.relative_to(tmp_path / "out").as_posix())
        return tmp_path / "out.zip"

    return changed


def test_a_bundle_as_it_was_exported_passes(bundle):
    [finding] = findings(bundle()).values()
    assert (finding.severity, finding.subject) == (Severity.PASS, "")
    assert "files of the bundle are as they were exported" in finding.summary


def test_a_sound_bundle_of_a_plan_that_was_edited_since_is_no_pass(bundle):
    [finding] = findings(bundle(), edited=True).values()
    assert finding.severity is Severity.INFO
    assert finding.summary.endswith("as they were exported; the plan was edited since.")


def test_of_an_edited_plan_nobody_says_what_it_knows(bundle):
    place = bundle(lambda folder: (folder / "env/cluster.env").write_text("DB_PORT=1\n"))
    finding = findings(place, edited=True)["env/cluster.env"]
    assert finding.severity is Severity.WARN
    assert finding.summary == "env/cluster.env was changed after the export; the edited plan may not know of it."
    assert "then export without" not in finding.remedy


def test_an_exported_archive_passes(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out.zip")
    assert findings(tmp_path / "out.zip")[""].severity is Severity.PASS


def test_a_file_changed_by_hand_is_told_and_which(bundle):
    place = bundle(lambda folder: (folder / "env/cluster.env").write_text("DB_PORT=1\n"))
    found = findings(place)
    assert list(found) == ["env/cluster.env"]
    assert found["env/cluster.env"].severity is Severity.WARN
    assert "--dry-run" in found["env/cluster.env"].remedy


def test_a_file_that_is_gone_is_told(bundle):
    found = findings(bundle(lambda folder: (folder / "README.md").unlink()))
    assert {path: finding.error for path, finding in found.items()} == {"README.md": ErrorKind.MISSING}


def test_a_foreign_file_is_told_and_a_foreign_folder_once(bundle):
    def put(folder):
        (folder / "nginx/other.conf").write_text("x")
        (folder / "mine/deep").mkdir(parents=True)
        for name in ("a", "deep/b"):
            (folder / "mine" / name).write_text("x")

    found = findings(bundle(put))
    assert {path: finding.severity for path, finding in found.items()} == dict.fromkeys(
        ["mine/", "nginx/other.conf"], Severity.WARN
    )


def test_version_control_is_nothing_foreign(bundle):
    def put(folder):
        (folder / ".git").mkdir()
        (folder / ".git/HEAD").write_text("x")
        (folder / ".gitignore").write_text("x")

    assert findings(bundle(put))[""].severity is Severity.PASS


def test_own_lines_around_the_block_are_told_and_are_no_fault(bundle):
    found = findings(bundle(lambda folder: (folder / SITE).write_text(f"# mine\n{(folder / SITE).read_text()}")))
    assert {path: finding.severity for path, finding in found.items()} == {SITE: Severity.INFO}


def test_a_change_inside_the_block_is_a_change(bundle):
    found = findings(
        bundle(lambda folder: (folder / SITE).write_text((folder / SITE).read_text().replace("30s", "9s")))
    )
    assert {path: finding.severity for path, finding in found.items()} == {SITE: Severity.WARN}


def test_a_manifest_that_cannot_be_read_is_told(bundle):
    found = findings(bundle(lambda folder: (folder / "manifest.json").write_text("no json")))
    assert {path: finding.severity for path, finding in found.items()} == {"manifest.json": Severity.WARN}


def test_a_bundle_that_is_gone_is_unknown_and_never_a_pass(bundle):
    place = bundle()
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    assert findings(place)[""].severity is Severity.UNKNOWN


def test_a_bundle_that_does_not_answer_is_unknown():
    [check] = bundle_files.checks(tuple, "out")
    [finding] = check.judge(overdue(check.facts(), 5))
    assert (finding.severity, finding.error) == (Severity.UNKNOWN, ErrorKind.TIMEOUT)


def test_nothing_outside_the_folder_is_read(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out")
    (tmp_path / "else").mkdir()
    (tmp_path / "else/x").write_text("x")
    (tmp_path / "out/link").symlink_to(tmp_path / "else")
    manifest = tmp_path / "out/manifest.json"
    manifest.write_text(manifest.read_text().replace('"README.md"', '"../else/x"'))
    assert set(findings(tmp_path / "out")) == {"../else/x", "README.md", "link"}


def test_a_source_says_whether_it_is_a_bundle(bundle, tmp_path):
    place = bundle()
    assert open_source(str(place)).bundle == place
    assert open_source(str(tmp_path / "out/cluster.yaml")).bundle is None
    (tmp_path / "out/manifest.json").unlink()
    assert open_source(str(tmp_path / "out")).bundle is None


posix = pytest.mark.skipif(os.name != "posix", reason="permissions are told so on POSIX alone")


@posix
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_with_secrets_that_others_may_read_is_told_with_what_to_do(tmp_path, mode):
    export(good_plan(), SECRETS, tmp_path / "my out", SecretsMode.INLINE)
    place = tmp_path / "my out/env/cluster.env"
    assert findings(tmp_path / "my out")[""].severity is Severity.PASS
    place.chmod(mode)
    finding = findings(tmp_path / "my out")["env/cluster.env"]
    assert (finding.severity, finding.error) == (Severity.WARN, ErrorKind.PERMISSION)
    subprocess.run(finding.remedy, shell=True, check=True)
    assert findings(tmp_path / "my out")[""].severity is Severity.PASS


@posix
def test_a_file_without_secrets_may_be_read_by_others(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out")
    (tmp_path / "out/env/cluster.env").chmod(0o644)
    assert findings(tmp_path / "out")[""].severity is Severity.PASS


@posix
def test_a_file_filled_in_that_others_may_read_is_told_with_what_was_filled_in(tmp_path):
    export(good_plan(), {}, tmp_path / "out")
    path = tmp_path / "out/env/cluster.env"
    path.write_text(path.read_text().replace("#DB_PASSWORD=", "DB_PASSWORD=hunter2"))
    path.chmod(0o644)
    [finding] = findings(tmp_path / "out").values()
    assert finding.error is ErrorKind.PERMISSION
    assert finding.detail.startswith("env/cluster.env: 1 of 10 secrets")
    path.write_text(f"{path.read_text()}OTHER=1\n")
    [finding] = findings(tmp_path / "out").values()
    assert "was changed after the export" in finding.detail
    assert "chmod 600" in finding.remedy
    assert "--dry-run" in finding.remedy


@posix
def test_an_archive_with_secrets_that_others_may_read_is_told(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out.zip", SecretsMode.INLINE)
    assert findings(tmp_path / "out.zip")[""].severity is Severity.PASS
    (tmp_path / "out.zip").chmod(0o644)
    finding = findings(tmp_path / "out.zip")["env/cluster.env"]
    assert finding.remedy.endswith(f"chmod 600 {tmp_path / 'out.zip'}")
