"""Export with encrypted secrets: none in clear, Debian's `age` opens them, and a check has them again."""

import subprocess
from pathlib import Path

import pytest

from tests.unit.age import need_age, opened_by_age, quick_age  # noqa: F401 - one is a fixture
from tests.unit.plans import SECRETS, good_plan
from wizard.app.export import ExportError, changes, export
from wizard.app.former_choices import former_choices
from wizard.app.open_source import open_source, open_sources
from wizard.app.sealed_secrets import unsealed
from wizard.formats import dotenv
from wizard.formats.files import SecretsMode
from wizard.plan.secret import Secret

PASSPHRASE = Secret("correct horse é漢")
AWKWARD = {**SECRETS, "database.password": Secret("a #=é漢 b'c"), "redis.server.password": Secret("p@ss:/?")}


def exported(folder: Path, secrets=AWKWARD, passphrase=PASSPHRASE):
    return export(good_plan(), secrets, folder, SecretsMode.ENCRYPTED, passphrase=passphrase)


@pytest.mark.usefixtures("quick_age")
def test_no_file_has_a_secret_in_clear_and_the_bundle_gives_them_back(tmp_path):
    found = exported(tmp_path / "bundle")
    sealed = next(file for file in found.files if file.path == "secrets.env.age")
    assert (sealed.secret, sealed.mode) == (True, 0o600)
    for file in found.files:
        for secret in AWKWARD.values():
            assert secret.reveal() not in file.text
    opened = open_source(str(tmp_path / "bundle"))
    assert opened.secrets == {}
    assert former_choices(tmp_path / "bundle").mode is SecretsMode.ENCRYPTED
    assert unsealed(opened, PASSPHRASE) == AWKWARD
    both = open_sources([str(tmp_path / "bundle"), str(tmp_path / "bundle/env/cluster.env")])
    assert unsealed(both, PASSPHRASE) == AWKWARD


@need_age
def test_debians_age_opens_it_and_the_script_fills_in_what_an_export_in_clear_writes(tmp_path):
    bundle = tmp_path / "bundle"
    exported(bundle)
    (bundle / "secrets.env").write_text(opened_by_age(bundle / "secrets.env.age", PASSPHRASE.reveal()))
    subprocess.run(["sh", "fill-in-secrets.sh"], cwd=bundle, check=True)
    [common, *_others] = dotenv.write(good_plan(), AWKWARD, SecretsMode.INLINE)
    filled, inline = (dotenv.parse(text) for text in ((bundle / "env/cluster.env").read_text(), common.text))
    assert {name: item.value for name, item in filled.items()} == {name: item.value for name, item in inline.items()}


@pytest.mark.usefixtures("quick_age")
def test_the_readme_says_how_to_open_it(tmp_path):
    exported(tmp_path / "bundle")
    readme = (tmp_path / "bundle/README.md").read_text()
    assert "age -d -o secrets.env secrets.env.age" in readme
    assert "Put each value behind" not in readme


@pytest.mark.parametrize(
    ("secrets", "passphrase", "words"),
    [
        (SECRETS, None, "none was given"),
        ({}, PASSPHRASE, "these are not: application.app_key"),
        ({**SECRETS, "licence.password": Secret("two\nlines")}, PASSPHRASE, "control character"),
    ],
    ids=["no-passphrase", "no-secrets", "two-lines"],
)
def test_what_cannot_be_encrypted_writes_nothing(tmp_path, secrets, passphrase, words):
    with pytest.raises(ExportError, match=words):
        exported(tmp_path / "bundle", secrets, passphrase)
    assert not (tmp_path / "bundle").exists()


def test_what_would_change_is_told_without_a_passphrase(tmp_path):
    found = changes(good_plan(), SECRETS, tmp_path / "bundle", SecretsMode.ENCRYPTED)
    assert "secrets.env.age" in [change.path for change in found.files]
