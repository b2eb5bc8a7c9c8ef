"""Which commands an account may run, as told by a stand-in for the connection: a real server is asked in tests/live."""

import pytest
from redis import exceptions

from wizard.checks.redis.errors import UnexpectedAnswerError
from wizard.checks.redis.facts import Rights
from wizard.checks.redis.rights import NAMED, find_rights
from wizard.plan.sections import RedisRole

CACHE = ("GET", "SET", "MGET", "MSET", "MULTI", "EXEC", "DEL", "PTTL", "FLUSHDB", "KEYS", "SCRIPT LOAD", "EVALSHA")
LINES = {
    RedisRole.CACHE: (
        "GET k",
        "SET k value PX 1000",
        "MGET k",
        "MSET k value",
        "MULTI",
        "EXEC",
        "DEL k",
        "PTTL k",
        "FLUSHDB",
        "KEYS k",
        "SCRIPT LOAD x",
        "EVALSHA 0 0",
    ),
    RedisRole.SYNC: (
        "PUBLISH main.main.sync.auth message",
        "SUBSCRIBE main.main.sync.auth",
        "UNSUBSCRIBE main.main.sync.auth",
        "PSUBSCRIBE main.*",
        "XADD k * name value",
        "XREAD STREAMS k 0",
    ),
    RedisRole.LOCK: ("SET k value NX PX 1000", "GET k", "DEL k", "EVAL return 0", "EVALSHA 0 0", "SCRIPT LOAD x"),
    RedisRole.QUEUE: (
        "LPUSH k value",
        "RPUSH k value",
        "LPOP k",
        "BRPOP k 1",
        "LLEN k",
        "DEL k",
        "BLPOP k 1",
        "LREM k 1 value",
        "RPOPLPUSH k k",
    ),
    RedisRole.WORKER_ID: (
        "GET k",
        "SET k value NX PX 1000",
        "INCR k",
        "PEXPIRE k 1000",
        "DEL k",
        "EVAL return 0",
    ),
}


class StandIn:
    """A client, its pool and its one connection; `answers` gives what comes back for a line or its first word."""

    def __init__(self, answers=None, script=None):
        self._answers = {"DISCARD": "OK", "MULTI": "OK", "EXEC": [], **(answers or {})}
        self._script = script or exceptions.ResponseError("unknown command 'EVAL'")
        self.asked, self.sent, self.released = [], [], []
        self.connection_pool = self

    def eval(self, script, number, *lines):
        assert script.strip().startswith("if redis.acl_check_cmd == nil then return {} end\n")
        assert script.strip().endswith("\nreturn answers")
        self.asked.append((number, lines))
        if isinstance(self._script, Exception):
            raise self._script
        return self._script

    def get_connection(self):
        return self

    def release(self, connection):
        self.released.append(connection)

    def disconnect(self):
        self.sent.append("(disconnected)")

    def send_command(self, *words):
        self.sent.append(" ".join(words))

    def read_response(self):
        line = self.sent[-1]
        answer = self._answers.get(line, self._answers.get(line.split()[0], "QUEUED"))
        if isinstance(answer, tuple):  # one after the other
            self._answers[line], answer = answer[1], answer[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def refusal(command):
    return exceptions.NoPermissionError(f"this user has no permissions to run the '{command}' command")


class TestByScript:
    @pytest.mark.parametrize("role", RedisRole)
    def test_a_role_asks_for_each_line_that_it_sends_and_runs_none(self, role):
        client = StandIn(script=["allowed"] * len(LINES[role]))
        assert find_rights(client, role, "k") == Rights()
        assert client.asked == [(0, LINES[role])]
        assert client.sent == []

    def test_each_answer_is_its_commands(self):
        said = ["allowed", "refused", "absent", "untried", *["allowed"] * 6, "refused", "absent"]
        assert find_rights(StandIn(script=said), RedisRole.CACHE, "k") == Rights(
            refused=("SET", "SCRIPT LOAD"), absent=("MGET", "EVALSHA"), untried=("MSET",)
        )

    def test_an_answer_too_few_is_a_fault_and_not_taken_for_a_right(self):
        with pytest.raises(ValueError, match="shorter"):
            find_rights(StandIn(script=["allowed"]), RedisRole.LOCK, "k")

    @pytest.mark.parametrize("script", [exceptions.ResponseError("NOSCRIPT"), refusal("eval")])
    def test_where_scripts_tell_nothing_transactions_do(self, script):
        client = StandIn(script=script)
        assert find_rights(client, RedisRole.LOCK, "k") == Rights()
        assert client.sent[0] == "MULTI"

    def test_a_script_that_is_told_nothing_says_nothing_of_rights(self):
        client = StandIn()
        client.eval = lambda *_: []
        assert find_rights(client, RedisRole.LOCK, "k") == Rights()
        assert client.sent[0] == "MULTI"

    def test_a_connection_that_breaks_is_not_taken_for_a_refused_script(self):
        with pytest.raises(exceptions.ConnectionError):
            find_rights(StandIn(script=exceptions.ConnectionError("gone")), RedisRole.LOCK, "k")


class TestInTransactions:
    def test_commands_are_queued_and_discarded_but_those_that_empty_a_database_are_never_sent(self):
        client = StandIn()
        assert find_rights(client, RedisRole.CACHE, "k") == Rights(untried=("FLUSHDB", "KEYS"))
        assert client.sent == [
            *("MULTI", "EXEC"),
            *("MULTI", "DISCARD"),
            "MULTI",
            *("GET k", "SET k value PX 1000", "MGET k", "MSET k value", "DEL k", "PTTL k"),
            *("SCRIPT LOAD x", "EVALSHA 0 0"),
            "DISCARD",
        ]
        assert client.released == [client]

    @pytest.mark.parametrize(
        ("objection", "expected"),
        [
            (exceptions.OutOfMemoryError("command not allowed when used memory > 'maxmemory'."), Rights()),
            (exceptions.ReadOnlyError("You can't write against a read only replica."), Rights()),
            (exceptions.MasterDownError("Link with MASTER is down"), Rights()),
            (exceptions.ResponseError("MISCONF Redis is configured to save RDB snapshots"), Rights()),
            (exceptions.ResponseError("NOREPLICAS Not enough good replicas to write."), Rights()),
            (refusal("llen"), Rights(refused=("LLEN",))),
            (exceptions.ResponseError("unknown command 'LLEN', with args beginning with: "), Rights(absent=("LLEN",))),
            (exceptions.ResponseError("wrong number of arguments for 'llen' command"), Rights(untried=("LLEN",))),
            (exceptions.ExecAbortError("Transaction discarded"), Rights(refused=("LLEN",))),
        ],
    )
    def test_what_the_server_objects_to_tells_what_is_amiss(self, objection, expected):
        client = StandIn({"LLEN": objection})
        assert find_rights(client, RedisRole.QUEUE, "k") == expected
        assert client.sent[-1] == "DISCARD"

    def test_without_multi_nothing_else_is_tried(self):
        client = StandIn({"MULTI": refusal("multi")})
        others = tuple(name for name in CACHE if name != "MULTI")
        assert find_rights(client, RedisRole.CACHE, "k") == Rights(refused=("MULTI",), untried=others)
        assert client.sent == ["MULTI"]

    def test_a_multi_that_a_role_does_not_send_is_not_missing_to_it(self):
        client = StandIn({"MULTI": refusal("multi")})
        found = find_rights(client, RedisRole.WORKER_ID, "k")
        assert found == Rights(untried=("GET", "SET", "INCR", "PEXPIRE", "DEL", "EVAL"))

    def test_a_refused_exec_leaves_no_transaction_open_behind_it(self):
        client = StandIn({"EXEC": refusal("exec")})
        assert find_rights(client, RedisRole.CACHE, "k") == Rights(refused=("EXEC",), untried=("FLUSHDB", "KEYS"))
        assert client.sent[:5] == ["MULTI", "EXEC", "(disconnected)", "MULTI", "DISCARD"]

    def test_without_discard_nothing_is_put_into_a_transaction(self):
        client = StandIn({"DISCARD": refusal("discard")})
        others = tuple(name for name in CACHE if name not in {"MULTI", "EXEC"})
        assert find_rights(client, RedisRole.CACHE, "k") == Rights(untried=others)
        assert client.sent == ["MULTI", "EXEC", "MULTI", "DISCARD", "(disconnected)"]

    @pytest.mark.parametrize("error", [exceptions.ConnectionError("gone"), OSError("gone")])
    def test_a_last_discard_that_fails_takes_nothing_back(self, error):
        client = StandIn({"DISCARD": ("OK", error)})
        assert find_rights(client, RedisRole.WORKER_ID, "k") == Rights()

    def test_a_command_that_is_run_instead_of_queued_is_a_fault_and_the_transaction_is_closed(self):
        client = StandIn({"LPOP": "value"})
        with pytest.raises(UnexpectedAnswerError) as caught:
            find_rights(client, RedisRole.QUEUE, "k")
        assert str(caught.value) == "LPOP k gave 'value' instead of QUEUED"
        assert client.sent[-2:] == ["LPOP k", "DISCARD"]
        assert client.released == [client]


def test_the_commands_that_name_a_key_or_a_channel_are_known():
    assert {
        RedisRole.CACHE: {"GET", "SET", "MGET", "MSET", "DEL", "PTTL"},
        RedisRole.SYNC: {"PUBLISH", "SUBSCRIBE", "UNSUBSCRIBE"},
        RedisRole.LOCK: {"SET", "GET", "DEL"},
        RedisRole.QUEUE: {"LPUSH", "RPUSH", "LPOP", "BRPOP", "LLEN", "DEL"},
        RedisRole.WORKER_ID: {"GET", "SET", "INCR", "PEXPIRE", "DEL"},
    } == NAMED
