"""What is asked: the broker, the account and the virtual host, out of the plan and its secrets."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass

from wizard.checks.check import secret_at
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, Secrets


@dataclass(frozen=True, slots=True)
class BrokerTarget:
    """One broker. `authority_file` is the plan's private authority: a path of the nodes, so it may lack here."""

    host: str
    port: int
    virtual_host: str = "/"
    tls: bool = False
    username: str = ""
    password: Secret | None = None
    authority_file: str = ""

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
    def address(self) -> str:
        """Host and port, as texts name the broker."""
        return f"{self.host}:{self.port}"

    @property
    def account(self) -> str:
        """The account in use: without one, NocoBase's client takes guest, too."""
        return self.username or "guest"

    @property
    def authority_readable(self) -> bool:
        """Whether the private authority is on this machine, too."""
        return bool(self.authority_file) and os.access(self.authority_file, os.R_OK)

    def grant(self) -> str:
        """Give the command that allows the account everything in its virtual host."""
        return shlex.join(["rabbitmqctl", "set_permissions", "-p", self.virtual_host, self.account, ".*", ".*", ".*"])
