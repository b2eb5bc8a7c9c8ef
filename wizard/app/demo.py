"""Verb demo: a whole small cluster of throw-away servers behind the nginx configuration that would be exported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from wizard.demo.cluster import DemoCluster
from wizard.plan.i18n import tr


@contextmanager
def running_demo(progress: Callable[[str], None], **more: Any) -> Iterator[DemoCluster]:
    """Start the cluster and return it; it is gone when the block ends. The arguments are those of DemoCluster."""
    from wizard.formats.sites import nginx

    with DemoCluster(progress, **more) as cluster:
        if cluster.plan.nodes:
            cluster.serve(nginx.render(cluster.plan, host="127.0.0.1"))
        else:
            cluster.leave_out("balancer", tr("Not in this demo: there is no node behind it."))
        yield cluster
