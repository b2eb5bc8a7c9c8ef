"""The shared folder on real file systems, sound and broken."""

import contextlib
import ctypes
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.live.running import findings_of
from tests.patience import patience
from tests.remedies import paste
from tests.servers import folders
from tests.servers.fixtures import running
from wizard.checks.storage import checks as storage
from wizard.checks.storage import contents
from wizard.checks.storage.specs import SPECS
from wizard.checks.storage.trial import PREFIX
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.sections import Node
from wizard.plan.sections.storage import StorageKind

pytestmark = pytest.mark.live
_NOBODY = 65534
_WRITING = ("storage.owner", "storage.fsync", "storage.lock", "storage.delete")


def _findings(folder, *, kind=StorageKind.LOCAL, hosts=("10.0.0.1",), timeout=None, as_user=None):
    """Run the check; `as_user`: its thread alone asks the file system as that user, without root's rights."""
    nodes = tuple(Node(name=f"node{i + 1}", host=host) for i, host in enumerate(hosts))
    plan = Plan(nodes=nodes).with_value("storage.path", str(folder)).with_value("storage.kind", kind)
    checks = storage.checks(plan, {})
    if as_user is not None:
        checks = [replace(one, probe=lambda facts, one=one: _as(as_user, lambda: one.probe(facts))) for one in checks]
    found = findings_of(checks, timeout=timeout)
    return {identifier: finding for (identifier, _subject), finding in found.items()}


def _as(user, work):
    """Work as another user in the file system; Linux takes the change for one thread."""
    ctypes.CDLL(None).setfsuid(user)
    work()


def _told(finding):
    return finding.severity, finding.error


def _left_in(folder):
    return list(Path(folder).glob(f"{PREFIX}*"))


@pytest.fixture
def on_disk():
    """A folder that is on a disk even where /tmp is in memory."""
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="nocobase-cluster-test-") as folder:
        Path(folder).chmod(0o750)
        yield Path(folder)


@pytest.fixture
def mounted(tmp_path):
    """Enter one of tests.servers.folders for the test: `mounted(folders.bound, "--delete-deny")`."""
    point, backing = tmp_path / "point", tmp_path / "backing"
    backing.mkdir(mode=0o755)
    with contextlib.ExitStack() as stack:

        def enter(make, *options, with_backing=True, **more):
            arguments = (backing,) if with_backing else ()
            return stack.enter_context(running(lambda: make(point, *arguments, *options, **more)))

        enter.point, enter.backing = point, backing
        yield enter


def test_a_folder_on_the_disk_of_a_single_machine_passes(on_disk):
    found = _findings(on_disk)
    # The time of a fsync is the disk's own; see the test of a file system in memory.
    others = {name for name, finding in found.items() if finding.severity is not Severity.PASS} - {"storage.fsync"}
    assert others == {"storage.aes_key"}
    assert found["storage.aes_key"].severity is Severity.INFO
    assert set(found) == {spec.id for spec in SPECS}
    assert list(on_disk.iterdir()) == []


def test_a_folder_that_is_not_there_is_missing(on_disk):
    found = _findings(on_disk / "not-mounted")
    assert _told(found["storage.exists"]) == (Severity.FAIL, ErrorKind.MISSING)
    assert {finding.severity for identifier, finding in found.items() if identifier != "storage.exists"} == {
        Severity.SKIP
    }


def test_a_file_is_no_folder(on_disk):
    (on_disk / "file").touch()
    assert _told(_findings(on_disk / "file")["storage.exists"]) == (Severity.FAIL, ErrorKind.OTHER)


def test_a_folder_that_may_not_be_entered_is_a_matter_of_permission(mounted):
    mounted(folders.faulty, "no-entry")
    assert _told(_findings(mounted.point)["storage.exists"]) == (Severity.FAIL, ErrorKind.PERMISSION)


def test_what_may_not_be_seen_is_unknown_and_never_a_pass(mounted):
    mounted(folders.faulty, "no-search")
    found = _findings(mounted.point)
    assert found["storage.exists"].severity is Severity.PASS
    for name in ("database_files", "links", "markers", "jwt_key", "aes_key", "licence_files"):
        assert _told(found[f"storage.{name}"]) == (Severity.UNKNOWN, ErrorKind.PERMISSION)
    assert _told(found["storage.write"]) == (Severity.FAIL, ErrorKind.PERMISSION)


@pytest.mark.usefixtures("quiet_machine")
def test_a_mount_that_hangs_is_given_up_and_named(mounted):
    folder = mounted(folders.bound)
    folder.hang()
    found = _findings(mounted.point, timeout=patience(0.5))
    assert _told(found["storage.exists"]) == (Severity.FAIL, ErrorKind.TIMEOUT)
    assert f"{mounted.point} is " in found["storage.exists"].detail
    assert found["storage.delete"].severity is Severity.SKIP
    folder.die()


def test_a_mount_whose_server_died_is_told(mounted):
    mounted(folders.bound).die()
    finding = _findings(mounted.point)["storage.exists"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.OTHER)
    assert "not connected" in finding.detail


def test_a_read_only_mount_fails_twice(mounted):
    mounted(folders.read_only)
    found = _findings(mounted.point)
    assert _told(found["storage.filesystem"]) == (Severity.FAIL, ErrorKind.PERMISSION)
    assert _told(found["storage.write"]) == (Severity.FAIL, ErrorKind.PERMISSION)
    assert {found[identifier].severity for identifier in _WRITING} == {Severity.SKIP}
    assert all("storage.write" in found[identifier].summary for identifier in _WRITING)


def test_a_local_disk_fails_where_nodes_are_on_several_machines(on_disk):
    finding = _findings(on_disk, kind=StorageKind.NFS, hosts=("10.0.0.1", "10.0.0.2"))["storage.filesystem"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.OTHER)
    assert "disk of this machine" in finding.summary
    assert "FSTYPE" in paste(finding.remedy)


def test_a_local_disk_instead_of_the_planned_nfs_is_a_warning_on_one_machine(on_disk):
    finding = _findings(on_disk, kind=StorageKind.NFS)["storage.filesystem"]
    assert _told(finding) == (Severity.WARN, None)


def test_a_cluster_file_system_passes_on_several_machines(mounted):
    mounted(folders.bound, "-o", "subtype=glusterfs")
    finding = _findings(mounted.point, kind=StorageKind.CLUSTER, hosts=("10.0.0.1", "10.0.0.2"))["storage.filesystem"]
    assert finding.severity is Severity.PASS
    assert finding.facts["kind"] == "fuse.glusterfs"


def test_another_kind_than_planned_is_a_warning(mounted):
    mounted(folders.bound, "-o", "subtype=glusterfs")
    finding = _findings(mounted.point, kind=StorageKind.NFS, hosts=("10.0.0.1", "10.0.0.2"))["storage.filesystem"]
    assert _told(finding) == (Severity.WARN, None)


def test_a_file_system_nobody_knows_is_unknown(mounted):
    mounted(folders.bound)
    finding = _findings(mounted.point)["storage.filesystem"]
    assert _told(finding) == (Severity.UNKNOWN, None)


def test_a_link_to_the_folder_is_followed_to_its_mount(mounted, tmp_path):
    mounted(folders.bound, "-o", "subtype=glusterfs")
    link = tmp_path / "link"
    link.symlink_to(mounted.point)
    assert _findings(link, kind=StorageKind.CLUSTER)["storage.filesystem"].severity is Severity.PASS


def test_a_full_file_system_fails(mounted):
    mounted(folders.small, size="64k", with_backing=False)
    (mounted.point / "big").write_bytes(b"x" * 65536)
    found = _findings(mounted.point)
    assert _told(found["storage.space"]) == (Severity.FAIL, ErrorKind.OTHER)
    assert _told(found["storage.write"]) == (Severity.FAIL, ErrorKind.OTHER)
    assert "100%" in paste(found["storage.space"].remedy)
    assert "No space left" in found["storage.write"].detail
    assert _left_in(mounted.point) == []


def test_a_small_file_system_is_a_warning(mounted):
    mounted(folders.small, size="1g", with_backing=False)
    finding = _findings(mounted.point)["storage.space"]
    assert _told(finding) == (Severity.WARN, None)
    assert "1.0 GiB" in finding.summary


def test_a_file_system_without_inodes_fails(mounted):
    mounted(folders.small, size="6g", nr_inodes="2", with_backing=False)
    (mounted.point / "last").touch()
    found = _findings(mounted.point)
    assert _told(found["storage.space"]) == (Severity.FAIL, ErrorKind.OTHER)
    assert "inode" in found["storage.space"].summary
    assert _told(found["storage.write"]) == (Severity.FAIL, ErrorKind.OTHER)


def test_a_file_system_without_a_size_is_unknown():
    assert _findings("/proc")["storage.space"].severity is Severity.UNKNOWN


def test_a_disk_that_lies_is_found_by_reading_back(mounted):
    mounted(folders.faulty, "torn-writes")
    finding = _findings(mounted.point)["storage.write"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.OTHER)
    assert "read back" in finding.detail
    assert _left_in(mounted.backing) == []


def test_a_folder_without_rename_fails_and_is_left_clean(mounted):
    mounted(folders.bound, "--rename-deny")
    assert _told(_findings(mounted.point)["storage.write"]) == (Severity.FAIL, ErrorKind.PERMISSION)
    assert _left_in(mounted.backing) == []


def test_a_file_system_that_grants_no_locks_fails(mounted):
    mounted(folders.faulty, "no-locks")
    found = _findings(mounted.point)
    assert _told(found["storage.lock"]) == (Severity.FAIL, ErrorKind.OTHER)
    assert found["storage.delete"].severity is Severity.PASS
    assert _left_in(mounted.backing) == []


def test_a_folder_that_forgets_its_deletions_fails(mounted):
    mounted(folders.bound, "--delete-deny")
    finding = _findings(mounted.point)["storage.delete"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.PERMISSION)
    assert PREFIX in finding.remedy


@pytest.mark.usefixtures("quiet_machine")
def test_a_slow_disk_is_a_warning(mounted):
    mounted(folders.faulty, "slow-sync")
    found = _findings(mounted.point)
    assert _told(found["storage.fsync"]) == (Severity.WARN, None)
    assert found["storage.write"].severity is Severity.PASS


@pytest.mark.usefixtures("quiet_machine")
def test_a_disk_that_takes_longer_than_the_check_is_slow_and_lacks_no_right(mounted):
    mounted(folders.faulty, "stuck-sync")
    found = _findings(mounted.point, timeout=5)
    assert _told(found["storage.fsync"]) == (Severity.WARN, ErrorKind.TIMEOUT)
    assert {found[f"storage.{name}"].severity for name in ("write", "delete")} == {Severity.PASS}


def test_memory_is_fast(mounted):
    mounted(folders.small, size="1g", with_backing=False)
    assert _findings(mounted.point)["storage.fsync"].severity is Severity.PASS


def test_a_server_that_changes_the_owner_is_a_warning(mounted):
    mounted(folders.bound, "--create-for-user=nobody", "--chown-deny")
    finding = _findings(mounted.point)["storage.owner"]
    assert _told(finding) == (Severity.WARN, ErrorKind.PERMISSION)
    assert "no_root_squash" in finding.remedy


def test_a_folder_anybody_may_write_to_is_a_warning(on_disk):
    on_disk.chmod(0o777)
    finding = _findings(on_disk)["storage.owner"]
    assert _told(finding) == (Severity.WARN, ErrorKind.PERMISSION)
    assert f"chmod o-w {on_disk}" in finding.remedy
    paste(finding.remedy)
    assert _findings(on_disk)["storage.owner"].severity is Severity.PASS


def _put(folder, name, content=b""):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def test_a_database_below_the_shared_folder_fails(mounted):
    mounted(folders.bound, "-o", "subtype=glusterfs")
    _put(mounted.point, "db/postgres/18/docker/PG_VERSION", b"18\n")
    finding = _findings(mounted.point)["storage.database_files"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.OTHER)
    assert "db/postgres/18/docker/PG_VERSION" in finding.detail


def test_a_folder_that_may_not_be_read_leaves_open_what_lies_there(on_disk):
    _put(on_disk, "db/PG_VERSION")
    (on_disk / "db").chmod(0o700)
    on_disk.chmod(0o755)
    found = _findings(on_disk, as_user=_NOBODY)
    for name in ("database_files", "links"):
        assert _told(found[f"storage.{name}"]) == (Severity.UNKNOWN, ErrorKind.PERMISSION)
        assert "may not be read: db" in found[f"storage.{name}"].detail


def test_a_link_that_leads_to_another_place_of_this_machine_is_a_warning(mounted, tmp_path):
    mounted(folders.bound)
    (mounted.point / "uploads").symlink_to(tmp_path)
    finding = _findings(mounted.point)["storage.links"]
    assert _told(finding) == (Severity.WARN, None)
    assert "uploads" in finding.detail


def test_a_session_key_in_the_folder_beats_the_plans(mounted):
    mounted(folders.bound)
    _put(mounted.point, contents.JWT_FILE, bytes(32))
    assert _told(_findings(mounted.point)["storage.jwt_key"]) == (Severity.WARN, None)
    _put(mounted.point, contents.JWT_FILE, b"short")
    assert _told(_findings(mounted.point)["storage.jwt_key"]) == (Severity.FAIL, ErrorKind.OTHER)


def test_a_licence_key_in_the_folder_beats_the_plans_account(mounted):
    mounted(folders.bound)
    _put(mounted.point, contents.LICENCE_KEY_FILE, b"stored-key")
    assert _told(_findings(mounted.point)["storage.licence_files"]) == (Severity.WARN, None)


def test_a_folder_that_is_not_named_is_not_looked_at():
    found = findings_of(storage.checks(Plan(), {}))
    assert {finding.severity for finding in found.values()} == {Severity.SKIP}
