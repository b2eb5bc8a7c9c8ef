"""What the judges of Redis say to facts, and how redis-py's exceptions become trouble."""

import shlex

import pytest
from redis import exceptions

from tests.unit.redis_facts import facts, server
from wizard.checks.redis.checks import checks, cross_checks
from wizard.checks.redis.cross import judge_distinct
from wizard.checks.redis.errors import FULL, LOADING, NO_PASSWORD_GIVEN, PROTECTED_MODE, explain
from wizard.checks.redis.facts import KeySample, RedisFacts, Rights, Server, Session, WorkerKeys
from wizard.checks.redis.judge import judge
from wizard.checks.redis.server import from_hello, from_info
from wizard.checks.redis.specs import SPECS, specs_of
from wizard.checks.redis.target import RedisTarget
from wizard.checks.redis.worker_ids import sorted_out
from wizard.engine.check import Nothing
from wizard.engine.facts import Known, Trouble, overdue
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.plan.sections import RedisRole

SERVER = Server("Redis", "8.0.2", "8.0.2", mode="standalone", role="master", run_id="a", cluster=False)


def target(role=RedisRole.CACHE, **values):
    return RedisTarget(**{"role": role, "host": "redis.internal", "port": 6379} | values)


def findings(role=RedisRole.CACHE, place=None, **values):
    judged = judge(place or target(role), facts(role, **values))
    return {finding.id.removeprefix("redis."): finding for finding in judged}


class TestTheWhole:
    @pytest.mark.parametrize("role", RedisRole)
    def test_good_facts_pass_under_every_id_of_the_role(self, role):
        given = judge(target(role), facts(role))
        others = {"redis.worker_ids": Severity.INFO} if role is RedisRole.WORKER_ID else {}
        assert {one.id: one.severity for one in given if one.severity is not Severity.PASS} == others
        assert [finding.id for finding in given] == [spec.id for spec in specs_of(role)]
        assert {finding.subject for finding in given} == {role.value}

    @pytest.mark.parametrize("role", RedisRole)
    def test_facts_that_never_came_are_unknown_or_skipped_never_passed(self, role):
        late = overdue(RedisFacts.of(role), 5.0)
        given = judge(target(role), late)
        assert (given[0].severity, given[0].error) == (Severity.FAIL, ErrorKind.TIMEOUT)
        assert {finding.severity for finding in given[1:]} == {Severity.SKIP}

    @pytest.mark.parametrize("role", RedisRole)
    def test_a_connection_that_breaks_leaves_the_rest_unknown(self, role):
        found = RedisFacts.of(role)
        found.addresses, found.connection = Known(("10.0.0.9",)), Known(Session())
        given = judge(target(role), overdue(found, 5.0))
        assert given[0].severity is Severity.PASS
        assert {finding.severity for finding in given[1:]} == {Severity.UNKNOWN}

    def test_protected_mode_is_told_with_its_remedy(self):
        gate = findings(connection=Trouble(ErrorKind.PERMISSION, "DENIED", PROTECTED_MODE))["connect"]
        assert (gate.severity, gate.error) == (Severity.FAIL, ErrorKind.PERMISSION)
        assert "requirepass" in gate.remedy

    def test_no_finding_shows_the_password(self):
        place = target(password=Secret("Hidden-Pw_1"))
        for trouble in (Trouble(kind, "refused") for kind in ErrorKind):
            assert "Hidden-Pw_1" not in repr(judge(place, facts(connection=trouble)))

    def test_every_id_is_declared(self):
        declared = {spec.id for spec in SPECS}
        assert {spec.id for role in RedisRole for spec in specs_of(role)} < declared
        assert "redis.distinct" in declared

    def test_an_empty_plan_is_skipped_without_asking(self):
        given = [finding for check in checks(Plan(), {}) for finding in check.judge(check.facts())]
        assert {finding.severity for finding in given} == {Severity.SKIP}
        assert len(cross_checks(Plan())) == 1

    @pytest.mark.parametrize(
        ("key", "stopped"),
        [("redis.layout", set(RedisRole)), ("redis.server.tls", set(RedisRole)), ("queue.kind", {RedisRole.QUEUE})],
    )
    def test_a_setting_that_could_not_be_read_is_not_taken_for_its_default(self, key, stopped):
        plan = Plan().with_value("redis.server.host", "redis.internal").with_text(key, "maybe")
        settled = {check.subject for check in checks(plan, {}) if check.facts is Nothing}
        assert settled == stopped


class TestWhatIsNotKnown:
    @pytest.mark.parametrize("kind", [ErrorKind.TIMEOUT, ErrorKind.PROTOCOL, ErrorKind.OTHER])
    def test_a_trouble_on_the_way_does_not_say_that_there_is_no_database(self, kind):
        assert findings(database=Trouble(kind))["database"].severity is Severity.UNKNOWN

    @pytest.mark.parametrize("kind", [ErrorKind.TIMEOUT, ErrorKind.PROTOCOL, ErrorKind.OTHER])
    def test_a_trouble_on_the_way_does_not_say_that_there_is_no_bloom_filter(self, kind):
        assert findings(bloom=Trouble(kind))["bloom"].severity is Severity.UNKNOWN

    def test_a_server_that_does_not_say_its_role_is_not_called_a_primary(self):
        assert findings(server=Known(server(role="")))["primary"].severity is Severity.UNKNOWN

    def test_a_server_that_does_not_say_its_mode_is_not_called_a_plain_one(self):
        assert findings(server=Known(server(mode="")))["cluster"].severity is Severity.UNKNOWN

    @pytest.mark.parametrize(("version", "look"), [("6.2.14", "ACL GETUSER"), ("5.0.6", "COMMAND INFO FLUSHDB")])
    def test_what_was_not_tried_is_unknown_and_the_remedy_suits_the_server(self, version, look):
        old = Known(server(version=version, redis_version=version))
        finding = findings(server=old, rights=Known(Rights(untried=("FLUSHDB", "KEYS"))))["commands"]
        assert finding.severity is Severity.UNKNOWN
        assert look in finding.remedy


class TestVersion:
    def test_a_look_alike_is_judged_by_the_redis_it_claims_to_be(self):
        finding = findings(
            server=Known(server(product="Valkey", version="9.1.2", redis_version="7.2.4")),
            bloom=Trouble(ErrorKind.MISSING),
        )
        assert finding["version"].severity is Severity.WARN
        assert "Valkey 9.1.2 (as Redis 7.2.4)" in finding["version"].summary

    def test_a_missing_bloom_filter_is_told_in_words_and_not_in_the_servers(self):
        raw = "unknown command 'BF.RESERVE', with args beginning with: 'ncw-check-1'"
        found = findings(bloom=Trouble(ErrorKind.MISSING, raw, "BF.RESERVE"))["bloom"]
        assert found.detail.endswith("The server does not know BF.RESERVE.")

    def test_a_module_that_is_named_counts_as_the_bloom_filter(self):
        old = server(version="7.4.1", redis_version="7.4.1", modules=("bf",))
        assert findings(RedisRole.LOCK, server=Known(old))["version"].severity is Severity.PASS

    def test_a_version_that_is_no_number_is_a_warning_not_a_fault(self):
        odd = server(version="unstable", redis_version="unstable")
        assert findings(RedisRole.LOCK, server=Known(odd))["version"].severity is Severity.WARN


class TestLimits:
    def test_nearly_full_memory_is_a_warning(self):
        assert findings(server=Known(server(used_memory=95)))["memory"].severity is Severity.WARN

    @pytest.mark.parametrize(("host", "severity"), [(56, Severity.PASS), (55, Severity.WARN), (None, Severity.UNKNOWN)])
    def test_without_a_limit_the_memory_of_the_host_is_the_limit(self, host, severity):
        free = server(memory_limit=0, host_memory=host)
        assert findings(server=Known(free))["memory"].severity is severity

    @pytest.mark.parametrize(
        ("timeout", "alive", "severity"),
        [
            ("0", "300", Severity.PASS),
            ("0", "0", Severity.WARN),
            ("300", "300", Severity.WARN),
            ("0", "", Severity.PASS),
        ],
    )
    def test_idle_connections_are_kept_and_dead_ones_noticed(self, timeout, alive, severity):
        config = {"timeout": timeout} | ({"tcp-keepalive": alive} if alive else {})
        assert findings(config=Known(config))["timeout"].severity is severity

    def test_full_memory_with_eviction_is_a_warning_as_writes_go_on(self):
        full = server(used_memory=100, eviction="allkeys-lru")
        assert findings(server=Known(full))["memory"].severity is Severity.WARN

    def test_the_eviction_policy_is_taken_from_the_configuration_where_info_is_refused(self):
        known = facts(RedisRole.LOCK, server=Known(server(eviction="")))
        given = {finding.id: finding for finding in judge(target(RedisRole.LOCK), known)}
        assert given["redis.eviction"].severity is Severity.PASS

    def test_persistence_is_unknown_where_snapshots_cannot_be_seen(self):
        refused = Trouble(ErrorKind.PERMISSION, "no", "CONFIG GET")
        given = findings(RedisRole.QUEUE, server=Known(server(append_only=False)), config=refused)
        assert (given["persistence"].severity, given["persistence"].error) == (Severity.UNKNOWN, ErrorKind.PERMISSION)
        assert "CONFIG GET" in given["persistence"].summary

    def test_a_write_that_failed_fails_whatever_is_configured(self):
        given = findings(RedisRole.QUEUE, server=Known(server(write_trouble="aof_last_write_status:err")))
        assert given["persistence"].severity is Severity.FAIL

    @pytest.mark.parametrize(("median", "severity"), [(20.0, Severity.PASS), (20.1, Severity.WARN)])
    def test_the_median_decides_what_is_slow(self, median, severity):
        assert findings(latency=Known((1.0, median, 500.0)))["latency"].severity is severity


class TestCompany:
    @pytest.mark.parametrize(
        ("kinds", "severity"),
        [
            ({("auth:…", "string"): 3, ("token-black-list", "MBbloom--"): 1}, Severity.PASS),
            ({("auth:…", "hash"): 1}, Severity.WARN),
            ({("laravel:…", "string"): 1}, Severity.WARN),
        ],
    )
    def test_keys_are_strangers_by_name_or_type(self, kinds, severity):
        sample = KeySample(sum(kinds.values()), kinds)
        assert findings(keys=Known(sample))["cache_alone"].severity is severity

    def test_what_nocobase_itself_caches_is_no_stranger_and_what_only_begins_alike_is_one(self):
        own = (
            "ai- app auth backup data-visualization idp-oauth llm locale localization main nocobase notification otp "
            "restore role token-black-list user verification workflow"
        )
        like_it = "a loc idp token bull sess"
        kinds = {(name, "string"): 1 for name in f"{own} {like_it}".split()}
        found = findings(keys=Known(KeySample(25, kinds)))["cache_alone"]
        assert (found.severity, found.facts["strangers"]) == (Severity.WARN, 6)

    def test_a_sample_that_is_not_the_whole_says_so(self):
        summary = findings(keys=Known(KeySample(5000, {("auth:…", "string"): 100})))["cache_alone"].summary
        assert "5000 keys; the 100 looked at" in summary

    @pytest.mark.parametrize(("processes", "severity"), [(2, Severity.INFO), (1, Severity.WARN), (0, Severity.WARN)])
    def test_listeners_are_no_others_as_long_as_the_plan_has_as_many_processes(self, processes, severity):
        heard = Known({"main.main.sync.auth": 2, "main.main.sync.users": 1})
        place = target(RedisRole.SYNC, processes=processes)
        assert findings(RedisRole.SYNC, place, listeners=heard)["neighbours"].severity is severity

    def test_roles_without_a_connection_are_left_out_of_the_comparison(self):
        targets = {role: target(role) for role in (RedisRole.CACHE, RedisRole.LOCK)}
        known = {("redis", RedisRole.CACHE): facts()}
        assert [finding.severity for finding in judge_distinct(targets, known)] == [Severity.SKIP]

    def test_without_a_run_id_the_address_tells_two_servers_apart(self):
        targets = {role: target(role) for role in (RedisRole.CACHE, RedisRole.LOCK)}
        anonymous = Known(server(run_id=""))
        same = {("redis", role): facts(role, server=anonymous) for role in targets}
        assert [finding.severity for finding in judge_distinct(targets, same)] == [Severity.FAIL]
        elsewhere = same | {("redis", RedisRole.LOCK): facts(server=anonymous, addresses=Known(("10.0.0.8",)))}
        assert [finding.severity for finding in judge_distinct(targets, elsewhere)] == [Severity.PASS]

    def test_three_roles_in_one_database_are_told_once(self):
        roles = (RedisRole.CACHE, RedisRole.LOCK, RedisRole.QUEUE)
        known = {("redis", role): facts(role, server=Known(SERVER)) for role in roles}
        given = list(judge_distinct({role: target(role) for role in roles}, known))
        assert [(finding.subject, finding.facts["others"]) for finding in given] == [("cache", ["lock", "queue"])]


class TestWorkerIds:
    @pytest.mark.parametrize(
        ("names", "count"),
        [
            (["worker-id:3", "WORKER_ID_31", "main.workerIds.0", "nocobase:workeridallocator:7"], 4),
            (["worker-id:32", "worker-id:1700000000", "worker-id:node-12-3", "worker-ids"], 0),
            (["worker-idle:3", "worker:3", "coworkers:3"], 0),
            (["worker-id:3", "worker-id:lock:3"], 1),
            (["a:worker-id:3", "b:worker-id:3"], 2),
        ],
    )
    def test_a_name_that_ends_in_the_number_of_an_id_stands_for_it(self, names, count):
        assert sorted_out(names, len(names), complete=True).count == count

    def judged(self, processes, **values):
        found = WorkerKeys(**{"total": 9, "speaking": 0, "ids": {}, "complete": True} | values)
        place = target(RedisRole.WORKER_ID, processes=processes)
        return findings(RedisRole.WORKER_ID, place, workers=Known(found))["worker_ids"]

    @pytest.mark.parametrize(
        ("processes", "complete", "severity"),
        [(2, True, Severity.WARN), (2, False, Severity.WARN), (3, True, Severity.INFO), (0, True, Severity.INFO)],
    )
    def test_more_than_the_processes_are_a_warning_and_without_nodes_nothing_is_compared(
        self, processes, complete, severity
    ):
        assert self.judged(processes, speaking=3, ids={"worker-id": (0, 1, 2)}, complete=complete).severity is severity

    def test_a_search_that_stopped_early_is_unknown(self):
        assert self.judged(3, speaking=1, ids={"worker-id": (0,)}, complete=False).severity is Severity.UNKNOWN

    def test_names_without_numbers_tell_no_count(self):
        assert "names do not tell" in self.judged(1, speaking=3).summary

    def test_without_any_such_key_the_plug_in_may_not_be_enabled(self):
        assert "not enabled" in self.judged(2).detail


class TestErrors:
    @pytest.mark.parametrize(
        ("error", "kind", "about"),
        [
            (
                exceptions.NoPermissionError("User u has no permissions to run the 'config|get' command"),
                ErrorKind.PERMISSION,
                "CONFIG GET",
            ),
            (
                exceptions.NoPermissionError("this user has no permissions to run the 'set' command or its subcommand"),
                ErrorKind.PERMISSION,
                "SET",
            ),
            (exceptions.AuthenticationError("Authentication required."), ErrorKind.CREDENTIALS, NO_PASSWORD_GIVEN),
            (exceptions.AuthenticationError("invalid username-password pair"), ErrorKind.CREDENTIALS, ""),
            (
                exceptions.ResponseError("unknown command 'BF.RESERVE', with args beginning with: "),
                ErrorKind.MISSING,
                "BF.RESERVE",
            ),
            (
                exceptions.ResponseError("DENIED Redis is running in protected mode because …. More"),
                ErrorKind.PERMISSION,
                PROTECTED_MODE,
            ),
            (exceptions.ResponseError("MISCONF Redis is configured to save RDB snapshots"), ErrorKind.OTHER, ""),
            (exceptions.InvalidResponse("Protocol Error: b'HTTP'"), ErrorKind.PROTOCOL, ""),
            (exceptions.ConnectionError("Connection closed by server."), ErrorKind.PROTOCOL, ""),
            (exceptions.TimeoutError("Timeout reading from socket"), ErrorKind.TIMEOUT, ""),
            (exceptions.BusyLoadingError("Redis is loading the dataset in memory"), ErrorKind.REFUSED, LOADING),
            (exceptions.ConnectionError("max number of clients reached"), ErrorKind.REFUSED, FULL),
        ],
    )
    def test_an_answer_becomes_its_kind_and_names_the_command(self, error, kind, about):
        trouble = explain(error)
        assert (trouble.kind, trouble.about) == (kind, about)

    def test_the_pipelines_own_words_are_left_out(self):
        error = exceptions.ResponseError(
            "Command # 1 (SET ncw-check-1 x) of pipeline caused error: unknown command 'SET'"
        )
        assert explain(error).message == "unknown command 'SET'"


class TestWhatAServerSays:
    def test_keydb_is_known_by_what_it_adds(self):
        assert from_info({"redis_version": "6.3.4", "mvcc_depth": 0}).product == "KeyDB"

    def test_dragonfly_is_known_by_its_own_version(self):
        found = from_info({"redis_version": "7.4.0", "dragonfly_version": "df-v1.21.2"})
        assert (found.product, found.version) == ("Dragonfly", "1.21.2")

    def test_an_unknown_product_goes_by_the_name_it_gives(self):
        assert from_info({"redis_version": "7.2.4", "server_name": "fastredis"}).product == "fastredis"

    def test_hello_tells_version_role_and_modules(self):
        answer = ["server", "redis", "version", "8.0.2", "mode", "standalone", "role", "replica"]
        found = from_hello([*answer, "modules", [["name", "bf", "ver", 1]]])
        assert (found.version, found.replica, found.bloom) == ("8.0.2", True, True)

    def test_hello_of_a_cluster_says_so(self):
        assert from_hello(["server", "redis", "version", "8.0.2", "mode", "cluster"]).clustered


class TestTarget:
    def test_a_command_line_asks_for_the_password_instead_of_holding_it(self):
        place = target(username="app user", password=Secret("Hidden-Pw_1"), tls=True, authority_file="/etc/ca.pem")
        line = place.redis_cli("PING", database=True)
        assert line == (
            "redis-cli -h redis.internal -p 6379 --tls --cacert /etc/ca.pem --user 'app user' --askpass -n 0 PING"
        )

    def test_odd_names_are_quoted_for_the_shell(self):
        place = target(username="$(id) '", password=Secret("Hidden-Pw_1"))
        refused = Trouble(ErrorKind.PERMISSION, "no permissions to run the 'set' command", "SET")
        remedy = findings(place=place, use=refused)["cache_use"].remedy
        change, save, otherwise, rewrite = remedy.splitlines()
        assert (save.endswith("ACL SAVE"), rewrite.endswith("CONFIG REWRITE")) == (True, True)
        assert otherwise.startswith("# ")
        assert shlex.split(change)[-5:] == ["--askpass", "ACL", "SETUSER", "$(id) '", "+set"]

    def test_the_look_at_a_certificate_is_quoted_for_the_shell(self):
        remedy = findings(place=target(host="a b"), connection=Trouble(ErrorKind.TLS))["connect"].remedy
        assert remedy.endswith("openssl s_client -connect 'a b:6379' -servername 'a b' </dev/null")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (ErrorKind.TIMEOUT, "redis.internal:6379 stopped answering while what NocoBase does with it was tried."),
        (ErrorKind.REFUSED, "A second connection to redis.internal:6379 failed."),
    ],
)
def test_a_way_that_ended_before_any_command_is_told_without_one(kind, said):
    found = findings(use=Trouble(kind, "gone"))["cache_use"]
    assert (found.severity, found.error, found.summary) == (Severity.FAIL, kind, said)
    assert found.remedy.startswith("The server answered a moment before: see in its log what keeps it now")


@pytest.mark.parametrize("fact", ["use", "stream"])
def test_a_command_without_an_answer_asks_for_no_right(fact):
    asked = {"use": Known(("PUBLISH",)), fact: Trouble(ErrorKind.TIMEOUT, "timed out", "XADD")}
    found = findings(RedisRole.SYNC, **asked)["sync_use"]
    assert (found.error, "Grant" in found.remedy) == (ErrorKind.TIMEOUT, False)
    assert "redis.internal:6379 left XADD without an answer." in found.summary
