"""The Redis checks before real servers: each id where it passes, and where the real thing is broken."""

import pytest

from tests.live.redis_plans import SECRET, found, found_of, plan_of, plan_of_roles
from tests.servers.fixtures import running
from tests.servers.redis import bloom_module, redis8_launch
from tests.servers.relay import SlowRelay
from wizard.demo.process import wait_until
from wizard.demo.redis import Redis
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import QueueKind, RedisRole

pytestmark = pytest.mark.live

ROLES = [role.value for role in RedisRole]
KEEPING = ["queue", "worker-id"]


def outcome(finding):
    return finding.severity, finding.error


def failed(kind):
    return Severity.FAIL, kind


def warned(kind=None):
    return Severity.WARN, kind


PASSED = (Severity.PASS, None)


@pytest.fixture(scope="module")
def server():
    lines = ["appendonly yes", "maxmemory 100mb"]
    with running(lambda: Redis(launch=redis8_launch(), modules=[bloom_module()], lines=lines)) as server:
        yield server


@pytest.fixture(scope="module")
def findings(server):
    return found(server)


class TestEverythingInOrder:
    def test_every_finding_passes(self, findings):
        assert {key: item.summary for key, item in findings.items() if outcome(item) != PASSED} == {}

    def test_every_id_is_given_for_its_roles(self, findings):
        everywhere = {"connect", "version", "primary", "cluster", "database"}
        everywhere |= {"commands", "product", "timeout", "memory", "latency"}
        expected = {(f"redis.{check}", role) for check in everywhere for role in ROLES}
        expected |= {("redis.cache_use", "cache"), ("redis.bloom", "cache"), ("redis.cache_alone", "cache")}
        expected |= {("redis.sync_use", "sync"), ("redis.neighbours", "sync"), ("redis.lock_use", "lock")}
        expected |= {("redis.queue_use", "queue"), ("redis.worker_id_use", "worker-id"), ("redis.distinct", "")}
        expected |= {("redis.eviction", role) for role in ROLES if role != "cache"}
        expected |= {("redis.persistence", role) for role in KEEPING}
        assert set(findings) == expected

    def test_the_version_is_among_the_facts(self, findings):
        assert findings["redis.version", "cache"].facts["version"] == "8.0.2"

    def test_every_finding_links_to_a_page(self, findings):
        assert all(item.doc.startswith("https://docs.nocobase.com/") for item in findings.values())

    def test_nothing_is_left_on_the_server(self, server, findings):
        for index in range(5):
            with server.connect(db=index) as client:
                assert client.dbsize() == 0

    def test_no_connection_is_left_on_the_server(self, server, findings):
        with server.connect() as client:
            assert wait_until(lambda: not _ours(client), within=5)


def _ours(client):
    return [one for one in client.client_list() if one["name"] == "nocobase-cluster-wizard"]


def test_rabbitmq_instead_of_redis_for_the_queue_leaves_the_role_out(redis8):
    findings = found(redis8, {"queue.kind": QueueKind.RABBITMQ})
    assert "queue" not in {subject for _id, subject in findings}


class TestConnect:
    def test_over_tls_with_a_private_authority(self, redis_tls, authority, tmp_path):
        file = tmp_path / "authority.pem"
        file.write_bytes(authority.pem)
        findings = found(redis_tls, {"redis.server.tls": True, "application.extra_ca_file": str(file)})
        assert outcome(findings["redis.connect", "cache"]) == PASSED
        assert findings["redis.connect", "cache"].facts["tls"] == "TLSv1.3"
        assert outcome(findings["redis.sync_use", "sync"]) == PASSED

    def test_an_unknown_authority_is_an_error_of_tls(self, redis_tls):
        finding = found(redis_tls, {"redis.server.tls": True})["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "not trusted" in finding.summary

    def test_an_authority_that_only_the_nodes_have_is_unknown(self, redis_tls):
        values = {"redis.server.tls": True, "application.extra_ca_file": "/nowhere/authority.pem"}
        finding = found(redis_tls, values)["redis.connect", "cache"]
        assert outcome(finding) == (Severity.UNKNOWN, ErrorKind.TLS)

    def test_a_certificate_for_another_name_is_an_error_of_tls(self, launch, authority, tmp_path):
        server = launch(lambda: Redis(launch=redis8_launch(), tls=authority.sign("127.0.0.1")))
        file = tmp_path / "authority.pem"
        file.write_bytes(authority.pem)
        values = {"redis.server.tls": True, "application.extra_ca_file": str(file), "redis.server.host": "localhost"}
        finding = found(server, values)["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "Hostname mismatch" in finding.detail

    def test_tls_wanted_from_a_plain_server_is_told(self, redis8):
        finding = found(redis8, {"redis.server.tls": True})["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "speaks without TLS" in finding.summary

    def test_a_tls_server_without_tls_in_the_plan_is_told(self, redis_tls):
        finding = found(redis_tls)["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "speaks TLS" in finding.summary

    def test_a_server_that_asks_for_a_client_certificate_is_told(self, launch, authority, tmp_path):
        server = launch(lambda: StrictRedis(launch=redis8_launch(), tls=authority.sign()))
        file = tmp_path / "authority.pem"
        file.write_bytes(authority.pem)
        values = {"redis.server.tls": True, "application.extra_ca_file": str(file)}
        finding = found(server, values)["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "client certificate" in finding.summary, finding.detail

    def test_a_wrong_password_is_an_error_of_credentials(self, redis8):
        plan, _secrets = plan_of(redis8)
        finding = found_of(plan, {SECRET: Secret("not-the-password")})["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.CREDENTIALS)
        assert "not-the-password" not in repr(finding)

    def test_a_missing_password_is_told_from_a_wrong_one(self, redis8):
        finding = found(redis8, {"redis.server.password": None})["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.CREDENTIALS)
        assert "the plan has none" in finding.summary

    def test_an_unknown_user_is_an_error_of_credentials(self, redis8):
        finding = found(redis8, {"redis.server.username": "nobody"})["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.CREDENTIALS)
        assert "nobody" in finding.summary

    def test_a_secret_that_is_not_at_hand_is_unknown(self, redis8):
        plan, _secrets = plan_of(redis8)
        finding = found_of(plan, {})["redis.connect", "cache"]
        assert outcome(finding) == (Severity.UNKNOWN, ErrorKind.MISSING)

    def test_a_plan_without_a_host_is_skipped(self, redis8):
        finding = found(redis8, {"redis.server.host": ""})["redis.connect", "cache"]
        assert finding.severity is Severity.SKIP

    def test_a_closed_port_refuses(self, closed_port):
        assert outcome(found(closed_port)["redis.connect", "cache"]) == failed(ErrorKind.REFUSED)

    def test_a_silent_port_is_a_time_out(self, silent_port):
        assert outcome(found(silent_port, timeout=0.5)["redis.connect", "cache"]) == failed(ErrorKind.TIMEOUT)

    def test_a_trickle_of_bytes_ends_in_time(self, trickling_port):
        assert outcome(found(trickling_port, timeout=0.5)["redis.connect", "cache"]) == failed(ErrorKind.TIMEOUT)

    def test_the_drivers_own_time_out_comes_before_the_deadline(self, silent_port):
        finding = found(silent_port)["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TIMEOUT)
        assert "within 5 s" not in finding.detail

    def test_an_unknown_name_is_an_error_of_dns(self, closed_port):
        finding = found(closed_port, {"redis.server.host": "nowhere.invalid"})["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.DNS)
        assert "nowhere.invalid" in finding.summary

    def test_a_web_server_is_an_error_of_protocol(self, nginx_debian):
        assert outcome(found(nginx_debian)["redis.connect", "cache"]) == failed(ErrorKind.PROTOCOL)

    def test_a_server_without_a_free_connection_is_refusal_and_says_so(self, launch):
        server = launch(lambda: Redis(lines=["maxclients 1"]))
        with server.connect() as only:
            only.ping()
            finding = found(server)["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.REFUSED)
        assert "no more clients" in finding.summary

    def test_what_lies_behind_the_gate_is_skipped(self, closed_port):
        findings = found(closed_port)
        rest = [item for (identifier, _role), item in findings.items() if identifier != "redis.connect"]
        assert {item.severity for item in rest} == {Severity.SKIP}


class StrictRedis(Redis):
    """Asks every client for a certificate."""

    def _tls_lines(self):
        return [line for line in super()._tls_lines() if not line.startswith("tls-auth-clients")]

    def is_ready(self):
        try:
            return super().is_ready()
        except OSError:
            return True

    def connect(self, **options):
        own = {"ssl_certfile": str(self.folder / "server.crt"), "ssl_keyfile": str(self.folder / "server.key")}
        return super().connect(**own | options)


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

    def test_a_database_out_of_range_fails(self, redis8):
        findings = found(redis8, {"redis.databases.lock": 16})
        finding = findings["redis.database", "lock"]
        assert outcome(finding) == failed(ErrorKind.MISSING)
        assert "databases 17" in finding.remedy
        assert findings["redis.lock_use", "lock"].severity is Severity.SKIP

    def test_a_time_out_for_idle_connections_is_a_warning(self, launch):
        server = launch(lambda: Redis(lines=["timeout 300"]))
        finding = found(server)["redis.timeout", "cache"]
        assert outcome(finding) == warned()
        assert "300 s" in finding.summary

    def test_an_eviction_policy_is_a_warning_for_all_but_the_cache(self, launch):
        server = launch(lambda: Redis(lines=["maxmemory 100mb", "maxmemory-policy allkeys-lru"]))
        findings = found(server)
        assert {outcome(findings["redis.eviction", role]) for role in ROLES if role != "cache"} == {warned()}
        assert ("redis.eviction", "cache") not in findings

    def test_full_memory_fails_with_the_round_trip(self, launch):
        server = launch(lambda: Redis(lines=["maxmemory 100kb"]))
        findings = found(server)
        assert outcome(findings["redis.memory", "cache"]) == failed(ErrorKind.OTHER)
        assert outcome(findings["redis.cache_use", "cache"]) == failed(ErrorKind.OTHER)
        assert "memory limit" in findings["redis.cache_use", "cache"].summary

    def test_a_server_that_keeps_nothing_is_a_warning_where_it_matters(self, redis8):
        findings = found(redis8)
        assert {outcome(findings["redis.persistence", role]) for role in KEEPING} == {warned()}

    def test_snapshots_are_enough(self, launch):
        server = launch(lambda: Redis(lines=["save 3600 1"]))
        assert outcome(found(server)["redis.persistence", "queue"]) == PASSED

    def test_a_server_that_cannot_save_fails(self, launch):
        server = launch(lambda: Redis(lines=["save 3600 1", "enable-protected-configs yes"]))
        with server.connect() as client:
            client.config_set("dir", "/proc")
            client.bgsave()
            assert wait_until(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "err", within=10)
        findings = found(server)
        assert outcome(findings["redis.persistence", "queue"]) == failed(ErrorKind.OTHER)
        assert outcome(findings["redis.queue_use", "queue"]) == failed(ErrorKind.OTHER)
        assert "cannot save to disk" in findings["redis.queue_use", "queue"].summary

    def test_a_slow_way_is_a_warning(self, redis8):
        with SlowRelay(redis8.port, 0.015) as slow:
            plan, secrets = plan_of(redis8, {"redis.server.port": slow.port})
            finding = found_of(plan, secrets)["redis.latency", "lock"]
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
    def test_a_server_without_it_is_a_warning(self, redis8):
        finding = found(redis8)["redis.bloom", "cache"]
        assert outcome(finding) == warned(ErrorKind.MISSING)
        assert "asks the database" in finding.detail

    def test_an_account_without_the_right_is_a_warning_that_names_it(self, launch):
        acl = "~* &* +@all -bf.reserve"
        server = launch(lambda: Redis(launch=redis8_launch(), modules=[bloom_module()], user="nocobase", acl=acl))
        finding = found(server)["redis.bloom", "cache"]
        assert outcome(finding) == warned(ErrorKind.PERMISSION)
        assert "BF.RESERVE" in finding.summary


RIGHTS = {
    "cache": ("cache_use", "set", "SET"),
    "sync": ("sync_use", "publish", "PUBLISH"),
    "lock": ("lock_use", "eval", "EVAL"),
    "queue": ("queue_use", "brpop", "BRPOP"),
    "worker-id": ("worker_id_use", "incr", "INCR"),
}


class TestRights:
    @pytest.mark.parametrize("role", RIGHTS)
    def test_a_refused_command_is_named_by_the_round_trip_and_by_the_list(self, launch, role):
        check, rule, command = RIGHTS[role]
        acl = f"~* &* +@all -{rule}"
        server = launch(lambda: Redis(launch=redis8_launch(), user="nocobase", acl=acl))
        findings = found(server)
        use, commands = findings[f"redis.{check}", role], findings["redis.commands", role]
        assert outcome(use) == failed(ErrorKind.PERMISSION)
        assert outcome(commands) == failed(ErrorKind.PERMISSION)
        assert command in use.summary
        assert commands.facts["refused"] == [command]
        assert f"+{rule}" in commands.remedy

    def test_what_only_single_functions_need_is_a_warning(self, redis_acl):
        findings = found(redis_acl)
        finding = findings["redis.commands", "cache"]
        assert outcome(finding) == warned(ErrorKind.PERMISSION)
        assert finding.facts["refused"] == ["FLUSHDB", "KEYS"]
        assert outcome(findings["redis.commands", "lock"]) == PASSED

    def test_without_scripts_the_dangerous_commands_stay_untried(self, launch):
        acl = "~* &* +@all -@scripting -mget"
        server = launch(lambda: Redis(launch=redis8_launch(), user="nocobase", acl=acl))
        finding = found(server)["redis.commands", "cache"]
        assert outcome(finding) == failed(ErrorKind.PERMISSION)
        assert {"MGET", "EVALSHA"} <= set(finding.facts["refused"])
        assert {"FLUSHDB", "KEYS"} <= set(finding.facts["untried"])

    def test_asking_for_rights_runs_nothing(self, launch):
        acl = "~* &* +@all -@scripting"
        server = launch(lambda: Redis(launch=redis8_launch(), user="nocobase", acl=acl))
        with server.connect() as client:
            client.set("theirs", "kept")
        found(server)
        with server.connect() as client:
            assert client.get("theirs") == "kept"
            assert not {"cmdstat_flushdb", "cmdstat_keys"} & set(client.info("commandstats"))

    def test_keys_of_certain_names_alone_are_told(self, launch):
        server = launch(lambda: Redis(launch=redis8_launch(), user="nocobase", acl="~app:* &* +@all"))
        finding = found(server)["redis.cache_use", "cache"]
        assert outcome(finding) == failed(ErrorKind.PERMISSION)
        assert "keys of any name" in finding.summary
        assert "~*" in finding.remedy

    def test_no_channels_at_all_are_told(self, launch):
        server = launch(lambda: Redis(launch=redis8_launch(), user="nocobase", acl="~* resetchannels +@all"))
        finding = found(server)["redis.sync_use", "sync"]
        assert outcome(finding) == failed(ErrorKind.PERMISSION)
        assert "channels" in finding.summary
        assert "&*" in finding.remedy

    def test_refused_streams_are_a_warning_where_messages_arrive(self, launch):
        server = launch(lambda: Redis(launch=redis8_launch(), user="nocobase", acl="~* &* +@all -@stream"))
        finding = found(server)["redis.sync_use", "sync"]
        assert outcome(finding) == warned(ErrorKind.PERMISSION)
        assert "streams" in finding.summary

    def test_an_account_with_hardly_any_right_still_connects(self, launch):
        server = launch(lambda: Redis(launch=redis8_launch(), user="nocobase", acl="~* &* -@all +get"))
        findings = found(server)
        assert outcome(findings["redis.connect", "cache"]) == PASSED
        assert outcome(findings["redis.cache_use", "cache"]) == failed(ErrorKind.PERMISSION)
        assert outcome(findings["redis.database", "lock"]) == failed(ErrorKind.PERMISSION)


class TestCompany:
    def test_another_nocobase_on_the_server_is_a_warning(self, redis8):
        with redis8.connect() as client, client.pubsub() as other:
            other.subscribe("main.main.sync.auth")
            assert other.get_message(timeout=2)
            finding = found(redis8)["redis.neighbours", "sync"]
        assert outcome(finding) == warned()
        assert finding.facts["listeners"] == 1

    @pytest.mark.parametrize("command", ["RPUSH bull:mail:wait x", "SET s:wait x"])
    def test_foreign_keys_in_the_cache_are_a_warning_that_shows_no_whole_name(self, launch, command):
        server = launch(Redis)
        with server.connect() as client:
            client.execute_command(*command.split())
        finding = found(server)["redis.cache_alone", "cache"]
        assert outcome(finding) == warned()
        assert "wait" not in finding.summary

    def test_a_caches_own_keys_are_at_home(self, launch):
        server = launch(Redis)
        with server.connect() as client:
            client.set("auth:1", "x")
        assert outcome(found(server)["redis.cache_alone", "cache"]) == PASSED

    def test_the_cache_must_not_share_its_database(self, redis8):
        finding = found(redis8, {"redis.databases.lock": 0})["redis.distinct", "cache"]
        assert outcome(finding) == failed(ErrorKind.OTHER)
        assert finding.facts["others"] == ["lock"]

    def test_other_roles_that_share_a_database_are_a_warning(self, redis8):
        finding = found(redis8, {"redis.databases.lock": 3})["redis.distinct", "lock"]
        assert outcome(finding) == warned()

    def test_two_names_of_one_server_are_seen_through(self, redis8):
        plan, secrets = plan_of_roles({RedisRole.CACHE: redis8, RedisRole.LOCK: redis8}, {RedisRole.LOCK: "localhost"})
        plan = plan.with_value("redis.databases.lock", 0)
        assert outcome(found_of(plan, secrets)["redis.distinct", "cache"]) == failed(ErrorKind.OTHER)

    def test_the_same_index_on_two_servers_is_no_sharing(self, redis7, redis8):
        plan, secrets = plan_of_roles({RedisRole.CACHE: redis8, RedisRole.LOCK: redis7}, {})
        plan = plan.with_value("redis.databases.lock", 0)
        assert outcome(found_of(plan, secrets)["redis.distinct", ""]) == PASSED


def test_a_username_without_a_password_is_no_fault_of_ours(launch):
    server = launch(lambda: Redis(password=""))
    with server.connect() as client:
        client.acl_setuser("open", enabled=True, nopass=True, keys="*", channels="*", commands=["+@all"])
    plan, secrets = plan_of(server, {"redis.server.username": "open"})
    assert plan.get("redis.server.password") != SecretRef(SECRET)
    assert outcome(found_of(plan, secrets)["redis.connect", "cache"]) == PASSED
