"""The configurations for nginx and HAProxy, line by line: what each decision of the plan changes in them."""

import pytest

from tests.unit.plans import good_plan
from tests.unit.texts_written import difference, plan_with, written
from wizard.formats.sites import haproxy, nginx
from wizard.formats.sites.writers import render_for_test, site_path
from wizard.plan.sections import BalancerKind, Distribution, Node

NGINX, HAPROXY = written("nginx"), written("haproxy")
CHANGES = {
    "a name with a blank": {"name": "Prod EU"},
    "a long name": {"name": "a-very-long-name-of-a-cluster-in-the-east"},
    "no TLS": {"balancer.tls": False},
    "no redirect": {"balancer.redirect": False},
    "HSTS": {"balancer.hsts": True},
    "HSTS without a redirect": {"balancer.hsts": True, "balancer.redirect": False},
    "behind another proxy": {"balancer.behind_proxy": True},
    "nodes in turn": {"balancer.distribution": Distribution.ROUND_ROBIN},
    "the least busy node": {"balancer.distribution": Distribution.LEAST_CONNECTIONS},
    "a node for each client": {"balancer.distribution": Distribution.IP_HASH},
    "a node for each client behind another proxy": {
        "balancer.distribution": Distribution.IP_HASH,
        "balancer.behind_proxy": True,
    },
    "the least busy node behind another proxy": {
        "balancer.distribution": Distribution.LEAST_CONNECTIONS,
        "balancer.behind_proxy": True,
    },
    "several names": {"balancer.server_name": "app.example.com *.example.com"},
    "any name": {"balancer.server_name": "_"},
    "no public address": {"application.public_url": ""},
    "other ports": {"balancer.port": 8080, "balancer.tls_port": 8443},
    "a key beside the certificate": {"balancer.certificate": "/x/a.pem", "balancer.certificate_key": "/x/a.pem.key"},
    "uploads of a gigabyte": {"balancer.upload_limit": "1G"},
    "uploads in kilobytes": {"balancer.upload_limit": "500k"},
    "uploads in bytes": {"balancer.upload_limit": "10"},
    "uploads without a limit": {"balancer.upload_limit": "0"},
    "below a path": {"application.public_path": "/crm/"},
    "an empty path": {"application.public_path": ""},
    "another file for maintenance": {"balancer.maintenance_file": "/srv/closed"},
    "a node for tasks alone": {
        "nodes": (
            Node(name="web", host="web.internal", port=13001),
            Node(name="tasks", host="10.0.0.2", worker_mode="*"),
        )
    },
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_decision_changes_these_lines_of_nginx_and_no_others(name):
    assert difference(nginx.render(good_plan()), nginx.render(plan_with(CHANGES[name]))) == NGINX[name]


@pytest.mark.parametrize("name", CHANGES)
def test_a_decision_changes_these_lines_of_haproxy_and_no_others(name):
    assert difference(haproxy.render(good_plan()), haproxy.render(plan_with(CHANGES[name]))) == HAPROXY[name]


def test_the_site_of_the_good_plan_is_as_it_is_written_down():
    assert nginx.render(good_plan()) == NGINX["the whole"]
    assert haproxy.render(good_plan()) == HAPROXY["the whole"]


RUN = {
    "one address to listen on": {"host": "10.0.0.5"},
    "another socket and no account": {"socket": "/x/admin.sock", "account": ""},
    "another account": {"account": "root"},
}


@pytest.mark.parametrize(("name", "how"), RUN.items())
def test_where_haproxy_runs_otherwise_these_lines_differ(name, how):
    assert difference(haproxy.render(good_plan()), haproxy.render(good_plan(), **how)) == HAPROXY[name]


def test_haproxy_for_a_test_stays_on_this_machine():
    found = difference(
        haproxy.render(good_plan()), haproxy.render_for_test(plan_with(CHANGES["a node for tasks alone"]))
    )
    assert found == HAPROXY["for a test"]


def test_nginx_may_listen_on_one_address():
    found = difference(nginx.render(good_plan()), nginx.render(good_plan(), host="10.0.0.5"))
    assert found == NGINX["one address to listen on"]


@pytest.mark.parametrize(
    ("name", "changes", "how"),
    [
        ("for a test with a certificate", {}, {"certificate": "/t/a.pem", "certificate_key": "/t/a.key"}),
        ("for a test on high ports", {"balancer.port": 1023, "balancer.tls_port": 1024}, {}),
        ("for a test of a named node", CHANGES["a node for tasks alone"], {}),
    ],
)
def test_nginx_for_a_test_stays_on_this_machine(name, changes, how):
    found = difference(nginx.render_for_test(good_plan()), nginx.render_for_test(plan_with(changes), **how))
    assert found == NGINX[name]


def test_nginx_for_a_test_is_a_whole_configuration():
    text = nginx.render_for_test(good_plan())
    assert difference(nginx.render(good_plan()), text) == NGINX["for a test"]


def test_nginx_around_the_site_includes_the_file_beside_it():
    assert nginx.render_around(good_plan()) == NGINX["around"]


@pytest.mark.parametrize(
    ("kind", "path", "module"),
    [
        (BalancerKind.NGINX, "nginx/production.conf", nginx),
        (BalancerKind.HAPROXY, "haproxy/production.cfg", haproxy),
    ],
)
def test_each_program_has_its_file_and_its_own_test(kind, path, module):
    plan = good_plan().with_value("balancer.kind", kind)
    assert site_path(plan) == path
    assert site_path(good_plan(), kind) == path
    assert render_for_test(plan) == module.render_for_test(plan)


def test_the_names_that_commands_use_are_those_of_the_configuration():
    plan = good_plan()
    assert haproxy.backend(plan) == "nocobase_production_nodes"
    assert haproxy.maintenance_server(plan) == "nocobase_production_maintenance/closed"
    assert haproxy.key_beside("/etc/ssl/app.pem") == "/etc/ssl/app.pem.key"
