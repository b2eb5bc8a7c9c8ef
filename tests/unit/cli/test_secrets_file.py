"""A file given with --secrets-file: what of it is taken, and what is passed over with its line."""

from pathlib import Path

import pytest

from tests.unit.cli.calling import saved
from tests.unit.plans import SECRETS, good_plan
from wizard.app import given_secrets
from wizard.app.export import export
from wizard.formats.files import SecretsMode
from wizard.plan.sections.redis import ROLE_VARIABLES


def told(program, text: str) -> list[str]:
    Path("given.env").write_text(text)
    file = saved(good_plan())
    return program("check", file, "--only", "plan.value", "--secrets-file", "given.env").err.splitlines()


def test_a_name_that_this_plan_has_no_secret_for_is_named_with_its_line(program):
    key = SECRETS["application.app_key"].reveal()
    said = told(program, f"# mine\nAPP_KEY={key}\nDB_PASWORD=hunter2\nS3_SECRET=hunter3\nDB_HOST=db\nTZ=UTC\n")
    assert "given.env line 3: DB_PASWORD is passed over; DB_PASSWORD may be meant." in said
    assert "given.env line 4: S3_SECRET is passed over, as this plan has no such secret." in said
    assert not any("DB_HOST" in line or "TZ" in line or "hunter" in line for line in said)


def test_an_address_of_another_server_is_named(program):
    name = next(iter(ROLE_VARIABLES.values()))
    said = told(program, f"{name}=redis://:hunter2@elsewhere.internal:6379/0\n")
    wanted = f"given.env line 1: {name} is passed over, as its address is not the plan's, or has no password."
    assert wanted in said


@pytest.mark.parametrize(
    "key",
    ["c2VjcmV0S2V5T2ZUaGVBcHA=", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP======", "hunter2hunter2=", "q_8Zr-x4Lm_0aBcDeFgH="],
)
def test_a_key_that_stands_alone_on_its_line_is_not_told(program, key):
    said = "\n".join(told(program, f"# the key\n{key}\n"))
    assert "given.env line 2 is passed over, as what stands there does not look like a variable." in said
    assert key.rstrip("=") not in said


def test_of_very_many_names_ten_are_told_and_the_others_counted(program):
    said = told(program, "".join(f"OTHER_{number}=x\n" for number in range(13)))
    assert sum("is passed over" in line for line in said) == 10
    assert "3 more lines are passed over." in said


def test_the_file_of_a_bundle_is_read_as_its_script_reads_it(program, tmp_path):
    plan = good_plan()
    export(plan, {}, tmp_path / "out", SecretsMode.REFERENCE)
    file = tmp_path / "out/secrets.env"
    file.write_text(file.read_text().replace("\n#DB_PASSWORD=\n", "\nDB_PASSWORD=a#b c'd\n"))
    [found] = given_secrets.read(plan, file).values()
    assert found.reveal() == "a#b c'd"
    assert given_secrets.passed_over(plan, file) == []


def test_a_bundle_whose_file_was_filled_in_and_not_spread_says_so(program, tmp_path):
    export(good_plan(), {}, tmp_path / "out", SecretsMode.REFERENCE)
    file = tmp_path / "out/secrets.env"
    check = ("check", str(file.parent), "--only", "database.connect")
    says = f"What {file} holds is not in the env files yet: run fill-in-secrets.sh beside it, or name it with"
    assert "database.password" in (told := program(*check).err)
    assert "env files yet" not in told  # nothing was filled in
    file.write_text(file.read_text().replace("\n#APP_KEY=\n", "\nAPP_KEY=Vt8kQ2mW\n"))
    assert "env files yet" not in program(*check).err  # what was filled in is not what this check lacks
    file.write_text(file.read_text().replace("\n#DB_PASSWORD=\n", "\nDB_PASSWORD=Vt8kQ2mW\n"))
    told = program(*check).err
    assert (says in told, "Vt8kQ2mW" in told) == (True, False)
    assert "Not at hand" not in program(*check, "--secrets-file", str(file)).err
    file.unlink()
    assert "env files yet" not in program(*check).err


def test_the_names_of_a_bundles_file_count_in_any_other_file(program, tmp_path):
    plan = good_plan()
    export(plan, {}, tmp_path / "out", SecretsMode.REFERENCE)
    names = [line[1:-1] for line in (tmp_path / "out/secrets.env").read_text().splitlines() if line.endswith("=")]
    assert set(names) <= set(given_secrets.names(plan))
    Path("given.env").write_text("".join(f"{name}='value of {name}'\n" for name in names))
    found = given_secrets.read(plan, Path("given.env"))
    assert {secret.reveal() for secret in found.values()} == {f"value of {name}" for name in names}


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(program):
    file = saved(good_plan())
    Path("latin.env").write_bytes(b"APP_KEY=x\nDB_PASSWORD=caf\xe9hunter2\n")
    said = program("check", file, "--only", "plan.value", "--secrets-file", "latin.env")
    assert said.code == 2
    assert "latin.env, line 2: it is not text in UTF-8." in said.err
    assert "hunter" not in said.err
