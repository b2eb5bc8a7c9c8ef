"""The ids of the comparisons over a whole run; `cluster.versions` is the nodes' own."""

from __future__ import annotations

from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec
from wizard.plan.words import mark

CLOCKS = Spec(
    "cluster.clocks",
    mark("The clocks of nodes and servers agree with one another."),
    "https://docs.nocobase.com/cluster-mode/preparations",
    "packages/core/snowflake-id/src/snowflake-id.ts",
    severities=(PASS, WARN),
    remedy=mark("Let all machines take the time from the network: timedatectl set-ntp true"),
)
DATABASE = Spec(
    "cluster.database",
    mark("The nodes use the database of the plan, as far as one machine can tell."),
    "https://docs.nocobase.com/cluster-mode/preparations",
    "docs/nocobase.md#health",
    severities=(INFO, FAIL),
    remedy=mark("Compare DB_HOST, DB_PORT, DB_DATABASE and DB_SCHEMA of the nodes with the plan."),
)
SPECS = (CLOCKS, DATABASE)
