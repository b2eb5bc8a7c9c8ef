"""All that is read out of a balancer's configuration: groups, terms, repeats, health checks, and what is not known."""

import pytest

from tests.unit.sites_read import cases, told, wanted
from wizard.formats.sites import haproxy_site, nginx_site
from wizard.plan.sections import BalancerKind

NGINX, HAPROXY = cases("nginx"), cases("haproxy")


@pytest.mark.parametrize("name", NGINX)
def test_out_of_a_configuration_of_nginx_this_is_read(name):
    text, lines = NGINX[name]
    assert told(nginx_site.read, text, wanted()) == lines


@pytest.mark.parametrize("name", HAPROXY)
def test_out_of_a_configuration_of_haproxy_this_is_read(name):
    text, lines = HAPROXY[name]
    assert told(haproxy_site.read, text, wanted(BalancerKind.HAPROXY)) == lines
