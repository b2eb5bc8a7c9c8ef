"""A server's user gets a copy of programs that lie where it may not look."""

import os
from pathlib import Path

import pytest

from wizard.demo.process import Account
from wizard.demo.reach import copied, may_run


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program of a package in an environment that only its owner may enter."""
    package = tmp_path / "private" / "server"
    for folder in ("installed/bin", "installed/include"):
        (package / folder).mkdir(parents=True)
    libraries = tmp_path / "private" / "server.libs"
    libraries.mkdir()
    (libraries / "lib.so").touch(0o600)
    (package / "installed" / "include" / "server.h").touch()
    made = package / "installed" / "bin" / "serve"
    made.write_text("#!/bin/sh\n")
    made.chmod(0o700)
    (tmp_path / "private").chmod(0o700)
    return made


def test_the_copy_is_laid_out_as_the_package_and_everyone_may_read_it(program: Path, tmp_path: Path):
    target = tmp_path / "copy"
    target.mkdir(mode=0o700)
    tree = copied(program.parents[1], target)
    assert tree == target / "server" / "installed"
    found = {str(path.relative_to(target)): path.stat().st_mode & 0o777 for path in target.rglob("*") if path.is_file()}
    assert found == {"server/installed/bin/serve": 0o755, "server.libs/lib.so": 0o644}
    assert {path.stat().st_mode & 0o555 for path in target.rglob("*") if path.is_dir()} == {0o555}


def test_without_another_user_a_program_is_taken_where_it_is(program: Path):
    assert may_run(program, None)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root to ask as another user")
def test_another_user_may_run_what_lies_open_and_not_what_lies_in_a_private_home(program: Path):
    account = Account.unprivileged()
    assert not may_run(program, account)
    assert may_run(Path("/bin/sh"), account)
