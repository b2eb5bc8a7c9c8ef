"""The wheel and the source distribution: they carry what the program needs, and are the same each time."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from release import python_packages
from tests.package.conftest import EPOCH
from tests.patience import patience
from wizard import __version__

pytestmark = [pytest.mark.package, pytest.mark.timeout(120)]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return python_packages.write(tmp_path_factory.mktemp("packages"), EPOCH)


def of_kind(paths, ending):
    [path] = [path for path in paths if path.name.endswith(ending)]
    return path


def test_an_installed_wheel_proves_itself_without_our_sources(made, tmp_path):
    place, libraries = tmp_path / "site", Path(sys.prefix) / f"lib/python3.{sys.version_info[1]}/site-packages"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(place)]
    subprocess.run([*install, str(of_kind(made, ".whl"))], check=True)
    # Named as a path, a folder's .pth files are not read: the checkout that is installed there is not seen.
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": f"{place}:{libraries}"}
    environment |= {"LANG": "C.UTF-8", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    command = [sys.base_prefix + "/bin/python3", "-S", str(place / "bin" / "nocobase-cluster-wizard"), "self-test"]
    done = subprocess.run(
        command, env=environment, cwd="/", capture_output=True, text=True, check=False, timeout=patience(60)
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "languages: en, fr, zh-CN" in done.stdout
    assert "files are as they were shipped" in done.stdout
    gone = "wizard/resources/locale/fr/LC_MESSAGES/wizard.mo"
    (place / gone).unlink()
    lost = subprocess.run(
        command, env=environment, cwd="/", capture_output=True, text=True, check=False, timeout=patience(60)
    )
    assert (lost.returncode, f"files: 1 file is gone or was changed: {gone}" in lost.stdout) == (1, True), lost.stdout
    where = [*command[:2], "-c", "import wizard; print(wizard.__file__)"]
    assert subprocess.check_output(where, env=environment, cwd="/", text=True).startswith(str(place))


def test_the_wheel_has_every_resource(made):
    with zipfile.ZipFile(of_kind(made, ".whl")) as wheel:
        names = set(wheel.namelist())
    needed = {str(path.relative_to(ROOT)) for path in (ROOT / "resources").rglob("*") if path.is_file()}
    assert {name for name in needed if f"wizard/{name}" not in names and not name.endswith(".pot")} == set()
    assert f"nocobase_cluster_wizard-{__version__}.dist-info/METADATA" in names


def test_the_source_distribution_has_what_a_wheel_is_made_of(made):
    with tarfile.open(of_kind(made, ".tar.gz")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "wizard/__init__.py", "resources/probe/probe.mjs", "scripts/build", "LICENSE"} <= names
    assert [name for name in names if name.startswith((".venv", "dist/", "build/"))] == []


def test_both_repeat_byte_for_byte_also_over_those_of_an_earlier_build(made, tmp_path):
    for path in made:
        (tmp_path / path.name).write_text("an earlier one")
    again = python_packages.write(tmp_path, EPOCH)
    assert [path.name for path in again] == [path.name for path in made]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in made]
