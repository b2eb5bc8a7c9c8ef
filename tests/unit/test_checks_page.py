"""The declarations of all checks: complete, with sources that exist; and the page that is made from them."""

import re
from pathlib import Path

import pytest

from tests.remedies import is_well_formed
from wizard.checks.registry import all_specs, names
from wizard.guide.checks_page import checks_page
from wizard.plan.finding import Severity
from wizard.plan.remedy import advice, commands
from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec

ROOT = Path(__file__).parents[2]
EVERYTHING = {
    "plan.database_tls",
    "plan.aes_key",
    "plan.env_text",
    "plan.unknown_variables",
    "plan.unread_variables",
    "balancer.syntax",
    "database.pooler",
    "plan.value",
}
"""Those that really give all severities, which is also what a declaration without any means."""


def _sections() -> set[str]:
    titles = re.findall(r"(?m)^#+ (.+)$", (ROOT / "docs/nocobase.md").read_text())
    return {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_page_is_what_the_code_says():
    assert (ROOT / "docs/checks.md").read_text() == checks_page(), "python -m wizard.guide.checks_page > docs/checks.md"


def test_each_finding_leads_to_its_checks_own_entry():
    page = checks_page()
    for spec in all_specs():
        assert spec.skip("Not looked at.").doc == f"docs/checks.md#{spec.id}"
        assert page.count(f'### {spec.id}\n<a id="{spec.id}"></a>\n') == 1


def test_the_index_leads_from_a_symptom_to_its_checks():
    page = checks_page()
    assert "- Sign-in answers 403: [balancer.origin](#balancer.origin)\n" in page
    waiting = "[node.websocket](#node.websocket), [balancer.websocket](#balancer.websocket)"
    assert f"- “Reconnecting …” does not go away: [plan.client_addresses](#plan.client_addresses), {waiting}\n" in page


def test_there_are_at_least_seventy_ids_and_each_is_declared_once():
    ids = [spec.id for spec in all_specs()]
    assert len(ids) == len(set(ids))
    assert len(ids) >= 70


@pytest.mark.parametrize("spec", all_specs(), ids=lambda spec: spec.id)
class TestEachDeclaration:
    def test_names_a_component_and_a_check(self, spec):
        component, _, check = spec.id.partition(".")
        assert component in names()
        assert re.fullmatch(r"[a-z][a-z_]*", check)

    def test_says_what_it_means_and_what_to_do(self, spec):
        assert spec.means
        assert is_well_formed(advice(spec.remedy))
        assert spec.doc.startswith("https://docs.nocobase.com/")

    def test_has_a_source_that_exists(self, spec):
        page, _, section = spec.source.partition("#")
        if page == "docs/nocobase.md":
            assert section in _sections()
        else:
            assert re.fullmatch(r"packages/[\w@./-]+", spec.source)

    def test_declares_what_it_gives_beside_skip_and_unknown(self, spec):
        assert set(spec.severities) <= {PASS, INFO, WARN, FAIL}
        assert (len(spec.severities) == 4) == (spec.id in EVERYTHING)


def test_a_severity_that_is_not_declared_is_refused():
    spec = Spec("thing.works", "It works.", severities=(PASS, FAIL))
    with pytest.raises(ValueError, match=r"thing\.works.*warn"):
        spec.warn("It nearly works.")


def test_every_id_can_be_skipped_and_unknown():
    spec = Spec("thing.works", "It works.", severities=())
    assert spec.skip("not looked at").severity is Severity.SKIP
    assert spec.unknown("no answer").severity is Severity.UNKNOWN


def test_what_asks_something_of_an_admin_never_goes_without_a_remedy():
    assert [spec.id for spec in all_specs() if {WARN, FAIL} & set(spec.severities) and not spec.remedy] == []
    spec = Spec("plan.any", "It is so.", severities=(PASS, INFO, WARN, FAIL), remedy="Make it so.")
    assert (spec.warn("It is not.").remedy, spec.fail("It is not.").remedy) == ("Make it so.", "Make it so.")
    assert spec.fail("It is not.", remedy=commands("make it")).remedy == "make it"
    assert {spec.passed("It is.").remedy, spec.info("It is.").remedy, spec.unknown("Why.").remedy} == {""}
