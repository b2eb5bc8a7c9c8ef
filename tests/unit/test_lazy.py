"""What a command does not need is not loaded for it: each in a process of its own, whose modules are looked at."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import patience

ROOT = Path(__file__).parents[2]
_MODULES = """
import json, sys
sys.argv = ["nocobase-cluster-wizard", *sys.argv[1:]]
from wizard.__main__ import main
try:
    main()
except SystemExit:
    pass
print("MODULES" + json.dumps(sorted(sys.modules)))
"""
_DRIVERS = {"psycopg", "pymysql", "redis", "pika", "httpx", "websockets", "crossplane", "h11", "keyring", "jinja2"}


def _loaded(*words: str) -> set[str]:
    """Return the modules that were loaded. The exit code counts for nothing: it tells what the check found."""
    command = [sys.executable, "-c", _MODULES, *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=patience(120))
    assert "MODULES" in done.stdout, done.stderr
    return set(json.loads(done.stdout.rpartition("MODULES")[2]))


def _parts(loaded: set[str], *apart: str) -> set[str]:
    """Return the modules of components that were loaded, but for those `apart`."""
    components = {name for name in loaded if name.startswith("wizard.checks.") and name.count(".") > 2}
    return {name for name in components if name.split(".")[2] not in {"shared", *apart}}


@pytest.fixture
def plan(tmp_path):
    """A cluster file whose database refuses: its port is nobody's."""
    file = tmp_path / "cluster.yaml"
    file.write_text("schema: 1\nname: x\ndatabase:\n  host: 127.0.0.1\n  port: 1\n")
    return str(file)


def test_a_check_of_the_database_loads_no_other_component_and_no_other_driver(plan):
    loaded = _loaded("check", plan, "--only", "database.connect")
    assert "wizard.checks.database.probe_postgres" in loaded
    assert _parts(loaded, "database") == set()
    assert loaded & _DRIVERS == {"psycopg"}
    assert "wizard.checks.database.probe_mysql" not in loaded


def test_a_check_of_the_plan_loads_no_driver_at_all(plan):
    loaded = _loaded("check", plan, "--only", "plan.nodes")
    assert _parts(loaded, "plan") == set()
    assert loaded & (_DRIVERS - {"keyring"}) == set()


def test_help_loads_no_component():
    assert _parts(_loaded("check", "--help")) == set()


def test_what_opens_sources_brings_openssl_only_with_the_first_of_them():
    program = "import sys, wizard.app.open_source; print('_hashlib' in sys.modules)"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=patience(120))
    assert done.stdout.strip() == "False"


def test_an_env_file_is_known_without_the_words_of_other_kinds(tmp_path):
    file = tmp_path / "nocobase.env"
    file.write_text("DB_DIALECT=postgres\nDB_HOST=127.0.0.1\n")
    program = (
        "import sys\n"
        "from wizard.app.open_source import open_sources\n"
        "from wizard.formats import recognise\n"
        "open_sources(sys.argv[1:])\n"
        "print([kind.form for kind in recognise._KINDS if '_compiled' in vars(kind.words)])"
    )
    command = [sys.executable, "-c", program, str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=patience(120))
    assert done.stdout.strip() == "[]"
