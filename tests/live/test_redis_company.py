"""Who else uses a real Redis: another NocoBase, foreign keys, and the roles among themselves."""

import contextlib

import pytest

from tests.live.redis_plans import PASSED, failed, found, found_of, outcome, plan_of_roles, warned
from tests.patience import patience
from tests.remedies import paste
from tests.servers.redis import sound_redis
from wizard.checks.redis.worker_ids import COUNT, ROUNDS
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import Node, RedisRole

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def two_processes():
    return {"nodes": (Node(name="one"), Node(name="two"))}


def keep(server, *names, database=4):
    with server.connect(db=database) as client:
        client.mset(dict.fromkeys(names, "x"))


class TestWorkerIds:
    """The names are made up, as the plug-in documents none."""

    def test_as_many_as_the_plan_has_processes_are_told(self, launch, two_processes):
        server = launch(sound_redis)
        keep(server, "main:worker-id:0", "main:worker-id:31", "co-worker:9")
        finding = found(server, two_processes)["redis.worker_ids", "worker-id"]
        assert outcome(finding) == (Severity.INFO, None)
        assert finding.facts == {"keys": 3, "ids": 2, "processes": 2, "complete": True}
        assert "Inferred from the names of the keys" in finding.detail

    def test_more_than_the_plan_has_processes_are_a_warning(self, launch, two_processes):
        server = launch(sound_redis)
        keep(server, *(f"main:workerId:{number}" for number in range(3)))
        finding = found(server, two_processes)["redis.worker_ids", "worker-id"]
        assert outcome(finding) == warned()
        assert "another cluster" in finding.detail
        assert "begin with: main:workerId." in finding.detail
        assert "-n 4 --scan --pattern '*[wW]" in finding.remedy
        assert "main:workerId:2" in paste(finding.remedy, REDISCLI_AUTH=server.password)

    def test_those_of_another_database_do_not_count(self, launch, two_processes):
        server = launch(sound_redis)
        keep(server, *(f"worker-id:{number}" for number in range(3)), database=0)
        finding = found(server, two_processes)["redis.worker_ids", "worker-id"]
        assert "No key of database 4" in finding.summary

    def test_an_account_that_may_not_scan_leaves_them_unknown(self, launch):
        server = launch(lambda: sound_redis(user="nocobase", acl="~* &* +@all -scan"))
        finding = found(server)["redis.worker_ids", "worker-id"]
        assert outcome(finding) == (Severity.UNKNOWN, ErrorKind.PERMISSION)
        assert "SCAN" in finding.summary
        assert "+scan +dbsize" in finding.remedy

    def test_too_many_keys_to_look_through_are_unknown(self, launch, two_processes):
        server = launch(sound_redis)
        keep(server, *(f"session:{number}" for number in range(2 * ROUNDS * COUNT)), "worker-id:3")
        finding = found(server, two_processes)["redis.worker_ids", "worker-id"]
        assert outcome(finding) == (Severity.UNKNOWN, None)
        assert str(2 * ROUNDS * COUNT + 1) in finding.summary
        with server.connect() as client:
            calls = client.info("commandstats")
        assert calls["cmdstat_scan"]["calls"] <= ROUNDS + 1, "the cache has a look of its own"
        assert "cmdstat_keys" not in calls
        assert "worker-id:3" in paste(finding.remedy, REDISCLI_AUTH=server.password)


class TestCompany:
    def listening(self, server, listeners, values):
        """Find the neighbours while so many listen as NocoBase's processes do."""
        with contextlib.ExitStack() as stack:
            client = stack.enter_context(server.connect())
            for _ in range(listeners):
                other = stack.enter_context(client.pubsub())
                other.subscribe("main.main.sync.auth")
                assert other.get_message(timeout=patience(10))
            return found(server, values)["redis.neighbours", "sync"]

    def test_another_nocobase_on_the_server_is_a_warning(self, redis8_bloom, two_processes):
        finding = self.listening(redis8_bloom, 3, two_processes)
        assert outcome(finding) == warned()
        assert finding.facts["listeners"] == 3
        alone = self.listening(redis8_bloom, 1, {})
        assert outcome(alone) == warned(), "a plan without nodes has no process that listens"

    def test_as_many_listeners_as_the_plan_has_processes_may_be_this_cluster(self, redis8_bloom, two_processes):
        assert outcome(self.listening(redis8_bloom, 2, two_processes)) == (Severity.INFO, None)

    @pytest.mark.parametrize("command", ["RPUSH bull:mail:wait x", "SET s:wait x"])
    def test_foreign_keys_in_the_cache_are_a_warning_that_shows_no_whole_name(self, launch, command):
        server = launch(sound_redis)
        with server.connect() as client:
            client.execute_command(*command.split())
        finding = found(server)["redis.cache_alone", "cache"]
        assert outcome(finding) == warned()
        assert "wait" not in finding.summary

    def test_a_caches_own_keys_are_at_home(self, launch):
        server = launch(sound_redis)
        with server.connect() as client:
            client.set("auth:1", "x")
        assert outcome(found(server)["redis.cache_alone", "cache"]) == PASSED

    def test_a_cache_with_many_keys_says_how_many_were_looked_at(self, launch):
        server = launch(sound_redis)
        keep(server, *(f"main:{number}" for number in range(2000)), database=0)
        finding = found(server)["redis.cache_alone", "cache"]
        assert outcome(finding) == PASSED
        assert f"the {finding.facts['looked_at']} looked at" in finding.summary

    def test_the_cache_must_not_share_its_database(self, redis8_bloom):
        finding = found(redis8_bloom, {"redis.databases.lock": 0})["redis.distinct", "cache"]
        assert outcome(finding) == failed(ErrorKind.OTHER)
        assert finding.facts["others"] == ["lock"]

    def test_other_roles_that_share_a_database_are_a_warning(self, redis8_bloom):
        finding = found(redis8_bloom, {"redis.databases.lock": 3})["redis.distinct", "lock"]
        assert outcome(finding) == warned()

    def test_two_names_of_one_server_are_seen_through(self, redis8_bloom):
        both = {RedisRole.CACHE: redis8_bloom, RedisRole.LOCK: redis8_bloom}
        plan, secrets = plan_of_roles(both, {RedisRole.LOCK: "localhost"})
        plan = plan.with_value("redis.databases.lock", 0)
        assert outcome(found_of(plan, secrets)["redis.distinct", "cache"]) == failed(ErrorKind.OTHER)

    def test_the_same_index_on_two_servers_is_no_sharing(self, redis7, redis8_bloom):
        plan, secrets = plan_of_roles({RedisRole.CACHE: redis8_bloom, RedisRole.LOCK: redis7}, {})
        plan = plan.with_value("redis.databases.lock", 0)
        assert outcome(found_of(plan, secrets)["redis.distinct", ""]) == PASSED
