"""What is asked: the broker, the account and the virtual host, out of the plan and its secrets."""

from __future__ import annotations

import shlex

from wizard.dataclass import dataclass
from wizard.engine.check import secret_at
from wizard.net.peer import Peer
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerTarget(Peer):
    """One broker, and the virtual host in it."""

    virtual_host: str = "/"

    @classmethod
    def of(cls, plan: Plan, secrets: Secrets) -> BrokerTarget:
        """Read the target out of the plan."""
        queue = plan.queue
        return cls(
            host=queue.host,
            port=queue.effective_port,
            virtual_host=queue.virtual_host,
            tls=queue.tls,
            username=queue.username,
            password=secret_at(plan, secrets, "queue.password"),
            authority_file=plan.application.extra_ca_file,
        )

    @property
    def account(self) -> str:
        """The account in use: without one, NocoBase's client takes guest, too."""
        return self.username or "guest"

    def rabbitmqctl(self, command: str, *words: str, inside: bool = False) -> str:
        """Return a command line for the broker's own host; with `inside`, about the virtual host."""
        where = ["-p", self.virtual_host] if inside else []
        return shlex.join(["rabbitmqctl", command, *where, *words])

    def grant(self) -> str:
        """Return the command that allows the account everything in its virtual host."""
        return self.rabbitmqctl("set_permissions", self.account, ".*", ".*", ".*", inside=True)
