"""Which of a role's commands the account is refused or the server lacks, found out without running any of them.

Redis 7 tells inside a Lua script (`redis.acl_check_cmd`); older ones and look-alikes refuse a command when it is put
into a transaction, which is then discarded. EXEC is tried on an empty one. FLUSHDB and KEYS are asked for in the first
way alone: no server, however odd, shall ever run them for us.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from wizard.checks.redis.connection import Client
from wizard.checks.redis.errors import UnexpectedAnswerError, explain
from wizard.checks.redis.facts import Rights
from wizard.plan.finding import ErrorKind
from wizard.plan.sections import RedisRole

_NEVER_QUEUED = {"FLUSHDB", "KEYS", "MULTI", "EXEC"}
_CHANNEL = "main.main.sync.auth"


class Answer(StrEnum):
    """What a server says of a command that is not run."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    ABSENT = "absent"
    """The server does not know it: it has no such module, or a line of redis.conf renamed it."""
    UNTRIED = "untried"


def command_of(line: str) -> str:
    """Return the name of the command in a line of NEEDED or WANTED."""
    return "SCRIPT LOAD" if line.startswith("SCRIPT") else line.split(maxsplit=1)[0]


NEEDED: dict[RedisRole, tuple[str, ...]] = {
    RedisRole.CACHE: (
        "GET {key}",
        "SET {key} value PX 1000",
        "MGET {key}",
        "MSET {key} value",
        "MULTI",
        "EXEC",
        "DEL {key}",
        "PTTL {key}",
    ),
    RedisRole.SYNC: (
        f"PUBLISH {_CHANNEL} message",
        f"SUBSCRIBE {_CHANNEL}",
        f"UNSUBSCRIBE {_CHANNEL}",
    ),
    RedisRole.LOCK: (
        "SET {key} value NX PX 1000",
        "GET {key}",
        "DEL {key}",
        "EVAL return 0",
        "EVALSHA 0 0",
    ),
    RedisRole.QUEUE: (
        "LPUSH {key} value",
        "RPUSH {key} value",
        "LPOP {key}",
        "BRPOP {key} 1",
        "LLEN {key}",
        "DEL {key}",
    ),
    RedisRole.WORKER_ID: ("GET {key}", "SET {key} value NX PX 1000", "INCR {key}", "PEXPIRE {key} 1000", "DEL {key}"),
}
"""What the role cannot work without, as command lines that are never run (facts: what the open code sends)."""

WANTED: dict[RedisRole, tuple[str, ...]] = {
    RedisRole.CACHE: ("FLUSHDB", "KEYS {key}", "SCRIPT LOAD x", "EVALSHA 0 0"),
    RedisRole.SYNC: ("PSUBSCRIBE main.*", "XADD {key} * name value", "XREAD STREAMS {key} 0"),
    RedisRole.LOCK: ("SCRIPT LOAD x",),
    RedisRole.QUEUE: ("BLPOP {key} 1", "LREM {key} 1 value", "RPOPLPUSH {key} {key}"),
    RedisRole.WORKER_ID: ("EVAL return 0",),
}
"""What single functions need, or what a plug-in whose code is closed may use."""

NAMED: dict[RedisRole, set[str]] = {
    role: {command_of(line) for line in lines if "{key}" in line or _CHANNEL in line} for role, lines in NEEDED.items()
}
"""The commands that name a key or a channel. If all are refused, it is most likely the names that are."""

_ASK = """
if redis.acl_check_cmd == nil then return {} end
local answers = {}
for i = 1, #ARGV do
  local words = {}
  for word in string.gmatch(ARGV[i], '%S+') do words[#words + 1] = word end
  local known, allowed = pcall(redis.acl_check_cmd, unpack(words))
  if known then
    answers[i] = allowed and 'allowed' or 'refused'
  else
    local reason = type(allowed) == 'table' and allowed.err or allowed
    answers[i] = string.find(tostring(reason), 'nvalid command') and 'absent' or 'untried'
  end
end
return answers
"""
_AFTER_RIGHTS = ("MISCONF", "NOREPLICAS")
"""What a server objects to only after it has looked at the account's rights; redis-py has classes for the others."""


def find_rights(client: Client, role: RedisRole, key: str) -> Rights:
    """Find out what becomes of the commands of `role`; `key` stands for the keys it would use. Nothing is changed."""
    lines = [line.replace("{key}", key) for line in (*NEEDED[role], *WANTED[role])]
    answers = _ask_script(client, lines) or _try_in_transactions(client, lines)

    def those(answer: Answer) -> tuple[str, ...]:
        return tuple(name for name in _names(lines) if answers.get(name, Answer.UNTRIED) is answer)

    return Rights(refused=those(Answer.REFUSED), absent=those(Answer.ABSENT), untried=those(Answer.UNTRIED))


def _ask_script(client: Client, lines: list[str]) -> Mapping[str, Answer]:
    """Return the answers by command; none where scripts are refused, or tell nothing of rights."""
    from redis.exceptions import ResponseError

    try:
        said = client.eval(_ASK, 0, *lines)
    except ResponseError:  # scripts are refused, or unknown to a look-alike
        return {}
    return dict(zip(map(command_of, lines), map(Answer, said), strict=True)) if said else {}


def _try_in_transactions(client: Client, lines: list[str]) -> Mapping[str, Answer]:
    connection = client.connection_pool.get_connection()
    try:
        return _try_all(connection, lines)
    finally:
        client.connection_pool.release(connection)


def _try_all(connection: Any, lines: list[str]) -> dict[str, Answer]:
    """Say what became of each command that could be tried; EXEC and DISCARD are tried on nothing.

    Servers differ in whether a refused EXEC ends the transaction; one that may be open goes with the connection.
    """
    if (multi := _try(connection, "MULTI")) is not Answer.ALLOWED:
        return {"MULTI": multi}
    answers = {"MULTI": multi, "EXEC": _try(connection, "EXEC")}
    if answers["EXEC"] is not Answer.ALLOWED:
        connection.disconnect()
    _try(connection, "MULTI")
    if _try(connection, "DISCARD") is not Answer.ALLOWED:
        connection.disconnect()
        return answers
    return answers | _try_queued(connection, lines)


def _try_queued(connection: Any, lines: list[str]) -> dict[str, Answer]:
    """Put each command into a transaction and discard it; the server objects at once to what it would not run."""
    from redis.exceptions import RedisError

    answers: dict[str, Answer] = {}
    _try(connection, "MULTI")
    try:
        for line in lines:
            name = command_of(line)
            if name not in _NEVER_QUEUED:
                answers[name] = _try(connection, *line.split(), expected="QUEUED")
    finally:
        with contextlib.suppress(RedisError, OSError):
            _try(connection, "DISCARD")
    return answers


def _try(connection: Any, *words: str, expected: str = "") -> Answer:
    """Send a command and return what became of it; raises UnexpectedAnswerError if it is answered by anything else."""
    from redis.exceptions import ExecAbortError, ResponseError

    connection.send_command(*words)
    try:
        answer = connection.read_response()
    except ExecAbortError:
        return Answer.REFUSED
    except ResponseError as error:
        return _objection(error)
    if expected and answer != expected:
        raise UnexpectedAnswerError(f"{' '.join(words)} gave {answer!r} instead of {expected}")
    return Answer.ALLOWED


def _objection(error: Exception) -> Answer:
    from redis.exceptions import MasterDownError, OutOfMemoryError, ReadOnlyError

    if isinstance(error, OutOfMemoryError | ReadOnlyError | MasterDownError) or str(error).startswith(_AFTER_RIGHTS):
        return Answer.ALLOWED
    trouble = explain(error)
    if trouble.kind is ErrorKind.PERMISSION:
        return Answer.REFUSED
    return Answer.ABSENT if trouble.kind is ErrorKind.MISSING else Answer.UNTRIED


def _names(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(command_of(line) for line in lines))
