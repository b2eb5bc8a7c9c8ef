"""Redis in order, and servers that are not as they should be: where each id passes, and where the real thing fails."""

import pytest

from tests.live.redis_plans import PASSED, ROLES, failed, found, found_of, outcome, plan_of, warned
from tests.live.running import unhurried
from tests.patience import wait_until
from tests.remedies import paste
from tests.servers.fixtures import running
from tests.servers.redis import bloom_module, redis8_launch, sound_redis
from tests.servers.relay import SlowRelay
from wizard.demo.redis import Redis
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import QueueKind

pytestmark = pytest.mark.live


KEEPING = ["queue", "worker-id"]


@pytest.fixture(scope="module")
def server():
    with running(lambda: sound_redis(lines=["maxmemory 100mb"])) as server:
        yield server


@pytest.fixture(scope="module")
def findings(server):
    with unhurried():
        return found(server)


class TestEverythingInOrder:
    def test_every_finding_passes(self, findings):
        others = {("redis.worker_ids", "worker-id"): (Severity.INFO, None)}
        assert {key: outcome(item) for key, item in findings.items() if outcome(item) != PASSED} == others

    def test_every_id_is_given_for_its_roles(self, findings):
        everywhere = {"connect", "version", "primary", "cluster", "database"}
        everywhere |= {"commands", "product", "timeout", "memory", "latency"}
        expected = {(f"redis.{check}", role) for check in everywhere for role in ROLES}
        expected |= {("redis.cache_use", "cache"), ("redis.bloom", "cache"), ("redis.cache_alone", "cache")}
        expected |= {("redis.sync_use", "sync"), ("redis.neighbours", "sync"), ("redis.lock_use", "lock")}
        expected |= {("redis.queue_use", "queue"), ("redis.worker_id_use", "worker-id"), ("redis.distinct", "")}
        expected |= {("redis.eviction", role) for role in ROLES if role != "cache"}
        expected |= {("redis.persistence", role) for role in KEEPING} | {("redis.worker_ids", "worker-id")}
        assert set(findings) == expected

    def test_the_version_is_among_the_facts(self, findings):
        assert findings["redis.version", "cache"].facts["version"] == "8.0.2"

    def test_every_finding_links_to_a_page(self, findings):
        assert all(item.doc == f"docs/checks.md#{item.id}" for item in findings.values())

    def test_nothing_is_left_on_the_server(self, server, findings):
        for index in range(5):
            with server.connect(db=index) as client:
                assert client.dbsize() == 0

    def test_no_connection_is_left_on_the_server(self, server, findings):
        with server.connect() as client:
            assert wait_until(lambda: not _ours(client), within=30)


def _ours(client):
    return [one for one in client.client_list() if one["name"] == "nocobase-cluster-wizard"]


def test_rabbitmq_instead_of_redis_for_the_queue_leaves_the_role_out(redis8):
    findings = found(redis8, {"queue.kind": QueueKind.RABBITMQ})
    assert "queue" not in {subject for _id, subject in findings}


class TestServer:
    def test_redis_7_is_a_warning(self, redis7):
        finding = found(redis7)["redis.version", "lock"]
        assert outcome(finding) == warned(ErrorKind.VERSION)
        assert "7.0.15" in finding.summary

    def test_redis_7_with_the_bloom_filter_passes(self, launch):
        server = launch(lambda: Redis(modules=[bloom_module()]))
        findings = found(server)
        assert {outcome(findings["redis.version", role]) for role in ROLES} == {PASSED}
        assert outcome(findings["redis.bloom", "cache"]) == PASSED

    def test_the_version_is_known_without_the_right_to_ask_for_it(self, redis_acl):
        finding = found(redis_acl)["redis.version", "cache"]
        assert outcome(finding) == PASSED
        assert finding.facts["version"] == "8.0.2"

    def test_a_look_alike_is_named(self, valkey):
        finding = found(valkey)["redis.product", "cache"]
        assert outcome(finding) == warned()
        assert "Valkey" in finding.summary

    def test_a_replica_fails_and_names_its_primary(self, redis_replica, redis8):
        findings = found(redis_replica)
        finding = findings["redis.primary", "lock"]
        assert outcome(finding) == failed(ErrorKind.OTHER)
        assert f"{redis8.host}:{redis8.port}" in finding.remedy
        assert findings["redis.lock_use", "lock"].severity is Severity.SKIP
        assert "redis.primary" in findings["redis.lock_use", "lock"].summary

    def test_a_redis_cluster_fails(self, redis_cluster):
        findings = found(redis_cluster)
        assert outcome(findings["redis.cluster", "cache"]) == failed(ErrorKind.OTHER)
        assert findings["redis.cache_use", "cache"].severity is Severity.SKIP

    def test_a_sentinel_fails(self, launch):
        server = launch(Sentinel)
        findings = found(server)
        assert outcome(findings["redis.cluster", "cache"]) == failed(ErrorKind.OTHER)
        assert "Sentinel" in findings["redis.cluster", "cache"].summary
        assert findings["redis.primary", "cache"].severity is Severity.SKIP

    def test_a_database_out_of_range_fails(self, redis8_bloom):
        findings = found(redis8_bloom, {"redis.databases.lock": 16})
        finding = findings["redis.database", "lock"]
        assert outcome(finding) == failed(ErrorKind.MISSING)
        assert "databases 17" in finding.remedy
        assert findings["redis.lock_use", "lock"].severity is Severity.SKIP

    def test_a_time_out_for_idle_connections_is_a_warning(self, launch):
        server = launch(lambda: sound_redis(lines=["timeout 300"]))
        finding = found(server)["redis.timeout", "cache"]
        assert outcome(finding) == warned()
        assert "300 s" in finding.summary

    def test_connections_that_nobody_asks_after_are_a_warning(self, launch):
        finding = found(launch(lambda: sound_redis(lines=["tcp-keepalive 0"])))["redis.timeout", "lock"]
        assert outcome(finding) == warned()
        assert "tcp-keepalive 300" in finding.remedy

    def test_without_a_limit_the_memory_of_the_host_is_told(self, redis8_bloom):
        finding = found(redis8_bloom)["redis.memory", "cache"]
        assert outcome(finding) == PASSED
        assert finding.facts["host_bytes"] > finding.facts["used_bytes"]

    def test_settings_of_a_server_without_config_are_unknown_and_say_why(self, launch):
        findings = found(launch(lambda: sound_redis(keeps=(), lines=['rename-command CONFIG ""'])))
        for check in ("timeout", "persistence"):
            finding = findings[f"redis.{check}", "queue"]
            assert outcome(finding) == (Severity.UNKNOWN, ErrorKind.MISSING)
            assert "does not know CONFIG" in finding.summary
        assert outcome(findings["redis.eviction", "queue"]) == PASSED, "INFO tells it"

    def test_an_eviction_policy_is_a_warning_for_all_but_the_cache(self, launch):
        server = launch(lambda: sound_redis(lines=["maxmemory 100mb", "maxmemory-policy allkeys-lru"]))
        findings = found(server)
        assert {outcome(findings["redis.eviction", role]) for role in ROLES if role != "cache"} == {warned()}
        assert ("redis.eviction", "cache") not in findings

    def test_full_memory_fails_with_the_round_trip(self, launch):
        server = launch(lambda: sound_redis(lines=["maxmemory 100kb"]))
        findings = found(server)
        assert outcome(findings["redis.memory", "cache"]) == failed(ErrorKind.OTHER)
        assert outcome(findings["redis.cache_use", "cache"]) == failed(ErrorKind.OTHER)
        assert "memory limit" in findings["redis.cache_use", "cache"].summary

    def test_a_server_that_keeps_nothing_is_a_warning_where_it_matters(self, launch):
        findings = found(launch(lambda: sound_redis(keeps=())))
        assert {outcome(findings["redis.persistence", role]) for role in KEEPING} == {warned()}

    def test_snapshots_are_enough(self, launch):
        server = launch(lambda: sound_redis(keeps=["save 3600 1"]))
        assert outcome(found(server)["redis.persistence", "queue"]) == PASSED

    def test_a_server_that_cannot_save_fails(self, launch):
        server = launch(lambda: sound_redis(keeps=["save 3600 1"], lines=["enable-protected-configs yes"]))
        with server.connect() as client:
            client.config_set("dir", "/proc")
            client.bgsave()
            assert wait_until(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "err", within=10)
        findings = found(server)
        assert outcome(findings["redis.persistence", "queue"]) == failed(ErrorKind.OTHER)
        assert outcome(findings["redis.queue_use", "queue"]) == failed(ErrorKind.OTHER)
        assert "cannot save to disk" in findings["redis.queue_use", "queue"].summary

    @pytest.mark.usefixtures("quiet_machine")
    def test_a_slow_way_is_a_warning(self, redis8_bloom):
        with SlowRelay(redis8_bloom.port, 0.015) as slow:
            plan, secrets = plan_of(redis8_bloom, {"redis.server.port": slow.port})
            finding = found_of(plan, secrets)["redis.latency", "lock"]
            assert float(paste(finding.remedy, REDISCLI_AUTH=redis8_bloom.password).split()[2]) >= 15  # the average
        assert outcome(finding) == warned()
        assert finding.facts["median_ms"] >= 30

    def test_settings_that_the_account_may_not_read_are_unknown(self, redis_acl):
        findings = found(redis_acl)
        for check in ("timeout", "memory", "eviction", "persistence"):
            assert outcome(findings[f"redis.{check}", "queue"]) == (Severity.UNKNOWN, ErrorKind.PERMISSION)


class Sentinel(Redis):
    """A Sentinel that watches nobody."""

    def __init__(self):
        super().__init__(password="")

    def command(self):
        return [*super().command(), "--sentinel"]


class TestBloom:
    def test_a_server_without_it_is_a_warning(self, launch):
        server = launch(lambda: Redis(launch=redis8_launch(), lines=["appendonly yes"]))
        finding = found(server)["redis.bloom", "cache"]
        assert outcome(finding) == warned(ErrorKind.MISSING)
        assert "asks the database" in finding.detail

    @pytest.mark.parametrize("command", ["BF.RESERVE", "BF.MADD"])
    def test_an_account_without_the_right_is_a_warning_that_names_it(self, launch, command):
        acl = f"~* &* +@all -{command.lower()}"
        server = launch(lambda: sound_redis(user="nocobase", acl=acl))
        finding = found(server)["redis.bloom", "cache"]
        assert outcome(finding) == warned(ErrorKind.PERMISSION)
        assert command in finding.summary
