"""What an env file cannot say is neither a fault nor a pass: it is unknown, until somebody says it."""

import pytest

from tests.remedies import is_well_formed, remedy_of
from tests.unit.plans import SECRETS, good_plan
from wizard.checks.licence.checks import checks as licence_checks
from wizard.checks.plan.rules import rules
from wizard.checks.storage.target import target_of as storage_target
from wizard.formats import cluster_file, dotenv
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.files import SecretsMode
from wizard.guide.edits import with_new_node
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import Node

FAIL, WARN, PASS, UNKNOWN, SKIP = Severity.FAIL, Severity.WARN, Severity.PASS, Severity.UNKNOWN, Severity.SKIP


def exported(plan=None):
    """Return the text of the env file of a bundle with its secrets in it."""
    return dotenv.write(plan or good_plan(), SECRETS, SecretsMode.INLINE)[0].text


def judged(text):
    plan, secrets = dotenv.read(text, "cluster.env")
    return rules(plan, secrets)


def of(found, identifier):
    severities = [finding.severity for finding in found if finding.id == identifier]
    assert severities
    return set(severities)


def test_our_own_env_file_has_no_fault_and_passes_in_nothing_that_it_does_not_say():
    found = judged(exported())
    assert {finding.severity for finding in found} == {PASS, UNKNOWN, SKIP}
    unknown = {(finding.id, finding.subject) for finding in found if finding.severity is UNKNOWN}
    assert unknown == {
        ("plan.required", "application.public_url"),
        ("plan.required", "storage.path"),
        ("plan.version", ""),
        ("plan.nodes", ""),
    }
    assert of(found, "plan.required") == {UNKNOWN}


def test_what_is_unknown_says_how_to_make_it_known():
    found = [finding for finding in judged(exported()) if finding.severity is UNKNOWN]
    for finding in found:
        assert "the source does not say" in finding.summary
        assert "export FILE DIR --target env" in finding.remedy
        assert is_well_formed(remedy_of(finding))


def test_one_nodes_variables_say_nothing_of_the_other_nodes():
    found = judged(exported() + "APP_PORT=13001\nWORKER_MODE=!\nCLUSTER_MODE=4\n")
    assert not {finding.severity for finding in found} & {FAIL, WARN}
    for rule in ("nodes", "worker_ids", "coverage", "shared_storage", "pool", "worker_mode"):
        assert of(found, f"plan.{rule}") == {UNKNOWN}


def test_a_worker_mode_that_is_wrong_is_so_whatever_other_nodes_do():
    assert of(judged(exported() + "WORKER_MODE=!,*\n"), "plan.worker_mode") == {FAIL}


LOCALHOST = ("plan.database_localhost", "plan.redis_localhost")


@pytest.mark.parametrize("further", ["", "STORAGE_PATH=/srv/nocobase\n"])
@pytest.mark.parametrize("rule", LOCALHOST)
def test_localhost_is_judged_by_where_nodes_run_and_a_file_does_not_say_that(rule, further):
    plan = good_plan().with_value("database.host", "localhost").with_value("redis.server.host", "localhost")
    assert of(judged(exported(plan) + further), rule) == {UNKNOWN}
    assert of(rules(plan, SECRETS), rule) == {FAIL}


def test_what_a_file_could_say_and_does_not_is_missing():
    found = judged(exported().replace("DB_HOST=", "#DB_HOST="))
    [missing] = [finding for finding in found if finding.subject == "database.host"]
    assert (missing.severity, missing.error) == (FAIL, ErrorKind.MISSING)


def test_without_an_account_it_is_not_known_what_the_licence_is():
    text = "".join(line for line in exported().splitlines(keepends=True) if "NOCOBASE_PKG_" not in line)
    found = {finding.subject: finding.severity for finding in judged(text) if finding.id == "plan.required"}
    assert found["licence.key"] is UNKNOWN


def test_an_image_may_bring_app_env_so_without_it_nothing_is_known():
    text = exported().replace("APP_ENV=production\n", "")
    assert of(judged(text), "plan.environment") == {UNKNOWN}
    assert of(judged(exported()), "plan.environment") == {PASS}
    assert of(judged(text + "STORAGE_PATH=/srv/x\n"), "plan.environment") == {UNKNOWN}
    assert of(judged(text + "PM2_HOME=/var/lib/pm2\n"), "plan.environment") == {FAIL}


@pytest.mark.parametrize("container", [True, False])
def test_what_a_source_gathered_for_one_program_may_lack_app_env(container):
    lines = ["STORAGE_PATH=/data/storage", "PM2_HOME=/var/lib/pm2"]
    variables = {line.partition("=")[0]: Assignment(*line.partition("=")[::2], 1) for line in lines}
    plan, secrets = dotenv.read_given(variables, {}, "compose.yml", container=container)
    assert of(rules(plan, secrets), "plan.environment") == {UNKNOWN}


def test_without_app_env_it_is_said_what_nocobase_takes_then_and_not_what_somebody_wrote():
    text = exported().replace("APP_ENV=production\n", "")
    for more, words in (
        ("PM2_HOME=/var/lib/pm2\n", "APP_ENV is not set, and NocoBase then takes development"),
        ("STORAGE_PATH=/srv/x\n", "APP_ENV is not set: NocoBase then takes development, and its own image production."),
        ("", "APP_ENV is not set: NocoBase then takes development, and its own image production."),
        ("STORAGE_PATH=/srv/x\nAPP_ENV=development\n", "APP_ENV is development"),
    ):
        [finding] = [one for one in judged(text + more) if one.id == "plan.environment"]
        assert finding.summary.startswith(words)


def test_what_somebody_says_afterwards_is_judged():
    plan, secrets = dotenv.read(exported(), "cluster.env")
    assert "application.version" in plan.unsaid
    plan = plan.with_value("application.version", "1.5.9")
    assert "application.version" not in plan.unsaid
    assert of(rules(plan, secrets), "plan.version") == {FAIL}


def test_a_node_that_somebody_adds_says_which_nodes_there_are():
    plan, _ = dotenv.read("DB_HOST=db\nAPP_PORT=13001\n", "x.env")
    assert plan.unsaid >= {"nodes", "nodes.0.host"}
    assert not [key for key in with_new_node(plan).unsaid if key.startswith("nodes")]
    assert "nodes" not in plan.with_value("nodes.0.host", "10.0.0.1").unsaid
    assert plan.with_value("nodes", (Node(),)).unsaid == plan.unsaid - {"nodes", "nodes.0.host"}


def test_a_cluster_file_says_all_there_is():
    plan, _ = dotenv.read(exported(), "cluster.env")
    again = cluster_file.read(cluster_file.write(plan), "cluster.yaml")
    assert again == plan
    assert not again.unsaid
    assert of(rules(again, {}), "plan.required") == {FAIL}


def test_what_no_env_file_can_say_is_no_failure_of_the_components():
    plan, secrets = dotenv.read("APP_KEY=x\nDB_DIALECT=postgres\nSTORAGE_PATH=/srv\n", "x.env")
    [check] = licence_checks(plan, secrets)
    [key] = [finding for finding in check.judge(check.facts()) if finding.id == "licence.key"]
    assert key.severity is Severity.UNKNOWN
    assert storage_target(plan, secrets).kind is None
