"""Where a container has its storage and its uploads, by its variables, and whether something is mounted there."""

import pytest

from tests.unit.test_compose_source import TWO, opened
from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.plan.finding import Severity

POD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  template:
    spec:
      volumes: [{name: files, nfs: {server: nas, path: /export}}]
      containers:
        - name: app
          image: nocobase/nocobase:2.2.15
          volumeMounts: [{name: files, mountPath: MOUNT}]
          env: [{name: DB_DIALECT, value: postgres}MORE]
"""


def judged(found):
    """Return the severities of what is said of the storage and of the uploads."""
    every = rules(found.plan, found.secrets)
    return [next(one.severity for one in every if one.id == f"plan.{name}") for name in ("shared_storage", "uploads")]


PLACES = pytest.mark.parametrize(
    ("mount", "variables", "storage", "uploads"),
    [
        ("/app/nocobase/storage", {}, Severity.PASS, Severity.PASS),
        ("/app", {}, Severity.PASS, Severity.PASS),
        ("/app/nocobase/storage", {"STORAGE_PATH": "/data/storage"}, Severity.FAIL, Severity.PASS),
        ("/data", {"STORAGE_PATH": "/data/storage"}, Severity.PASS, Severity.PASS),
        ("/app/nocobase/files", {"STORAGE_PATH": "files"}, Severity.PASS, Severity.PASS),
        ("/app/nocobase/storage", {"LOCAL_STORAGE_DEST": "/app/uploads"}, Severity.PASS, Severity.FAIL),
        ("/app/nocobase/storage", {"LOCAL_STORAGE_DEST": "uploads"}, Severity.PASS, Severity.FAIL),
        ("/app/nocobase/storage", {"LOCAL_STORAGE_DEST": "storage/uploads"}, Severity.PASS, Severity.PASS),
        ("/app", {"LOCAL_STORAGE_DEST": "/app/uploads"}, Severity.PASS, Severity.PASS),
        ("/app/nocobase/storage", {"PLUGIN_STORAGE_PATH": "/app/plugins"}, Severity.PASS, Severity.FAIL),
        ("/app", {"PLUGIN_STORAGE_PATH": "/app/plugins"}, Severity.PASS, Severity.PASS),
        ("/data", {"STORAGE_PATH": "/data", "LOCAL_STORAGE_DEST": "/data/up"}, Severity.PASS, Severity.PASS),
        ("/data", {"STORAGE_PATH": "/data", "LOCAL_STORAGE_DEST": "storage/uploads"}, Severity.PASS, Severity.FAIL),
    ],
)


@PLACES
def test_services_are_asked_for_a_mount_where_their_variables_put_it(tmp_path, mount, variables, storage, uploads):
    text = TWO.replace("files:/app/nocobase/storage", f"/mnt/files:{mount}")
    more = "".join(f"  {name}: {value}\n" for name, value in variables.items())
    found = opened(tmp_path, text.replace("  DB_LOGGING: off\n", f"  DB_LOGGING: off\n{more}"))
    assert judged(found) == [storage, uploads]


@PLACES
def test_pods_are_asked_alike(tmp_path, mount, variables, storage, uploads):
    more = "".join(f", {{name: {name}, value: {value}}}" for name, value in variables.items())
    (tmp_path / "web.yaml").write_text(POD.replace("MOUNT", mount).replace("MORE", more))
    assert judged(open_source(str(tmp_path / "web.yaml"))) == [storage, uploads]


def test_the_way_out_of_a_moved_storage_is_named(tmp_path):
    found = opened(tmp_path, TWO.replace("  DB_LOGGING: off\n", "  STORAGE_PATH: /data/storage\n"))
    [finding] = [one for one in rules(found.plan, found.secrets) if one.id == "plan.shared_storage"]
    assert "/data/storage" in finding.remedy
    assert "Or take STORAGE_PATH out" in finding.remedy


def test_two_folders_of_two_nodes_are_one_thing_to_do(tmp_path):
    from wizard.checks.registry import spec_of
    from wizard.engine.actions import actions

    text = TWO.replace('"files:/app', '"/mnt/a:/app').replace(
        "    environment: {", '    volumes: ["/mnt/b:/app/nocobase/storage"]\n    environment: {'
    )
    found = opened(tmp_path, text)
    every = actions(rules(found.plan, found.secrets), spec_of, lambda _finding: "")
    ids = {"plan.sources", "plan.shared_storage"}
    assert len([one for one in every if ids & {cleared[0] for cleared in one.clears}]) == 1


def test_where_a_folder_in_the_storage_alone_is_mounted_it_is_named(tmp_path):
    uploads = "/app/nocobase/storage/uploads"
    (tmp_path / "web.yaml").write_text(POD.replace("MOUNT", uploads).replace("MORE", ""))
    for found in (opened(tmp_path, TWO.replace("/app/nocobase/storage", uploads)), open_source(f"{tmp_path}/web.yaml")):
        [finding] = [one for one in rules(found.plan, found.secrets) if one.id == "plan.shared_storage"]
        assert finding.summary.startswith(f"Only {uploads} is mounted of the storage of ")
        assert "at /app/nocobase/storage." in finding.remedy
