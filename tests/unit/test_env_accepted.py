"""A value that NocoBase takes is no fault, also where this program would write another or has none for it."""

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.checks.plan.rules import rules
from wizard.formats import cluster_file, dotenv
from wizard.formats.files import SecretsMode
from wizard.plan.finding import Severity
from wizard.plan.kinds import BadValueError
from wizard.plan.secret import Secret
from wizard.plan.urls import split

FAIL, WARN, PASS, UNKNOWN = Severity.FAIL, Severity.WARN, Severity.PASS, Severity.UNKNOWN
GOOD = dotenv.write(good_plan(), SECRETS, SecretsMode.INLINE)[0].text


def read(line):
    name = line.partition("=")[0]
    others = "".join(one for one in GOOD.splitlines(keepends=True) if not one.startswith(f"{name}="))
    return dotenv.read(f"{others}{line}\n", "cluster.env")


def of(line, identifier):
    return [finding for finding in rules(*read(line)) if finding.id == identifier]


def written(line):
    files = dotenv.write(*read(line), SecretsMode.INLINE)
    return "".join(file.text for file in files if not file.path.endswith(".docker.env"))


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("CORS_ORIGIN_WHITELIST='https://a.example, https://b.example'", "application.cors_origins", None),
        ("REQUEST_BODY_LIMIT=20MB", "application.body_limit", "20MB"),
        ("REQUEST_BODY_LIMIT=1.5mb", "application.body_limit", "1.5mb"),
        ("REQUEST_BODY_LIMIT='1 Gb'", "application.body_limit", "1 Gb"),
        ("WORKER_MODE=' !'", "nodes.0.worker_mode", "!"),
        ("REDIS_URL=Redis://redis.internal:6379/4", "redis.databases.worker_id", 4),
    ],
)
def test_what_nocobase_reads_is_read(line, key, value):
    plan, _secrets = read(line)
    assert not plan.unreadable
    assert plan.get(key) == (value if value is not None else line.partition("=")[2].strip("'"))


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("REQUEST_BODY_LIMIT=20 megabytes", "application.body_limit"),
        ("CORS_ORIGIN_WHITELIST='https://a.example https://b.example'", "application.cors_origins"),
        ("DB_DIALECT=oracle", "database.dialect"),
        ("CLUSTER_MODE=40", "nodes.0.processes"),
    ],
)
def test_what_it_does_not_read_is_a_fault_and_kept(line, key):
    plan, _secrets = read(line)
    assert plan.text(key) == line.partition("=")[2].strip("'")
    assert [finding.severity for finding in of(line, "plan.value")] == [FAIL]


@pytest.mark.parametrize("line", ["CLUSTER_MODE=max", "CLUSTER_MODE=-1", "DB_DIALECT=kingbase", "DB_DIALECT=oceanbase"])
def test_what_this_program_has_no_value_for_is_unknown_and_written_as_it_came(line):
    [finding] = of(line, "plan.value")
    assert finding.severity is UNKNOWN
    assert finding.detail
    assert line in written(line).splitlines()
    again = cluster_file.read(cluster_file.write(read(line)[0]), "cluster.yaml")
    assert line in "".join(file.text for file in dotenv.write(again, {}, SecretsMode.REFERENCE)).splitlines()
    assert [item.severity for item in rules(again, {}) if item.id == "plan.value"] == [UNKNOWN]


@pytest.mark.parametrize("rule", ["plan.worker_ids", "plan.pool"])
def test_as_many_processes_as_processors_are_not_counted(rule):
    plan = good_plan().with_text("nodes.0.processes", "max")
    [finding] = [item for item in rules(plan, SECRETS) if item.id == rule]
    assert finding.severity is UNKNOWN
    assert "Write a number" in finding.detail


def test_the_port_of_a_database_known_by_a_plug_in_is_not_made_up():
    plan, secrets = dotenv.read("DB_DIALECT=kingbase\nDB_HOST=db\n", "cluster.env")
    assert "DB_PORT" not in dotenv.write(plan, secrets, SecretsMode.INLINE)[0].text
    assert "\nDB_PORT=5432\n" in written("DB_DIALECT=kingbase\nDB_PORT=5432")


@pytest.mark.parametrize("line", ["DISABLE_PM_ADD=1", "DB_UNDERSCORED=TRUE", "DISABLE_PKG_DOWNLOAD=yes"])
def test_a_text_that_nocobase_takes_for_no_has_no_effect_and_is_told(line):
    name, _, text = line.partition("=")
    [finding] = of(line, "plan.value")
    assert finding.severity is WARN
    assert (text in finding.summary, f"{name}=true" in finding.remedy) == (True, True)
    assert not read(line)[0].get(finding.subject)


def test_a_task_of_a_plug_in_is_no_fault():
    [finding] = of("WORKER_MODE=!,mine", "plan.worker_mode")
    assert finding.severity is WARN


@pytest.mark.parametrize("name", ["CACHE_DEFAULT_STORE", "LOCK_ADAPTER_DEFAULT", "QUEUE_ADAPTER"])
def test_an_adapter_of_one_process_is_wrong_and_says_why(name):
    [finding] = of(f"{name}=local", "plan.value")
    assert finding.severity is FAIL
    assert "is “local”" in finding.summary
    assert "cannot be read" not in finding.summary
    assert finding.remedy.splitlines()[-1] == f"{name}=redis"


@pytest.mark.parametrize("url", ["redis://[::1]:6379/4", "redis://me:S3cr3t@[fe80::1]/4"])
def test_an_ipv6_address_is_told_as_one(url):
    with pytest.raises(BadValueError, match="IPv6"):
        split(Secret(url), ("redis", "rediss"))
