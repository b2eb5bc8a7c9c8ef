"""Debian's `age` at a terminal of its own, as it asks nowhere else; and encryption that is quick."""

import os
import pty
import select
import shutil
from pathlib import Path

import pytest

from tests.patience import patience
from wizard.storage import age_writer

need_age = pytest.mark.skipif(not shutil.which("age"), reason="apt-get install age")


def age(*words: str, passphrase: str) -> tuple[int, str]:
    """Call `age` at a terminal at which somebody types the passphrase at each question; return its code and words."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp("age", ["age", *words])
    told = b""
    asked = 0
    try:
        while select.select([terminal], [], [], patience(30))[0]:
            try:
                piece = os.read(terminal, 4096)
            except OSError:  # the program has closed its end
                break
            if not piece:
                break
            told += piece
            if told.count(b"passphrase") > asked and told.rstrip(b" ").endswith(b":"):
                asked = told.count(b"passphrase")
                os.write(terminal, passphrase.encode() + b"\n")
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    finally:
        os.close(terminal)
    return code, told.decode(errors="replace")


def opened_by_age(path: Path, passphrase: str) -> str:
    """Return what `age -d` makes of an encrypted file."""
    out = path.with_name("opened-by-age")
    code, told = age("-d", "-o", str(out), str(path), passphrase=passphrase)
    assert code == 0, told
    return out.read_text()


def sealed_by_age(path: Path, text: str, passphrase: str) -> Path:
    """Return a file that `age -p` encrypted."""
    plain = path.with_name("plain")
    plain.write_text(text)
    code, told = age("-p", "-o", str(path), str(plain), passphrase=passphrase)
    assert code == 0, told
    return path


@pytest.fixture
def quick_age(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is encrypted cost next to nothing; the real work factor has its own tests."""
    monkeypatch.setattr(age_writer, "FACTOR", 1)
