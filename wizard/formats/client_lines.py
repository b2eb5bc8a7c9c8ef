"""Command lines of database and Redis clients, and the files these clients read: which server they lead to."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from wizard.dataclass import dataclass
from wizard.pattern import pattern
from wizard.plan.variable_names import is_assignment

_ENDS = frozenset({"|", "||", "&&", "&", ";", ">", ">>", "<", "<<<", "2>", "2>&1"})
"""What ends a command within a line."""
_WRAPPERS = frozenset(
    {"docker", "docker-compose", "env", "exec", "kubectl", "nerdctl", "oc", "podman", "sudo", "time", "watch"}
)
"""Programs that start another one, which stands behind their own words."""
_MAY_BE = pattern(r"docker|podman|nerdctl|psql|pg_|pgcli|pgbench|db\b|mysql|mycli|mariadb|redis|valkey|[A-Z]=")
"""What is in each line whose words are looked at: most lines of a long text are not."""
LONGEST = 16 * 1024
"""Characters of the longest line that is taken for a command."""
_PROMPT = pattern(r"\s*\$\s+")
_GOES_ON = pattern(r"\\[ \t]*+(?:[\n\u2028]|(?=-))[ \t]*+")
"""A line that goes on with the next one, also as a box of one line keeps it."""


@dataclass(frozen=True)
class Program:
    """What a client calls its options: those that are understood, and others that take a word."""

    scheme: str
    short: Mapping[str, str]
    """Letters of options with a word, by what that word is."""
    long: Mapping[str, str]
    variables: Mapping[str, str]
    places: tuple[str, ...] = ()
    """What the words are that belong to no option."""
    takes: str = ""
    """Letters of further options that take a word."""
    flags: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Long options without a word, and what they say."""
    glued: str = ""
    """Letters whose word is never the next one."""


_PG_LONG = {"host": "host", "port": "port", "username": "user", "dbname": "name"}
_PG_VARIABLES = {
    "PGHOST": "host",
    "PGPORT": "port",
    "PGUSER": "user",
    "PGPASSWORD": "password",
    "PGDATABASE": "name",
    "PGSSLMODE": "sslmode",
    "PGSSLROOTCERT": "sslrootcert",
    "PGSSLCERT": "sslcert",
    "PGSSLKEY": "sslkey",
}
_PG = Program("postgresql", {"h": "host", "p": "port", "U": "user", "d": "name"}, _PG_LONG, _PG_VARIABLES)
_PSQL = Program(
    _PG.scheme, _PG.short, _PG.long, _PG.variables, places=("name", "user"), takes="cfvoPFRTL", flags=_PG.flags
)
_MY_LONG = {
    "host": "host",
    "port": "port",
    "user": "user",
    "password": "password",
    "database": "name",
    "ssl-mode": "sslmode",
    "ssl-ca": "sslca",
    "ssl-cert": "sslcert",
    "ssl-key": "sslkey",
}
_MY_SHORT = {"h": "host", "P": "port", "u": "user", "p": "password", "D": "name"}
_MY_VARIABLES = {"MYSQL_PWD": "password", "MYSQL_HOST": "host", "MYSQL_TCP_PORT": "port"}
_MY_FLAGS = {
    "ssl": ("sslmode", "required"),
    "skip-ssl": ("sslmode", "disabled"),
    "ssl-verify-server-cert": ("sslmode", "verify-identity"),
}


def _my(scheme: str, *places: str) -> Program:
    return Program(scheme, _MY_SHORT, _MY_LONG, _MY_VARIABLES, places, takes="eS", flags=_MY_FLAGS, glued="p")


_REDIS = Program(
    "redis",
    {"h": "host", "p": "port", "n": "name", "a": "password", "u": "address"},
    {"user": "user", "pass": "password"},
    {"REDISCLI_AUTH": "password", "VALKEYCLI_AUTH": "password"},
    takes="sridDtX",
    flags={"tls": ("tls", "true")},
)
_PROGRAMS: Mapping[str, Program] = {
    **dict.fromkeys(("psql", "pgcli"), _PSQL),
    **dict.fromkeys(("pg_dump", "pg_dumpall", "pg_isready", "pg_restore", "pgbench", "createdb", "vacuumdb"), _PG),
    **dict.fromkeys(("mysql", "mysqldump", "mycli"), _my("mysql", "name")),
    **dict.fromkeys(("mariadb", "mariadb-dump"), _my("mariadb", "name")),
    "mysqladmin": _my("mysql"),
    "mariadb-admin": _my("mariadb"),
    **dict.fromkeys(("redis-cli", "valkey-cli", "iredis"), _REDIS),
}


@dataclass(frozen=True, slots=True)
class Client:
    """Where a command leads: the scheme of its server, and what it says of it, the password too, by plain names."""

    scheme: str
    given: Mapping[str, str] = field(repr=False)


def words_of(line: str) -> list[str]:
    """Return the words of a shell's line up to its first command's end; none where its quotes are not closed."""
    if not may_be_command(line):
        return []
    try:
        words = shlex.split(_GOES_ON.sub(" ", _PROMPT.sub("", line)))
    except ValueError:
        return []
    end = next((at for at, word in enumerate(words) if word in _ENDS), len(words))
    return words[:end]


def may_be_command(line: str) -> bool:
    """Whether the words of a line are worth a look."""
    return len(line) <= LONGEST and _MAY_BE.search(line) is not None


def joined(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where each line begins and ends in a list of lines; those that go on behind a backslash are one."""
    begin = 0
    for at, line in enumerate(lines, start=1):
        if at == len(lines) or not line.rstrip().endswith("\\"):
            yield begin, at
            begin = at


def client(line: str) -> Client | None:
    """Return where a client's command leads; None for any other line."""
    words = words_of(line)
    at = next((at for at, word in enumerate(words) if word.rpartition("/")[2] in _PROGRAMS), -1)
    before = words[: max(at, 0)]
    begins = next((word for word in before if not is_assignment(word)), "")
    if at < 0 or (begins and begins.rpartition("/")[2] not in _WRAPPERS):
        return None
    program = _PROGRAMS[words[at].rpartition("/")[2]]
    given: dict[str, str] = {}
    for word in before:
        name, sign, value = word.partition("=")
        if sign and name in program.variables:
            given[program.variables[name]] = value
    given |= _options(program, words[at + 1 :])
    # a shell's variable is not its value
    return Client(program.scheme, {name: value for name, value in given.items() if value and value[0] != "$"})


def _options(program: Program, words: Sequence[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    places, rest = iter(program.places), iter(words)
    for word in rest:
        if word.startswith("--"):
            name, sign, value = word[2:].partition("=")
            if name in program.flags and not sign:
                given.setdefault(*program.flags[name])
            elif what := program.long.get(name, ""):
                given[what] = value if sign or (what == "password" and program.glued) else next(rest, "")
        elif word.startswith("-") and word != "-":
            _letters(program, word[1:], rest, given)
        elif place := next(places, ""):
            given.setdefault(place, word)
    return given


def _letters(program: Program, letters: str, rest: Iterator[str], given: dict[str, str]) -> None:
    """Read letters that stand behind one dash, as in `-Ath db`; the first one with a word takes all that follows."""
    for at, letter in enumerate(letters):
        value = letters[at + 1 :]
        if letter in program.short:
            given[program.short[letter]] = value or ("" if letter in program.glued else next(rest, ""))
            return
        if letter in program.takes:
            if not value:
                next(rest, "")
            return


_SECTION = pattern(r"\s*\[([\w.-]+)\]\s*")
_PAIR = pattern(r"\s*+([A-Za-z_][\w-]*+)\s*+(?:=(.*+))?")
_OF_MY = pattern(r"(?:client|mysql|mariadb|mysqldump|mariadb-dump|mysqld|mariadbd|server)(?:[-_.].*)?")
_UNUSED = frozenset({"application_name", "connect_timeout", "options"})
_OF_PG = _UNUSED | frozenset(
    ("host", "hostaddr", "port", "dbname", "user", "password", "sslmode", "sslrootcert", "sslcert", "sslkey")
)
_PASS = pattern(r"([^\s:#=/\\]+):(\d{1,5}|\*):((?:[^:\\]|\\.)*):((?:[^:\\]|\\.)+):((?:[^:\\]|\\.)+)")


def files_as_lines(lines: Sequence[str]) -> list[str]:
    """Return lines in which a section of `pg_service.conf` or `.my.cnf`, or a line of `.pgpass`, is one plain line.

    It stands where its file's section began; what it was made of is left empty, so that each line keeps its number.
    """
    made, at = list(lines), 0
    while at < len(lines):
        section = _SECTION.fullmatch(lines[at])
        if section is None:
            if found := _PASS.fullmatch(lines[at].strip()):
                made[at] = _of_pass(found.groups())
            at += 1
            continue
        end = next((to for to in range(at + 1, len(lines)) if _SECTION.fullmatch(lines[to])), len(lines))
        if (line := _of_section(section[1], lines[at + 1 : end])) is not None:
            made[at:end] = [line, *[""] * (end - at - 1)]
        at = end
    return made


def as_line(text: str) -> str:
    """Return what one section or line of such a file says as one plain line; any other text as it is."""
    lines = [line for line in files_as_lines(text.splitlines()) if line.strip()]
    return lines[0] if len(lines) == 1 else text


def _of_section(name: str, lines: Sequence[str]) -> str | None:
    """Return a section as one line: nothing of a server's own, None where it is another program's."""
    pairs = [
        match
        for line in lines
        if line.strip() and line.lstrip()[0] not in "#;!" and (match := _PAIR.fullmatch(line)) is not None
    ]
    given = {match[1].replace("_", "-"): _bare((match[2] or "").strip()) for match in pairs}
    if (
        given
        and _OF_MY.fullmatch(name)
        and (given.keys() <= {"ssl", *_MY_LONG} or {"user", "host", "password"} & given.keys())
    ):
        words = [f"--{key}={value}" if value else f"--{key}" for key, value in given.items()]
        return shlex.join(["mariadb" if name.startswith(("mariadb", "client-mariadb")) else "mysql", *words])
    if _OF_MY.fullmatch(name):
        return ""
    if given and {match[1] for match in pairs} <= _OF_PG:
        return pairs_line({match[1]: (match[2] or "").strip() for match in pairs if match[1] not in _UNUSED})
    return None


def _bare(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def pairs_line(given: Mapping[str, str]) -> str:
    """Return pairs as PostgreSQL's clients take them, each value in quotes."""
    quoted = ((name, value.replace("\\", "\\\\").replace("'", "\\'")) for name, value in given.items())
    return " ".join(f"{name}='{value}'" for name, value in quoted)


def _of_pass(parts: Sequence[str]) -> str:
    values = ("" if part == "*" else part.replace("\\:", ":").replace("\\\\", "\\") for part in parts)
    given = dict(zip(("host", "port", "dbname", "user", "password"), values, strict=True))
    return pairs_line({name: value for name, value in given.items() if value})
