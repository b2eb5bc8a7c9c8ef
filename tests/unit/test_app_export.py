"""Exporting: the files of the bundle on disk, and refusals that name what is in the way."""

import json
import stat
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.export import ExportError, absent, export, preview
from wizard.app.former_choices import former_choices
from wizard.formats.files import SecretsMode
from wizard.plan.secret import HIDDEN, Secret


def test_what_is_previewed_is_what_is_written(tmp_path):
    exported = export(good_plan(), SECRETS, tmp_path / "bundle")
    assert exported.files == preview(good_plan(), SECRETS)
    on_disk = {
        path.relative_to(tmp_path / "bundle").as_posix(): path.read_text()
        for path in (tmp_path / "bundle").rglob("*")
        if path.is_file()
    }
    assert on_disk == {file.path: file.text for file in exported.files}
    assert {"README.md", "cluster.yaml", "manifest.json", "env/cluster.env", "env/node-node1.env"} <= on_disk.keys()


def test_by_reference_no_file_holds_a_secret(tmp_path):
    exported = export(good_plan(), SECRETS, tmp_path / "bundle")
    text = "".join(file.text for file in exported.files)
    assert not any(secret.reveal() in text for secret in SECRETS.values())
    assert not any(file.secret for file in exported.files)


def test_inline_the_files_with_secrets_are_private_and_marked(tmp_path):
    exported = export(good_plan(), SECRETS, tmp_path / "bundle", SecretsMode.INLINE)
    manifest = json.loads((tmp_path / "bundle/manifest.json").read_text())
    marked = {entry["path"] for entry in manifest["files"] if entry["secret"]}
    assert "env/cluster.env" in marked
    for file in exported.files:
        mode = stat.S_IMODE((tmp_path / "bundle" / file.path).stat().st_mode)
        assert mode == (0o600 if file.path in marked or file.path.startswith("env/") else 0o644)


def test_a_preview_can_hide_the_secrets():
    text = "".join(file.text for file in preview(good_plan(), SECRETS, SecretsMode.MASKED))
    assert HIDDEN in text
    assert not any(secret.reveal() in text for secret in SECRETS.values())


def test_inline_without_every_secret_is_refused_and_names_them(tmp_path):
    some = {name: secret for name, secret in SECRETS.items() if name != "database.password"}
    with pytest.raises(ExportError, match=r"database\.password") as caught:
        export(good_plan(), some, tmp_path / "bundle", SecretsMode.INLINE)
    assert caught.value.key == "database.password"
    assert not (tmp_path / "bundle").exists()
    assert absent(good_plan(), some) == {"database.password": "database.password"}


def test_a_value_that_no_file_carries_is_refused_without_being_shown(tmp_path):
    secrets = {**SECRETS, "database.password": Secret("two'quotes\"here")}
    with pytest.raises(ExportError, match=r"DB_PASSWORD") as caught:
        export(good_plan(), secrets, tmp_path / "bundle", SecretsMode.INLINE)
    assert caught.value.key == "database.password"
    assert "two'quotes" not in str(caught.value)


def test_a_target_that_nobody_knows_is_said_so(tmp_path):
    with pytest.raises(ExportError, match="“nonsense” is no target"):
        export(good_plan(), SECRETS, tmp_path / "bundle", SecretsMode.REFERENCE, ["env", "nonsense"])


def test_a_target_alone_leaves_the_others_out(tmp_path):
    paths = {file.path for file in export(good_plan(), SECRETS, tmp_path / "b", targets=["nginx"]).files}
    assert any(path.startswith("nginx/") for path in paths)
    assert not any(path.startswith("env/") for path in paths)


def test_a_folder_with_other_things_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(ExportError, match="neither empty nor a former bundle"):
        export(good_plan(), SECRETS, tmp_path)


def test_a_second_export_replaces_the_first_and_keeps_what_was_changed_by_hand(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "bundle")
    assert export(good_plan(), SECRETS, tmp_path / "bundle").kept is None
    (tmp_path / "bundle/env/cluster.env").write_text("APP_KEY=filled-in-by-hand\n")
    exported = export(good_plan(), SECRETS, tmp_path / "bundle")
    assert exported.changed == ("env/cluster.env",)
    assert (exported.kept / "env/cluster.env").read_text() == "APP_KEY=filled-in-by-hand\n"


def test_a_destination_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ExportError, match="cannot be written"):
        export(good_plan(), SECRETS, tmp_path / "file/bundle")


def test_what_cannot_be_made_beside_the_destination_is_told_by_the_destination(tmp_path, monkeypatch):
    def refuse(path, *_args, **_more):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(ExportError, match="/bundle”: Permission denied"):
        export(good_plan(), SECRETS, tmp_path / "bundle")


def test_the_same_plan_gives_the_same_archive(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "one.zip", SecretsMode.INLINE)
    export(good_plan(), SECRETS, tmp_path / "two.zip", SecretsMode.INLINE)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert stat.S_IMODE((tmp_path / "one.zip").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [SecretsMode.REFERENCE, SecretsMode.INLINE])
def test_a_bundle_shows_how_it_has_its_secrets(tmp_path, mode):
    export(good_plan(), SECRETS, tmp_path / "out", mode)
    assert former_choices(tmp_path / "out").mode is mode
    assert former_choices(tmp_path / "nothing").mode is SecretsMode.REFERENCE


def test_a_bundle_whose_secrets_were_filled_in_is_none_that_was_written_with_them(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out")
    file = tmp_path / "out" / "env" / "cluster.env"
    file.write_text(file.read_text().replace("#DB_PASSWORD=", "DB_PASSWORD=kept"))
    export(good_plan(), SECRETS, tmp_path / "out")
    assert "DB_PASSWORD=kept" in file.read_text()
    assert former_choices(tmp_path / "out").mode is SecretsMode.REFERENCE
