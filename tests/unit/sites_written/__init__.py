"""What a change of the plan changes in the configuration for its balancer: `nginx.txt` and `haproxy.txt`.

Behind `=== NAME` stand the lines that are gone (`-`) and those that are new (`+`), beside the site of the good plan.
"""

import difflib
from pathlib import Path

from tests.unit.plans import good_plan
from wizard.plan.sections import Distribution, Node

FOLDER = Path(__file__).parent
CHANGES = {
    "a name with a blank": {"name": "Prod EU"},
    "a long name": {"name": "a-very-long-name-of-a-cluster-in-the-east"},
    "no TLS": {"balancer.tls": False},
    "no redirect": {"balancer.redirect": False},
    "HSTS": {"balancer.hsts": True},
    "HSTS without a redirect": {"balancer.hsts": True, "balancer.redirect": False},
    "behind another proxy": {"balancer.behind_proxy": True},
    "nodes in turn": {"balancer.distribution": Distribution.ROUND_ROBIN},
    "the least busy node": {"balancer.distribution": Distribution.LEAST_CONNECTIONS},
    "a node for each client": {"balancer.distribution": Distribution.IP_HASH},
    "a node for each client behind another proxy": {
        "balancer.distribution": Distribution.IP_HASH,
        "balancer.behind_proxy": True,
    },
    "the least busy node behind another proxy": {
        "balancer.distribution": Distribution.LEAST_CONNECTIONS,
        "balancer.behind_proxy": True,
    },
    "several names": {"balancer.server_name": "app.example.com *.example.com"},
    "any name": {"balancer.server_name": "_"},
    "no public address": {"application.public_url": ""},
    "other ports": {"balancer.port": 8080, "balancer.tls_port": 8443},
    "a key beside the certificate": {"balancer.certificate": "/x/a.pem", "balancer.certificate_key": "/x/a.pem.key"},
    "uploads of a gigabyte": {"balancer.upload_limit": "1G"},
    "uploads in kilobytes": {"balancer.upload_limit": "500k"},
    "uploads in bytes": {"balancer.upload_limit": "10"},
    "uploads without a limit": {"balancer.upload_limit": "0"},
    "below a path": {"application.public_path": "/crm/"},
    "an empty path": {"application.public_path": ""},
    "another file for maintenance": {"balancer.maintenance_file": "/srv/closed"},
    "a node for tasks alone": {
        "nodes": (
            Node(name="web", host="web.internal", port=13001),
            Node(name="tasks", host="10.0.0.2", worker_mode="*"),
        )
    },
}


def written(program):
    """Return the lines that differ, by the name of the case."""
    text = (FOLDER / f"{program}.txt").read_text(encoding="utf-8")
    parts = [part.partition("\n") for part in text.split("=== ")[1:]]
    return {name: body for name, _, body in parts}


def plan_with(changes):
    plan = good_plan()
    for key, value in changes.items():
        plan = plan.with_value(key, value)
    return plan


def difference(before, after):
    """Return the lines that are gone and those that are new."""
    rows = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "".join(f"{row}\n" for row in rows if not row.startswith(("---", "+++", "@@")))
