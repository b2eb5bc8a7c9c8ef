"""How a refused connection is told: what all words of the gate share."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.checks.database.facts import Trust
from wizard.checks.database.kinds import PRODUCTS
from wizard.checks.database.target import Target
from wizard.engine.facts import Trouble
from wizard.plan.remedy import Remedy

CA_LINE = "DB_DIALECT_OPTIONS_SSL_CA=/app/nocobase/storage/database-ca.pem"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was asked, what came of it, and which TLS files of the plan were used."""

    target: Target
    trouble: Trouble
    trust: Trust

    @property
    def names(self) -> dict[str, object]:
        """The names that the words are filled with."""
        target = self.target
        return {
            "product": PRODUCTS[target.dialect],
            "where": target.where,
            "host": target.host,
            "user": target.user,
            "database": target.name,
        }

    @property
    def lacking(self) -> tuple[str, ...]:
        """The client's certificate and key, as far as they are on the nodes alone."""
        return tuple(path for path in (self.target.cert, self.target.key) if path in self.trust.absent)


@dataclass(frozen=True, slots=True)
class Words:
    """How a trouble is told: what is wrong, what it means, and what to do."""

    summary: str
    detail: str = ""
    remedy: Remedy | None = None
