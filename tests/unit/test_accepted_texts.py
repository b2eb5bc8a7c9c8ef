"""The list of accepted findings as YAML: read with its lines, and written into a file that keeps all else."""

from datetime import date

import pytest

from wizard.formats.cluster_file.accepted import day, read_file, read_within, rows, with_accepted
from wizard.formats.files import SourceError
from wizard.plan.accepted import Accepted
from wizard.plan.finding import ErrorKind, Severity

WHOLE = """accepted:
  - id: redis.version
    subject: cache
    severity: fail
    error: version
    identity: {version: 6.2.10}
    reason: We know.
    until: 2026-12-31
  - {id: plan.nodes, severity: warn, reason: One is enough.}
"""
FOUND = (
    Accepted(
        id="redis.version",
        subject="cache",
        severity=Severity.FAIL,
        error=ErrorKind.VERSION,
        identity={"version": "6.2.10"},
        reason="We know.",
        until=date(2026, 12, 31),
    ),
    Accepted(id="plan.nodes", severity=Severity.WARN, reason="One is enough.", subject="", error=None, identity={}),
)


def test_what_is_left_out_is_empty():
    assert read_file(WHOLE, "a.yaml") == FOUND
    assert read_file("accepted:\n", "a.yaml") == ()
    assert read_file("{}\n", "a.yaml") == ()
    [found] = read_file("accepted: [{id: a.b, severity: warn, reason: x, until: , identity: }]", "a.yaml")
    assert (found.until, dict(found.identity)) == (None, {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("accept: []", "a.yaml, line 1: “accept” is unknown here. Known are: accepted."),
        ("\naccepted: x", "a.yaml, line 2: “accepted” must be a list, each item after a “-”."),
        (
            "accepted:\n - {id: a.b, severity: warn, reason: x, note: y}",
            "a.yaml, line 2: “note” is unknown here. Known are: id, subject, severity, error, identity, reason, until.",
        ),
        ("accepted:\n\n - {severity: warn, reason: x}", "a.yaml, line 3: What is accepted needs “id”."),
        ("accepted:\n - {id: ' ', severity: warn, reason: x}", "a.yaml, line 2: What is accepted needs “id”."),
        ("accepted:\n - {id: a.b, reason: x}", "a.yaml, line 2: What is accepted needs “severity”."),
        ("accepted:\n - {id: a.b, severity: warn}", "a.yaml, line 2: What is accepted needs “reason”."),
        (
            "accepted:\n - {id: a.b, reason: x, severity: pass}",
            "a.yaml, line 2: It must be one of ",
        ),
        ("accepted:\n - {id: a.b, reason: x, severity: warn, error: odd}", "a.yaml, line 2: It must be one of "),
        (
            "accepted:\n - {id: a.b, reason: x, severity: warn, until: 20261231}",
            "a.yaml, line 2: “20261231” is no day as YYYY-MM-DD.",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(text, message):
    with pytest.raises(SourceError) as refused:
        read_file(text, "a.yaml")
    assert str(refused.value).startswith(message)


def test_what_is_empty_is_not_written():
    assert rows(FOUND) == [
        {
            "id": "redis.version",
            "subject": "cache",
            "severity": "fail",
            "error": "version",
            "identity": {"version": "6.2.10"},
            "reason": "We know.",
            "until": "2026-12-31",
        },
        {"id": "plan.nodes", "severity": "warn", "reason": "One is enough."},
    ]


def test_a_file_keeps_all_else_that_stands_in_it():
    text = "# mine\nschema: 1\nname: 'x'  # quoted\nnodes:\n  - name: a\n"
    written = with_accepted(text, FOUND[1:])
    added = "accepted:\n  - id: plan.nodes\n    severity: warn\n    reason: One is enough.\n"
    assert written == text + added
    assert with_accepted(written, ()) == text
    assert with_accepted(text, ()) == text
    assert with_accepted("", FOUND[1:]) == added
    long = Accepted(id="a.b", severity=Severity.WARN, reason="long " * 60 + "end", subject="", error=None, identity={})
    assert max(map(len, with_accepted("", (long,)).splitlines())) > 300
    assert read_file(with_accepted("", FOUND), "a.yaml") == FOUND


@pytest.mark.parametrize("text", ["2026-1-1", "20260101", "2026-W01-1", "2026-02-30", "x", ""])
def test_a_day_has_one_form(text):
    with pytest.raises(ValueError, match=r"^(20260101|2026-W01-1|Invalid isoformat string|day is out of range)"):
        day(text)
    assert day("2026-02-28") == date(2026, 2, 28)


COMMENTED = """\
# ours
accepted:  # since May
  # the cache
  - id: redis.version
    subject: cache
    severity: fail
    error: version
    identity:
      version: 6.2.10
    reason: We know.
    until: 2026-12-31  # then 7.2
  # whoever adds one signs here

# who we are
name: 'x'
"""
ADDED = "  - id: plan.nodes\n    severity: warn\n    reason: One is enough.\n"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_comments_and_line_ends_stay_when_one_is_added_and_another_withdrawn(ends):
    text = COMMENTED.replace("\n", ends)
    head, tail = COMMENTED.split("  # whoever")
    both = with_accepted(text, FOUND)
    assert both == f"{head}{ADDED}  # whoever{tail}".replace("\n", ends)
    assert with_accepted(both, FOUND) == both
    second = f"# ours\naccepted:  # since May\n  # the cache\n{ADDED}  # whoever{tail}"
    assert with_accepted(both, FOUND[1:]) == second.replace("\n", ends)
    assert with_accepted(both, ()) == f"# ours\n  # whoever{tail}".replace("\n", ends)
    assert with_accepted("name: x" + ends, FOUND[1:]) == f"name: x\naccepted:\n{ADDED}".replace("\n", ends)


@pytest.mark.parametrize(
    "text",
    [
        "accepted: [{id: redis.version, severity: warn, reason: x}]\n",
        "accepted: []\n",
        "accepted:\n",
        "{accepted: [{id: redis.version, severity: warn, reason: x}], name: x}\n",
        "accepted:\n- id: redis.version\n  severity: warn\n  reason: x",
        "accepted:\n- id: redis.version\n  severity: warn\n  reason: |\n    x\n\n    y\n\n# more\n",
        "accepted:\n- # why - so\n  id: redis.version\n  severity: warn\n  reason: x\n",
        "accepted:\n- &a\n  id: redis.version\n  severity: warn\n  reason: &r x\n- *a\n",
        "accepted:\n- id: &r redis.version\n  severity: warn\n  reason: *r\n",
        'accepted:\n- {id: a.b, severity: warn, reason: x}\n- id: b.c\n  reason: "a\n    b"\n  severity: warn\n',
    ],
)
def test_however_a_list_is_written_one_can_be_added_and_all_withdrawn(text):
    there = read_within(text, "a.yaml")
    more = with_accepted(text, [*there, FOUND[0]])
    assert read_within(more, "a.yaml") == (*there, FOUND[0])
    assert read_within(with_accepted(more, FOUND[:1]), "a.yaml") == FOUND[:1]
    left = with_accepted(more, ())
    assert (read_within(left, "a.yaml"), "reason" in left) == ((), False)


def test_where_nothing_is_left_the_text_is_empty_and_one_of_comments_alone_can_be_read():
    assert with_accepted(with_accepted("", FOUND), ()) == ""
    left = with_accepted(f"# ours\naccepted:\n{ADDED}", ())
    assert left == "# ours\naccepted: []\n"
    assert read_file(left, "a.yaml") == ()
