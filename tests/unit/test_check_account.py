"""The account for checks: optional, given by a name of this program's own, and in no file but the cluster's."""

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.export import preview
from wizard.app.gather_secrets import gather_secrets, missing
from wizard.checks.plan.rules import rules
from wizard.cli.check import _needs
from wizard.engine.selection import Selection
from wizard.formats import cluster_file
from wizard.formats.dotenv.recover import names_of_secrets
from wizard.formats.files import SecretsMode
from wizard.plan.finding import Severity
from wizard.plan.secret import Secret, SecretRef

KEY = "application.check_password"
PASSWORD = Secret("Ck-Pw_12345-of-checks")


def _plan():
    return good_plan().with_value("application.check_account", "checks").with_value(KEY, SecretRef(KEY))


def test_without_an_account_nobody_is_asked_and_no_rule_misses_it():
    assert KEY not in missing(good_plan(), {})
    assert "NCW_CHECK_PASSWORD" not in names_of_secrets(good_plan())
    assert {finding.severity for finding in rules(good_plan(), SECRETS)} <= {Severity.PASS, Severity.INFO}


def test_an_account_whose_password_is_missing_is_asked_for():
    assert missing(_plan(), SECRETS) == {KEY: KEY}


@pytest.mark.parametrize("at", ["file", "environment"])
def test_the_password_has_a_name_in_a_file_and_in_the_environment(tmp_path, at):
    file = tmp_path / "secrets.env"
    file.write_text(f"NCW_CHECK_PASSWORD={PASSWORD.reveal()}\n" if at == "file" else "")
    environ = {"NCW_CHECK_PASSWORD": PASSWORD.reveal()} if at == "environment" else {}
    assert gather_secrets(_plan(), {}, environ=environ, secrets_file=file) == {KEY: PASSWORD}


def test_a_licence_key_has_a_name_too():
    plan = good_plan().with_value("licence.key", SecretRef("licence.key"))
    found = gather_secrets(plan, {}, environ={"NCW_LICENCE_KEY": "key-" * 9})
    assert found == {"licence.key": Secret("key-" * 9)}


@pytest.mark.parametrize("mode", [SecretsMode.INLINE, SecretsMode.REFERENCE])
def test_no_exported_file_holds_the_password_or_a_variable_of_it(mode):
    files = preview(_plan(), {**SECRETS, KEY: PASSWORD}, mode, [])
    assert not [file.path for file in files if PASSWORD.reveal() in file.text or "NCW_CHECK" in file.text]
    assert [file.path for file in files if KEY in file.text or "check_account" in file.text] == ["cluster.yaml"]


def test_the_cluster_file_carries_the_account_and_the_name_of_its_password():
    plan = cluster_file.read(cluster_file.write(_plan()), "cluster.yaml")
    assert (plan.application.check_account, plan.application.check_password) == ("checks", SecretRef(KEY))


@pytest.mark.parametrize(
    ("only", "wanted"),
    [
        (("cluster.keys",), True),
        (("licence.domain",), True),
        (("cluster.clocks",), False),
        (("plan.",), False),
        ((), True),
    ],
)
def test_the_password_is_asked_for_where_a_wanted_check_signs_in(only, wanted):
    assert _needs(Selection(only), KEY) is wanted
    assert _needs(Selection(only), "application.app_key") is (only in {("plan.",), ()})
