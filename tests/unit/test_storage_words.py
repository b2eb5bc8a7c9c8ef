"""What the judges of a shared folder say in each case, word for word in tests/unit/findings.

Each case has a folder of its own name: so no finding can stand in for another case's.
"""

import pytest

from tests.unit.plans import good_plan
from wizard.checks.storage.judge import fsync, judge, owner
from wizard.checks.storage.judge_filesystem import filesystem, space
from wizard.checks.storage.judge_lock import lock
from wizard.checks.storage.mounts import Mount
from wizard.checks.storage.probe import Folder, Space, StorageFacts
from wizard.checks.storage.specs import SPACE
from wizard.checks.storage.target import target_of
from wizard.checks.storage.trial import Written
from wizard.engine.facts import PENDING, Known, Trouble
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import Node
from wizard.plan.sections.storage import StorageKind

PASS, INFO, WARN, FAIL, UNKNOWN, SKIP = (Severity(name) for name in ("pass", "info", "warn", "fail", "unknown", "skip"))
NFS, CLOUD, CLUSTER, LOCAL = StorageKind.NFS, StorageKind.CLOUD, StorageKind.CLUSTER, StorageKind.LOCAL
LATE = Trouble(ErrorKind.TIMEOUT, "no answer within 5 s", "", 5000)
OTHER = Trouble(ErrorKind.OTHER, "Input/output error", "", 4)
GIB, MIB = 1024**3, 1024**2
ONE, TWO = (Node(name="a", host="10.0.0.1"),), (Node(name="a", host="10.0.0.1"), Node(name="b", host="10.0.0.2"))


def target(name, kind=NFS, nodes=TWO):
    plan = good_plan().with_value("storage.path", f"/srv/{name}").with_value("storage.kind", kind)
    return target_of(plan.with_value("nodes", nodes), {})


def mount(kind, *options, device="nas:/export"):
    return Known(Mount(device, "/mnt point", kind, frozenset(options or {"rw"})), 7)


FILESYSTEMS = {
    "fs-nfs": (PASS, NFS, TWO, mount("nfs4")),
    "fs-nfs-cloud": (PASS, CLOUD, TWO, mount("nfs")),
    "fs-s3": (PASS, CLOUD, TWO, mount("fuse.s3fs")),
    "fs-ceph-cloud": (PASS, CLOUD, TWO, mount("ceph")),
    "fs-share-cloud": (PASS, CLOUD, TWO, mount("cifs")),
    "fs-ceph": (PASS, CLUSTER, TWO, mount("ceph")),
    "fs-nfs-cluster": (WARN, CLUSTER, TWO, mount("nfs4")),
    "fs-share-nfs": (WARN, NFS, TWO, mount("smb3")),
    "fs-disk": (PASS, LOCAL, ONE, mount("ext4")),
    "fs-disk-two": (FAIL, LOCAL, TWO, mount("ext4")),
    "fs-disk-nfs": (WARN, NFS, ONE, mount("xfs")),
    "fs-disk-unsaid": (UNKNOWN, None, ONE, mount("xfs")),
    "fs-nfs-unsaid": (PASS, None, ONE, mount("nfs4")),
    "fs-read-only": (FAIL, NFS, TWO, mount("nfs4", "ro")),
    "fs-unknown": (UNKNOWN, NFS, TWO, mount("9p")),
    "fs-none": (UNKNOWN, NFS, TWO, Known(None, 7)),
    "fs-trouble": (UNKNOWN, NFS, TWO, OTHER),
    "fs-pending": (SKIP, NFS, TWO, PENDING),
}


@pytest.mark.parametrize("name", FILESYSTEMS)
def test_a_file_system_is_judged_as_written_down(name):
    severity, kind, nodes, fact = FILESYSTEMS[name]
    place = target(name, kind or NFS, nodes)
    if kind is None:
        place = type(place)(**{field: getattr(place, field) for field in place.__slots__} | {"kind": None})
    assert filesystem(place, fact).severity is severity


SPACES = {
    "room": (PASS, Known(Space(5 * GIB, 100 * GIB, 10_000), 7)),
    "room-of-no-inodes": (PASS, Known(Space(5 * GIB, 100 * GIB, None), 7)),
    "room-5-gib": (WARN, Known(Space(5 * GIB - 1, 100 * GIB, 10_000), 7)),
    "room-1-gib": (WARN, Known(Space(GIB, 100 * GIB, 10_000), 7)),
    "room-mib": (WARN, Known(Space(GIB - 1, GIB, 10_000), 7)),
    "room-200-mib": (WARN, Known(Space(200 * MIB, 100 * GIB, 10_000), 7)),
    "room-199-mib": (FAIL, Known(Space(200 * MIB - 1, 100 * GIB, 10_000), 7)),
    "room-9999-files": (WARN, Known(Space(5 * GIB, 100 * GIB, 9_999), 7)),
    "room-1-file": (WARN, Known(Space(5 * GIB, 100 * GIB, 1), 7)),
    "room-no-file": (FAIL, Known(Space(5 * GIB, 100 * GIB, 0), 7)),
    "room-sizeless": (UNKNOWN, Known(Space(0, 0, None), 7)),
    "room-trouble": (UNKNOWN, OTHER),
    "room-pending": (SKIP, PENDING),
}


@pytest.mark.parametrize("name", SPACES)
def test_room_is_judged_as_written_down(name):
    severity, fact = SPACES[name]
    assert space(target(name), fact).severity is severity


LOCKS = {
    "lock": (PASS, NFS, TWO, {"lock": Known(True, 7), "mount": mount("nfs4")}),
    "lock-lustre": (PASS, CLUSTER, TWO, {"lock": Known(True, 7), "mount": mount("lustre", "flock")}),
    "lock-disk": (PASS, LOCAL, ONE, {"lock": Known(True, 7), "mount": mount("ext4")}),
    "lock-disk-two": (WARN, LOCAL, TWO, {"lock": Known(True, 7), "mount": mount("ext4")}),
    "lock-s3": (WARN, CLOUD, ONE, {"lock": Known(True, 7), "mount": mount("fuse.s3fs")}),
    "lock-hidden": (WARN, NFS, ONE, {"lock": Known(True, 7), "mount": mount("nfs4", "nolock", "local_lock=all")}),
    "lock-hidden-disk": (WARN, NFS, ONE, {"lock": Known(True, 7), "mount": mount("ext4", "localflocks")}),
    "lock-9p": (UNKNOWN, NFS, TWO, {"lock": Known(True, 7), "mount": mount("9p")}),
    "lock-of-nothing": (UNKNOWN, NFS, TWO, {"lock": Known(True, 7), "mount": Known(None)}),
    "lock-of-trouble": (UNKNOWN, NFS, TWO, {"lock": Known(True, 7), "mount": OTHER}),
    "lock-twice": (FAIL, NFS, TWO, {"lock": Known(False, 7), "mount": mount("nfs4")}),
    "lock-refused": (FAIL, NFS, TWO, {"lock": OTHER, "mount": mount("nfs4", device="nas:/an export")}),
    "lock-refused-disk": (FAIL, NFS, TWO, {"lock": OTHER, "mount": mount("ext4")}),
    "lock-refused-somewhere": (FAIL, NFS, TWO, {"lock": OTHER, "mount": Known(None)}),
    "lock-pending": (SKIP, NFS, TWO, {}),
}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_judged_as_written_down(name):
    severity, kind, nodes, values = LOCKS[name]
    assert lock(target(name, kind, nodes), StorageFacts(**values), SPACE).severity is severity


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("lock-disk-two", ("storage.filesystem",)),
        ("lock-hidden", ("storage.filesystem",)),
        ("lock-9p", ("storage.filesystem",)),
        ("lock-twice", ()),
    ],
)
def test_a_lock_that_others_may_not_see_follows_from_the_file_system(name, because):
    _, kind, nodes, values = LOCKS[name]
    assert lock(target(name, kind, nodes), StorageFacts(**values), SPACE).because == because


NAS = Mount("nas:/export", "/srv", "nfs4")
OWNERS = {
    "owner": (PASS, 0o755, Written(0, 0), NAS),
    "owner-of-another": (WARN, 0o755, Written(65534, 0), NAS),
    "owner-of-a-space": (WARN, 0o755, Written(65534, 0), Mount("nas:/an export", "/srv", "nfs")),
    "owner-of-a-share": (WARN, 0o755, Written(65534, 0), Mount("//nas/export", "/srv", "cifs")),
    "owner-of-no-export": (WARN, 0o755, Written(65534, 0), Mount("nas", "/srv", "nfs4")),
    "owner-unmounted": (WARN, 0o755, Written(65534, 0), None),
    "owner-everybody": (WARN, 0o777, Written(0, 0), NAS),
    "owner-everybody-alone": (WARN, 0o702, Written(0, 0), NAS),
    "owner-sticky": (PASS, 0o1777, Written(0, 0), NAS),
    "owner-group": (PASS, 0o775, Written(0, 0), NAS),
    "owner-no-root": (UNKNOWN, 0o755, Written(1000, 1000), NAS),
    "owner-no-root-unmounted": (UNKNOWN, 0o755, Written(1000, 1000), None),
    "owner-no-root-disk": (PASS, 0o755, Written(1000, 1000), Mount("/dev/sda1", "/", "ext4")),
    "owner-windows": (SKIP, 0o755, Written(None, None), None),
}


@pytest.mark.parametrize("name", OWNERS)
def test_an_owner_is_judged_as_written_down(name):
    severity, mode, written, carrier = OWNERS[name]
    assert owner(target(name), Folder(f"/srv/{name}", mode, 0), written, carrier).severity is severity


SYNCS = {
    "sync": (PASS, Known(199, 7)),
    "sync-200": (WARN, Known(200, 7)),
    "sync-late": (WARN, LATE),
    "sync-trouble": (FAIL, OTHER),
    "sync-pending": (SKIP, PENDING),
}


@pytest.mark.parametrize("name", SYNCS)
def test_the_speed_of_a_disk_is_judged_as_written_down(name):
    severity, fact = SYNCS[name]
    assert fsync(target(name), fact, SPACE).severity is severity


def told(name, **values):
    return {finding.id.removeprefix("storage."): finding for finding in judge(target(name), StorageFacts(**values))}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("gone", {"folder": Trouble(ErrorKind.MISSING, "No such file or directory", "", 4)}),
        ("closed", {"folder": Trouble(ErrorKind.PERMISSION, "Permission denied", "", 4)}),
        ("hangs", {"suspected": mount("nfs4"), "folder": LATE}),
        ("hangs-somewhere", {"suspected": LATE}),
        ("odd", {"folder": OTHER, "suspected": Known(None)}),
        ("odd-mute", {"folder": Trouble(ErrorKind.OTHER, "", "", 4)}),
        ("unasked", {}),
    ],
)
def test_a_folder_that_cannot_be_used_is_told_and_all_else_skipped(name, values):
    gate, *others = told(name, **values).values()
    assert (gate.id, gate.severity) == ("storage.exists", FAIL)
    assert {(one.severity, one.because) for one in others} == {(SKIP, ("storage.exists",))}


WELL = {
    "folder": Known(Folder("/srv/x", 0o755, 0), 7),
    "mount": mount("nfs4"),
    "space": Known(Space(9 * GIB, 9 * GIB, None)),
}


@pytest.mark.parametrize(
    ("name", "check", "severity", "values"),
    [
        ("there", "exists", PASS, {}),
        ("written", "write", PASS, {"write": Known(Written(0, 0), 7)}),
        ("written-late", "write", FAIL, {"write": LATE}),
        ("written-never", "write", FAIL, {"write": Trouble(ErrorKind.PERMISSION, "Permission denied", "", 4)}),
        ("written-oddly", "write", FAIL, {"write": OTHER}),
        ("written-missing", "write", FAIL, {"write": Trouble(ErrorKind.MISSING, "gone", "", 4)}),
        ("written-unasked", "write", SKIP, {}),
        ("deleted", "delete", PASS, {"write": Known(Written(0, 0), 7), "delete": Known(None, 7)}),
        ("deleted-never", "delete", FAIL, {"write": Known(Written(0, 0), 7), "delete": OTHER}),
        ("deleted-unasked", "delete", SKIP, {"write": Known(Written(0, 0), 7)}),
        ("unwritten-delete", "delete", SKIP, {"write": OTHER}),
    ],
)
def test_what_was_tried_in_a_folder_is_judged_as_written_down(name, check, severity, values):
    assert told(name, **WELL | values)[check].severity is severity
