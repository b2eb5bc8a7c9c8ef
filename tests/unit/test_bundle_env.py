"""The env files of a bundle are judged by what they give the nodes, wherever that is not what the plan says."""

import json
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.bundle_files import beside
from wizard.app.export import export
from wizard.checks.plan import bundle_env
from wizard.checks.plan.component import COMPONENT
from wizard.engine.component import Request
from wizard.formats.files import SecretsMode
from wizard.plan.finding import Severity
from wizard.plan.place import Place
from wizard.plan.plan import Unreadable
from wizard.plan.sections.application import Environment

COMMON, NODE = "env/cluster.env", "env/node-node1.env"


@pytest.fixture(params=[SecretsMode.INLINE, SecretsMode.REFERENCE])
def bundle(request, tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", request.param)
    return tmp_path / "out"


def judged(bundle: Path, secrets=SECRETS, plan=None):
    plan = plan or good_plan()
    [check] = bundle_env.checks(beside(bundle, edited=False).read, plan, secrets)
    facts = check.facts()
    check.probe(facts)
    return list(check.judge(facts))


def edit(bundle: Path, path: str, change) -> None:
    file = bundle / path
    file.write_text(change(file.read_text()))


def without(name: str):
    return lambda text: "".join(line for line in text.splitlines(keepends=True) if not line.startswith(f"{name}="))


@pytest.mark.parametrize("secrets", [SECRETS, {}])
def test_files_as_they_were_exported_say_what_the_plan_says(bundle, secrets):
    [finding] = judged(bundle, secrets)
    assert (finding.id, finding.severity, finding.subject) == ("plan.sources", Severity.PASS, "bundle")


def test_a_variable_that_was_taken_out_is_the_failure_it_is_in_a_plan(bundle):
    before = (bundle / COMMON).read_text().partition("\nLOCK_ADAPTER_DEFAULT=")[0]
    last = max(number for number, line in enumerate(before.splitlines(), 1) if "=" in line and line[0] != "#")
    edit(bundle, COMMON, without("LOCK_ADAPTER_DEFAULT"))
    [finding] = judged(bundle)
    assert f"LOCK_ADAPTER_DEFAULT is gone, {COMMON} below line {last}" in finding.detail
    assert (finding.id, finding.severity) == ("plan.value", Severity.FAIL)
    assert finding.subject == f"{COMMON} LOCK_ADAPTER_DEFAULT"
    assert COMMON in finding.detail
    assert finding.remedy == "LOCK_ADAPTER_DEFAULT=redis"
    assert finding.places == (Place(COMMON),)


def test_another_key_in_one_nodes_file_is_a_failure_with_file_and_line(bundle):
    other = "Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE"
    edit(bundle, NODE, lambda text: f"{text}APP_KEY={other}\n")
    [finding] = judged(bundle)
    assert (finding.id, finding.severity, finding.subject) == ("plan.sources", Severity.FAIL, f"{NODE} APP_KEY")
    line = (bundle / NODE).read_text().count("\n")
    assert f"APP_KEY, {NODE} line {line}" in finding.detail
    assert finding.places == (Place(NODE, line, "APP_KEY"),)
    assert other not in json.dumps(finding.as_json())


@pytest.mark.parametrize("first", [COMMON, "env/node-node2.env"])
def test_another_key_in_one_nodes_file_is_told_without_any_secret_at_hand(bundle, first):
    ours, other = "Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE", "Yr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE"
    for path in (COMMON, "env/cluster.docker.env"):
        edit(bundle, path, without("APP_KEY"))
    edit(bundle, first, lambda text: f"{text}APP_KEY={ours}\n")
    edit(bundle, NODE, lambda text: f"{text}APP_KEY={ours}\n")
    assert "gives APP_KEY" not in str([finding.summary for finding in judged(bundle, {})])
    edit(bundle, NODE, lambda text: text.replace(ours, other))
    [finding] = [one for one in judged(bundle, {}) if one.severity is Severity.FAIL and "otherwise" in one.summary]
    told, against = (NODE, COMMON) if first == COMMON else (first, NODE)
    assert (finding.id, finding.subject) == ("plan.sources", f"{told} APP_KEY")
    assert finding.summary == f"{told} gives APP_KEY otherwise than {against}."
    assert f"APP_KEY, {told} line" in finding.detail
    assert f"APP_KEY, {against} line" in finding.detail
    assert not {ours, other} & {*finding.detail.split(), *str(finding.facts).split("'")}


@pytest.mark.parametrize(
    ("path", "old", "new", "identifier", "subject"),
    [
        (COMMON, "DB_PORT=5432", "DB_PORT=54x2", "plan.value", "database.port"),
        (COMMON, "APP_ENV=production", "APP_ENV=development", "plan.environment", "APP_ENV"),
        (COMMON, "DB_HOST=db.internal", "DB_HOST=db2.internal", "plan.sources", "DB_HOST"),
        (NODE, "APP_PORT=13000", "APP_PORT=13000x", "plan.value", "nodes.0.port"),
        (NODE, "APP_PORT=13000", "APP_PORT=13001", "plan.sources", "APP_PORT"),
    ],
)
def test_a_value_that_was_changed_is_judged_by_its_rule_or_told_as_another(bundle, path, old, new, identifier, subject):
    assert old in (bundle / path).read_text()
    edit(bundle, path, lambda text: text.replace(old, new))
    [finding] = judged(bundle)
    assert (finding.id, finding.severity, finding.subject) == (identifier, Severity.FAIL, f"{path} {subject}")
    line = next(number for number, text in enumerate((bundle / path).read_text().split("\n"), 1) if text == new)
    assert f"{path} line {line}" in finding.detail


def test_a_variable_that_was_put_in_is_judged_too(bundle):
    edit(bundle, COMMON, lambda text: f"{text}DB_SSL=true\n")
    [finding] = judged(bundle)
    assert (finding.id, finding.severity) == ("plan.unread_variables", Severity.WARN)


def test_a_file_that_is_no_env_file_any_more_is_told(bundle):
    edit(bundle, NODE, lambda _text: "A=1\n" * 6000)
    [finding] = judged(bundle)
    assert (finding.severity, finding.subject) == (Severity.FAIL, NODE)


def test_a_bundle_that_cannot_be_read_is_unknown(tmp_path):
    def read(_name):
        raise PermissionError(13, "Permission denied")

    [check] = bundle_env.checks(read, good_plan(), SECRETS)
    facts = check.facts()
    check.probe(facts)
    assert [finding.severity for finding in check.judge(facts)] == [Severity.UNKNOWN]


def test_a_bundle_without_env_files_says_nothing(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", targets=["nginx"])
    assert judged(tmp_path / "out") == []


def test_an_edited_plan_is_not_held_against_the_former_files(bundle):
    request = Request(beside=beside(bundle, edited=True))
    found = {check.specs[0].id for check in COMPONENT.checks(good_plan(), SECRETS, request)}
    assert "plan.sources" not in found


def test_what_the_plan_fails_for_already_is_told_of_a_file_as_another_value_alone(tmp_path):
    plan = good_plan().with_value("application.environment", Environment.DEVELOPMENT)
    export(plan, SECRETS, tmp_path / "out")
    edit(tmp_path / "out", COMMON, lambda text: text.replace("APP_ENV=development", "APP_ENV=test"))
    [finding] = judged(tmp_path / "out", plan=plan)
    assert (finding.id, finding.subject) == ("plan.sources", f"{COMMON} APP_ENV")


def test_a_variable_whose_value_cannot_be_read_is_not_missed_in_a_file(tmp_path):
    plan = good_plan().with_unreadable(Unreadable("database.pool_max", "x", "It is no number.", "line 3"))
    export(plan, SECRETS, tmp_path / "out")
    assert "# DB_POOL_MAX: It is no number.\n" in (tmp_path / "out" / COMMON).read_text()
    assert [finding.severity for finding in judged(tmp_path / "out", plan=plan)] == [Severity.PASS]
