"""The facts about the broker."""

from __future__ import annotations

from wizard.dataclass import dataclass
from wizard.engine.facts import NOT_NEEDED, PENDING, Fact
from wizard.net.trust import Doubt

LARGE = 1024 * 1024
"""Bytes of the one large message: more than a frame (128 KiB), a sixteenth of what RabbitMQ 4 allows by itself, and
soon there. What NocoBase sends is documented nowhere; a job's context is text, and this would be a long one."""


@dataclass(frozen=True, slots=True)
class Broker:
    """What the broker says of itself in the handshake."""

    product: str
    version: str
    platform: str = ""
    cluster: str = ""

    @property
    def major(self) -> int:
        """The first number of its version, or 0."""
        first = self.version.partition(".")[0]
        return int(first) if first.isdigit() else 0


@dataclass(slots=True)
class BrokerFacts:
    """All that is asked, in this order; the five steps of a message are told apart, `large` is a message's bytes.

    `doubt` is looked into only where the certificate is not believed.
    """

    addresses: Fact[tuple[str, ...]] = PENDING
    connection: Fact[Broker] = PENDING
    doubt: Fact[Doubt | None] = NOT_NEEDED
    declared: Fact[str] = PENDING
    published: Fact[None] = PENDING
    consumed: Fact[int] = PENDING
    acknowledged: Fact[None] = PENDING
    deleted: Fact[None] = PENDING
    latency: Fact[tuple[float, ...]] = PENDING
    classic: Fact[None] = PENDING
    quorum: Fact[None] = PENDING
    large: Fact[int] = PENDING


STEPS = ("declared", "published", "consumed", "acknowledged", "deleted")
"""The steps of a message through a queue, by their facts."""
