"""Secrets that a plan says are elsewhere: read when needed, with the admin's consent alone, bounded, and not quoted."""

import shlex
import sys
import time

import psutil
import pytest

from tests.patience import patience
from tests.unit.plans import good_plan
from wizard.app import outside_secrets
from wizard.app.outside_secrets import LARGEST, OutsideError, follow, read, references
from wizard.formats import cluster_file
from wizard.formats.cluster_file.secret_places import with_outside
from wizard.formats.files import SourceError
from wizard.plan.secret import Secret, SecretRef
from wizard.storage.consents import Consents

VALUE = "kT7-quite.secret_value"


def program(code: str) -> str:
    """Return a reference to a program in Python: it stands for `pass`, `op` and `vault`, which want accounts."""
    return f"cmd:{shlex.quote(sys.executable)} -c {shlex.quote(code)}"


@pytest.fixture
def consents(tmp_path) -> Consents:
    return Consents(tmp_path / "references.json")


def plan_from(reference: str):
    return good_plan().with_value("database.password", SecretRef("database.password", reference))


def test_a_variable_a_file_and_a_program_give_a_secret_without_its_last_line_end(tmp_path, monkeypatch):
    file = tmp_path / "secret"
    file.write_text(f"{VALUE}\n")
    monkeypatch.setenv("PRODUCTION_PASSWORD", VALUE)
    for reference in ("env:PRODUCTION_PASSWORD", f"file:{file}", program(f"print({VALUE!r})")):
        assert read(reference, {}) == Secret(VALUE)
    file.write_text("-----BEGIN KEY-----\nx\n-----END KEY-----\r\n")
    assert read(f"file:{file}", {}) == Secret("-----BEGIN KEY-----\nx\n-----END KEY-----")


def test_of_an_entry_of_pass_the_first_line_counts(tmp_path):
    script = tmp_path / "pass"
    script.write_text(f"#!/bin/sh\nprintf '%s\\n' {VALUE} 'url: https://db.internal'\n")
    script.chmod(0o755)
    assert read(f"cmd:{script} show production/db", {}) == Secret(VALUE)


def test_no_shell_reads_a_command(tmp_path):
    code = "import sys; print(sys.argv[1:])"
    reference = f"{program(code)} '$HOME' ';' touch {tmp_path / 'made'} '`id`'"
    assert read(reference, {}).reveal() == f"['$HOME', ';', 'touch', '{tmp_path / 'made'}', '`id`']"
    assert not (tmp_path / "made").exists()


def test_a_program_gets_neither_the_passphrase_nor_another_variable_of_ours(monkeypatch):
    monkeypatch.setenv("NCW_PASSPHRASE", VALUE)
    code = "import os; print([name for name in os.environ if name.startswith('NCW_')], os.environ['HOME'] != '')"
    assert read(program(code), {}) == Secret("[] True")


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("env:NOT_SET_ANYWHERE", "The variable NOT_SET_ANYWHERE is not set"),
        ("file:/nonexistent/x", "/nonexistent/x cannot be read"),
        ("file:/dev/zero", "it is a device"),
        ("cmd:no-such-program show x", "no-such-program cannot be started"),
        (program("pass"), "gave nothing"),
        (program("print('x' * 70000)"), "too long for a secret"),
        (program("print('x' * 7000000)"), "gave no secret"),
        (program("import sys; sys.stdout.buffer.write(bytes([255]))"), "not text in UTF-8"),
        (program("import sys; sys.exit(3)"), "it ended with 3"),
    ],
)
def test_what_gives_no_secret_is_said(reference, says):
    with pytest.raises(OutsideError, match=says):
        read(reference, {})


def test_a_program_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(outside_secrets, "SECONDS", 0.2)
    children = set(psutil.Process().children())
    began = time.monotonic()
    with pytest.raises(OutsideError, match=r"no answer within 0\.2 s"):
        read(program("import threading; threading.Event().wait()"), {})
    assert time.monotonic() - began < patience(10)
    assert set(psutil.Process().children()) <= children  # those of other tests may end meanwhile


def test_what_a_program_says_on_its_error_output_is_told_without_a_secret():
    with pytest.raises(OutsideError) as told:
        read(program(f"import sys; sys.exit('locked: {VALUE}')"), {"a": Secret(VALUE)})
    assert "locked: " in str(told.value)
    assert VALUE not in str(told.value).partition("gave no secret")[2]


def test_a_file_may_be_as_long_as_a_secret_is(tmp_path):
    file = tmp_path / "secret"
    file.write_text("x" * LARGEST)
    assert len(read(f"file:{file}", {}).reveal()) == LARGEST
    file.write_text("x" * (LARGEST + 1))
    with pytest.raises(OutsideError, match="larger than"):
        read(f"file:{file}", {})


def test_nothing_is_followed_without_consent(tmp_path, consents):
    made = tmp_path / "made"
    plan = plan_from(program(f"open({str(made)!r}, 'w'); print('x')"))
    found = follow(plan, ["database.password"], {}, consents=consents)
    assert (found.values, list(found.refused)) == ({}, ["database.password"])
    assert not made.exists()
    assert follow(plan, ["database.password"], {}, all_allowed=True, consents=consents).values
    assert made.exists()


def test_a_consent_is_for_one_cluster_one_secret_and_one_exact_reference(consents, monkeypatch):
    monkeypatch.setenv("ONE", VALUE)
    plan = plan_from("env:ONE")
    consents.give(plan.id, "database.password", "env:ONE")
    assert follow(plan, ["database.password"], {}, consents=consents).values == {"database.password": Secret(VALUE)}
    assert not consents.given("another", "database.password", "env:ONE")
    assert not consents.given(plan.id, "application.app_key", "env:ONE")
    assert not consents.given(plan.id, "database.password", "env:TWO")


def test_of_very_many_consents_the_oldest_go(consents, monkeypatch):
    monkeypatch.setattr("wizard.storage.consents.MOST", 3)
    for number in range(4):
        consents.give("a", "b", f"env:C{number}")
    assert [consents.given("a", "b", f"env:C{number}") for number in range(4)] == [False, True, True, True]


def test_a_damaged_file_of_consents_holds_none(tmp_path, consents):
    consents.give("a", "b", "env:C")
    (tmp_path / "references.json").write_text("[")
    assert not consents.given("a", "b", "env:C")


def test_only_what_is_asked_for_is_read(tmp_path, consents):
    plan = plan_from(program(f"open({str(tmp_path / 'made')!r}, 'w')"))
    assert follow(plan, ["application.app_key"], {}, all_allowed=True, consents=consents).values == {}
    assert not (tmp_path / "made").exists()


def test_a_cluster_file_keeps_the_reference_and_never_what_it_gave():
    plan = plan_from("cmd:pass show 'production/db'")
    text = cluster_file.write(plan)
    assert "password: {secret: database.password, from: \"cmd:pass show 'production/db'\"}" in text
    assert references(cluster_file.read(text, "x")) == {"database.password": "cmd:pass show 'production/db'"}


ODD = ["file:/a\\nb", f"file:/{'a' * 1000}"]
"""A sign that nobody sees, as YAML writes it, and one character more than a reference may have."""


@pytest.mark.parametrize(
    "reference", ["hunter2", "env:", "env:a b", "cmd:'", "http://x", "file:", "env:A\tB", "cmd: ", *ODD]
)
def test_what_is_no_reference_is_refused_with_its_line_and_not_quoted(reference):
    text = f'schema: 1\ndatabase:\n  password: {{secret: a, from: "{reference}"}}\n'
    with pytest.raises(SourceError, match="line 3") as told:
        cluster_file.read(text, "x.yaml")
    assert "hunter2" not in str(told.value)


def test_writing_a_reference_into_a_cluster_file_keeps_all_else():
    text = "schema: 1\n# a remark\ndatabase:\n  password: {secret: a}\n  # another\n  host: db\n"
    changed = with_outside(text, "a", "env:A")
    assert changed == text.replace("{secret: a}", "{secret: a, from: env:A}")
    assert with_outside(changed, "a", "") == text
