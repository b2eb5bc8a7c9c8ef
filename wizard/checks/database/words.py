"""How a refused connection is told: what all words of the gate share."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.checks.database.facts import Trust
from wizard.checks.database.kinds import PRODUCTS
from wizard.checks.database.target import Target, sql_account, sql_name
from wizard.dataclass import dataclass
from wizard.engine.facts import Trouble
from wizard.plan.env_text import PASSWORD_HERE
from wizard.plan.i18n import tr
from wizard.plan.remedy import Remedy, commands, steps
from wizard.plan.sections import Dialect


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


def check_certificate(target: Target) -> Remedy:
    """Return the lines that let a node check the server's certificate, with a file in the storage that all share."""
    mode = ["DB_DIALECT_OPTIONS_SSL_MODE=verify-full"] if target.postgres else []
    return _with_authority(target, before=mode, behind=["DB_DIALECT_OPTIONS_SSL_REJECT_UNAUTHORIZED=true"])


def authority_file(target: Target) -> Remedy:
    """Return the line that names the authority's file in the storage, to nodes that check the certificate already."""
    return _with_authority(target)


def _with_authority(target: Target, before: Sequence[str] = (), behind: Sequence[str] = ()) -> Remedy:
    words = tr("Put the authority's certificate there, where every node reads it, and into the environment of each:")
    return steps(words, *before, f"DB_DIALECT_OPTIONS_SSL_CA={target.folder}/database-ca.pem", *behind)


def new_password(target: Target) -> str:
    """Return the statement that gives the plan's account another password."""
    if target.postgres:
        return f"\\password {sql_name(target, target.user)}"
    return f"ALTER USER {sql_account(target)} IDENTIFIED BY '{PASSWORD_HERE}';"


def new_method(target: Target) -> str:
    """Return MySQL's statement that names the method, too: without it an account keeps the one it has."""
    method = (
        f"VIA mysql_native_password USING PASSWORD('{PASSWORD_HERE}')"
        if target.dialect is Dialect.MARIADB
        else f"WITH caching_sha2_password BY '{PASSWORD_HERE}'"
    )
    return f"ALTER USER {sql_account(target)} IDENTIFIED {method};"


def correct_password(target: Target, *look: Remedy) -> Remedy:
    """Say to correct the password where it is mistyped, then `look`, and only then how it is changed for every node."""
    first = tr(
        "First compare DB_PASSWORD with the password that the other nodes use, and correct it (database.password)."
    )
    last = tr(
        "Only where nobody knows the right one: this changes it on the server, and every node that has the old one is "
        "shut out until it has the new one:"
    )
    return commands(steps(first, comment="--"), *look, steps(last, new_password(target), comment="--"))
