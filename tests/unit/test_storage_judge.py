"""What was found about a shared folder means; and where a probe that was given up stood."""

import errno
import os
import shlex
from dataclasses import replace

import pytest

from tests.remedies import statements
from wizard.checks.storage.errors import explain
from wizard.checks.storage.judge import SLOW_SYNC_MS, fsync, judge, owner
from wizard.checks.storage.judge_filesystem import FEW_FILES, LITTLE, TOO_LITTLE, filesystem, space
from wizard.checks.storage.mounts import Family, Mount, Reach, carrier
from wizard.checks.storage.probe import Folder, Space, StorageFacts
from wizard.checks.storage.specs import FSYNC
from wizard.checks.storage.target import target_of
from wizard.checks.storage.trial import Written
from wizard.engine.facts import Known, Trouble, overdue
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.sections import Node
from wizard.plan.sections.storage import StorageKind

_ROOT = Mount("/dev/sda1", "/", "ext4", frozenset({"rw"}))
_NAS = Mount("nas:/export", "/srv/nocobase", "nfs", frozenset({"rw"}))
_FOLDER = Folder("/srv/nocobase", 0o755, 0)
_WRITTEN = Written(0, 0)


def _target(kind=StorageKind.NFS, machines=2):
    nodes = tuple(Node(name=f"node{number}", host=f"10.0.0.{number}") for number in range(machines))
    return target_of(Plan(nodes=nodes).with_value("storage.path", "/srv/nocobase").with_value("storage.kind", kind), {})


def _told(finding):
    return finding.severity, finding.error


@pytest.mark.parametrize(
    ("kind", "family"),
    [
        ("ext4", Family.LOCAL),
        ("NTFS", Family.LOCAL),
        ("nfs4", Family.NFS),
        ("ceph", Family.CLUSTER),
        ("fuse.s3fs", Family.CLOUD),
        ("cifs", Family.WINDOWS_SHARE),
        ("fuse", Family.UNKNOWN),
    ],
)
def test_a_kind_of_file_system_belongs_to_a_family(kind, family):
    assert Mount("x", "/", kind).family is family


def test_the_nearest_mount_carries_a_folder():
    near, nearer = Mount("nas:/a", "/srv", "nfs4"), Mount("nas:/b", "/srv/nocobase", "nfs4")
    assert carrier("/srv/nocobase/x", [nearer, _ROOT, near]) is nearer
    assert carrier("/srv/nocobase-old", [nearer, _ROOT, near]) is near
    assert carrier("/var", [nearer, _ROOT, near]) is _ROOT
    assert carrier("/var", []) is None


def test_of_two_mounts_on_one_point_the_last_hides_the_first():
    first, last = Mount("a", "/srv", "ext4"), Mount("b", "/srv", "nfs4")
    assert carrier("/srv", [_ROOT, first, last]) is last


@pytest.mark.parametrize(
    ("kind", "planned", "machines", "told"),
    [
        ("nfs4", StorageKind.NFS, 2, (Severity.PASS, None)),
        ("nfs4", StorageKind.CLOUD, 2, (Severity.PASS, None)),
        ("cifs", StorageKind.CLOUD, 2, (Severity.PASS, None)),
        ("cifs", StorageKind.NFS, 2, (Severity.WARN, None)),
        ("ceph", StorageKind.CLUSTER, 2, (Severity.PASS, None)),
        ("nfs4", StorageKind.LOCAL, 1, (Severity.WARN, None)),
        ("ext4", StorageKind.LOCAL, 1, (Severity.PASS, None)),
        ("ext4", StorageKind.LOCAL, 2, (Severity.FAIL, ErrorKind.OTHER)),
        ("ext4", StorageKind.NFS, 1, (Severity.WARN, None)),
        ("9p", StorageKind.NFS, 2, (Severity.UNKNOWN, None)),
    ],
)
def test_a_file_system_must_be_shared_and_the_planned_one(kind, planned, machines, told):
    fact = Known(Mount("nas:/export", "/srv/nocobase", kind, frozenset({"rw"})))
    assert _told(filesystem(_target(planned, machines), fact)) == told


@pytest.mark.parametrize(("kind", "severity"), [("ext4", Severity.UNKNOWN), ("nfs4", Severity.PASS)])
def test_no_default_stands_in_for_a_kind_of_storage_that_an_env_file_does_not_say(kind, severity):
    target = replace(_target(machines=1), kind=None)
    fact = Known(Mount("nas:/export", "/srv/nocobase", kind, frozenset({"rw"})))
    assert filesystem(target, fact).severity is severity


def test_a_read_only_mount_fails_whatever_its_kind():
    fact = Known(Mount("nas:/export", "/srv/nocobase", "nfs4", frozenset({"ro"})))
    finding = filesystem(_target(), fact)
    assert _told(finding) == (Severity.FAIL, ErrorKind.PERMISSION)
    assert statements(finding.remedy) == ["mount -o remount,rw /srv/nocobase"]


@pytest.mark.parametrize(
    ("fact", "error"),
    [(Known(None), ErrorKind.MISSING), (Trouble(ErrorKind.OTHER, "no table"), ErrorKind.OTHER)],
)
def test_a_mount_nobody_knows_is_unknown(fact, error):
    assert _told(filesystem(_target(), fact)) == (Severity.UNKNOWN, error)


@pytest.mark.parametrize(
    ("free", "files", "told"),
    [
        (LITTLE, None, (Severity.PASS, None)),
        (LITTLE, FEW_FILES, (Severity.PASS, None)),
        (LITTLE, FEW_FILES - 1, (Severity.WARN, None)),
        (LITTLE, 0, (Severity.FAIL, ErrorKind.OTHER)),
        (LITTLE - 1, None, (Severity.WARN, None)),
        (TOO_LITTLE, None, (Severity.WARN, None)),
        (TOO_LITTLE - 1, None, (Severity.FAIL, ErrorKind.OTHER)),
    ],
)
def test_room_is_counted_in_bytes_and_in_files(free, files, told):
    assert _told(space(_target(), Known(Space(free, 10 * LITTLE, files)))) == told


def test_room_that_cannot_be_measured_is_unknown():
    assert _told(space(_target(), Trouble(ErrorKind.OTHER, "?"))) == (Severity.UNKNOWN, ErrorKind.OTHER)


@pytest.mark.parametrize(
    ("mode", "written", "told"),
    [
        (0o755, Written(0, 0), (Severity.PASS, None)),
        (0o755, Written(65534, 0), (Severity.WARN, ErrorKind.PERMISSION)),
        (0o777, Written(0, 0), (Severity.WARN, ErrorKind.PERMISSION)),
        (0o1777, Written(0, 0), (Severity.PASS, None)),
        (0o755, Written(1000, 1000), (Severity.UNKNOWN, None)),
        (0o777, Written(1000, 1000), (Severity.WARN, ErrorKind.PERMISSION)),
        (0o777, Written(None, None), (Severity.SKIP, None)),
    ],
)
def test_files_belong_to_who_wrote_them(mode, written, told):
    assert _told(owner(_target(), Folder("/srv/nocobase", mode, 0), written, _NAS)) == told


def test_a_disk_of_this_machine_squashes_nobody():
    assert owner(_target(), _FOLDER, Written(1000, 1000), _ROOT).severity is Severity.PASS
    assert owner(_target(), _FOLDER, Written(1000, 1000), None).severity is Severity.UNKNOWN


def test_squashed_owners_get_a_line_of_the_mounts_own_export():
    finding = owner(_target(), _FOLDER, Written(65534, 0), _NAS)
    words, line, _then, read = finding.remedy.splitlines()
    assert (words, read) == ("# In /etc/exports on nas, beside the machines that stand there already:", "exportfs -ra")
    assert line == "/export 10.0.0.0(rw,sync,no_root_squash) 10.0.0.1(rw,sync,no_root_squash)"


def test_the_export_of_a_server_named_by_its_ipv6_address_is_told_apart_from_it():
    nas = replace(_NAS, device="[fd00::1]:/export")
    words, line, *_then = owner(_target(), _FOLDER, Written(65534, 0), nas).remedy.splitlines()
    assert words == "# In /etc/exports on [fd00::1], beside the machines that stand there already:"
    assert line.startswith("/export ")


@pytest.mark.parametrize(("ms", "severity"), [(SLOW_SYNC_MS - 1, Severity.PASS), (SLOW_SYNC_MS, Severity.WARN)])
def test_a_slow_sync_is_a_warning(ms, severity):
    assert fsync(_target(), Known(ms), FSYNC).severity is severity


def test_a_sync_that_does_not_end_is_slow_and_one_that_fails_loses_data():
    late = fsync(_target(), Trouble(ErrorKind.TIMEOUT, "no answer within 5 s"), FSYNC)
    assert _told(late) == (Severity.WARN, ErrorKind.TIMEOUT)
    assert _told(fsync(_target(), Trouble(ErrorKind.OTHER, "I/O error"), FSYNC)) == (Severity.FAIL, ErrorKind.OTHER)


def test_a_slow_server_is_not_told_as_a_lack_of_rights():
    facts = _written()
    facts.write = Trouble(ErrorKind.TIMEOUT, "no answer within 5 s")
    finding = _judged(facts)["storage.write"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.TIMEOUT)
    assert "did not end in time" in finding.summary
    assert "nfsiostat" in finding.remedy
    assert finding.because == ("storage.space",)


def test_the_paths_of_remedies_are_words_of_a_shell():
    target = replace(_target(), path="/srv/Noco's $HOME")
    full = Trouble(ErrorKind.OTHER, "No space left on device")
    early = dict.fromkeys(("space", "tree", "markers", "jwt_key", "aes_key", "licence"), full)
    facts = StorageFacts(Known(_NAS), Known(Folder(target.path, 0o777, 0)), Known(_NAS), **early, write=full)
    for finding in judge(target, facts):
        for line in finding.remedy.splitlines():
            assert line.startswith("#") or target.path in shlex.split(line), line


def test_a_mount_without_locks_is_mounted_anew_under_its_own_names():
    facts = _written(mount=replace(_NAS, device="nas:/my export"), lock=Trouble(ErrorKind.OTHER, "no locks"))
    assert _judged(facts)["storage.lock"].remedy.splitlines()[1:] == [
        "umount /srv/nocobase",
        "mount -t nfs4 'nas:/my export' /srv/nocobase",
    ]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOENT, ErrorKind.MISSING),
        (errno.EACCES, ErrorKind.PERMISSION),
        (errno.EROFS, ErrorKind.PERMISSION),
        (errno.ENOSPC, ErrorKind.OTHER),
        (errno.ESTALE, ErrorKind.OTHER),
        (errno.ETIMEDOUT, ErrorKind.TIMEOUT),
    ],
)
def test_the_systems_errors_have_their_kinds(number, kind):
    assert explain(OSError(number, os.strerror(number))).kind is kind


def _judged(facts, machines=2):
    return {finding.id: finding for finding in judge(_target(machines=machines), facts)}


def _written(**more):
    """Facts up to the file written, as the probe leaves them."""
    early = {name: Trouble(ErrorKind.OTHER) for name in ("space", "tree", "markers", "jwt_key", "aes_key", "licence")}
    mount = more.pop("mount", _ROOT)
    return StorageFacts(Known(mount), Known(_FOLDER), Known(mount), **early, write=Known(_WRITTEN), **more)


def test_a_lock_that_hangs_stops_the_rest_and_is_named():
    found = _judged(overdue(_written(), 5))
    assert _told(found["storage.lock"]) == (Severity.FAIL, ErrorKind.TIMEOUT)
    assert found["storage.delete"].severity is Severity.SKIP
    assert "storage.lock" in found["storage.delete"].summary


def test_a_folder_whose_room_hangs_stops_the_rest_and_is_named():
    found = _judged(overdue(StorageFacts(Known(_ROOT), Known(_FOLDER), Known(_ROOT)), 5))
    assert _told(found["storage.space"]) == (Severity.UNKNOWN, ErrorKind.TIMEOUT)
    for identifier in ("storage.markers", "storage.write", "storage.delete"):
        assert found[identifier].severity is Severity.SKIP
        assert "storage.space" in found[identifier].summary


def test_a_lock_that_is_granted_twice_fails():
    found = _judged(_written(lock=Known(value=False), delete=Known(None)))
    assert _told(found["storage.lock"]) == (Severity.FAIL, ErrorKind.OTHER)
    assert found["storage.delete"].severity is Severity.PASS


@pytest.mark.parametrize(
    ("kind", "options", "reach"),
    [
        ("nfs4", "rw,local_lock=none", Reach.EVERYWHERE),
        ("nfs", "rw,local_lock=flock", Reach.EVERYWHERE),
        ("nfs", "rw,nolock", Reach.HERE),
        ("nfs", "rw,local_lock=all", Reach.HERE),
        ("nfs", "rw,local_lock=posix", Reach.HERE),
        ("cifs", "rw", Reach.EVERYWHERE),
        ("cifs", "rw,nobrl", Reach.HERE),
        ("ceph", "rw", Reach.EVERYWHERE),
        ("gfs2", "rw,localflocks", Reach.HERE),
        ("lustre", "rw,flock", Reach.EVERYWHERE),
        ("lustre", "rw,localflock", Reach.HERE),
        ("lustre", "rw", Reach.UNKNOWN),
        ("beegfs", "rw", Reach.UNKNOWN),
        ("fuse.seaweedfs", "rw", Reach.UNKNOWN),
        ("fuse.gcsfuse", "rw", Reach.HERE),
        ("fuse", "rw", Reach.UNKNOWN),
        ("9p", "rw", Reach.UNKNOWN),
        ("ext4", "rw", Reach.HERE),
    ],
)
def test_a_kind_of_file_system_and_its_options_say_how_far_a_lock_is_seen(kind, options, reach):
    assert Mount("x", "/", kind, frozenset(options.split(","))).lock_reach is reach


@pytest.mark.parametrize("machines", [1, 2])
@pytest.mark.parametrize("option", ["nolock", "local_lock=all", "local_lock=posix"])
def test_an_option_that_keeps_locks_on_this_machine_is_named_with_its_mount(option, machines):
    mount = Mount("nas:/export", "/srv/nocobase", "nfs", frozenset({"rw", option}))
    finding = _judged(_written(mount=mount, lock=Known(value=True), delete=Known(None)), machines)["storage.lock"]
    assert _told(finding) == (Severity.WARN, None)
    assert finding.remedy == f"Mount /srv/nocobase without {option}."


def test_a_lock_on_nfs_passes_and_says_that_other_machines_were_not_tried():
    mount = Mount("nas:/export", "/srv/nocobase", "nfs4", frozenset({"rw", "local_lock=none"}))
    finding = _judged(_written(mount=mount, lock=Known(value=True), delete=Known(None)))["storage.lock"]
    assert finding.severity is Severity.PASS
    assert "not tried" in finding.detail


def test_a_lock_on_a_mount_that_could_not_be_found_out_is_unknown():
    facts = _written(lock=Known(value=True), delete=Known(None))
    for fact in (Known(None), Trouble(ErrorKind.OTHER, "no table")):
        facts.mount = fact
        assert _told(_judged(facts)["storage.lock"]) == (Severity.UNKNOWN, None)


def test_a_hung_folder_names_the_mount_it_is_on():
    nas = Mount("nas:/export", "/srv", "nfs4")
    found = _judged(overdue(StorageFacts(suspected=Known(nas)), 5))
    assert _told(found["storage.exists"]) == (Severity.FAIL, ErrorKind.TIMEOUT)
    assert "/srv is nas:/export, nfs4." in found["storage.exists"].detail
