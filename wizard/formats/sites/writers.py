"""The configuration of the plan's own balancer, whichever program that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from wizard.formats.files import LackingError
from wizard.formats.sites import haproxy, nginx
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.sections import BalancerKind


class Writer(Protocol):
    """The module that writes the configuration of one program."""

    def file_name(self, plan: Plan, /) -> str:
        """Return the name of the configuration's file."""

    def render(self, plan: Plan, /) -> str:
        """Return the configuration; raises UnwritableError where the plan lacks what it needs."""

    def render_for_test(self, plan: Plan, /) -> str:
        """Return a whole configuration that the program can test on any machine; raises UnwritableError."""


WRITERS: Mapping[BalancerKind, Writer] = {BalancerKind.NGINX: nginx, BalancerKind.HAPROXY: haproxy}


def site_path(plan: Plan, kind: BalancerKind | None = None) -> str:
    """Return where in a bundle the configuration of the plan's balancer lies, or of one of another kind.

    Raises KeyError for a balancer of another make, which has none.
    """
    kind = kind or plan.balancer.kind
    return f"{kind.value}/{WRITERS[kind].file_name(plan)}"


def render_for_test(plan: Plan) -> str:
    """Return a whole configuration for the plan's balancer that its program can test on any machine.

    Raises UnwritableError where none can be made.
    """
    if not plan.balancer.is_written:
        raise LackingError("balancer.kind", tr("A balancer of another make has no configuration of this program."))
    return WRITERS[plan.balancer.kind].render_for_test(plan)
