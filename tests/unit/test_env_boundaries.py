"""What one half of a condition decides where env files and lists of accepted findings are read and written."""

import pytest

from wizard.formats.cluster_file import list_lines
from wizard.formats.cluster_file.accepted import with_accepted
from wizard.formats.cluster_file.secret_places import with_outside
from wizard.formats.dotenv.grammar import Assignment, parse
from wizard.plan.accepted import Accepted
from wizard.plan.finding import Severity


def test_a_variable_stands_in_no_quotes_and_no_other_file_unless_it_is_said():
    one = Assignment("A", "b", 3)
    assert (one.quote, one.file, one.template, one.earlier) == ("", "", "", 0)
    assert (one.alike, one.cut, one.torn) == (True, False, False)


@pytest.mark.parametrize(
    ("line", "alike"),
    [
        ('A="x"', True),
        ('A="a b"', True),
        ('A="$b"', False),
        ('A="\\b"', False),
        ('A="`b"', False),
        ('A="b$"', False),
        ("A='$b'", True),
        ("A='b'", True),
        ("A='b'c", False),
        ("A= 'b'", False),
        ("A=b", True),
    ],
)
def test_what_a_shell_would_put_another_value_in_is_not_read_alike(line, alike):
    assert parse(line)["A"].alike is alike


LIST = "a: 1\naccepted:\n  - id: x\n  - id: y\nb: 2\n"


@pytest.mark.parametrize(
    ("text", "gone", "added", "found"),
    [
        (LIST, [0], "", "a: 1\naccepted:\n  - id: y\nb: 2\n"),
        (LIST, [1], "- id: z\n", "a: 1\naccepted:\n  - id: x\n  - id: z\nb: 2\n"),
        (LIST, [], "- id: z\n  c: d\n", "a: 1\naccepted:\n  - id: x\n  - id: y\n  - id: z\n    c: d\nb: 2\n"),
        (LIST, [0, 1], "", "a: 1\nb: 2\n"),
        (LIST, [0, 1], "- id: z\n", "a: 1\naccepted:\n  - id: z\nb: 2\n"),
        ("accepted:\n- id: x", [], "- id: z\n", "accepted:\n- id: x\n- id: z\n"),
        ("accepted:\n- id: x # why\n# after\n", [0], "", "# after\n"),
        ("accepted:\n-\n  id: x\n", [0], "", None),
        ("accepted:\n- # why\n  id: x\n", [0], "", None),
        ("accepted: [{id: x}]\n", [0], "", None),
        ("accepted: &a\n- id: x\n", [0], "", None),
        ("accepted: []\n", [], "- id: z\n", None),
        ("accepted: text\n", [], "- id: z\n", None),
        ("{accepted: [{id: x}]}\n", [0], "", None),
        ("other:\n- id: x\n", [0], "", None),
        ("- id: x\n", [0], "", None),
    ],
)
def test_a_list_is_changed_by_lines_where_it_is_written_so(text, gone, added, found):
    assert list_lines.changed(text, "accepted", gone, added) == found


ONE = Accepted("plan.nodes", "", Severity.WARN, "why")


@pytest.mark.parametrize("comment", ["# mine", "  # mine"])
def test_a_file_of_comments_alone_keeps_a_value(comment):
    text = with_accepted("", [ONE])
    assert with_accepted(f"{comment}\n{text}", []) == f"{comment}\naccepted: []\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: {secret: x}\n", "a: {secret: x, from: env:A}\n"),
        ("a: {secret: x, from: env:B}\n", "a: {secret: x, from: env:A}\n"),
        ("a: {secret: y}\n", "a: {secret: y}\n"),
        ("a: {from: env:B}\n", "a: {from: env:B}\n"),
        ("a: {secret: x, other: 1}\n", "a: {secret: x, other: 1}\n"),
        ("a:\n  - b: {secret: x}\n", "a:\n  - b: {secret: x, from: env:A}\n"),
        ("secret: y\nfrom: {secret: x}\n", "secret: y\nfrom: {secret: x, from: env:A}\n"),
    ],
)
def test_a_secret_comes_from_elsewhere_where_it_is_referred_to_alone(text, found):
    assert with_outside(text, "x", "env:A") == found


def test_a_secret_is_taken_back_from_elsewhere():
    assert with_outside("a: {secret: x, from: env:B}\n", "x", "") == "a: {secret: x}\n"
    assert with_outside("a: {secret: x}\n", "x", "") == "a: {secret: x}\n"
