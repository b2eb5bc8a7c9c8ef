"""What an export over a former bundle would change: told, diffed without secrets, and nothing written."""

import json
from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.changes import ChangeKind
from wizard.app.export import ExportError, changes, export
from wizard.app.masking import Ours
from wizard.cli.changes import changes_json, changes_text
from wizard.formats.files import SecretsMode
from wizard.plan.plan import Extra
from wizard.plan.redact import Redactor
from wizard.plan.secret import HIDDEN, Secret

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


OURS = [
    "listen 443 ssl;",
    "    client_max_body_size 0;",
    "password: {secret: database.password}",
    "  memory: 4Gi",
    "server 10.0.0.1:13000 max_fails=3;",
    "TOKEN_OF_AN_ADMIN=x1y2",
]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("listen 443 ssl;", "listen 443 ssl;"),
        ("    client_max_body_size 9m;", "    client_max_body_size 9m;"),
        ("  memory: 16Gi", "  memory: 16Gi"),
        ("server 10.0.0.77:13001 max_fails=1;", "server 10.0.0.77:13001 max_fails=1;"),
        ("server app.internal:13000 max_fails=3;", f"server {HIDDEN}"),
        ("});", "});"),
        ("DB_PORT=5432", "DB_PORT=5432"),
        ('  DB_PORT: "5432"', '  DB_PORT: "5432"'),
        ("DB_PORT=5432 # or x1y2", f"DB_PORT={HIDDEN}"),
        ("DB_PORT=redis://x1y2@host", f"DB_PORT={HIDDEN}"),
        ("TOKEN_OF_AN_ADMIN=x1y2", f"TOKEN_OF_AN_ADMIN={HIDDEN}"),
        ("OTHER=x1y2", f"OTHER={HIDDEN}"),
        ("# OTHER=x1y2", f"# OTHER={HIDDEN}"),
        ("export OTHER='x y'", f"export OTHER={HIDDEN}"),
        ('      - "OTHER=x1y2"', f'      - "OTHER={HIDDEN}'),
        ("  OTHER: x1y2", f"  OTHER: {HIDDEN}"),
        ("  password: x1y2", f"  password: {HIDDEN}"),
        ("listen known-1", f"listen {HIDDEN}"),
        ("DB_PORT=known-1", f"DB_PORT={HIDDEN}"),
        ("x1y2", HIDDEN),
        ("# x1y2", f"# {HIDDEN}"),
        ("listen", HIDDEN),
    ],
)
def test_of_a_line_that_is_not_ours_only_the_key_is_shown(line, shown):
    ours = Ours({"DB_PORT"}, {"TOKEN_OF_AN_ADMIN"}, Redactor([Secret("known-1")]))
    assert ours.mask(["\n".join(OURS)]).line(line) == shown


SPREAD = [
    "- name: SMTP_PASSWORD\n  value: {}",
    "{{name: X_PASSWORD, value: {}}}",
    "stats auth admin:{}",
    "http-request set-header X-Api-Key {}",
    "password {};",
    "-p{}",
    "mysql -p {}",
    "admin:$apr1${}",
    "password: >-\n  {}",
    "PASSWORD:\n- {}",
    '"password":\n"{}",',
    "<password>{}</password>",
    "password={}",
    "[smtp]\n{}",
    "curl -u admin:{} https://x",
    "curl -H 'Authorization: Bearer {}' https://x",
    "redis://{}@host:6379/0",
    "redis://:{}@host:6379/0",
    "https://x/?key={}",
    "# the old one was {}",
    "DB_HOST=db # {}",
    "DB_HOST={}@db",
    "DB_PASSWORD={}",
    "db_password={}",
    "export DB_PASSWORD={}",
    "set $key {};",
    "server {}:13000;",
    "map {} {{",
    "JBSWY3{}====",
    "value: {}",
    "{}",
    "{} {} {}",
    "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----",
]
PLACES = [
    "env/cluster.env",
    "nginx/production.conf",
    "compose/compose.yaml",
    "kubernetes/configmap.yaml",
    "cluster.yaml",
]


@pytest.mark.parametrize("secret", ["hunter22", "4711", "7350128", "correct horse battery"])
@pytest.mark.parametrize("mode", [SecretsMode.REFERENCE, INLINE])
def test_no_form_of_a_secret_that_an_admin_wrote_is_shown(exported, mode, secret):
    written = [line.format(secret, *[secret] * 2) for form in SPREAD for line in form.split("\n")]
    for path in PLACES:
        lines = (exported / path).read_text().splitlines()
        half = len(lines) // 2
        between = [part for pair in zip(written, lines[half:] * len(written), strict=False) for part in pair]
        (exported / path).write_text("\n".join([*lines[:2], *written, *between, *written, *lines[half:-1]]) + "\n")
    found = changes(good_plan().with_value("database.pool_max", 7), SECRETS, exported, mode)
    diffs = {change.path: change.diff for change in found.files}
    assert all(diffs[path].count(HIDDEN) > len(SPREAD) for path in PLACES)
    shown = "".join(diffs.values()) + changes_text(found) + changes_json(found, mode)
    assert [line for line in shown.splitlines() if secret in line] == []


@pytest.fixture
def exported(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out")
    return tmp_path / "out"


def test_a_bundle_that_nobody_changed_is_shown_whole_in_the_lines_that_differ(exported):
    plan = good_plan().with_value("redis.server.host", "other").with_value("name", "renamed")
    found = changes(plan, {}, exported)
    text = "".join(change.diff for change in found.files)
    assert HIDDEN not in text
    assert "-#REDIS_URL=redis://:PASSWORD-HERE@redis.internal:6379/4" in text
    assert "-name: production" in text
    assert HIDDEN not in changes_text(found)


def test_what_was_changed_by_hand_is_told_apart_from_what_the_plan_changes(exported):
    site = exported / "nginx/production.conf"
    site.write_text(site.read_text().replace("server 10.0.0.2:13000 ", "server mine.internal:13000 "))
    diff = {change.path: change.diff for change in changes(good_plan(), {}, exported).files}["nginx/production.conf"]
    assert f"-    server {HIDDEN}" in diff.splitlines()
    assert any(line.startswith("+    server 10.0.0.2:13000 ") for line in diff.splitlines())


def test_a_variable_that_an_admin_added_to_the_plan_is_not_shown(exported):
    plan = replace(good_plan(), extras=(Extra("SMTP_PASSWORD", "hunter22"),))
    for _ in range(2):
        text = "".join(change.diff for change in changes(plan, {}, exported).files)
        assert "hunter22" not in text
        export(plan, {}, exported)
        plan = replace(good_plan(), extras=(Extra("SMTP_PASSWORD", "hunter23"),))
    assert f"SMTP_PASSWORD={HIDDEN}" in text


def test_a_cluster_file_changed_by_hand_says_nothing_of_what_is_ours(exported):
    path = exported / "cluster.yaml"
    path.write_text(f"{path.read_text()}extras:\n  SMTP_PASSWORD: hunter22\n")
    (exported / "env/cluster.env").write_text("SMTP_PASSWORD=hunter22\n")
    assert "hunter22" not in "".join(change.diff for change in changes(good_plan(), {}, exported).files)


def test_a_renamed_cluster_shows_the_site_against_the_one_it_takes_over_from(exported):
    site = exported / "nginx/production.conf"
    site.write_text("# mine\n" + site.read_text().replace("client_max_body_size 0", "client_max_body_size 9m"))
    found = changes(good_plan().with_value("name", "renamed"), {}, exported)
    of = {change.path: change for change in found.files}
    new = of["nginx/renamed.conf"]
    assert (new.kind, new.by_hand, new.former) == (ChangeKind.NEW, True, "nginx/production.conf")
    assert new.diff.startswith("--- nginx/production.conf (there)\n+++ nginx/renamed.conf (new)\n")
    assert "-    client_max_body_size 9m;" in new.diff.splitlines()
    assert of["nginx/production.conf"].kind is ChangeKind.REMOVED
    assert "takes over from nginx/production.conf" in changes_text(found)


def test_the_manifest_of_a_bundle_tells_the_digest_of_each_marked_block(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", targets=TARGETS)
    entries = json.loads((tmp_path / "out/manifest.json").read_text())["files"]
    assert [entry["path"] for entry in entries if "block" in entry] == ["nginx/production.conf"]
