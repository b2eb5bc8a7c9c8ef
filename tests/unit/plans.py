"""Plans the unit tests start from."""

from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef, Secrets
from wizard.plan.sections import Node

SECRETS: Secrets = {
    "application.app_key": Secret("k" * 48),
    "application.aes_key": Secret("0a" * 32),
    "application.root_password": Secret("Vx7-wonder.land_22"),
    "database.password": Secret("Db-Pw_12345"),
    "redis.server.password": Secret("Rd-Pw_12345"),
    "licence.password": Secret("Li-Pw_12345"),
}


def good_plan() -> Plan:
    """Return a plan of three nodes in which every rule passes with SECRETS."""
    plan = Plan(id="feedc0ffee00", name="production")
    values = {
        "licence.username": "acme",
        "licence.password": SecretRef("licence.password"),
        "application.public_url": "https://app.example.com",
        "application.version": "2.2.15",
        "application.app_key": SecretRef("application.app_key"),
        "application.aes_key": SecretRef("application.aes_key"),
        "application.root_password": SecretRef("application.root_password"),
        "application.root_nickname": "Admin",
        "database.host": "db.internal",
        "database.password": SecretRef("database.password"),
        "redis.server.host": "redis.internal",
        "redis.server.password": SecretRef("redis.server.password"),
        "storage.path": "/srv/nocobase",
        "nodes": tuple(Node(name=f"node{number}", host=f"10.0.0.{number}") for number in (1, 2, 3)),
        "balancer.tls": True,
        "balancer.certificate": "/etc/ssl/app.pem",
        "balancer.certificate_key": "/etc/ssl/app.key",
    }
    for key, value in values.items():
        plan = plan.with_value(key, value)
    return plan
