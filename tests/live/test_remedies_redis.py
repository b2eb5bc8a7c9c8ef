"""Remedies for Redis that are commands: each is pasted into a shell beside a server with the fault, and cures it."""

import pytest

from tests.live.redis_plans import PASSED, found_of, outcome, plan_of
from tests.patience import wait_until
from tests.remedies import paste
from tests.servers.redis import sound_redis
from wizard.plan.finding import Severity

pytestmark = pytest.mark.live
PASSWORD = "Wq7-of-these-tests"
ACCOUNT = {"redis.server.username": "app"}


def _server(launch, rules="", lines=(), **options):
    """Start a server whose administrator has the same password as the account `app`, where there are rules for it."""
    account = [f"user app on >{PASSWORD} {rules}"] if rules else []
    return launch(lambda: sound_redis(password=PASSWORD, lines=[*account, *lines], **options))


def _look(server, values=None):
    plan, secrets = plan_of(server, values)
    return lambda check, role: found_of(plan, secrets)[f"redis.{check}", role]


@pytest.mark.parametrize(
    ("line", "check", "role"),
    [
        ("timeout 300", "timeout", "cache"),
        ("tcp-keepalive 0", "timeout", "lock"),
        ("maxmemory 100mb\nmaxmemory-policy allkeys-lru", "eviction", "queue"),
    ],
)
def test_a_setting_that_is_told_is_right_at_once(launch, line, check, role):
    server = _server(launch, lines=line.splitlines())
    look = _look(server)
    finding = look(check, role)
    assert finding.severity is Severity.WARN
    paste(finding.remedy, REDISCLI_AUTH=PASSWORD)
    assert outcome(look(check, role)) == PASSED


def test_a_server_that_keeps_nothing_keeps_all(launch):
    look = _look(_server(launch, keeps=()))
    finding = look("persistence", "queue")
    assert finding.severity is Severity.WARN
    paste(finding.remedy, REDISCLI_AUTH=PASSWORD)
    assert outcome(look("persistence", "queue")) == PASSED


@pytest.mark.parametrize(("check", "role"), [("memory", "cache"), ("cache_use", "cache")])
def test_a_server_without_memory_takes_writes_again(launch, check, role):
    server = _server(launch, lines=["maxmemory 3mb"])
    with server.connect() as client:
        client.config_set("maxmemory", client.info("memory")["used_memory"] - 100_000)
    look = _look(server)
    finding = look(check, role)
    assert finding.severity is Severity.FAIL
    paste(finding.remedy, REDISCLI_AUTH=PASSWORD)
    assert look("cache_use", "cache").severity is Severity.PASS


@pytest.mark.parametrize(
    ("rules", "check", "role"),
    [
        ("~* &* +@all -set", "cache_use", "cache"),
        ("~* &* +@all -brpop", "commands", "queue"),
        ("~app:* &* +@all", "lock_use", "lock"),
        ("~* resetchannels +@all", "sync_use", "sync"),
        ("~* &* +@all -bf.reserve -bf.madd", "bloom", "cache"),
    ],
)
def test_a_right_that_is_granted_as_told_is_there(launch, rules, check, role):
    look = _look(_server(launch, rules), ACCOUNT)
    finding = look(check, role)
    assert finding.severity in {Severity.FAIL, Severity.WARN}
    paste(finding.remedy, REDISCLI_AUTH=PASSWORD)
    assert outcome(look(check, role)) == PASSED


def test_a_server_that_could_not_save_takes_writes_again(launch):
    server = _server(launch, keeps=["save 3600 1"], lines=["enable-protected-configs yes"])
    with server.connect() as client:
        folder = client.config_get("dir")["dir"]
        client.config_set("dir", "/proc")
        client.bgsave()
        assert wait_until(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "err", within=10)
        look = _look(server)
        finding = look("queue_use", "queue")
        assert finding.severity is Severity.FAIL
        assert "/proc" in paste(look("persistence", "queue").remedy, REDISCLI_AUTH=PASSWORD)
        client.config_set("dir", folder)
        paste(finding.remedy, REDISCLI_AUTH=PASSWORD)
        assert wait_until(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "ok", within=10)
    assert outcome(look("queue_use", "queue")) == PASSED


def test_what_an_account_may_not_read_an_admin_sees(launch):
    finding = _look(_server(launch, "~* &* +@all -@dangerous -@admin"), ACCOUNT)("timeout", "queue")
    assert finding.severity is Severity.UNKNOWN
    told = paste(finding.remedy, REDISCLI_AUTH=PASSWORD)
    for word in ("used_memory:", "aof_enabled:", "tcp-keepalive", "maxmemory_policy:"):
        assert word in told


def test_the_account_and_the_keys_that_a_remedy_shows_are_seen(launch):
    server = _server(launch, "~* &* +@all -eval")
    with server.connect() as client:
        client.set("bull:mail:wait", "x")
    look = _look(server, ACCOUNT)
    assert "-eval" in paste(look("commands", "cache").remedy, REDISCLI_AUTH=PASSWORD)
    assert "bull:mail:wait" in paste(look("cache_alone", "cache").remedy, REDISCLI_AUTH=PASSWORD)
