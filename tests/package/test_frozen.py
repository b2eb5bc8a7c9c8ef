"""The folder application that PyInstaller makes: it proves itself, answers, and opens its window."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from release.bill import BILL, LICENCES
from tests.package.conftest import window_on
from tests.patience import patience
from wizard import __version__

pytestmark = [pytest.mark.package, pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[2]


def run(program, *words, **environment):
    # An empty environment but for what any desktop has: nothing of this virtual environment may help.
    basic = {"PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/root"), "LANG": "C.UTF-8"}
    command = [program, *words]
    return subprocess.run(
        command,
        check=False,
        env={**basic, **environment},
        capture_output=True,
        text=True,
        timeout=patience(120),
        cwd="/",
    )


def test_the_frozen_program_proves_itself(program):
    result = run(program, "self-test", QT_QPA_PLATFORM="offscreen")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "files are as they were shipped" in result.stdout


@pytest.mark.parametrize(
    "gone",
    [
        "resources/locale/fr/LC_MESSAGES/wizard.mo",
        "resources/templates/report.html.j2",
        "resources/icons/add.svg",
        "psycopg_binary",
        "pyrage",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
    ],
)
def test_the_self_test_of_a_frozen_program_that_lost_something_fails_and_names_it(built, tmp_path, gone):
    shutil.copytree(built.folder, tmp_path / "it", symlinks=True, copy_function=os.link)
    place = tmp_path / "it" / "_internal" / gone
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    result = run(tmp_path / "it" / built.program.name, "self-test", QT_QPA_PLATFORM="offscreen")
    assert result.returncode == 1, result.stdout + result.stderr
    [line] = [line for line in result.stdout.splitlines() if "files:" in line]
    assert line.startswith("FAILED")
    assert gone in line


def test_the_frozen_program_reaches_the_keyring(program, secret_service):
    result = run(program, "self-test", QT_QPA_PLATFORM="offscreen", **secret_service.environment())
    assert result.returncode == 0, result.stdout + result.stderr
    assert "keyring: Secret Service (login keyring)." in result.stdout


def test_the_frozen_program_tells_its_version(program):
    assert __version__ in run(program, "--version").stdout


def test_the_frozen_program_judges_a_cluster_file_where_the_system_has_no_time_zones(program):
    example = ROOT / "resources" / "examples" / "three-nodes.yaml"
    result = run(program, "check", str(example), "--only", "plan", PYTHONTZPATH="/nowhere")
    assert "checks" in result.stdout, result.stderr
    assert "Traceback" not in result.stderr


def test_the_frozen_program_opens_its_window(program, display, tmp_path):
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8", "DISPLAY": display}
    with subprocess.Popen([program], env=environment, stderr=subprocess.PIPE, text=True, cwd="/") as window:
        found = window_on(display)
        running = window.poll() is None
        window.terminate()
    assert found
    assert running


def test_the_frozen_program_checks_real_servers(program, tmp_path):
    result = run(program, "demo", "--headless", HOME=str(tmp_path))
    assert result.returncode == 0, result.stdout + result.stderr
    assert re.search(r"^database$", result.stdout, re.MULTILINE)
    assert "manifest.json" in result.stdout


def test_of_qt_and_of_this_machine_nothing_is_shipped_that_no_page_uses(built):
    names = {path.name for path in built.folder.rglob("*.so*")}
    unused = ("Qml", "Quick", "Network", "Pdf", "Designer", "OpenGL", "Sql", "gtk", "pango", "cairo", "EglFS")
    assert [name for name in names if any(part in name for part in unused)] == []
    assert {path.stem for path in built.folder.rglob("*.qm")} == {
        "qtbase_fr",
        "qtbase_zh_CN",
        "qt_fr",
        "qt_zh_CN",
    }


def test_the_licence_of_all_that_is_shipped_is_known_and_its_text_goes_along(built):
    written = (built.shipped / BILL).read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None
    bill = json.loads(written)
    assert bill["bomFormat"] == "CycloneDX"
    components = {one["name"]: one for one in bill["components"]}
    assert {"Python", "PySide6_Essentials", "psycopg", "OpenSSL"} <= components.keys()
    with_version = {"ICU", "libpng", "PCRE2", "PostgreSQL libpq", "MIT Kerberos", "openssl-sys", "age"}
    assert with_version | {"HarfBuzz", "libffi", "Emoji Segmenter", "SipHash", "Wayland protocols"} <= components.keys()
    assert [name for name in sorted(with_version) if not components[name].get("version")] == []
    assert [name for name, one in components.items() if "unknown" in str(one["licenses"])] == []
    assert "pytest" not in components
    text = (built.shipped / LICENCES).read_text()
    chapters = {name.split(" ")[0] for line in text.split("=" * 100)[1::2] for name in line.strip().split(", ")}
    assert {name.split(" ")[0] for name in components} - chapters == set()
