"""A value that readers of env files read differently is told by its name and line, and never shown."""

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.checks.plan.rules import rules
from wizard.formats import cluster_file, dotenv
from wizard.formats.files import SecretsMode
from wizard.plan.finding import Severity

WHOLE = dotenv.write(good_plan(), SECRETS, SecretsMode.INLINE)[0].text
GOOD = "".join(
    line for line in WHOLE.splitlines(keepends=True) if not line.startswith(("DB_PASSWORD=", "WORKER_MODE="))
)


def read(line):
    return dotenv.read(f"{GOOD}{line}\n", "cluster.env")


def told(plan, secrets):
    return {
        finding.subject: finding
        for finding in rules(plan, secrets)
        if finding.id == "plan.env_text" and finding.severity is Severity.WARN
    }


UNLIKE = [
    "DB_PASSWORD=S3cr3t#b", "DB_PASSWORD=#S3cr3t", "DB_PASSWORD=S3cr3t # mine", "DB_PASSWORD=S3cr3t$.x",
    "DB_PASSWORD=S3cr3t'x", 'DB_PASSWORD=S3cr3t"x', "DB_PASSWORD=S3cr3t\\x", "DB_PASSWORD=S3cr3t x",
    "DB_PASSWORD=~S3cr3t",
    'DB_PASSWORD="S3cr3t\\x"', 'DB_PASSWORD="S3cr3t$.x"', 'DB_PASSWORD="S3cr3t`x"', 'DB_PASSWORD="S3cr3t\\nx"',
    "DB_PASSWORD=`S3cr3t`", "DB_PASSWORD='S3cr3t\nx'", "DB_PASSWORD='S3cr3t${x}'", "DB_PASSWORD: S3cr3t",
    "DB_PASSWORD = S3cr3t", "DB_PASSWORD= S3cr3t",
]  # fmt: skip


@pytest.mark.parametrize("line", UNLIKE)
def test_what_is_read_differently_is_told_and_not_shown(line):
    plan, secrets = read(line)
    found = told(plan, secrets)
    assert set(found) == {"DB_PASSWORD"}
    assert "S3cr3t" not in repr(found)
    number = GOOD.count("\n") + 1
    assert f"(line {number})" in found["DB_PASSWORD"].summary
    assert not [item for item in rules(plan, secrets) if item.id == "plan.env_text" and item.severity is Severity.PASS]


@pytest.mark.parametrize(
    "line",
    ["DB_PASSWORD=S3cr3t", "DB_PASSWORD='S3cr3t'", "DB_PASSWORD='S3cr3t # $x'", 'DB_PASSWORD="S3cr3t"', "DB_PASSWORD=",
     'DB_PASSWORD="S3cr3t\'x"', "export DB_PASSWORD=S3cr3t", "WORKER_MODE=!", "WORKER_MODE=*",
     "DB_PASSWORD=\n# a remark",
     "DB_PASSWORD=S3cr3t   ", "DB_PASSWORD='S3cr3t'  # mine", "DB_PASSWORD=''"],
)  # fmt: skip
def test_what_is_read_alike_is_not(line):
    assert not told(*read(line))


def test_an_address_that_was_cut_says_why_it_cannot_be_read():
    plan, secrets = read("REDIS_URL=redis://:S3cr3t#x@redis.internal/4")
    assert "cuts an unquoted value at “#”" in plan.problem("REDIS_URL")
    assert "%23" in plan.problem("REDIS_URL")
    assert "S3cr3t" not in repr(rules(plan, secrets))
    assert "cuts" not in read("REDIS_URL='redis://:S3cr3t#x@redis.internal/4'")[0].problem("REDIS_URL")


def test_a_value_given_anew_is_in_doubt_no_more():
    plan, secrets = read("DB_USER=a b\nDB_SCHEMA=a b")
    assert set(told(plan, secrets)) == {"DB_USER", "DB_SCHEMA"}
    assert set(told(plan.with_value("database.user", "a"), secrets)) == {"DB_SCHEMA"}
    assert not told(cluster_file.read(cluster_file.write(plan), "c", tolerant=True), secrets)
