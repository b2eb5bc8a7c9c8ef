"""Formats and files in pairs; standard output carries one result alone."""

import json
import re
from pathlib import Path

import pytest

from wizard.cli.codes import EndError
from wizard.cli.outputs import Output, paired
from wizard.guide.reports.report import Format

BOTH = [Output(Format.HTML, "a"), Output(Format.JUNIT, "b")]
PLAN = ("--only", "plan.value")


@pytest.mark.parametrize(
    ("words", "outputs"),
    [
        ([], [Output(Format.TEXT, None)]),
        (["format=json"], [Output(Format.JSON, None)]),
        (["output=a"], [Output(Format.TEXT, "a")]),
        (["output=a", "format=json"], [Output(Format.JSON, "a")]),
        (["format=json", "output=-"], [Output(Format.JSON, None)]),
        (["format=text", "format=html", "output=a"], [Output(Format.TEXT, None), Output(Format.HTML, "a")]),
        (
            ["format=html", "output=a", "format=junit", "output=b"],
            [Output(Format.HTML, "a"), Output(Format.JUNIT, "b")],
        ),
        (
            ["output=a", "format=html", "output=b", "format=junit"],
            [Output(Format.HTML, "a"), Output(Format.JUNIT, "b")],
        ),
    ],
    ids=str,
)
def test_a_file_goes_with_the_format_before_it_or_else_behind_it(words, outputs):
    assert paired(tuple(word.split("=")) for word in words) == outputs


@pytest.mark.parametrize(
    "words",
    [["format=json", "format=text"], ["format=json", "output=a", "format=html", "output=a"], ["output=a", "output=a"]],
    ids=" ".join,
)
def test_two_results_do_not_share_a_file(words):
    with pytest.raises(EndError, match="a file of its own"):
        paired(tuple(word.split("=")) for word in words)


def test_several_results_of_one_run_are_written(program, good):
    done = program(
        "check", good, *PLAN, "--format", "json", "--output", "a.json", "--format", "markdown", "--output", "a.md"
    )
    assert (done.code, done.out) == (0, "")
    assert re.search(r"1 finding: 1 ok · \d+\.\d s\n\Z", done.err)  # a busy machine takes longer
    assert json.loads(Path("a.json").read_text())["summary"]["pass"] == 1
    assert Path("a.md").read_text().startswith("## Nothing to do: 1 check passed.\n")


def test_what_can_be_written_is_written_and_what_cannot_ends_with_2(program, good):
    done = program("check", good, *PLAN, "--format", "html", "--output", "no/x.html", "--format", "text")
    assert done.code == 2
    assert "no/x.html" in done.err
    assert done.out.startswith("Nothing to do")


def test_each_format_has_a_file_of_its_own_or_it_is_bad_usage(program, good):
    done = program("check", good, *PLAN, "--format", "html", "--format", "text")
    assert (done.code, done.out) == (2, "")
    assert "--output FILE" in done.err
