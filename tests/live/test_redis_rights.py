"""What an account may do in Redis: real access lists that lack one right each."""

import pytest

from tests.live.redis_plans import PASSED, failed, found, outcome, warned
from tests.servers.redis import sound_redis
from wizard.plan.finding import ErrorKind, Severity

pytestmark = pytest.mark.live


RIGHTS = {
    "cache": ("cache_use", "set", "SET"),
    "sync": ("sync_use", "publish", "PUBLISH"),
    "lock": ("lock_use", "eval", "EVAL"),
    "queue": ("queue_use", "brpop", "BRPOP"),
    "worker-id": ("worker_id_use", "incr", "INCR"),
}

HARDENED = ("FLUSHDB", "KEYS", "MGET", "EVALSHA", "RPUSH")


def hardened(**options):
    """Return a server that knows none of `HARDENED`, as guides to a safe redis.conf have it."""
    return sound_redis(lines=[f'rename-command {command} ""' for command in HARDENED], **options)


class TestCommandsTheServerLacks:
    def test_one_that_the_role_needs_fails_and_the_remedy_is_no_access_rule(self, launch):
        findings = found(launch(hardened))
        absent = {"cache": ["MGET", "FLUSHDB", "KEYS", "EVALSHA"], "lock": ["EVALSHA"], "queue": ["RPUSH"]}
        for role, commands in absent.items():
            finding = findings["redis.commands", role]
            assert outcome(finding) == failed(ErrorKind.MISSING)
            assert finding.facts == {"refused": [], "absent": commands, "untried": []}
            assert f"does not know {', '.join(commands)}." in finding.summary
            assert "rename-command" in finding.remedy
            assert "ACL" not in finding.remedy

    def test_one_that_single_functions_need_is_a_warning(self, launch):
        server = launch(lambda: sound_redis(lines=['rename-command FLUSHDB ""']))
        findings = found(server)
        assert outcome(findings["redis.commands", "cache"]) == warned(ErrorKind.MISSING)
        assert {outcome(findings["redis.commands", role]) for role in ("lock", "queue", "worker-id")} == {PASSED}

    def test_it_is_told_from_a_refusal_without_scripts_too(self, launch):
        server = launch(lambda: hardened(user="nocobase", acl="~* &* +@all -@scripting"))
        finding = found(server)["redis.commands", "cache"]
        assert outcome(finding) == failed(ErrorKind.MISSING)
        assert finding.facts["absent"] == ["MGET", "EVALSHA"]
        assert finding.facts["refused"] == ["SCRIPT LOAD"]
        prose, *lines = finding.remedy.splitlines()
        assert prose.startswith("# ")
        assert "ACL SETUSER nocobase '+script|load'" in lines[0]

    def test_a_transaction_that_the_server_lacks_is_named_without_scripts(self, launch):
        lines = ['rename-command MULTI ""', 'rename-command EVAL ""']
        finding = found(launch(lambda: sound_redis(lines=lines)))["redis.commands", "cache"]
        assert outcome(finding) == failed(ErrorKind.MISSING)
        assert finding.facts["absent"] == ["MULTI"]

    def test_the_round_trip_names_it_with_the_same_remedy(self, launch):
        server = launch(lambda: sound_redis(lines=['rename-command EVAL ""']))
        finding = found(server)["redis.lock_use", "lock"]
        assert outcome(finding) == failed(ErrorKind.MISSING)
        assert "does not know the command EVAL" in finding.summary
        assert "rename-command" in finding.remedy


class TestRights:
    @pytest.mark.parametrize("role", RIGHTS)
    def test_a_refused_command_is_named_by_the_round_trip_and_by_the_list(self, launch, role):
        check, rule, command = RIGHTS[role]
        acl = f"~* &* +@all -{rule}"
        server = launch(lambda: sound_redis(user="nocobase", acl=acl))
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
        server = launch(lambda: sound_redis(user="nocobase", acl=acl))
        finding = found(server)["redis.commands", "cache"]
        assert outcome(finding) == failed(ErrorKind.PERMISSION)
        assert {"MGET", "EVALSHA"} <= set(finding.facts["refused"])
        assert {"FLUSHDB", "KEYS"} <= set(finding.facts["untried"])

    def test_what_cannot_be_tried_is_unknown_and_not_passed(self, launch):
        findings = self.found_without_scripts(launch, "-eval")
        finding = findings["redis.commands", "cache"]
        assert outcome(finding) == (Severity.UNKNOWN, None)
        assert finding.facts == {"refused": [], "absent": [], "untried": ["FLUSHDB", "KEYS"]}
        assert finding.remedy.endswith("ACL GETUSER nocobase")
        assert outcome(findings["redis.commands", "queue"]) == PASSED

    @pytest.mark.parametrize(
        ("rules", "refused", "tried"),
        [("-multi", "MULTI", set()), ("-exec", "EXEC", {"GET", "MSET"}), ("-exec -discard", "EXEC", set())],
    )
    def test_a_transaction_is_tried_without_scripts_too(self, launch, rules, refused, tried):
        finding = self.found_without_scripts(launch, f"-eval {rules}")["redis.commands", "cache"]
        assert outcome(finding) == failed(ErrorKind.PERMISSION)
        assert finding.facts["refused"] == [refused]
        assert not tried & set(finding.facts["untried"])

    def test_nothing_is_put_into_a_transaction_that_cannot_be_discarded(self, launch):
        findings = self.found_without_scripts(launch, "-eval -discard", {"redis.databases.cache": 5})
        finding = findings["redis.commands", "cache"]
        assert outcome(finding) == (Severity.UNKNOWN, None)
        assert {"SET", "FLUSHDB"} <= set(finding.facts["untried"])
        assert outcome(findings["redis.cache_alone", "cache"]) == warned(), "asked of another database"

    @staticmethod
    def found_without_scripts(launch, rules, values=None):
        """Find what a server without scripts says; database 5 holds a foreign key, and nothing is left in any other."""
        acl = f"~* &* +@all {rules}"
        server = launch(lambda: sound_redis(user="nocobase", acl=acl))
        with server.connect(db=5) as client:
            client.set("bull:mail", "kept")
        findings = found(server, values)
        with server.connect() as client:
            assert client.info("keyspace").keys() == {"db5"}
        return findings

    def test_asking_for_rights_runs_nothing(self, launch):
        acl = "~* &* +@all -@scripting"
        server = launch(lambda: sound_redis(user="nocobase", acl=acl))
        with server.connect() as client:
            client.set("theirs", "kept")
        found(server)
        with server.connect() as client:
            assert client.get("theirs") == "kept"
            assert not {"cmdstat_flushdb", "cmdstat_keys"} & set(client.info("commandstats"))

    def test_keys_of_certain_names_alone_are_told(self, launch):
        server = launch(lambda: sound_redis(user="nocobase", acl="~app:* &* +@all"))
        finding = found(server)["redis.cache_use", "cache"]
        assert outcome(finding) == failed(ErrorKind.PERMISSION)
        assert "keys of any name" in finding.summary
        assert "~*" in finding.remedy

    def test_no_channels_at_all_are_told(self, launch):
        server = launch(lambda: sound_redis(user="nocobase", acl="~* resetchannels +@all"))
        finding = found(server)["redis.sync_use", "sync"]
        assert outcome(finding) == failed(ErrorKind.PERMISSION)
        assert "channels" in finding.summary
        assert "&*" in finding.remedy

    def test_refused_streams_are_a_warning_where_messages_arrive(self, launch):
        server = launch(lambda: sound_redis(user="nocobase", acl="~* &* +@all -@stream"))
        finding = found(server)["redis.sync_use", "sync"]
        assert outcome(finding) == warned(ErrorKind.PERMISSION)
        assert "streams" in finding.summary

    def test_an_account_with_hardly_any_right_still_connects(self, launch):
        server = launch(lambda: sound_redis(user="nocobase", acl="~* &* -@all +get"))
        findings = found(server)
        assert outcome(findings["redis.connect", "cache"]) == PASSED
        assert outcome(findings["redis.cache_use", "cache"]) == failed(ErrorKind.PERMISSION)
        assert outcome(findings["redis.database", "lock"]) == failed(ErrorKind.PERMISSION)
