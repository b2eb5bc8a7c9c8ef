"""Which of a role's commands the account is refused, found out without running any of them.

Redis 7 tells inside a Lua script (`redis.acl_check_cmd`); older ones and look-alikes refuse a command when it is put
into a transaction, which is then discarded. EXEC is tried on an empty one. FLUSHDB and KEYS are asked for in the first
way alone: no server, however odd, shall ever run them for us.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

from wizard.checks.redis.connection import Client
from wizard.checks.redis.errors import UnexpectedAnswerError
from wizard.checks.redis.facts import Rights
from wizard.plan.sections import RedisRole

_NEVER_QUEUED = {"FLUSHDB", "KEYS", "MULTI", "EXEC"}
_CHANNEL = "main.main.sync.auth"


def command_of(line: str) -> str:
    """Give the name of the command in a line of NEEDED or WANTED."""
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
  answers[i] = (known and not allowed) and 'no' or 'yes'
end
return answers
"""


def find_rights(client: Client, role: RedisRole, key: str) -> Rights:
    """Find out which commands of `role` are refused; `key` stands for the keys it would use. Nothing is changed."""
    lines = [line.replace("{key}", key) for line in (*NEEDED[role], *WANTED[role])]
    answers = _ask_script(client, lines)
    if answers is not None:
        return Rights(refused=_names(line for line, answer in zip(lines, answers, strict=True) if answer == "no"))
    return _try_in_transactions(client, lines)


def _ask_script(client: Client, lines: list[str]) -> list[str] | None:
    from redis.exceptions import ResponseError

    try:
        return list(client.eval(_ASK, 0, *lines)) or None
    except ResponseError:  # scripts are refused, or unknown to a look-alike
        return None


def _try_in_transactions(client: Client, lines: list[str]) -> Rights:
    connection = client.connection_pool.get_connection()
    try:
        allowed = _try_all(connection, lines)
    finally:
        client.connection_pool.release(connection)
    names = _names(lines)
    return Rights(
        refused=tuple(name for name in names if not allowed.get(name, True)),
        untried=tuple(name for name in names if name not in allowed),
    )


def _try_all(connection: Any, lines: list[str]) -> dict[str, bool]:
    """Say of each command that could be tried whether it is allowed; EXEC and DISCARD are tried on nothing.

    Servers differ in whether a refused EXEC ends the transaction; one that may be open goes with the connection.
    """
    if not _may(connection, "MULTI"):
        return {"MULTI": False}
    allowed = {"MULTI": True, "EXEC": _may(connection, "EXEC")}
    if not allowed["EXEC"]:
        connection.disconnect()
    _may(connection, "MULTI")
    if not _may(connection, "DISCARD"):
        connection.disconnect()
        return allowed
    return allowed | _try_queued(connection, lines)


def _try_queued(connection: Any, lines: list[str]) -> dict[str, bool]:
    """Put each command into a transaction and discard it; the server refuses at once what the account may not run."""
    from redis.exceptions import RedisError

    allowed: dict[str, bool] = {}
    _may(connection, "MULTI")
    try:
        for line in lines:
            name = command_of(line)
            if name not in _NEVER_QUEUED:
                allowed[name] = _may_queue(connection, line)
    finally:
        with contextlib.suppress(RedisError, OSError):
            _may(connection, "DISCARD")
    return allowed


def _may(connection: Any, *words: str) -> bool:
    """Send a command; False if it is refused. Raises ResponseError where the server does not know it."""
    from redis.exceptions import ExecAbortError, NoPermissionError

    connection.send_command(*words)
    try:
        connection.read_response()
    except (NoPermissionError, ExecAbortError):
        return False
    return True


def _may_queue(connection: Any, line: str) -> bool:
    from redis.exceptions import NoPermissionError, ResponseError

    connection.send_command(*line.split())
    try:
        answer = connection.read_response()
    except NoPermissionError:
        return False
    except ResponseError:
        return True  # unknown to this server: no question of rights
    if answer != "QUEUED":
        raise UnexpectedAnswerError(f"{line} gave {answer!r} instead of QUEUED")
    return True


def _names(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(command_of(line) for line in lines))
