"""The manual page and the completions are those of the grammar, and the shells and readers of pages take them."""

import os
import pty
import re
import select
import shutil
import subprocess

import pytest

from tests import manual
from tests.patience import patience
from wizard.cli.commands import COMMANDS
from wizard.program_name import PROGRAM

ASKED = {
    ("ch",): {"check"},
    ("check", "--stage", ""): {"start", "run"},
    ("check", "--only", "re"): {"redis"},
    ("export", "--target", "ng"): {"nginx"},
    ("export", "--sec"): {"--secrets", "--secrets-file"},
    ("--color", "al"): {"always"},
    ("check", "clu"): {"cluster.yaml"},
    ("clu",): {"cluster.yaml"},
    ("secrets", "mo"): {"move"},
    ("export", "cluster.yaml", "--target", "env", "--target", "mon"): {"monitoring"},
}
"""What is typed, and what is offered for it."""


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} is not installed")


def ran(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=patience(), check=False)
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


@pytest.fixture(autouse=True)
def _at_hand(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "cluster.yaml").touch()


@pytest.mark.parametrize("name", [manual.PAGE, *manual.SHELLS.values()])
def test_the_files_are_made_from_the_grammar(name):
    message = "renew it: python -m tests.manual"
    assert (manual.FOLDER / name).read_text(encoding="utf-8") == manual.made()[name], message


def test_the_page_has_every_command_and_each_exit_code():
    page = (manual.FOLDER / manual.PAGE).read_text(encoding="utf-8")
    commands = [line for line in page.splitlines() if line.startswith(".SS ") and len(line.split()) == 3]
    assert [line.split()[-1].removesuffix("\\fR") for line in commands] == [
        name.replace("-", "\\-") for name in COMMANDS
    ]
    assert [f".B {code}\n" in page for code in range(5)] == [True] * 5


def test_no_chapter_of_the_page_names_an_option_twice():
    page = (manual.FOLDER / manual.PAGE).read_text(encoding="utf-8")
    chapters = [re.findall(r"^\\fB(\\-\\-\S+)\\fR", part, re.MULTILINE) for part in re.split(r"(?m)^\.S[HS] ", page)]
    assert len([named for named in chapters if named]) > len(COMMANDS)
    assert [named for named in chapters if len({*named}) < len(named)] == []


@needs("groff")
def test_groff_takes_the_page_without_a_warning():
    assert ran("groff", "-man", "-ww", "-Tutf8", "-K", "utf8", "-z", str(manual.FOLDER / manual.PAGE)) == ""


@needs("mandoc")
def test_mandoc_finds_no_error_in_the_page():
    ran("mandoc", "-Tlint", "-Werror", str(manual.FOLDER / manual.PAGE))


@needs("bash")
@pytest.mark.parametrize(("typed", "offered"), ASKED.items(), ids=lambda words: " ".join(sorted(words)))
def test_bash_completes(typed, offered):
    script = (
        'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}\n'
        f"[[ $(complete -p {PROGRAM}) =~ -F\\ ([^ ]+) ]]\n"
        f'"${{BASH_REMATCH[1]}}" {PROGRAM} "${{@: -1}}" "${{@: -2:1}}" 2>/dev/null; printf "%s\\n" "${{COMPREPLY[@]}}"'
    )
    file = manual.FOLDER / manual.SHELLS["bash"]
    out = ran("bash", "--norc", "-c", script, "bash", str(file), PROGRAM, *typed)
    assert {line.strip() for line in out.splitlines()} == offered


@needs("fish")
@pytest.mark.parametrize(("typed", "offered"), ASKED.items(), ids=lambda words: " ".join(sorted(words)))
def test_fish_completes(typed, offered):
    line = " ".join((PROGRAM, *typed))
    out = ran("fish", "--no-config", "-c", f"source {manual.FOLDER / manual.SHELLS['fish']}; complete -C '{line}'")
    assert offered <= {line.split("\t")[0] for line in out.splitlines()}


@needs("zsh")
@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("check --stage st", "check --stage start"),
        ("check clu", "check cluster.yaml"),
        ("clu", "cluster.yaml"),
        ("secrets mo", "secrets move"),
    ],
)
def test_zsh_completes(typed, becomes):
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp("zsh", ["zsh", "-f", "-i"])
    setup = f"fpath=({manual.FOLDER} $fpath); PS1=; autoload -U compinit; compinit -D -u; print set up\n"
    os.write(terminal, setup.encode())
    said = b""
    for until, then in ((b"\r\nset up", f"{PROGRAM} {typed}\t"), (f"{PROGRAM} {becomes}".encode(), "\x15exit\n")):
        while until not in said and select.select([terminal], [], [], 30)[0]:
            said += os.read(terminal, 4096)
        assert until in said
        os.write(terminal, then.encode())
    os.close(terminal)
    os.waitpid(pid, 0)
