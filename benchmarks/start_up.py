"""One check of a real PostgreSQL, from the start of the process to its end, against a bare Python that connects."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.timing import medians, not_measured, tell, took
from wizard.demo.postgres import Postgres
from wizard.formats import cluster_file
from wizard.plan.plan import Plan
from wizard.plan.secret import SecretRef

WANTED, WANTED_OF_NB = 1.4, 0.35
REPEAT = 15
_BARE = """
import os
import psycopg

with psycopg.connect(
    host=os.environ["DB_HOST"],
    port=os.environ["DB_PORT"],
    dbname=os.environ["DB_DATABASE"],
    user=os.environ["DB_USER"],
    password=os.environ["DB_PASSWORD"],
) as connection:
    connection.execute("SELECT 1").fetchone()
"""

_OURS = "from wizard.__main__ import main; main()"
"""What the installed program `nocobase-cluster-wizard` is."""


def _plan(server: Postgres) -> Plan:
    plan = Plan()
    values = {"host": server.host, "port": server.port, "name": server.database, "user": server.user}
    for name, value in {**values, "password": SecretRef("database.password")}.items():
        plan = plan.with_value(f"database.{name}", value)
    return plan


def _variables(server: Postgres) -> dict[str, str]:
    """Return NocoBase's variables for the server, and those that psql reads."""
    values = {"HOST": server.host, "PORT": str(server.port), "USER": server.user, "PASSWORD": server.password}
    ours = {
        f"DB_{name}": value for name, value in {**values, "DATABASE": server.database, "DIALECT": "postgres"}.items()
    }
    return {**ours, **{f"PG{name}": value for name, value in {**values, "DATABASE": server.database}.items()}}


def _beside(server: Postgres, environment: Mapping[str, str]) -> dict[str, Callable[[], float]]:
    """Return the measures of other tools that this machine has. `nb` takes the address from arguments alone."""
    address = {"dialect": "postgres", "host": server.host, "port": server.port, "database": server.database}
    address |= {"user": server.user, "password": server.password}  # of a server that lives for these seconds
    tools = {
        "psql": ["psql", "--no-psqlrc", "--command", "SELECT 1"],
        "nb": ["nb", "db", "check", *(f"--db-{name}={value}" for name, value in address.items())],
    }
    there = {name: command for name, command in tools.items() if shutil.which(name)}
    measures = {name: (lambda command=command: took(command, environment)) for name, command in there.items()}
    return {name: measure for name, measure in measures.items() if _works(measure)}


def _works(measure: Callable[[], float]) -> bool:
    """Whether a tool does what it is asked for; `nb` is nothing without a newer Node.js than many systems have."""
    with contextlib.suppress(subprocess.CalledProcessError):
        measure()
        return True
    return False


def main() -> bool:
    """Measure and tell; return whether the ratio holds."""
    with Postgres() as server, tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, **_variables(server)}
        environment |= {f"XDG_{kind}_HOME": home for kind in ("CACHE", "CONFIG", "DATA", "STATE")}
        # modules are compiled, as those of an installed program are, whatever the environment says
        environment |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(Path(home, "compiled"))}
        plan = _plan(server)
        file = Path(home, "cluster.yaml")
        file.write_text(cluster_file.write(plan), encoding="utf-8")
        variables = Path(home, "nocobase.env")
        variables.write_text(
            "".join(f"{name}={value}\n" for name, value in _variables(server).items() if name[:2] == "DB")
        )
        check = [sys.executable, "-c", _OURS, "check", "--only", "database.connect"]
        measures: dict[str, Callable[[], float]] = {
            "bare": lambda: took([sys.executable, "-c", _BARE], environment),
            "ours": lambda: took([*check, str(file)], environment),
            "env_file": lambda: took([*check, str(variables)], environment),
        }
        for measure in measures.values():
            measure()
        found = medians(REPEAT, **measures, **_beside(server, environment))
    title = "check --only database.connect ÷ bare psycopg"
    of_file = tell(f"{title}, of a cluster file", found["ours"] / found["bare"], WANTED, **found)
    of_variables = tell(f"{title}, of an env file", found["env_file"] / found["bare"], WANTED, **found)
    title = "check --only database.connect ÷ nb db check"
    if "nb" in found:
        of_nb = tell(title, found["env_file"] / found["nb"], WANTED_OF_NB, ours=found["env_file"], nb=found["nb"])
    else:
        reason = (
            "NocoBase's command line (nb, npm's @nocobase/cli, on Node.js 22) is not on this machine, or does not run"
        )
        of_nb = not_measured(title, WANTED_OF_NB, reason)
    return of_file and of_variables and of_nb


if __name__ == "__main__":
    sys.exit(not main())
