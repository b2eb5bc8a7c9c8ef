"""The configuration of HAProxy: nothing in a plan changes its meaning; what it does is shown by tests/live."""

from dataclasses import replace

import pytest

from tests.live.running import findings_of
from tests.patience import patience
from tests.unit.plans import SECRETS, good_plan
from wizard.app.check import prepare
from wizard.engine.selection import Selection
from wizard.export import bundle
from wizard.formats.files import UnwritableError
from wizard.formats.sites import haproxy
from wizard.plan.finding import Severity
from wizard.plan.sections import BalancerKind, Distribution, Node


def paths(plan, *targets):
    return {file.path for file in bundle.render(plan, {}, targets=targets)}


def test_all_means_the_balancer_of_the_plan_and_a_target_asked_for_is_written_anyway():
    nginx, other = good_plan(), good_plan().with_value("balancer.kind", BalancerKind.HAPROXY)
    written = [{path for path in paths(plan) if path.endswith((".conf", ".cfg"))} for plan in (nginx, other)]
    assert written == [{"nginx/production.conf", "nginx/test/nginx.conf"}, {"haproxy/production.cfg"}]
    assert "haproxy/production.cfg" in paths(nginx, "haproxy")
    assert {"nginx/production.conf", "haproxy/production.cfg"} <= paths(other, "haproxy", "nginx")


def test_haproxy_is_asked_about_it_and_no_other_program():
    plan = good_plan().with_value("balancer.kind", BalancerKind.HAPROXY)
    selection = Selection(only=("balancer.syntax",))
    run = prepare(plan, SECRETS, lambda _event: None)
    [finding] = findings_of(run.checks, selection=selection, timeout=patience(60)).values()
    assert finding.severity in {Severity.PASS, Severity.INFO}
    assert "HAProxy" in finding.summary


def test_nodes_for_tasks_alone_are_not_behind_it():
    nodes = (Node(name="web", host="10.0.0.1"), Node(name="tasks", host="10.0.0.2", worker_mode="*"))
    text = haproxy.render(replace(good_plan(), nodes=nodes))
    assert "server web 10.0.0.1:13000" in text
    assert "10.0.0.2" not in text


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("balancer.server_name", "a;b"),
        ("balancer.server_name", "a%[src]"),
        ("balancer.certificate", ""),
        ("balancer.certificate", "relative.pem"),
        ("balancer.certificate", '/a" ssl'),
        ("balancer.certificate", "/a$HOME"),
        ("balancer.certificate_key", "/a\nb"),
        ("balancer.upload_limit", "1m } if TRUE"),
        ("application.public_path", "/a b/"),
        ("nodes.1.host", "a b"),
        ("nodes.1.host", ""),
        ("nodes.1.name", "a\nb"),
    ],
)
def test_what_would_change_its_meaning_is_refused_by_its_setting(key, value):
    with pytest.raises(UnwritableError) as refused:
        haproxy.render(good_plan().with_value(key, value))
    assert refused.value.key == key


@pytest.mark.parametrize("key", ["balancer.kind", "balancer.port", "nodes.0.port", "application.public_path"])
def test_it_gets_no_default_in_the_place_of_what_could_not_be_read(key):
    with pytest.raises(UnwritableError) as refused:
        haproxy.render(good_plan().with_text(key, "://"))
    assert refused.value.key == key


def test_a_cluster_name_cannot_leave_its_comment():
    text = haproxy.render(good_plan().with_value("name", "a\nfrontend evil"))
    assert "\nfrontend evil" not in text


def test_a_key_that_haproxy_would_not_find_is_linked_beside_the_certificate():
    link = "ln -sf -- '/etc/ssl/app.key' '/etc/ssl/app.pem.key'"
    plan = good_plan().with_value("balancer.kind", BalancerKind.HAPROXY)
    assert link in haproxy.render(plan)
    assert link in {file.path: file.text for file in bundle.render(plan, {})}["README.md"]
    assert "ln -s" not in haproxy.render(plan.with_value("balancer.certificate_key", "/etc/ssl/app.pem.key"))


@pytest.mark.parametrize(
    ("limit", "size"), [("0", 0), ("100", 100), ("2k", 2048), ("3m", 3 * 1024**2), ("1G", 1024**3)]
)
def test_the_upload_limit_is_written_in_bytes(limit, size):
    text = haproxy.render(good_plan().with_value("balancer.upload_limit", limit))
    assert (f"gt {size} " in text) == bool(size)


def test_clients_behind_another_proxy_are_told_apart_by_what_it_says():
    plan = good_plan().with_value("balancer.distribution", Distribution.IP_HASH)
    assert "balance source" in haproxy.render(plan)
    assert "balance hash req.hdr(x-forwarded-for,1)" in haproxy.render(plan.with_value("balancer.behind_proxy", True))
