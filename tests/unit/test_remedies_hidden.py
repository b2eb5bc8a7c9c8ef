"""No command hides in a sentence: what is to be typed is a remedy of commands, which a test runs or lists."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from wizard.checks.registry import components

ROOT = Path(__file__).parents[2]
SAID = {entry["text"] for entry in tomllib.loads((ROOT / "tests/remedies_run.toml").read_text())["said"]}
_TYPED = (
    "psql|pg_dump|createdb|mysql|mariadb|redis-cli|rabbitmqctl|rabbitmq-diagnostics|openssl|systemctl|journalctl|kubectl|"
    "yarn|curl|chmod|chown|umount|exportfs|timedatectl|chronyc|findmnt|sysctl|sudo|apt-get|"
    "ALTER|GRANT|SELECT|SHOW|FLUSH|SET GLOBAL|CONFIG SET|CONFIG REWRITE|ACL SETUSER"
)
_WITH_OPTION = "nginx|haproxy|docker|node|npm|pm2|mount|rm|ls"
_COMMAND = re.compile(
    rf"`[^`]+`|(?:^|[.:;,(“] ?)(?:(?:{_TYPED}) [\w/-]|(?:{_WITH_OPTION}) (?:-|compose |exec |install |reload ))"
)


def _is_command(text: str) -> bool:
    return bool(_COMMAND.search(text))


def _texts() -> Iterator[str]:
    """Return all that the checks say to people, and the remedies that their specs fall back to."""
    for file in (ROOT / "wizard/checks").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {"tr", "mark", "trn"}:
                yield from (one.value for one in call.args if isinstance(one, ast.Constant))
    for component in components():
        yield from (spec.remedy for spec in component.specs)


def test_a_command_in_a_sentence_is_found():
    for text in (
        "Make a key with `openssl rand -hex 32`.",
        "Correct it. Afterwards: SELECT pg_reload_conf();",
        "In /etc/exports; then, there: exportfs -ra",
        "Run it again (docker compose up -d).",
        "sudo chmod o-w /srv",
    ):
        assert _is_command(text), text


def test_a_sentence_that_names_a_program_is_none():
    for text in ("nginx allows 1 MiB unless told otherwise.", "Give the node a certificate.", "The server runs: fine."):
        assert not _is_command(text), text


def test_no_command_hides_in_a_sentence():
    hidden = {text for text in _texts() if text and _is_command(text)}
    assert hidden == SAID
