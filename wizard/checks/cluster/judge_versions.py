"""Compare the versions that the nodes tell. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.checks.cluster.specs import VERSIONS
from wizard.checks.node.judge import mute_nodes, nodes_of, version_in
from wizard.engine.check import AllFacts, told_by, value_of
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, sentences, tr, trn
from wizard.plan.remedy import advice


def judge_versions(facts: AllFacts) -> Iterator[Finding]:
    """Compare what the nodes tell; the version comes from the database, so two versions are two databases."""
    known = {name: version for name, found in nodes_of(facts).items() if (version := version_in(value_of(found.info)))}
    if len(known) < 2:  # noqa: PLR2004 - it takes two to differ
        reason, mute = tr("Not compared: fewer than two nodes tell their version."), mute_nodes(facts)
        yield VERSIONS.skip(sentences(reason, told_by(mute)), because=tuple(sorted(mute)))
        return
    listed = listing(f"{name}: {version}" for name, version in sorted(known.items()))
    if len(set(known.values())) == 1:
        version = next(iter(known.values()))
        yield VERSIONS.passed(
            trn(
                "{count} node tells its version, {version}.",
                "{count} nodes tell the same version, {version}.",
                count=len(known),
                version=version,
            ),
            facts=known,
        )
        return
    yield VERSIONS.fail(
        tr("The nodes tell different versions."),
        ErrorKind.VERSION,
        detail=tr(
            "{listed}. A node reads it from its database: nodes that differ do not share one, or one upgrades now.",
            listed=listed,
        ),
        remedy=advice(tr("Compare DB_HOST, DB_PORT, DB_DATABASE and DB_SCHEMA of these nodes.")),
        facts=known,
    )
