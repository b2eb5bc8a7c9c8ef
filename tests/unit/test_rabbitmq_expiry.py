"""What a check that is killed leaves in RabbitMQ goes by itself: no queue is declared without an expiry."""

from types import SimpleNamespace

import pytest

from wizard.checks.rabbitmq import probe


class _Channel:
    """Keeps with which arguments a queue was declared."""

    def __init__(self):
        self.declared = []

    def queue_declare(self, name, arguments, **how):
        self.declared.append((name, arguments["x-expires"], how))

    def queue_delete(self, name):
        pass

    def confirm_delivery(self):
        pass

    def close(self):
        pass


@pytest.mark.parametrize(
    ("declare", "how"),
    [
        (lambda connection: probe._last(connection, "ncw-check-a", "quorum"), {"durable": True}),
        (
            lambda connection: probe._Message(connection, "ncw-check-a").declare(),
            {"exclusive": True, "auto_delete": True},
        ),
    ],
    ids=["lasting", "of the connection"],
)
def test_a_queue_has_its_expiry_from_the_step_that_makes_it(declare, how):
    channel = _Channel()
    declare(SimpleNamespace(channel=lambda: channel))
    assert channel.declared == [("ncw-check-a", 60_000, how)]
