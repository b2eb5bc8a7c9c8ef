"""Where a setting is seen once it is declared. `tests/unit/test_made_up_setting.py` runs these tests with one more."""

from PySide6.QtWidgets import QPushButton

from tests.gui.pages import type_into
from tests.made_up_setting import KEY, VARIABLE
from tests.unit.plans import SECRETS, good_plan
from wizard.checks.plan.rules import rules
from wizard.formats import cluster_file, dotenv
from wizard.formats.cluster_file.schema import cluster_schema
from wizard.formats.files import SecretsMode
from wizard.plan.finding import Severity

MOTTO = "All in one place"
PLAN = good_plan().with_text(KEY, MOTTO)


def test_the_cluster_file_and_its_schema_have_it():
    assert "motto" in cluster_schema()["properties"]["application"]["properties"]
    assert cluster_file.read(cluster_file.write(PLAN), "cluster.yaml").application.motto == MOTTO


def test_the_env_files_have_it_and_are_read_back():
    files = {file.path: file.text for file in dotenv.write(PLAN, SECRETS, SecretsMode.INLINE)}
    text = files["env/cluster.env"]
    assert dotenv.parse(text)[VARIABLE].value == MOTTO
    plan, _ = dotenv.read(text, "cluster.env")
    assert plan.application.motto == MOTTO
    assert VARIABLE not in {extra.name for extra in plan.extras}


def test_its_variable_is_no_unknown_one():
    [finding] = [one for one in rules(PLAN, SECRETS) if one.id == "plan.unknown_variables"]
    assert finding.severity is Severity.PASS


def test_its_page_has_a_field_in_which_it_is_entered(shell):
    shell.go("application")
    for fold in shell.page.findChildren(QPushButton, "more-settings"):
        fold.click()
    type_into(shell.page, KEY, MOTTO)
    assert shell.session.document.plan.application.motto == MOTTO
