"""Files and archives of others: read within bounds of time and memory, and never waited for."""

import ast
import json
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import wizard
from tests.patience import patience, processor_time
from tests.unit.plans import good_plan
from wizard import reading
from wizard.checks.database.target import Target
from wizard.checks.database.trust import find_files
from wizard.net import http
from wizard.plan.sections import Tls

ROOT = Path(wizard.__file__).parent
MOST_SECONDS = 2.0
MOST_MEMORY = 300 * 1024 * 1024
MEASURE = """
import os, resource, sys
child = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, "-m", "wizard", *sys.argv[1:]])
_pid, status, used = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss, file=sys.stdout)
"""


def measured(*words: str, cwd: Path) -> tuple[int, float, int, str]:
    """Call the program in a process of its own: exit code, seconds of processor, bytes at most, what it said."""
    environ = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "PYTHONPATH": str(ROOT.parent)}
    environ |= {"XDG_STATE_HOME": str(cwd / "state"), "XDG_DATA_HOME": str(cwd / "data")}
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *words],
        cwd=cwd,
        env=environ,
        capture_output=True,
        text=True,
        timeout=patience(120),
        check=False,
    )
    code, seconds, kibibytes = done.stdout.splitlines()[-1].split()
    return int(code), float(seconds), int(kibibytes) * 1024, done.stderr


def bomb(path: Path) -> None:
    """An archive whose `cluster.yaml` says it has 10 bytes, and unpacks to a gigabyte of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)  # leans on nothing before it
    data = piece * 1024 + packer.flush()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("cluster.yaml", b"0123456789")
    entry = zipfile.ZipInfo("cluster.yaml")
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.CRC, entry.compress_size, entry.file_size = 0, len(data), 10
    entry.header_offset = 0
    head = entry.FileHeader() + data
    with zipfile.ZipFile(path, "w") as archive:
        archive.fp.write(head)
        archive.filelist.append(entry)
        archive.NameToInfo[entry.filename] = entry
        archive._didModify = True
        archive.start_dir = archive.fp.tell()


def packed(method: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", method) as archive:
            archive.writestr("cluster.yaml", bytes(300 * 1024 * 1024))

    return write


def text(content: str) -> Callable[[Path], None]:
    return lambda path: path.write_text(content)


HOSTILE = {
    "bomb.zip": bomb,
    "bzip2.zip": packed(zipfile.ZIP_BZIP2),
    "lzma.zip": packed(zipfile.ZIP_LZMA),
    "long.env": text("a=" * 256 * 1024),
    "lines.env": text("a=\n" * 1024 * 1024),
    "names.env": text("".join(f"V{number}=x\n" for number in range(300_000))),
    "quotes.env": text("a='\n" * 1024 * 1024),
    "junk.env": text("A=1\n" + "junk\n" * 200_000),
    "deep.yaml": text("[" * 60_000),
    "maps.yaml": text("{a: " * 16_000),
    "indented.yaml": text("".join(" " * depth + "a:\n" for depth in range(500))),
    "many.yaml": text("".join(f"k{number}: v\n" for number in range(25_000))),
    "anchors.yaml": text("schema: 1\n" + "a: &x S3cr3t\n" * 10_000),
    "merge.yaml": text("\n".join(["services:", *(f"  s{n}: {{image: nocobase/nocobase:1}}" for n in range(9000))])),
    "layers.yaml": text(
        "l0: &l0 {A: 1}\n"
        + "".join(f"l{n}: &l{n} {{<<: [{', '.join([f'*l{n - 1}'] * 40)}]}}\n" for n in range(1, 40))
        + "services: {app: {environment: {<<: *l39}}}\n"
    ),
    "expand.yaml": text("services: {app: {image: nocobase, environment: {A: '" + "${A:-" * 40_000 + "'}}}\n"),
    "documents.yaml": text("apiVersion: v1\n---\n" * 9000),
    "expressions.env": text("A=" + "${A:-" * 150_000 + "\n"),
    "newlines.txt": text("\n" * 4_000_000),
    "spaces.conf": text("server" + " " * 4_000_000),
    "deep.json": text("[" * 60_000),
    "sparse.env": lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), 2**40),
    "pipe.env": os.mkfifo,
    "zero.env": lambda path: path.symlink_to("/dev/zero"),
    "random.yaml": lambda path: path.symlink_to("/dev/urandom"),
}


LONG = {"lzma.zip"}
"""Packed in seconds, and refused by the same line as bzip2.zip."""


@pytest.mark.parametrize("name", [pytest.param(one, marks=[pytest.mark.slow] * (one in LONG)) for one in HOSTILE])
def test_a_hostile_source_is_refused_by_its_name_within_bounds(tmp_path, name):
    HOSTILE[name](tmp_path / name)
    code, seconds, most, said = measured("check", name, "--only", "plan.value", cwd=tmp_path)
    assert code in {2, 3}, said
    assert (code == 3) or (name in said and "fault" not in said)
    assert "S3cr3t" not in said
    assert seconds < processor_time(MOST_SECONDS)
    assert most < MOST_MEMORY


@pytest.mark.parametrize("file", ["/dev/zero", "pipe", "folder", "~nosuchuser/secrets.env", "big.env"])
def test_a_hostile_secrets_file_is_refused_by_its_name_within_bounds(tmp_path, file):
    (tmp_path / "good.env").write_text("APP_KEY=x\nDB_HOST=db\n")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "big.env").open("wb") as big:
        big.truncate(2**32)
    code, seconds, most, said = measured("check", "good.env", "--secrets-file", file, cwd=tmp_path)
    assert (code, file in said) == (2, True), said
    assert seconds < processor_time(MOST_SECONDS)
    assert most < MOST_MEMORY


def test_a_user_that_nobody_knows_is_no_fault_of_ours(tmp_path):
    code, _seconds, _most, said = measured("check", "~nosuchuser/x", cwd=tmp_path)
    assert (code, "~nosuchuser/x" in said) == (2, True)


def test_a_long_env_file_with_few_variables_is_read_in_time(tmp_path):
    (tmp_path / "long.env").write_text("DB_HOST=db\nNOTE='" + "x" * 900_000 + "'\n")
    code, seconds, most, _said = measured("check", "long.env", "--only", "plan.version", cwd=tmp_path)
    assert code in {0, 3}
    assert seconds < processor_time(MOST_SECONDS)
    assert most < MOST_MEMORY


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (os.mkfifo, "pipe"),
        (lambda path: path.mkdir(), "folder"),
        (lambda path: path.symlink_to("/dev/null"), "device"),
    ],
)
def test_what_is_no_plain_file_is_refused_in_words(tmp_path, make, words):
    make(tmp_path / "x")
    with pytest.raises(reading.UnreadableError) as refused:
        reading.read_file(tmp_path / "x")
    assert words in refused.value.strerror
    assert reading.readable_size(tmp_path / "x") is None


def test_a_file_is_read_up_to_its_bound_and_no_further(tmp_path):
    (tmp_path / "x").write_bytes(b"0123456789")
    assert reading.read_file(tmp_path / "x", 10) == b"0123456789"
    with pytest.raises(reading.UnreadableError):
        reading.read_file(tmp_path / "x", 9)
    assert reading.read_start(tmp_path / "x", 4) == b"0123"
    assert reading.read_end(tmp_path / "x", 4) == b"6789"
    assert reading.read_end(tmp_path / "x", 99) == b"0123456789"


@pytest.mark.parametrize("error", [RecursionError, MemoryError, zlib.error, EOFError, KeyError])
def test_what_a_reader_breaks_on_is_unreadable_by_name(error):
    with pytest.raises(reading.UnreadableError) as refused, reading.guarded("x.yaml"):
        raise error
    assert refused.value.filename == "x.yaml"


def test_a_document_too_deep_for_json_is_unreadable():
    with pytest.raises(reading.UnreadableError):
        reading.parse_json(b"[" * 200_000, "x.json")
    assert reading.parse_json(json.dumps({"a": 1}).encode(), "x.json") == {"a": 1}


def test_all_entries_of_an_archive_together_have_a_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MOST_UNPACKED", 250)
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in "abc":
            archive.writestr(name, b"0" * 100)
    with reading.Archive(tmp_path / "x.zip") as archive:
        assert archive.names == ("a", "b", "c")
        assert [archive.read(name) for name in "ab"] == [b"0" * 100] * 2
        assert archive.read("nowhere") is None
        with pytest.raises(reading.UnreadableError):
            archive.read("c")


def test_a_device_is_refused_before_it_is_opened(tmp_path, monkeypatch):
    (tmp_path / "x").symlink_to("/dev/null")
    opened = []
    monkeypatch.setattr(reading.os, "open", lambda *given: opened.append(given))
    with pytest.raises(reading.UnreadableError, match="device"):
        reading.read_file(tmp_path / "x")
    assert opened == []


@pytest.mark.timeout(10)
def test_what_takes_the_place_of_a_file_meanwhile_is_refused_and_not_waited_for(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    look, names = os.stat, {tmp_path / "pipe": tmp_path / "file"}
    monkeypatch.setattr(reading.os, "stat", lambda path, **more: look(names.get(path, path), **more))
    with pytest.raises(reading.UnreadableError, match="pipe"):
        reading.read_file(tmp_path / "pipe")


def test_an_archive_that_is_too_long_is_not_opened(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a", b"0" * 100)
    monkeypatch.setattr(reading, "LARGEST_ARCHIVE", 100)
    with pytest.raises(reading.UnreadableError, match="larger"):
        reading.Archive(tmp_path / "x.zip")


def test_an_entry_of_an_archive_has_the_bound_of_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST", 10)
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a", b"0" * 10)
        archive.writestr("b", b"0" * 11)
    with reading.Archive(tmp_path / "x.zip") as archive:
        assert [archive.read("a"), archive.read("b")] == [b"0" * 10, None]


def test_a_device_in_the_place_of_a_certificate_is_not_read():
    plan = good_plan().with_value("database.tls", Tls.VERIFY).with_value("database.tls_ca", "/dev/null")
    assert find_files(Target.of(plan, {})).absent == ("/dev/null",)


def test_a_device_in_the_place_of_the_private_authority_is_not_read(tmp_path):
    with pytest.raises(OSError, match="it is a device"):
        http.trusted("/dev/zero")
    (tmp_path / "ca.pem").write_bytes(b"-" * (reading.LARGEST_PEM + 1))
    with pytest.raises(OSError, match="larger than 1 MiB"):
        http.trusted(str(tmp_path / "ca.pem"))


READS = {"read_text", "read_bytes"}
OURS = {
    "reading.py": "the reader itself",
    "resources.py": "the program's own resources",
    "app/shipped_files.py": "the program's own files, as they were shipped",
    "storage/atomic_files.py": "writes, and the flush of a folder",
    "storage/bundle_writer.py": "writes an archive",
    "app/rotating_file.py": "appends to the program's own log",
    "cli/output.py": "the null device, for output that nobody takes",
    "demo/postgres.py": "appends to the configuration of a server of ours",
    "demo/process.py": "appends to the log of a server of ours",
    "demo/server.py": "writes the files of a server of ours",
    "checks/storage/trial.py": "a file that it has just made, and the flush of a folder",
    "checks/storage/locks.py": "a second descriptor on a file that it has just made",
}


def reads_of(tree: ast.AST) -> Iterator[str]:
    """Go through the calls by which a file or an archive could be read."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {*READS, "ZipFile"} and not _is_the_reader(node.value):
            yield node.attr
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(id="open" | "ZipFile"):
                yield node.func.id
            case ast.Attribute(value=ast.Name(id="os" | "io" | "codecs"), attr="open"):
                yield f"{node.func.value.id}.open"
            case ast.Attribute(attr="open") if _opens_a_file(node):
                yield ".open"


def _is_the_reader(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id == "reading"


def _opens_a_file(call: ast.Call) -> bool:
    """Whether a method `open` is that of a path: it has a mode."""
    first = [*call.args, *(item.value for item in call.keywords if item.arg == "mode")][:1]
    return any(isinstance(mode, ast.Constant) and set(str(mode.value)) <= set("rwxabt+") for mode in first)


def test_files_and_archives_are_read_in_one_place_alone():
    found = {
        path.relative_to(ROOT).as_posix(): sorted(set(reads_of(ast.parse(path.read_text()))))
        for path in ROOT.rglob("*.py")
    }
    found = {path: calls for path, calls in found.items() if calls}
    assert {path: calls for path, calls in found.items() if path not in OURS} == {}
    assert set(OURS) == set(found)


@pytest.mark.parametrize("call", ["open('x')", "p.read_text()", "p.open('rb')", "zipfile.ZipFile(p)", "os.open(p, 0)"])
def test_each_way_to_read_past_the_one_place_is_seen(call):
    assert list(reads_of(ast.parse(call)))
