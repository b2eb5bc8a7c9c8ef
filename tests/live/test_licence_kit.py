"""NocoBase's own licence kit beside what is said of it: TLS to the database, and passwords that it stumbles over."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.live.helpers_database import plan_for, run_sql
from tests.servers.fixtures import running
from tests.servers.mariadb import MariaDb
from wizard.checks.plan.rules import rules
from wizard.demo.postgres import Postgres
from wizard.formats import dotenv
from wizard.formats.files import SecretsMode
from wizard.plan.finding import Severity
from wizard.plan.secret import Secret
from wizard.plan.sections import Tls

pytestmark = pytest.mark.live
KIT = "@nocobase/license-kit"
ASK = f"require('{KIT}').getEnvAsync().then((env) => console.log(env.db.oid), (error) => {{ throw error }})"
"""Connects to the database as for an instance ID."""
ODD = ["pl ain", "back\\slash", "quo\"te's", "ha#sh%40@:/?", "tab\tbed"]


@pytest.fixture(scope="module", autouse=True)
def kit():
    """Return the folder with the kit, which is NocoBase's own: where Node 20 or npm's package is missing, all skip."""
    folder = Path(os.environ.get("NCW_DOTENV_NODE_MODULES") or "/nowhere")
    if not shutil.which("node") or not (folder / KIT).is_dir():
        pytest.skip(f"there is no licence kit for node; install it with: npm install {KIT}@0.3.8")
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int(told.lstrip("v").partition(".")[0]) < 20:
        pytest.skip(f"the licence kit wants Node 20, and this is {told.strip()}")


def kit_gets_in(**variables):
    """Whether the kit reaches the database that NocoBase's variables name."""
    given = {"PATH": os.environ["PATH"], "NODE_PATH": os.environ["NCW_DOTENV_NODE_MODULES"], **variables}
    done = subprocess.run(["node", "-e", ASK], env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or "Error" in done.stderr
    return done.returncode == 0


def env_of(server, dialect="postgres", **more):
    names = {"DIALECT": dialect, "HOST": server.host, "PORT": str(server.port), "DATABASE": server.database}
    names |= {"USER": server.user, "PASSWORD": server.password}
    return {**{f"DB_{name}": value for name, value in names.items()}, **more}


def judged(identifier, plan, password):
    """Return how grave the finding of a rule is."""
    [finding] = [one for one in rules(plan, {"database.password": Secret(password)}) if one.id == identifier]
    return finding.severity


def told(identifier, env):
    """Return how grave the finding of a rule about an env file with these variables is."""
    plan, _secrets = dotenv.read("".join(f"{name}='{value}'\n" for name, value in env.items()), "x.env")
    return judged(identifier, plan, env["DB_PASSWORD"])


@pytest.mark.parametrize(
    ("mode", "gets_in"),
    [
        ("require", True),
        ("prefer", True),
        ("verify-ca", True),
        ("verify-full", True),
        ("true", False),
        ("VERIFY_IDENTITY", False),
        ("", False),
    ],
)
def test_the_kit_gets_in_over_tls_where_the_rule_says_so(postgres_hostssl, authority, tmp_path, mode, gets_in):
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    env = env_of(postgres_hostssl, DB_DIALECT_OPTIONS_SSL_CA=str(tmp_path / "ca.pem"))
    env |= {"DB_DIALECT_OPTIONS_SSL_MODE": mode} if mode else {}
    assert kit_gets_in(**env) is gets_in
    assert (told("plan.database_tls", env) is Severity.PASS) is gets_in


@pytest.mark.parametrize("tls", [Tls.ENCRYPT, Tls.VERIFY])
def test_what_is_exported_lets_the_kit_in(postgres_hostssl, authority, tmp_path, tls):
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    plan = plan_for(postgres_hostssl, tls=tls, tls_ca=str(tmp_path / "ca.pem"))
    [common, *_nodes] = dotenv.write(plan, {"database.password": Secret(postgres_hostssl.password)}, SecretsMode.INLINE)
    written = {name: one.value for name, one in dotenv.parse(common.text).items() if name.startswith("DB_")}
    assert kit_gets_in(**written)


@pytest.fixture(scope="module")
def with_tls(authority):
    with running(lambda: Postgres(tls=authority.sign())) as server:
        for number, password in enumerate(ODD):
            server.add_user(f"odd{number}", password)
        yield server


@pytest.mark.parametrize("tls", [Tls.OFF, Tls.ENCRYPT])
@pytest.mark.parametrize("number", range(len(ODD)))
def test_the_kit_stumbles_over_a_password_where_the_rule_says_so(with_tls, tls, number):
    plan = plan_for(with_tls, user=f"odd{number}", tls=tls)
    env = env_of(with_tls, DB_USER=f"odd{number}", DB_PASSWORD=ODD[number])
    env |= {"DB_DIALECT_OPTIONS_SSL_MODE": "require"} if tls is not Tls.OFF else {}
    gets_in = kit_gets_in(**env)
    assert gets_in or tls is Tls.OFF
    assert (judged("plan.database_password", plan, ODD[number]) is Severity.PASS) is gets_in


def test_the_kit_never_gets_into_a_mariadb_that_demands_tls(authority):
    with running(lambda: MariaDb(tls=authority.sign())) as server:
        env = env_of(server, "mariadb", DB_DIALECT_OPTIONS_SSL_MODE="require")
        assert kit_gets_in(**env)
        run_sql(server, "SET GLOBAL require_secure_transport = ON")
        assert not kit_gets_in(**env)
