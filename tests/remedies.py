"""The rule on remedies that every finding of the tests is held to, each kind by its own."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from wizard.demo.process import Account
from wizard.plan.finding import Finding
from wizard.plan.remedy import PlanValue, Remedy, RemedyKind

_COMMENT = re.compile(r"\s*(?:#|-- )")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_ANOTHER_COMMAND = re.compile(r";\s+(?!do\b|then\b|#)\S")


def remedy_of(finding: Finding) -> Remedy | None:
    """Return the remedy of a finding as it was declared, or None."""
    if not finding.remedy_kind:
        assert not finding.remedy, "a text without a kind"
        return None
    return Remedy(finding.remedy_kind, finding.remedy, finding.remedy_value)


def is_well_formed(remedy: Remedy | None) -> bool:
    """Whether a remedy has the form of its kind: whole sentences, lines to paste, or a value with its words.

    Of a line to paste it is told by its form: no capital word begins it, no colon ends it or parts it, and it is one
    command. Words for people stand in comments.
    """
    if remedy is None:
        return True
    if (remedy.kind is RemedyKind.VALUE) is not isinstance(remedy.value, PlanValue):
        return False
    match remedy.kind:
        case RemedyKind.ADVICE:
            return _is_sentence(remedy.text)
        case RemedyKind.COMMANDS:
            return _can_be_pasted(remedy.text)
        case RemedyKind.VALUE:
            return _is_sentence(remedy.text) or _can_be_pasted(remedy.text)


def _is_sentence(text: str) -> bool:
    first, _space, rest = text.partition(" ")
    return bool(rest) and text.endswith(".") and first[:1].isupper() and "\n" not in text


def _can_be_pasted(text: str) -> bool:
    pasted = [line for line in text.splitlines() if not _COMMENT.match(line)]
    return bool(pasted) and all(map(_is_command, pasted))


def _is_command(line: str) -> bool:
    bare = _QUOTED.sub("''", line.strip())
    first, _space, rest = bare.partition(" ")
    said = bare.endswith(":") or ": " in bare or (bool(rest) and first.istitle() and first.isalpha())
    return bool(bare) and not said and not _ANOTHER_COMMAND.search(bare)


def paste(
    remedy: str, *, typed: str = "", folder: Path | None = None, account: Account | None = None, **environment: str
) -> str:
    """Run a remedy as it was told, in a shell that stops at the first error, and return what it printed.

    A password that redis-cli asks for at a terminal comes from REDISCLI_AUTH. `folder` is where it is pasted,
    `account` who pastes it, else who runs the tests, and `typed` what goes to the prompts of others: there is no
    terminal, so that they read it.
    """
    shell = ["/bin/sh", "-ec", remedy.replace(" --askpass", "")]
    who = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    done = subprocess.run(
        shell,
        env=os.environ | environment,
        cwd=folder,
        input=typed,
        start_new_session=True,
        capture_output=True,
        text=True,
        check=False,
        **who,
    )
    assert done.returncode == 0, f"{remedy}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def statements(remedy: str) -> list[str]:
    """Return what a remedy has the server do, without the words for people."""
    return [line for line in remedy.splitlines() if not _COMMENT.match(line)]


def lines_of(remedy: str, file: str) -> str:
    """Return the lines that a remedy says for a configuration file: those below the comment that names it."""
    _before, found, lines = remedy.partition(f"# In {file},")
    assert found, remedy
    return lines.partition("\n")[2]
