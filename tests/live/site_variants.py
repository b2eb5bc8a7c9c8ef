"""Plans whose nginx sites differ in everything that the template decides by, and the examples."""

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import replace

from wizard import resources
from wizard.formats import cluster_file
from wizard.formats.files import UnwritableError
from wizard.formats.sites import nginx
from wizard.plan.plan import Plan
from wizard.plan.sections import Distribution, Node

BOTH = [False, True]
VARIANTS = list(itertools.product(BOTH, BOTH, BOTH, list(Distribution), BOTH, ["/", "/a/b/"]))


def variants() -> Iterator[Plan]:
    nodes = (Node(name="a", host="a.internal"), Node(name="b", host="10.0.0.1"))
    for tls, redirect, hsts, distribution, behind_proxy, path in VARIANTS:
        plan = replace(Plan(id="x", name="Variant 1 with a name far longer than any program allows"), nodes=nodes)
        values = {"tls": tls, "redirect": redirect, "hsts": hsts, "distribution": distribution}
        for name, value in {**values, "behind_proxy": behind_proxy, "maintenance_file": "/a b/;{}'#"}.items():
            plan = plan.with_value(f"balancer.{name}", value)
        yield plan.with_value("application.public_path", path)


def examples() -> Iterator[Plan]:
    """Go through the examples that have a site for nginx."""
    for path in sorted((resources.folder() / "examples").glob("*.yaml")):
        plan = cluster_file.read(path.read_text(encoding="utf-8"), path.name)
        with contextlib.suppress(UnwritableError):
            nginx.render(plan)
            yield plan
