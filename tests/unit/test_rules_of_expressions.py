"""What the rules say on expressions of Compose and on several sources, of one change of a plan at a time."""

import pytest

from tests.unit.told import told
from wizard.plan.place import Disagreement, Place
from wizard.plan.plan import Expression
from wizard.plan.secret import Secret

TOLD = [
    (
        {"expressions": (Expression("DB_HOST", "database.host", Place("a.env", 3, "DB_HOST"), "db2", ("HOST",)),)},
        ["warn plan.expressions database.host"],
    ),
    (
        {
            "expressions": (
                Expression("DB_HOST", "database.host", Place("a.env", 3, "DB_HOST"), None, ("HOST", "OTHER")),
            )
        },
        ["fail plan.expressions missing database.host"],
    ),
    (
        {
            "expressions": (
                Expression("DB_HOST", "database.host", Place("a.env", 3, "DB_HOST"), "it's $5", ()),
                Expression("DB_USER", "database.user", Place("a.env", 4, "DB_USER"), 'say "a b"', ()),
                Expression("DB_NAME", "database.name", Place("a.env", 5, "DB_NAME"), "a'b\"c$d", ()),
            )
        },
        ["warn plan.expressions database.host"],
    ),
    (
        {
            "expressions": (
                Expression("DB_PASSWORD", "database.password", Place("a.env", 6, "DB_PASSWORD"), Secret("s3"), ("PW",)),
            )
        },
        ["warn plan.expressions database.password"],
    ),
    (
        {
            "expressions": (
                Expression("DB_PASSWORD", "database.password", Place("a.env", 6, "DB_PASSWORD"), Secret("s3"), ("PW",)),
                Expression("DB_HOST", "database.host", Place("a.env", 3, "DB_HOST"), "db2", ("HOST",)),
            )
        },
        ["warn plan.expressions database.password"],
    ),
    (
        {
            "expressions": (
                Expression(
                    "DB_HOST", "database.host", Place("c.yaml", 3, "DB_HOST"), None, ("HOST", "B"), composed=True
                ),
                Expression("DB_USER", "database.user", Place("c.yaml", 4, "DB_USER"), None, ("B", "A"), composed=True),
            )
        },
        ["unknown plan.expressions database.host"],
    ),
    (
        {
            "expressions": (
                Expression(
                    "DB_PASSWORD",
                    "database.password",
                    Place("c.yaml", 3, "DB_PASSWORD"),
                    None,
                    ("POSTGRES_PASSWORD",),
                    composed=True,
                    torn=(Place(".env", 5, "POSTGRES_PASSWORD"),),
                ),
            )
        },
        ["warn plan.expressions ($)"],
    ),
    (
        {
            "expressions": (
                Expression("DB_HOST", "database.host", Place("c.yaml", 3), None, ("HOST",), composed=True),
                Expression("DB_USER", "database.user", Place("a.env", 4), "x"),
            )
        },
        ["warn plan.expressions database.user", "unknown plan.expressions (c.yaml) database.host"],
    ),
    (
        {
            "disagreements": (
                Disagreement("database.host", Place("a.env", 3, "DB_HOST"), Place("b.env", 7, "DB_HOST")),
                Disagreement("SMTP_HOST", Place("a.env"), Place("b.env")),
            )
        },
        ["fail plan.sources (database.host) other database.host", "fail plan.sources (SMTP_HOST) other SMTP_HOST"],
    ),
    (
        {
            "disagreements": (
                Disagreement("database.password", Place("c.yaml", 3), Place("c.yaml", 7), server="db"),
                Disagreement("redis.server.password", Place("c.yaml", 4), Place("c.yaml", 8), server="redis"),
            )
        },
        [
            "fail plan.sources (database.password) credentials database.password",
            "fail plan.sources (redis.server.password) credentials redis.server.password",
        ],
    ),
    (
        {
            "disagreements": tuple(
                Disagreement("database.host", Place("c.yaml", 3), Place("c.yaml", line), node=node, unknown=True)
                for line, node in ((7, "b"), (9, "c"))
            )
        },
        ["unknown plan.sources (database.host) database.host"],
    ),
]


@pytest.mark.parametrize(("changes", "lines"), TOLD)
def test_of_a_changed_plan_this_is_told_and_nothing_else(changes, lines):
    assert told(changes) == lines
