"""No secret, plain or awkward, is in anything that the program writes or says, but in files that were asked to hold it.

Servers that give back what they were sent make every probe fail with an answer that has the secret in it.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests import canary
from tests.servers.reflecting import every_secret, mirror
from tests.unit.cli.calling import saved
from wizard.formats import dotenv
from wizard.formats.dotenv import grammar
from wizard.formats.files import SecretsMode
from wizard.guide.reports.report import Format
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.secret_hints import own_variables
from wizard.plan.sections import Transport

FORMATS = [form.value for form in Format]


@pytest.fixture(scope="module")
def reflecting() -> Iterator[int]:
    with mirror() as port:
        yield port


def shown(done) -> list[tuple[str, bytes]]:
    return [("standard output", done.out.encode()), ("standard error", done.err.encode())]


@pytest.mark.parametrize("form", [canary.PLAIN, canary.AWKWARD], ids=["plain", "awkward"])
@pytest.mark.parametrize("kind", ["redis", "rabbitmq"])
def test_no_secret_is_in_what_is_said_written_kept_or_logged(program, home, reflecting, form, kind):
    plan = every_secret(reflecting, kind)
    secrets = canary.canaries(plan, form)
    Path("secrets.env").write_text(dotenv.write(plan, secrets, SecretsMode.INLINE)[0].text)
    source = saved(plan)
    given = ("--secrets-file", "secrets.env")
    texts = []
    outputs = [word for form in FORMATS for word in ("--format", form, "--output", f"report.{form}")]
    checked = program("check", source, *given, "--verbose", "--timeout", "2", "--deadline", "20", *outputs)
    assert checked.code in {3, 4}, checked.err
    texts += shown(checked)
    findings = json.loads(Path("report.json").read_text())["findings"]
    first = next(item for item in findings if item["severity"] == "fail")
    name = ":".join(filter(None, (first["id"], first["subject"])))
    calls = [
        ("check", source, *given, "--only", "plan", "--format", "json", "--since", "last"),
        ("accept", source, name, "--reason", "known"),
        ("history", source),
        ("diff", source, "secrets.env", *given),
        ("export", source, "bundle", *given, "--secrets", "inline", "--dry-run"),
        ("export", source, "bundle", *given, "--secrets", "reference"),
        ("export", source, "inline", *given, "--secrets", "inline"),
        ("check", "secrets.env", "--only", "plan", "--verbose"),
        ("check", "inline", "--only", "plan", "--verbose"),
    ]
    for call in calls:
        texts += [(f"{call[0]}: {where}", text) for where, text in shown(program(*call))]
    texts += canary.files_below(home, but=[home / "secrets.env", home / "inline"])
    assert canary.found(secrets.values(), texts) == []
    assert canary.found(secrets.values(), canary.files_below(home / "inline")), "the secrets were never at hand"


@pytest.mark.parametrize("form", [canary.PLAIN, canary.AWKWARD], ids=["plain", "awkward"])
def test_no_secret_is_in_what_a_fault_leaves(program, home, reflecting, form, monkeypatch):
    plan = every_secret(reflecting, "redis")
    secrets = canary.canaries(plan, form)
    Path("secrets.env").write_text(dotenv.write(plan, secrets, SecretsMode.INLINE)[0].text)
    source = saved(plan)

    def breaks(*_given, **_named):
        local = secrets["database.password"].reveal()
        raise RuntimeError(f"the server said {local}")

    monkeypatch.setattr("wizard.cli.outputs.rendered", breaks)
    done = program("check", source, "--secrets-file", "secrets.env", "--only", "plan", "--format", "json")
    assert done.code == 1, done
    texts = [*shown(done), *canary.files_below(home, but=[home / "secrets.env"])]
    assert canary.found(secrets.values(), texts) == []


@pytest.fixture
def programs(home: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Put programs onto the path that a check starts; each fails, and says what it was called with."""
    names = ["nginx", "ssh", "vault"]
    (home / "bin").mkdir()
    for name in names:
        (home / "bin" / name).write_text('#!/bin/sh\necho "$0 $*" >&2\nexit 1\n')
        (home / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(home / "bin"), prepend=os.pathsep)
    return names


@pytest.mark.skipif(os.name != "posix", reason="programs of the test are shell scripts")
def test_no_program_that_is_started_is_given_a_secret(program, home, reflecting, programs, monkeypatch):
    plan = replace(every_secret(reflecting, "rabbitmq"), extras=()).with_value("reach.transport", Transport.SSH)
    secrets = canary.canaries(plan, canary.PLAIN, canary.AWKWARD)
    text = dotenv.write(plan, secrets, SecretsMode.INLINE)[0].text
    given = {name: found.value for name, found in grammar.parse(text).items()}
    given |= {name: secrets[ref].reveal() for name, ref in own_variables(plan)}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    elsewhere = SecretRef("redis.cache.password", outside="cmd:vault kv get x")
    source = saved(plan.with_value("redis.cache.password", elsewhere))
    with canary.children() as started:
        checked = program("check", source, "--nodes", "--follow-references", "--format", "json", "--deadline", "20")
    assert checked.code == 3, checked.err
    for name in programs:
        assert any(f"{name}'" in what for what, _text in started), f"{name} was not started"
    assert canary.found(secrets.values(), [*started, *shown(checked)]) == []
    assert canary.found(secrets.values(), [("our own", repr(dict(os.environ)).encode())]), "no secret was at hand"


@pytest.mark.parametrize("number", range(20))
def test_each_form_of_a_secret_is_found(number):
    value = canary.AWKWARD.format(number=7)
    form = [*canary.forms(value)][number]
    assert canary.found([Secret(value)], [("x", f"before {form} behind".encode())])
