"""Addresses and hosts that are lists: NocoBase takes one server, and nothing of a secret is told."""

import pytest

from tests.unit.test_what_people_write import BASE, judged, with_line
from wizard.plan.finding import Severity

SEVERAL = "takes one server"


@pytest.mark.parametrize(
    "address",
    [
        "redis://a:6379,b:6379/0",
        "redis://:Vt8kQ2mW@10.0.0.1:6379,10.0.0.2:6379,10.0.0.3:6379",
        "rediss://a,b",
        "redis-sentinel://:Vt8kQ2mW@a:26379/mymaster",
        "redis+sentinel://a:26379,b:26379/mymaster/0",
    ],
)
def test_an_address_of_several_servers_or_of_sentinel_is_told_so(address):
    [finding] = [one for one in judged(f"{BASE}REDIS_URL={address}\n", "plan.value") if one.subject == "REDIS_URL"]
    assert finding.severity is Severity.FAIL
    assert SEVERAL in finding.summary
    assert "Vt8kQ2mW" not in str(finding)


@pytest.mark.parametrize(
    "address", ["redis://:a,b@redis:6379/0", "redis://:a#b,c@redis:6379/0", "redis://redis:99999/0"]
)
def test_a_comma_in_a_password_names_no_further_server(address):
    found = [one for one in judged(f"{BASE}REDIS_URL={address}\n", "plan.value") if one.subject == "REDIS_URL"]
    assert not [one for one in found if SEVERAL in one.summary]


@pytest.mark.parametrize("hosts", ["pg1,pg2", "'10.0.0.1, 10.0.0.2'", "pg1,pg2,"])
def test_several_hosts_of_the_database_are_told_so(hosts):
    [finding] = [one for one in judged(with_line(f"DB_HOST={hosts}"), "plan.value") if one.subject == "database.host"]
    assert "takes one host, and this is a list" in finding.summary


@pytest.mark.parametrize("name", ["DB_PASS", "DATABASE_PASSWORD", "DB_PWD"])
def test_a_password_under_another_name_keeps_nodes_from_the_database(name):
    text = BASE.replace("DB_PASSWORD=", f"{name}=")
    [finding] = judged(text, "plan.unread_variables")
    assert finding.severity is Severity.FAIL
    assert f"Rename {name} to DB_PASSWORD." in finding.remedy


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("DB_SSLROOTCERT=/etc/db.pem", "DB_DIALECT_OPTIONS_SSL_CA"),
        ("DB_CA_CERT=/etc/db.pem", "DB_DIALECT_OPTIONS_SSL_CA"),
        ("DATABASE_SSLMODE=require", "DB_DIALECT_OPTIONS_SSL_CA"),
        ("DB_POOL_SIZE=20", "DB_POOL_MAX"),
        ("DB_CONNECTION_LIMIT=20", "DB_POOL_MAX"),
    ],
)
def test_further_names_for_tls_and_pools_are_told_with_what_is_read(line, instead):
    [finding] = judged(BASE + line + "\n", "plan.unread_variables")
    assert instead in finding.summary + finding.remedy


def test_a_websocket_that_is_led_elsewhere_is_not_told_to_take_sign_in_with_it():
    [finding] = judged(f"{BASE}WEBSOCKET_URL=ws://10.0.0.5:13000/ws\n", "plan.client_addresses")
    assert "sign-in work" in finding.detail
