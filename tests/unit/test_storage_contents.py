"""What lies in a shared folder already, found by the real probe in a real folder."""

import subprocess

import pytest

from tests.remedies import paste
from wizard.checks.storage import contents
from wizard.checks.storage.judge import judge
from wizard.checks.storage.probe import StorageFacts, probe
from wizard.checks.storage.target import target_of
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import LicenceMethod, StorageKind

_APP_KEY = "k" * 32
_STORED = bytes(range(32))


def _judged(folder, secrets=None, **values):
    plan = Plan().with_value("storage.path", str(folder)).with_value("storage.kind", StorageKind.LOCAL)
    for key, value in values.items():
        plan = plan.with_value(key.replace("__", "."), value)
    secrets = {name: Secret(value) for name, value in (secrets or {}).items()}
    target, facts = target_of(plan, secrets), StorageFacts()
    probe(target, facts)
    found = {finding.id: finding for finding in judge(target, facts)}
    assert not any(_STORED.hex() in str(finding) for finding in found.values())
    return found


def _told(finding):
    return finding.severity, finding.error


def _put(folder, name, content=b""):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_an_empty_folder_passes(tmp_path):
    found = _judged(tmp_path, application__aes_key=SecretRef("a"))
    names = ("database_files", "links", "markers", "jwt_key", "aes_key", "licence_files")
    assert {found[f"storage.{name}"].severity for name in names} == {Severity.PASS}


@pytest.mark.parametrize(
    ("sign", "kind"),
    [
        ("db/postgres/PG_VERSION", "PostgreSQL"),
        ("db/mysql/ibdata1", "MySQL"),
        ("db/mariadb/aria_log_control", "MariaDB"),
        ("redis/dump.rdb", "Redis"),
        ("db/postgres/18/docker/PG_VERSION", "PostgreSQL"),
    ],
)
def test_files_of_a_database_fail(tmp_path, sign, kind):
    _put(tmp_path, sign)
    finding = _judged(tmp_path)["storage.database_files"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.OTHER)
    assert kind in finding.summary
    assert sign in finding.detail


def test_a_link_that_leads_out_is_a_warning(tmp_path):
    (tmp_path / "storage").mkdir()
    (tmp_path / "storage" / "uploads").symlink_to(tmp_path)
    finding = _judged(tmp_path / "storage")["storage.links"]
    assert _told(finding) == (Severity.WARN, None)
    assert "uploads" in finding.detail
    assert f"-> {tmp_path}" in paste(finding.remedy)


def test_an_absolute_link_within_the_folder_is_a_warning(tmp_path):
    _put(tmp_path, "real/file")
    (tmp_path / "alias").symlink_to(tmp_path / "real")
    finding = _judged(tmp_path)["storage.links"]
    assert _told(finding) == (Severity.WARN, None)
    subprocess.run(["/bin/sh", "-c", finding.remedy], check=True)
    assert (tmp_path / "alias" / "file").exists()
    assert _judged(tmp_path)["storage.links"].severity is Severity.PASS


def test_a_link_within_the_folder_passes(tmp_path):
    _put(tmp_path, "real/file")
    (tmp_path / "alias").symlink_to("real")
    assert _judged(tmp_path)["storage.links"].severity is Severity.PASS


@pytest.mark.parametrize("name", contents.MARKERS)
def test_a_mark_of_an_unfinished_upgrade_is_a_warning(tmp_path, name):
    _put(tmp_path, name)
    finding = _judged(tmp_path)["storage.markers"]
    assert _told(finding) == (Severity.WARN, None)
    assert name in finding.remedy


def test_a_stored_session_key_beats_the_application_key(tmp_path):
    _put(tmp_path, contents.JWT_FILE, _STORED)
    finding = _judged(tmp_path, {"k": _APP_KEY}, application__app_key=SecretRef("k"))["storage.jwt_key"]
    assert _told(finding) == (Severity.WARN, None)
    assert finding.facts["fingerprint"] == Secret(_STORED.hex()).fingerprint()


def test_a_stored_session_key_that_is_the_application_key_passes(tmp_path):
    _put(tmp_path, contents.JWT_FILE, _APP_KEY.encode())
    found = _judged(tmp_path, {"k": _APP_KEY}, application__app_key=SecretRef("k"))
    assert found["storage.jwt_key"].severity is Severity.PASS


def test_a_session_key_of_another_length_stops_nocobase(tmp_path):
    _put(tmp_path, contents.JWT_FILE, b"short")
    assert _told(_judged(tmp_path)["storage.jwt_key"]) == (Severity.FAIL, ErrorKind.OTHER)


@pytest.mark.parametrize("name", contents.AES_FILES)
def test_the_plans_encryption_key_must_be_the_stored_one(tmp_path, name):
    _put(tmp_path, name, _STORED)
    same, other = _STORED.hex().upper(), "0" * 64
    planned = {"application__aes_key": SecretRef("a")}
    assert _judged(tmp_path, {"a": same}, **planned)["storage.aes_key"].severity is Severity.PASS
    finding = _judged(tmp_path, {"a": other}, **planned)["storage.aes_key"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.OTHER)
    assert name in finding.remedy
    assert finding.facts["fingerprint"] != finding.facts["planned_fingerprint"]


@pytest.mark.parametrize(
    ("content", "values", "told"),
    [
        (_STORED, {}, (Severity.INFO, None)),
        (_STORED, {"application__aes_key": SecretRef("a")}, (Severity.UNKNOWN, ErrorKind.MISSING)),
        (_STORED, {"application__aes_key_path": "/etc/nocobase/aes"}, (Severity.UNKNOWN, None)),
        (b"short", {}, (Severity.FAIL, ErrorKind.OTHER)),
    ],
)
def test_a_stored_encryption_key_without_one_to_compare(tmp_path, content, values, told):
    _put(tmp_path, contents.AES_FILES[0], content)
    assert _told(_judged(tmp_path, **values)["storage.aes_key"]) == told


def test_an_account_is_beaten_by_a_stored_licence_key(tmp_path):
    _put(tmp_path, contents.LICENCE_KEY_FILE, b"stored-key\n")
    finding = _judged(tmp_path)["storage.licence_files"]
    assert _told(finding) == (Severity.WARN, None)


@pytest.mark.parametrize(
    ("stored", "planned", "told"),
    [
        (None, "stored-key", (Severity.WARN, ErrorKind.MISSING)),
        (b" \n", "stored-key", (Severity.WARN, ErrorKind.MISSING)),
        (b"stored-key\n", "stored-key", (Severity.PASS, None)),
        (b"stored-key\n", None, (Severity.PASS, None)),
        (b"stored-key\n", "another-key", (Severity.WARN, ErrorKind.OTHER)),
    ],
)
def test_a_licence_key_must_be_in_the_folder(tmp_path, stored, planned, told):
    if stored is not None:
        _put(tmp_path, contents.LICENCE_KEY_FILE, stored)
    secrets = {"l": planned} if planned else {}
    values = {"licence__method": LicenceMethod.KEY, "licence__key": SecretRef("l")}
    assert _told(_judged(tmp_path, secrets, **values)["storage.licence_files"]) == told


def test_a_large_folder_is_looked_at_within_bounds(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "_A_FOLDER", 3)
    for number in range(5):
        _put(tmp_path, f"uploads/{number}")
    tree = contents.walk(str(tmp_path))
    assert (tree.complete, tree.looked_at) == (True, 4), "what NocoBase fills itself leaves nothing open"
    for number in range(5):
        _put(tmp_path, f"others/{number}")
    assert contents.walk(str(tmp_path)).cut_short
    for name in ("links", "database_files"):
        finding = _judged(tmp_path)[f"storage.{name}"]
        assert _told(finding) == (Severity.UNKNOWN, None)
        assert "Not all was looked at" in finding.detail


def test_a_folder_deeper_than_is_looked_at_leaves_it_open(tmp_path):
    _put(tmp_path, "uploads/1/2/3/4/5/file")
    assert contents.walk(str(tmp_path)).complete
    _put(tmp_path, "db/1/2/3/4/PG_VERSION")
    finding = _judged(tmp_path)["storage.database_files"]
    assert _told(finding) == (Severity.UNKNOWN, None)
    found = subprocess.run(["/bin/sh", "-c", finding.remedy.replace("sudo ", "")], capture_output=True, check=True)
    assert found.stdout.decode() == f"{tmp_path}/db/1/2/3/4/PG_VERSION\n"


def test_the_walk_ends_by_its_time(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "_SECONDS", -1.0)
    _put(tmp_path, "a/b")
    assert contents.walk(str(tmp_path)).complete is False


def test_a_key_that_is_a_folder_is_unknown(tmp_path):
    (tmp_path / contents.JWT_FILE).mkdir(parents=True)
    assert _told(_judged(tmp_path)["storage.jwt_key"]) == (Severity.UNKNOWN, ErrorKind.OTHER)


@pytest.mark.parametrize("name", [".upgrading", "app-upgrading"])
def test_a_mark_that_is_removed_as_told_is_gone(tmp_path, name):
    _put(tmp_path, name)
    finding = _judged(tmp_path)["storage.markers"]
    assert _told(finding)[0] is Severity.WARN
    paste(finding.remedy)
    assert _judged(tmp_path)["storage.markers"].severity is Severity.PASS


def test_a_licence_key_against_the_account_is_taken_away_and_a_missing_one_put_there_as_told(tmp_path):
    _put(tmp_path, contents.LICENCE_KEY_FILE, b"stored-key")
    paste(_judged(tmp_path)["storage.licence_files"].remedy)
    assert _judged(tmp_path)["storage.licence_files"].severity is Severity.PASS
    values = {"licence__method": LicenceMethod.KEY, "licence__key": SecretRef("l")}
    (tmp_path / "license-key").write_bytes(b"new-key")
    _put(tmp_path, contents.INSTANCE_ID_FILE, b"an-id")
    finding = _judged(tmp_path, {"l": "new-key"}, **values)["storage.licence_files"]
    assert _told(finding) == (Severity.WARN, ErrorKind.MISSING)
    paste(finding.remedy, folder=tmp_path)
    assert _judged(tmp_path, {"l": "new-key"}, **values)["storage.licence_files"].severity is Severity.PASS


@pytest.mark.parametrize("content", [b"s" * 32, b"short"])
def test_a_session_key_that_is_removed_as_told_lets_the_plans_count(tmp_path, content):
    given = {"secrets": {"key": _APP_KEY}, "application__app_key": SecretRef("key")}
    _put(tmp_path, "apps/main/jwt_secret.dat", content)
    finding = _judged(tmp_path, **given)["storage.jwt_key"]
    assert _told(finding)[0] in {Severity.WARN, Severity.FAIL}
    paste(finding.remedy)
    found = _judged(tmp_path, **given)["storage.jwt_key"]
    assert found.severity is Severity.PASS


def test_a_stored_encryption_key_is_shown_as_the_plan_wants_it(tmp_path):
    _put(tmp_path, "apps/main/aes_key.dat", _STORED)
    finding = _judged(tmp_path, {"a": "00" * 32}, application__aes_key=SecretRef("a"))["storage.aes_key"]
    assert _told(finding)[0] is Severity.FAIL
    shown = paste(finding.remedy).strip()
    assert shown == _STORED.hex()
    again = _judged(tmp_path, {"a": shown}, application__aes_key=SecretRef("a"))
    assert again["storage.aes_key"].severity is Severity.PASS
