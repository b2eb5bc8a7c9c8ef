"""What an export over a former bundle would change: told, diffed without secrets, and nothing written."""

import json

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.bundle.files import SecretsMode
from wizard.plan.redact import Redactor
from wizard.plan.secret import HIDDEN, Secret
from wizard.verbs.changes import ChangeKind, Mask
from wizard.verbs.export import ExportError, changes, export

INLINE = SecretsMode.INLINE
TARGETS = ("env", "nginx")


def kinds(found):
    return {change.path: change.kind.value for change in found.files}


def tree(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_into_a_free_place_everything_is_new_and_nothing_is_written(tmp_path):
    found = changes(good_plan(), SECRETS, tmp_path / "out")
    assert set(kinds(found).values()) == {"new"}
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_the_same_plan_changes_nothing(tmp_path, name):
    export(good_plan(), SECRETS, tmp_path / name)
    found = changes(good_plan(), SECRETS, tmp_path / name)
    assert set(kinds(found).values()) == {"unchanged"}
    assert found.kept_for == ()


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_what_is_told_is_what_an_export_then_does(tmp_path, name):
    export(good_plan(), SECRETS, tmp_path / name, targets=TARGETS)
    plan = good_plan().with_value("database.port", 6432).with_value("nodes.2.name", "node9")
    found = changes(plan, SECRETS, tmp_path / name, targets=TARGETS)
    assert {path: kind for path, kind in kinds(found).items() if kind != "unchanged"} == {
        "README.md": "changed",
        "cluster.yaml": "changed",
        "env/cluster.docker.env": "changed",
        "env/cluster.env": "changed",
        "env/node-node3.env": "removed",
        "env/node-node9.env": "new",
        "manifest.json": "changed",
        "nginx/production.conf": "changed",
    }
    [env] = [change for change in found.files if change.path == "env/cluster.env"]
    assert "+DB_PORT=6432" in env.diff.splitlines()
    export(plan, SECRETS, tmp_path / name, targets=TARGETS)
    assert set(kinds(changes(plan, SECRETS, tmp_path / name, targets=TARGETS)).values()) == {"unchanged"}


def test_a_dry_run_leaves_a_former_bundle_as_it_is(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out")
    before = tree(tmp_path)
    changes(good_plan().with_value("name", "Other"), SECRETS, tmp_path / "out", INLINE)
    assert tree(tmp_path) == before


def test_no_secret_of_either_side_is_shown(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", INLINE)
    others = {name: Secret(secret.reveal()[::-1]) for name, secret in SECRETS.items()}
    found = changes(good_plan(), others, tmp_path / "out", INLINE)
    text = "".join(change.diff for change in found.files)
    assert f"-DB_PASSWORD={HIDDEN}" in text
    assert f"+DB_PASSWORD={HIDDEN}" in text
    values = [secret.reveal() for secret in (*SECRETS.values(), *others.values())]
    assert not [value for value in values if value in text]


def test_a_value_filled_in_by_hand_is_told_as_changed_and_not_shown(tmp_path):
    export(good_plan(), {}, tmp_path / "out")
    path = tmp_path / "out/env/cluster.env"
    path.write_text(path.read_text() + "APP_KEY=by-hand-12345\nDB_PORT=1\n")
    found = changes(good_plan(), {}, tmp_path / "out")
    [change] = [change for change in found.files if change.path == "env/cluster.env"]
    assert change.by_hand
    assert change.kind is ChangeKind.CHANGED
    assert f"-APP_KEY={HIDDEN}" in change.diff
    assert "by-hand-12345" not in change.diff
    assert found.kept_for == ("env/cluster.env",)


def test_a_file_that_is_no_text_has_no_diff(tmp_path):
    export(good_plan(), {}, tmp_path / "out")
    path = tmp_path / "out/README.md"
    path.unlink()
    path.mkdir()
    path.rmdir()
    path.symlink_to("/dev/null")
    [change] = [one for one in changes(good_plan(), {}, tmp_path / "out").files if one.path == "README.md"]
    assert "cannot be shown" in change.diff


def test_what_an_export_would_refuse_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(ExportError, match="neither empty nor a former bundle"):
        changes(good_plan(), SECRETS, tmp_path)
    with pytest.raises(ExportError, match=r"database\.password"):
        changes(good_plan(), {}, tmp_path / "out", INLINE)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("DB_PORT=5432", "DB_PORT=5432"),
        ("OTHER=x1y2", f"OTHER={HIDDEN}"),
        ("# OTHER=x1y2", f"# OTHER={HIDDEN}"),
        ("export OTHER='x y'", f"export OTHER={HIDDEN}"),
        ('      - "OTHER=x1y2"', f'      - "OTHER={HIDDEN}'),
        ("  OTHER: x1y2", f"  OTHER: {HIDDEN}"),
        ("  password: x1y2", f"  password: {HIDDEN}"),
        ('proxy_set_header Authorization "Basic eHg=";', f"proxy_set_header Authorization {HIDDEN}"),
        ("see redis://:p@ss@host:1/0 there", f"see redis://:{HIDDEN}@host:1/0 there"),
        ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA", HIDDEN),
        ("holds known-1 inside", f"holds {HIDDEN} inside"),
        ("listen 443 ssl;", "listen 443 ssl;"),
    ],
)
def test_a_line_of_unknown_origin_is_shown_without_what_may_be_secret(line, shown):
    assert Mask({"DB_PORT"}, Redactor([Secret("known-1")])).line(line) == shown


def test_the_manifest_of_a_bundle_tells_the_digest_of_each_marked_block(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", targets=TARGETS)
    entries = json.loads((tmp_path / "out/manifest.json").read_text())["files"]
    assert [entry["path"] for entry in entries if "block" in entry] == ["nginx/production.conf"]
