"""An expression that is compiled when it is first used finds what `re.compile` finds."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from wizard.pattern import pattern

ROOT = Path(__file__).parents[2]
_USED = re.compile(r"^(\w+) = pattern\(", re.MULTILINE)


def test_it_finds_as_a_compiled_one():
    ours, theirs = pattern(r"(?P<word>[a-z]+)", re.IGNORECASE), re.compile(r"(?P<word>[a-z]+)", re.IGNORECASE)
    for text in ("Ab1", "1", ""):
        assert bool(ours.fullmatch(text)) == bool(theirs.fullmatch(text))
        assert [match["word"] for match in ours.finditer(text)] == [match["word"] for match in theirs.finditer(text)]
        assert ours.sub("x", text) == theirs.sub("x", text)
    assert (ours.pattern, ours.flags) == (theirs.pattern, theirs.flags)


def test_nothing_is_compiled_before_it_is_used():
    made = pattern("(")
    with pytest.raises(re.error):
        made.search("")


@pytest.mark.parametrize(
    ("module", "names"),
    [
        (".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), found)
        for file in sorted((ROOT / "wizard").rglob("*.py"))
        if (found := _USED.findall(file.read_text(encoding="utf-8")))
    ],
)
def test_every_expression_of_the_program_can_be_compiled(module, names):
    found = sys.modules.get(module) or __import__(module, fromlist=["x"])
    for name in names:
        assert re.compile(getattr(found, name).pattern)


def test_a_check_of_a_database_compiles_few():
    code = """
import re._compiler as compiler
compile, ours = compiler.compile, []
import sys
def counted(*given, **named):
    frame = sys._getframe(1)
    while "/re/" in frame.f_code.co_filename:
        frame = frame.f_back
    if frame.f_globals["__name__"].startswith("wizard"):
        ours.append(frame.f_globals["__name__"])
    return compile(*given, **named)
compiler.compile = counted
import wizard.sources.registry, wizard.cli.check
list(wizard.sources.registry.all_sources())
print(len(ours), ours)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[0]) <= 12, done.stdout
