"""A certificate as a server shows it, with what a test says otherwise."""

from datetime import UTC, datetime

from wizard.net.certificate import Certificate


def shown(**values):
    usual = {
        "names": ("redis.internal",),
        "not_before": datetime(2026, 1, 1, tzinfo=UTC),
        "not_after": datetime(2027, 1, 1, tzinfo=UTC),
        "issuer": "CN=Some authority",
        "distrust": "",
        "seen": datetime(2026, 9, 1, tzinfo=UTC),
    }
    return Certificate(**usual | values)
