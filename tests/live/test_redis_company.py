"""Who else uses a real Redis: another NocoBase, foreign keys, and the roles among themselves."""

import pytest

from tests.live.redis_plans import PASSED, failed, found, found_of, outcome, plan_of_roles, warned
from wizard.demo.redis import Redis
from wizard.plan.finding import ErrorKind
from wizard.plan.sections import RedisRole

pytestmark = pytest.mark.live


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
