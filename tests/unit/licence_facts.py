"""A licence key of which all is well, as a node tells of it."""

from wizard.checks.licence.validity import Right, Validity

LOCK, SYNC = "@nocobase/plugin-lock-adapter-redis", "@nocobase/plugin-pubsub-adapter-redis"
GOOD = Validity(
    present=True,
    seen_as="app.example.com:8443",
    for_domain=True,
    for_database=True,
    for_system=True,
    system="linux 6.1",
    database="postgres nocobase",
    upgrades_ended=False,
    status="active",
    service="https://service.example.com",
    service_reached=True,
    packages_reached=True,
    service_login=True,
    plugins={LOCK: Right("licensed"), SYNC: Right("licensed")},
    version="2.2.15",
)
