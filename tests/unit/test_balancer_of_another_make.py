"""A balancer that is neither nginx nor HAProxy, such as a cloud's: nothing is written, and its answers are judged."""

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.readmes import readme_of
from wizard.app.export import export
from wizard.checks.balancer import remedies
from wizard.checks.balancer.checks import checks
from wizard.checks.balancer.target import target_of
from wizard.checks.plan.rules.access import RULES
from wizard.checks.plan.rules.values import required_keys
from wizard.formats import cluster_file
from wizard.formats.files import LackingError
from wizard.formats.sites.writers import render_for_test
from wizard.guide.layouts import BALANCER
from wizard.plan.finding import Severity
from wizard.plan.remedy import RemedyKind
from wizard.plan.sections import BalancerKind

OTHER = BalancerKind.OTHER


def plan(**values):
    found = good_plan().with_value("balancer.kind", OTHER)
    for key, value in values.items():
        found = found.with_value(key.replace("__", "."), value)
    return found


def public_url(found):
    [finding] = list(RULES[0].judge(found, {}))
    return finding


def test_it_comes_back_from_a_cluster_file():
    assert "kind: other" in cluster_file.write(plan())
    assert cluster_file.read(cluster_file.write(plan()), "c.yaml").balancer.kind is OTHER


def test_a_bundle_has_no_configuration_of_it_and_says_why(tmp_path):
    done = export(plan(), SECRETS, tmp_path / "out")
    assert not [path for path in (tmp_path / "out").rglob("*") if path.parent.name in {"nginx", "haproxy"}]
    assert "of another make" in done.left_out["nginx"]
    assert "of another make" in done.left_out["haproxy"]


def test_the_readme_says_what_it_must_do():
    text = readme_of(plan(application__public_path="/crm/"))
    assert "`GET /crm/api/__health_check`" in text
    assert "`/crm/ws`" in text
    assert "Take it out of your balancer" in text
    assert "--profile balancer" not in text


def test_its_configuration_is_not_looked_at_and_its_answers_are():
    syntax, live = checks(plan(balancer__site_file="/etc/x.conf"), {})
    assert {finding.severity for finding in syntax.judge(None)} == {Severity.SKIP}
    assert {finding.id for finding in syntax.judge(None)} == {f"balancer.{n}" for n in ("syntax", "upstream", "limits")}
    assert "balancer.connect" in {spec.id for spec in live.specs}
    with pytest.raises(LackingError):
        render_for_test(plan())


def test_ports_names_and_certificates_of_the_plan_do_not_count():
    given = {"balancer__tls": True, "balancer__server_name": "other.example.com", "balancer__certificate": ""}
    found = plan(application__public_url="https://app.example.com:8443", **given)
    assert public_url(found).severity is Severity.PASS
    assert "balancer.certificate" not in required_keys(found)
    assert not target_of(plan(application__public_url="https://app.example.com")).tls_before


def test_an_address_without_tls_is_a_warning():
    finding = public_url(plan(application__public_url="http://app.example.com"))
    assert finding.severity is Severity.WARN
    assert "Let the balancer end TLS" in finding.remedy


def test_the_window_shows_what_counts_for_it_alone():
    shown = [row.keys for row in (*BALANCER.lines, *BALANCER.more) if row.visible is None or row.visible(plan())]
    assert shown == [("balancer.kind",), ("balancer.upload_limit",)]


@pytest.mark.parametrize(
    "remedy",
    [
        remedies.headers(OTHER, tls_before=False),
        remedies.upgrade(OTHER),
        remedies.body_limit(OTHER, 10),
        remedies.log(OTHER),
        remedies.files(OTHER, "/", ""),
        remedies.uploads(OTHER, "/"),
        remedies.renewed(OTHER),
        remedies.whole_chain(OTHER),
    ],
)
def test_no_remedy_names_another_program(remedy):
    assert remedy.kind is RemedyKind.ADVICE
    assert not [word for word in ("nginx", "haproxy", "proxy_", "location") if word in remedy.text.lower()]


def test_a_node_is_asked_beside_it_where_files_do_not_arrive():
    remedy = remedies.files(OTHER, "/crm/", "http://node1:13000/crm/files/x")
    assert remedy.kind is RemedyKind.COMMANDS
    assert remedy.text.splitlines()[-1] == "curl -sI http://node1:13000/crm/files/x"
