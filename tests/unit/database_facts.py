"""Facts of a database in which all is well but for what a test names."""

from tests.unit.plans import good_plan
from wizard.checks.database import facts as found
from wizard.checks.database.executions import Work
from wizard.checks.database.facts import Facts
from wizard.engine.facts import Known
from wizard.net.clock import Clock
from wizard.plan.plugins import needed_plugins
from wizard.plan.sections import Dialect

POSTGRES = found.ServerVersion("PostgreSQL 16.4 on x86_64-pc-linux-gnu, compiled by gcc")
MYSQL = found.ServerVersion("8.0.36", "MySQL Community Server - GPL", "nocobase@10.0.0.%")


def good_facts(dialect=Dialect.POSTGRES, **other):
    """Return the facts of a server that is as it should be, with some replaced by `other` facts."""
    postgres = dialect is Dialect.POSTGRES
    values = {
        "trust": found.Trust(),
        "addresses": ("10.0.0.9",),
        "connected": True,
        "version": POSTGRES if postgres else MYSQL,
        "encryption": found.Encryption("TLSv1.3"),
        "role": found.Role(()),
        "rights": ("create a table",),
        "ownership": found.Ownership(()) if postgres else None,
        "encoding": "UTF8" if postgres else "utf8mb4",
        "table_names": None if postgres else 0,
        "limits": found.Limits(200, 3, None, None, 4),
        "clock": Clock(0.01, 0.02, "UTC"),
        "pooler": found.Pooler(present=False) if postgres else None,
        "tables": found.Tables((found.VersionTable("public" if postgres else "nocobase", "applicationVersion"),), 90),
        "application": "2.2.15",
        "plugins": tuple(found.Plugin(name, enabled=True, installed=True) for name in needed_plugins(good_plan())),
        "storage": found.FileStorage("files", "s3"),
        "roles": 3,
        "work": Work(0, 0, ()),
        "latency": 0.4,
    }
    known = {name: Known(value) for name, value in values.items()}
    return Facts(**known | other)
