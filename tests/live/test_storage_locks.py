"""Two real mounts of one folder, as two machines have: what a lock is worth between them, and what is said of it."""

import contextlib
import fcntl
import os
import struct
import subprocess

import pytest

from tests.live.running import findings_of
from tests.patience import patience
from tests.servers import folders
from tests.servers.fixtures import running
from wizard.checks.storage import checks as storage
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.sections import Node
from wizard.plan.sections.storage import StorageKind

pytestmark = pytest.mark.live
FORWARDING = ("--multithreaded", "--enable-lock-forwarding")


def of_the_file(descriptor):
    """As the probe locks on Linux."""
    lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, lock)


def of_the_process(descriptor):
    fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def whole(descriptor):
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_kept_out(lock, first, second):
    """Hold a lock on the first file and say whether another process is refused one on the second."""
    with first.open("r+") as held:
        lock(held.fileno())
        child = os.fork()
        if not child:
            with second.open("r+") as wanted:
                try:
                    lock(wanted.fileno())
                except BlockingIOError:
                    os._exit(1)
                os._exit(0)
        return bool(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


@pytest.fixture
def two_mounts(tmp_path):
    """Mount one folder twice: `two_mounts(folders.bound, "-o", "subtype=s3fs")` gives both points."""
    backing = tmp_path / "backing"
    backing.mkdir(mode=0o755)
    with contextlib.ExitStack() as stack:

        def enter(make, *options):
            points = [tmp_path / "a", tmp_path / "b"]
            for point in points:
                stack.enter_context(running(lambda point=point: make(point, backing, *options)))
            (backing / "file").touch()
            return points

        yield enter
        (backing / "file").unlink()
        assert list(backing.iterdir()) == [], "left behind"


def _of_lock(folder, hosts=("10.0.0.1", "10.0.0.2")):
    nodes = tuple(Node(name=f"node{number}", host=host) for number, host in enumerate(hosts))
    plan = Plan(nodes=nodes).with_value("storage.path", str(folder)).with_value("storage.kind", StorageKind.CLUSTER)
    return findings_of(storage.checks(plan, {}))["storage.lock", ""]


@pytest.mark.parametrize("lock", [of_the_file, of_the_process, whole])
@pytest.mark.parametrize(
    ("make", "options", "is_far"),
    [
        (folders.bound, (), False),
        (folders.bound, ("-o", "subtype=s3fs"), False),
        (folders.faulty, ("far-locks", "glusterfs"), True),
    ],
)
def test_whether_a_lock_through_one_mount_is_seen_through_the_other(two_mounts, make, options, is_far, lock):
    one, other = two_mounts(make, *options)
    assert _is_kept_out(lock, one / "file", one / "file")
    assert _is_kept_out(lock, one / "file", other / "file") is is_far


def _refused_by_the_remedy(remedy, first, second):
    """Paste the remedy as on two nodes, the second's mount in the place of the first's; say what ended the second."""
    note, command, remove = remedy.splitlines()
    assert note.startswith("# ")
    there = command.replace(str(first), str(second))
    assert there != command
    with subprocess.Popen(["/bin/sh", "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holding:
        assert holding.stdout.read(6) == b"locked"
        tried = subprocess.run(
            ["/bin/sh", "-c", there], input=b"\n", capture_output=True, timeout=patience(30), check=False
        )
        holding.communicate(b"\n", timeout=patience(30))
    subprocess.run(["/bin/sh", "-c", remove], check=True)
    return b"BlockingIOError" in tried.stderr


@pytest.mark.parametrize("hosts", [("10.0.0.1",), ("10.0.0.1", "10.0.0.2")])
def test_a_mount_not_known_to_carry_locks_is_unknown_and_never_a_pass(two_mounts, hosts):
    one, other = two_mounts(folders.bound)
    finding = _of_lock(one, hosts)
    assert (finding.severity, finding.error) == (Severity.UNKNOWN, None)
    assert finding.summary == f"Could not be found out whether other machines see a lock on a file in {one}."
    assert "“fuse” is not known to carry locks" in finding.detail
    assert finding.facts["locks"] == "unknown"
    assert not _refused_by_the_remedy(finding.remedy, one, other)


def test_the_remedy_of_an_unknown_mount_tells_one_that_carries_locks(two_mounts):
    one, other = two_mounts(folders.faulty, "far-locks", "nobody-knows")
    finding = _of_lock(one)
    assert finding.severity is Severity.UNKNOWN
    assert _refused_by_the_remedy(finding.remedy, one, other)


def test_a_mount_known_to_keep_locks_to_itself_is_a_warning(two_mounts):
    one, _other = two_mounts(folders.bound, "-o", "subtype=s3fs")
    finding = _of_lock(one)
    assert (finding.severity, finding.error) == (Severity.WARN, None)
    assert finding.summary == f"Locks in {one} are kept, but other machines do not see them."
    assert "“fuse.s3fs” keeps locks on the machine that takes them." in finding.detail
    assert finding.remedy == f"Mount a file system at {one} that carries locks, NFS 4 for one."


def test_a_mount_known_to_carry_locks_passes(two_mounts):
    one, _other = two_mounts(folders.faulty, "far-locks", "glusterfs")
    finding = _of_lock(one)
    assert finding.severity is Severity.PASS, finding
    assert "not tried" in finding.detail


def test_a_disk_of_this_machine_passes_for_one_machine_alone(tmp_path):
    assert _of_lock(tmp_path, ("10.0.0.1",)).severity is Severity.PASS
    assert _of_lock(tmp_path).severity is Severity.WARN


def test_a_lock_that_is_granted_twice_fails(two_mounts):
    one, _other = two_mounts(folders.bound, *FORWARDING)  # to the folder behind it is one process that locks twice
    assert not _is_kept_out(of_the_file, one / "file", one / "file")
    finding = _of_lock(one)
    assert (finding.severity, finding.error) == (Severity.FAIL, ErrorKind.OTHER)
    assert finding.summary == f"A lock on a file in {one} is granted twice."
    assert "FUSE" in finding.remedy
