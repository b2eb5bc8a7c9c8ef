"""Opening a source: told apart by what it is; what cannot be read names the file and the line, and no secret."""

import zipfile
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.export import export
from wizard.app.open_source import open_source
from wizard.app.saved_clusters import Library
from wizard.formats import cluster_file
from wizard.formats.files import SecretsMode, SourceError
from wizard.plan.secret import Secret
from wizard.storage.saved_clusters import Workspace
from wizard.storage.secret_store import SessionStore


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "saved")


@pytest.fixture
def text() -> str:
    return cluster_file.write(good_plan())


@pytest.mark.parametrize("name", ["cluster.yaml", "cluster.yml", "plan.txt", "plan"])
def test_a_cluster_file_is_known_by_its_name_or_its_look(tmp_path, text, name):
    (tmp_path / name).write_text(text)
    opened = open_source(str(tmp_path / name))
    assert (opened.plan, opened.secrets, opened.title) == (good_plan(), {}, str(tmp_path / name))


@pytest.mark.parametrize("name", ["production.env", "production.txt", "production"])
def test_an_env_file_gives_plan_and_secrets_and_is_called_after_its_file(tmp_path, name):
    (tmp_path / name).write_text("# a comment: with a colon\nDB_HOST=db.internal\nDB_PASSWORD='pass word'\n")
    opened = open_source(str(tmp_path / name))
    assert opened.plan.database.host == "db.internal"
    assert opened.plan.name == "production"
    assert opened.secrets == {"database.password": Secret("pass word")}


def test_an_env_file_with_a_usual_name_is_called_after_its_folder(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / ".env").write_text("DB_HOST=db\n")
    assert open_source(str(folder / ".env")).plan.name == "shop"
    assert open_source(str(folder)).plan.database.host == "db"


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
@pytest.mark.parametrize("mode", [SecretsMode.REFERENCE, SecretsMode.INLINE])
def test_a_bundle_gives_its_plan_and_the_secrets_written_into_it(tmp_path, name, mode):
    export(good_plan(), SECRETS, tmp_path / name, mode)
    opened = open_source(str(tmp_path / name))
    assert opened.plan == good_plan()
    assert opened.secrets == (SECRETS if mode is SecretsMode.INLINE else {})


def test_a_saved_cluster_opens_by_name_and_by_id(workspace):
    Library(workspace).save(good_plan())
    for source in ("production", good_plan().id):
        opened = open_source(source, workspace)
        assert (opened.plan, opened.title) == (good_plan(), "production")


def test_of_two_saved_clusters_of_one_name_the_id_decides(workspace):
    Library(workspace).save(good_plan())
    workspace.save("other", "production", cluster_file.write(good_plan()))
    with pytest.raises(SourceError, match=r"say which: .*other"):
        open_source("production", workspace)
    assert open_source("other", workspace).plan.name == "production"


def test_a_draft_comes_back_with_what_was_half_typed(workspace):
    draft = good_plan().with_text("database.port", "54x2")
    library = Library(workspace)
    library.save(draft)
    opened = library.open(draft.id)
    assert opened.plan.text("database.port") == "54x2"
    assert opened.plan.problem("database.port")


def test_a_deleted_cluster_takes_its_secrets_along(workspace):
    library, secret_store = Library(workspace), SessionStore()
    library.save(good_plan())
    for name, secret in SECRETS.items():
        secret_store.set(good_plan().id, name, secret)
    library.delete(good_plan().id, secret_store)
    assert library.clusters() == []
    assert [secret_store.get(good_plan().id, name) for name in SECRETS] == [None] * len(SECRETS)
    with pytest.raises(SourceError, match="no such saved cluster"):
        library.open(good_plan().id)


def test_a_deleted_cluster_takes_along_secrets_that_its_plan_no_longer_refers_to(workspace):
    library, secret_store = Library(workspace), SessionStore()
    library.save(good_plan())
    secret_store.set(good_plan().id, "of-a-setting-that-is-gone", Secret("x"))
    secret_store.set("another", "database.password", Secret("x"))
    library.delete(good_plan().id, secret_store)
    assert secret_store.names(good_plan().id) == []
    assert secret_store.names("another") == ["database.password"]


def test_a_damaged_saved_cluster_can_be_deleted_with_its_secrets(workspace):
    workspace.save("c1", "broken", "schema: [")
    library, secret_store = Library(workspace), SessionStore()
    secret_store.set("c1", "database.password", Secret("x"))
    with pytest.raises(SourceError):
        library.open("c1")
    library.delete("c1", secret_store)
    assert library.clusters() == []
    assert secret_store.names("c1") == []


def test_no_secret_is_in_a_saved_cluster(workspace):
    Library(workspace).save(good_plan())
    written = "".join(path.read_text() for path in workspace.root.rglob("*") if path.is_file())
    assert not any(secret.reveal() in written for secret in SECRETS.values())


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.yaml", b"schema: 1\nname: x\ndatabase:\n  hots: y\n", r"a\.yaml, line 4.*hots"),
        ("a.yaml", b"schema: 1\nname: [\n", r"a\.yaml, line"),
        ("a.yaml", b"schema: 1\nname: \xff\n", r"a\.yaml, line 2: it is not text in UTF-8"),
        ("a.yaml", b"apiVersion: v1\nkind: ConfigMap\n", "no container in it is NocoBase"),
        ("a.yaml", b"services:\n  app:\n    image: x\n", "no service in it is NocoBase"),
        ("a.env", b"", r"a\.env"),
        ("a.env", b"\x7fELF\x00\x01\x02", r"a\.env"),
        ("a.zip", b"PK\x05\x06" + b"\0" * 18, "no bundle"),
    ],
    ids=["unknown-key", "syntax", "utf-8", "kubernetes", "compose", "empty", "binary", "empty-zip"],
)
def test_what_cannot_be_read_names_file_and_line(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=words):
        open_source(str(tmp_path / name))


def test_an_empty_folder_is_no_bundle(tmp_path):
    with pytest.raises(SourceError, match="is no bundle"):
        open_source(str(tmp_path))


def test_what_is_nowhere_is_said_so(workspace):
    with pytest.raises(SourceError, match="no file and no saved cluster called “nowhere”"):
        open_source("nowhere", workspace)


def test_a_huge_file_is_not_read(tmp_path):
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(5 * 1024 * 1024)
    with pytest.raises(SourceError, match="larger than 4 MiB"):
        open_source(str(tmp_path / "huge.yaml"))


def test_a_file_of_windows_is_read_with_its_mark(tmp_path, text):
    (tmp_path / "cluster.yaml").write_bytes(b"\xef\xbb\xbf" + text.encode().replace(b"\n", b"\r\n"))
    assert open_source(str(tmp_path / "cluster.yaml")).plan == good_plan()


def test_a_damaged_archive_is_said_so(tmp_path):
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("cluster.yaml", "schema: 1\n" * 100)
    data = bytearray((tmp_path / "b.zip").read_bytes())
    data[45] ^= 0xFF
    (tmp_path / "b.zip").write_bytes(data)
    with pytest.raises(SourceError, match="damaged"):
        open_source(str(tmp_path / "b.zip"))


def test_an_archive_that_was_cut_off_is_said_so(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "b.zip")
    whole = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "b.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match="damaged"):
        open_source(str(tmp_path / "b.zip"))
