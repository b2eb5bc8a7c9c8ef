"""What lies in the shared folder, against the plan: as plain facts."""

from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.checks.storage.contents import KeyFile, LicenceFiles, Tree
from wizard.checks.storage.judge import fsync, owner
from wizard.checks.storage.judge_contents import judge
from wizard.checks.storage.judge_filesystem import filesystem, space
from wizard.checks.storage.judge_lock import lock
from wizard.checks.storage.mounts import Mount
from wizard.checks.storage.probe import Folder, Space, StorageFacts
from wizard.checks.storage.specs import EXISTS
from wizard.checks.storage.target import target_of
from wizard.checks.storage.trial import Written
from wizard.engine.facts import Known, Trouble
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.secret import Secret
from wizard.plan.sections.storage import StorageKind

PASS, INFO, WARN, FAIL, SKIP, UNKNOWN = (
    Severity.PASS, Severity.INFO, Severity.WARN, Severity.FAIL, Severity.SKIP, Severity.UNKNOWN,
)  # fmt: skip
TARGET = target_of(good_plan(), SECRETS)
NOTHING = Tree((), (), (), 12, (), cut_short=False)
ONE_MACHINE = replace(TARGET, several_machines=False)


def judged(target=TARGET, **values):
    well = {
        "tree": Known(NOTHING),
        "markers": Known(()),
        "jwt_key": Known(None),
        "aes_key": Known(None),
        "licence": Known(LicenceFiles(None, instance_id=True)),
    }
    found = judge(target, StorageFacts(**well | values), EXISTS)
    return {finding.id.removeprefix("storage."): finding for finding in found}


def told(target=TARGET, **values):
    return {name: verdict(finding) for name, finding in judged(target, **values).items()}


def verdict(finding):
    return finding.severity, finding.error


def changed(target=TARGET, **values):
    """Return what is said otherwise than of an empty folder."""
    well = told(target)
    return [said for name, said in told(target, **values).items() if well[name] != said]


SEVEN = tuple(f"place{number}/PG_VERSION" for number in range(7))


@pytest.mark.parametrize(
    ("tree", "databases", "links"),
    [
        (replace(NOTHING, databases=tuple(("PostgreSQL", path) for path in SEVEN)), (FAIL, ErrorKind.OTHER), None),
        (
            replace(NOTHING, databases=(("Redis", "a"), ("MySQL", "b")), cut_short=True),
            (FAIL, ErrorKind.OTHER),
            UNKNOWN,
        ),
        (replace(NOTHING, links_out=SEVEN), None, WARN),
        (replace(NOTHING, links_absolute=tuple((path, f"/srv/{path}") for path in SEVEN)), None, WARN),
        (replace(NOTHING, links_out=("a",), links_absolute=(("b", "/srv/b"),)), None, WARN),
        (replace(NOTHING, cut_short=True), (UNKNOWN, None), UNKNOWN),
        (replace(NOTHING, unreadable=SEVEN), (UNKNOWN, ErrorKind.PERMISSION), UNKNOWN),
        (replace(NOTHING, unreadable=("a",), cut_short=True), (UNKNOWN, ErrorKind.PERMISSION), UNKNOWN),
    ],
)
def test_what_does_not_belong_in_the_folder_is_told(tree, databases, links):
    found = told(tree=Known(tree))
    assert found["database_files"] == (databases or (PASS, None))
    assert found["links"][0] == (links or PASS)


@pytest.mark.parametrize("names", [(".upgrading",), (".upgrading", "app-upgrading")])
def test_a_mark_of_an_unfinished_upgrade_is_a_warning(names):
    assert changed(markers=Known(names)) == [(WARN, None)]


def key(size, content="0a" * 32, path="/srv/nocobase/apps/main/a key.dat"):
    return Known(KeyFile(path, size, Secret(content)))


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (key(31), (FAIL, ErrorKind.OTHER)),
        (key(32), (WARN, None)),
        (key(33), (FAIL, ErrorKind.OTHER)),
        (key(32, ("k" * 48).encode().hex()), (PASS, None)),
    ],
)
def test_a_stored_session_key_is_32_bytes_and_counts_before_the_plan_s(fact, expected):
    assert told(jwt_key=fact)["jwt_key"] == expected


def test_a_stored_session_key_counts_where_the_plan_has_none():
    assert told(replace(TARGET, app_key=None), jwt_key=key(32))["jwt_key"] == (WARN, None)


@pytest.mark.parametrize("fact", [key(32), key(31)])
def test_a_stored_session_key_is_not_read_where_nocobase_is_told_so(fact):
    assert told(replace(TARGET, app_key_alone=True), jwt_key=fact)["jwt_key"] == (PASS, None)


NO_KEY = {"aes_key": None, "aes_key_planned": False, "aes_key_path": ""}


@pytest.mark.parametrize(
    ("plan", "fact", "expected"),
    [
        ({}, key(32), (PASS, None)),
        ({"aes_key": Secret(" " + "0A" * 32 + "\n")}, key(32), (PASS, None)),
        ({}, key(32, "0b" * 32), (FAIL, ErrorKind.OTHER)),
        ({}, Known(None), (PASS, None)),
        (NO_KEY, Known(None), (INFO, None)),
        (NO_KEY | {"aes_key_planned": True}, Known(None), (PASS, None)),
        (NO_KEY | {"aes_key_path": "/etc/aes key"}, Known(None), (PASS, None)),
        (NO_KEY | {"aes_key_planned": True}, key(32), (UNKNOWN, ErrorKind.MISSING)),
        (NO_KEY | {"aes_key_path": "/etc/aes key"}, key(32), (UNKNOWN, None)),
        (NO_KEY, key(31), (FAIL, ErrorKind.OTHER)),
        (NO_KEY, key(32), (INFO, None)),
        (NO_KEY, key(33), (FAIL, ErrorKind.OTHER)),
    ],
)
def test_the_plan_s_encryption_key_must_be_the_stored_one(plan, fact, expected):
    assert told(replace(TARGET, **plan), aes_key=fact)["aes_key"] == expected


@pytest.mark.parametrize(
    ("plan", "lacks"),
    [({"aes_key_planned": True}, "application.aes_key"), ({"aes_key_path": "/etc/aes key"}, "")],
)
def test_a_key_that_is_not_at_hand_is_named_as_what_is_lacking(plan, lacks):
    assert judged(replace(TARGET, **NO_KEY | plan), aes_key=key(32))["aes_key"].lacks == lacks


@pytest.mark.parametrize(
    ("plan", "files", "expected"),
    [
        ({}, LicenceFiles(None, instance_id=False), (PASS, None)),
        ({}, LicenceFiles(Secret("one"), instance_id=True), (WARN, None)),
        ({"licensed_by_key": True}, LicenceFiles(None, instance_id=True), (WARN, ErrorKind.MISSING)),
        ({"licensed_by_key": True}, LicenceFiles(None, instance_id=False), (WARN, ErrorKind.MISSING)),
        ({"licensed_by_key": True}, LicenceFiles(Secret("one"), instance_id=True), (PASS, None)),
        (
            {"licensed_by_key": True, "licence_key": Secret(" one\n")},
            LicenceFiles(Secret("one"), instance_id=False),
            (PASS, None),
        ),
        (
            {"licensed_by_key": True, "licence_key": Secret("two")},
            LicenceFiles(Secret("one"), instance_id=True),
            (WARN, ErrorKind.OTHER),
        ),
    ],
)
def test_the_licence_files_suit_the_way_the_plan_is_licensed(plan, files, expected):
    assert told(replace(TARGET, **plan), licence=Known(files))["licence_files"] == expected


GIB, MIB = 1024**3, 1024**2


@pytest.mark.parametrize(
    ("free", "files", "expected"),
    [
        (5 * GIB, None, (PASS, None)),
        (5 * GIB, 10_000, (PASS, None)),
        (5 * GIB, 9_999, (WARN, None)),
        (5 * GIB - 1, 10_000, (WARN, None)),
        (GIB - 1, None, (WARN, None)),
        (200 * MIB, None, (WARN, None)),
        (200 * MIB - 1, 5, (FAIL, None)),
        (5 * GIB, 1, (WARN, None)),
        (5 * GIB, 0, (FAIL, None)),
    ],
)
def test_room_is_judged_by_bytes_and_by_files(free, files, expected):
    found = space(TARGET, Known(Space(free, 100 * GIB, files), 3))
    assert found.severity is expected[0]


def test_a_file_system_that_names_no_size_is_unknown():
    assert space(TARGET, Known(Space(0, 0, None))).severity is UNKNOWN
    assert space(TARGET, Known(Space(0, 1, None))).severity is FAIL


def mount(kind, *options, device="nas:/export"):
    return Mount(device, "/srv/nocobase", kind, frozenset(options))


@pytest.mark.parametrize(
    ("target", "found", "expected"),
    [
        (TARGET, mount("nfs4"), (PASS, None)),
        (TARGET, mount("nfs4", "rw", "ro"), (FAIL, ErrorKind.PERMISSION)),
        (TARGET, mount("fuse.own"), (UNKNOWN, None)),
        (TARGET, mount("ext4", device="/dev/sda1"), (FAIL, ErrorKind.OTHER)),
        (replace(ONE_MACHINE, kind=StorageKind.LOCAL), mount("ext4", device="/dev/sda1"), (PASS, None)),
        (ONE_MACHINE, mount("ext4", device="/dev/sda1"), (WARN, None)),
        (TARGET, mount("cifs"), (WARN, None)),
        (replace(TARGET, kind=StorageKind.CLOUD), mount("cifs"), (PASS, None)),
        (replace(TARGET, kind=StorageKind.CLUSTER), mount("ceph"), (PASS, None)),
        (replace(TARGET, kind=StorageKind.CLUSTER), mount("nfs"), (WARN, None)),
        (TARGET, None, (UNKNOWN, ErrorKind.MISSING)),
    ],
)
def test_the_file_system_can_be_shared_and_is_the_planned_one(target, found, expected):
    assert verdict(filesystem(target, Known(found))) == expected


@pytest.mark.parametrize(
    ("target", "found", "expected"),
    [
        (TARGET, mount("nfs4"), PASS),
        (TARGET, mount("nfs4", "nolock"), WARN),
        (TARGET, mount("nfs", "local_lock=all", "nolock"), WARN),
        (TARGET, mount("fuse.s3fs"), WARN),
        (TARGET, mount("ext4", device="/dev/sda1"), WARN),
        (ONE_MACHINE, mount("ext4", device="/dev/sda1"), PASS),
        (ONE_MACHINE, mount("fuse.s3fs"), WARN),
        (ONE_MACHINE, mount("nfs4", "nolock"), WARN),
        (TARGET, mount("lustre"), UNKNOWN),
        (TARGET, mount("lustre", "flock"), PASS),
        (TARGET, mount("fuse.own"), UNKNOWN),
        (TARGET, None, UNKNOWN),
    ],
)
def test_a_lock_passes_only_where_all_machines_see_it(target, found, expected):
    assert lock(target, StorageFacts(mount=Known(found), lock=Known(True, 4)), EXISTS).severity is expected


@pytest.mark.parametrize("found", [None, mount("nfs"), mount("ext4", device="/dev/sda1")])
def test_a_lock_that_is_refused_or_granted_twice_fails(found):
    refused = StorageFacts(mount=Known(found), lock=Trouble(ErrorKind.OTHER, "no locks available", elapsed_ms=4))
    assert verdict(lock(TARGET, refused, EXISTS)) == (FAIL, ErrorKind.OTHER)
    assert verdict(lock(TARGET, StorageFacts(mount=Known(found), lock=Known(False)), EXISTS)) == (FAIL, ErrorKind.OTHER)


@pytest.mark.parametrize(("ms", "severity"), [(0, PASS), (199, PASS), (200, WARN), (201, WARN)])
def test_a_disk_is_slow_from_200_milliseconds_on(ms, severity):
    assert fsync(TARGET, Known(ms), EXISTS).severity is severity


@pytest.mark.parametrize(
    ("mode", "written", "found", "expected"),
    [
        (0o755, Written(0, 0), mount("nfs4"), (PASS, None)),
        (0o777, Written(0, 0), mount("nfs4"), (WARN, ErrorKind.PERMISSION)),
        (0o1777, Written(0, 0), mount("nfs4"), (PASS, None)),
        (0o775, Written(0, 0), mount("nfs4"), (PASS, None)),
        (0o755, Written(65534, 0), mount("nfs4"), (WARN, ErrorKind.PERMISSION)),
        (0o755, Written(65534, 0), mount("nfs4", device="nas:/my export"), (WARN, ErrorKind.PERMISSION)),
        (0o755, Written(65534, 0), mount("nfs4", device="nas"), (WARN, ErrorKind.PERMISSION)),
        (0o755, Written(65534, 0), mount("cifs"), (WARN, ErrorKind.PERMISSION)),
        (0o755, Written(65534, 0), None, (WARN, ErrorKind.PERMISSION)),
        (0o755, Written(1000, 1000), mount("nfs4"), (UNKNOWN, None)),
        (0o755, Written(1000, 1000), None, (UNKNOWN, None)),
        (0o755, Written(1000, 1000), mount("ext4", device="/dev/sda1"), (PASS, None)),
        (0o755, Written(None, None), mount("nfs4"), (SKIP, None)),
    ],
)
def test_files_must_stay_those_of_who_wrote_them(mode, written, found, expected):
    assert verdict(owner(TARGET, Folder("/srv/nocobase", mode, 0), written, found)) == expected
