"""Hostile and broken sources of every kind end soon, with a sentence that names the file, and with no traceback."""

import json
import time
import zipfile

import pytest

from tests.patience import processor_time
from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.formats.files import SourceError
from wizard.plan.observed import Topic, Unfollowed
from wizard.reading import LARGEST

NOCOBASE = "image: nocobase/nocobase:2.2.15, environment: {DB_DIALECT: postgres, DB_HOST: db}"
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{one}: &{one} [{','.join([f'*{before}'] * 9)}]\n" for before, one in zip("abcdefgh", "bcdefghi", strict=True)
)
DEEP = "[" * 5000
LONG = "x" * 300_000

REFUSED = {
    "Compose, deep": ({"compose.yaml": f"services: {DEEP}\n"}, "line 1"),
    "Compose, huge": ({"compose.yaml": f"services: {{a: {{image: {LONG}}}}}\n"}, "too large"),
    "Compose, bomb of merges": (
        {
            "compose.yaml": "a: &a {<<: []}\n"
            + "".join(f"b{n}: &b{n} {{<<: [{','.join([f'*b{n - 1}' if n else '*a'] * 9)}]}}\n" for n in range(9))
            + "services: {app: {environment: {<<: *b8}}}\n"
        },
        "merged",
    ),
    "Compose, extends in a circle": (
        {"compose.yaml": "services: {a: {extends: b}, b: {extends: {service: a, file: ./compose.yaml}}}\n"},
        "extends itself",
    ),
    "Compose, extends over two files": (
        {
            "compose.yaml": "services: {a: {extends: {file: other.yaml, service: b}}}\n",
            "other.yaml": "services: {b: {extends: {file: compose.yaml, service: a}}}\n",
        },
        "extends itself",
    ),
    "Compose, include in a circle": (
        {"compose.yaml": "include: [{path: [b.yaml]}]\nservices: {}\n", "b.yaml": "include: compose.yaml\n"},
        "included by itself",
    ),
    "Compose, services as a list": ({"compose.yaml": "services:\n- a\n"}, "no service in it is NocoBase"),
    "Compose, a key twice": ({"compose.yaml": "services: {a: {? [x] : y}}\n"}, "compose.yaml"),
    "manifests, deep": ({"a.yaml": f"apiVersion: v1\nkind: List\nitems: {DEEP}\n"}, "line 3"),
    "manifests, a list in a list": (
        {"a.yaml": "apiVersion: v1\nkind: List\nitems: " + "[{items: " * 20 + "[]" + "}]" * 20 + "\n"},
        "no container in it is NocoBase",
    ),
    "manifests, wrong kinds everywhere": (
        {"a.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: []\nspec: {replicas: [], template: 1}\n"},
        "no container in it is NocoBase",
    ),
    "kustomization, in a circle": (
        {"kustomization.yaml": "resources: [more]\n", "more/kustomization.yaml": "resources: [..]\n"},
        "builds on itself",
    ),
    "kustomization, a prefix longer than a name": (
        {"kustomization.yaml": f"namePrefix: {'x' * 254}\nresources: [a.yaml]\n"},
        "line 1: a name has at most 253 characters",
    ),
    "docker inspect, deep": ({"a.json": '[{"Id": ' + DEEP}, "line 1"),
    "docker inspect, not JSON": ({"a.json": '[{"Id": "1", "Config": {\n'}, "a.json, line"),
    "PM2, deep": ({"ecosystem.config.js": f"module.exports = {{apps: {DEEP}"}, "line 1"),
    "PM2, a string without its end": ({"ecosystem.config.js": "module.exports = {apps: ['x"}, "line 1"),
    "nginx, deep": ({"a.conf": "server { listen 80;\n" + "location / {" * 3000}, "a.conf"),
    "HAProxy, a quote without its end": ({"haproxy.cfg": "frontend fe\n  bind 'x\n"}, "line 2"),
    "systemd, no service": ({"a.service": "[Unit]\n" + "Description=x\\\n" * 5000}, "starts no service"),
}


def long_manifest(size):
    """Return a workload with a note of that length, as `kubectl get` prints what was last applied."""
    env = "env: [{name: DB_HOST, value: db}]"
    pod = f"spec: {{containers: [{{image: nocobase/nocobase, {env}}}]}}"
    return f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations: {{note: {'x' * size}}}\n{pod}\n"


def test_what_a_program_prints_may_be_longer_than_what_a_person_writes(tmp_path):
    (tmp_path / "pods.yaml").write_text(long_manifest(600_000))
    assert open_source(str(tmp_path / "pods.yaml")).plan.database.host == "db"
    (tmp_path / "pods.yaml").write_text(long_manifest(1_100_000))
    with pytest.raises(SourceError, match="more than 1048576 characters"):
        open_source(str(tmp_path / "pods.yaml"))


@pytest.mark.parametrize("name", REFUSED)
def test_a_source_that_cannot_be_followed_is_refused_in_a_sentence(tmp_path, name):
    files, words = REFUSED[name]
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    with pytest.raises(SourceError, match=words) as refused:
        open_source(str(tmp_path / next(iter(files))))
    assert str(tmp_path) in str(refused.value)
    assert len(str(refused.value)) < 1000


def test_aliases_that_multiply_are_not_written_out(tmp_path):
    (tmp_path / "compose.yaml").write_text(f"{BOMB}services: {{app: {{{NOCOBASE}, x-more: *i}}}}\n")
    assert open_source(str(tmp_path / "compose.yaml")).plan.database.host == "db"


def test_replicas_without_end_are_counted_to_one(tmp_path):
    (tmp_path / "compose.yaml").write_text(f"services: {{app: {{{NOCOBASE}, scale: 99999999999}}}}\n")
    assert len(open_source(str(tmp_path / "compose.yaml")).plan.nodes) == 500


def test_what_lies_where_a_file_should_is_neither_read_nor_waited_for(tmp_path):
    import os

    os.mkfifo(tmp_path / "app.env")
    (tmp_path / "other.env").mkdir()
    body = f"{NOCOBASE}, env_file: [{{path: app.env, required: false}}, {{path: other.env, required: false}}]"
    (tmp_path / "compose.yaml").write_text(f"services: {{app: {{{body}}}}}\n")
    assert open_source(str(tmp_path / "compose.yaml")).plan.database.host == "db"


@pytest.mark.parametrize("place", ["bundle", "bundle.zip"])
def test_a_cluster_file_that_is_too_large_is_not_said_to_be_missing(tmp_path, place):
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle/cluster.yaml").write_bytes(b"#" * (LARGEST + 1))
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "bundle/cluster.yaml", "cluster.yaml")
    with pytest.raises(SourceError, match=rf"{place}/cluster.yaml cannot be read: it is larger than 4 MiB\."):
        open_source(str(tmp_path / place))


def test_a_folder_in_the_place_of_a_units_file_is_named(tmp_path):
    (tmp_path / "x.env").mkdir()
    (tmp_path / "a.service").write_text("[Service]\nEnvironment=DB_DIALECT=mysql\nEnvironmentFile=/nowhere/x.env\n")
    [item] = open_source(str(tmp_path / "a.service")).plan.seen(Topic.UNFOLLOWED)
    assert (item.subject, item.value) == ("/nowhere/x.env", Unfollowed.MISSING)


CANARY = "Hq7xV2kPz9LmC4tR8wYb"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("compose.yaml", f"services: {{app: {{image: nocobase/nocobase, environment: {{DB_PASSWORD: {CANARY}\n"),
        ("compose.yaml", f"services: {{app: {{image: nocobase/nocobase, environment: *{CANARY}}}}}\n"),
        ("a.yaml", f"apiVersion: v1\nkind: Secret\nstringData: {{DB_PASSWORD: '{CANARY}\n"),
        ("inspect.json", json.dumps([{"Id": "1", "Config": {"Env": [f"DB_PASSWORD={CANARY}"]}}])[:-3]),
        ("ecosystem.config.js", f"module.exports = {{ apps: [{{ env: {{ DB_PASSWORD: '{CANARY}' \n"),
        ("crm.service", f"[Timer]\nEnvironment=DB_PASSWORD={CANARY}\n"),
        ("crm.conf", f"server {{ listen 80; set $x {CANARY};\n"),
    ],
)
def test_no_complaint_quotes_a_secret(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(SourceError) as refused:
        open_source(str(tmp_path / name))
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize("kind", ["compose", "manifest", "inspect", "systemd", "pm2", "values"])
def test_a_secret_of_any_kind_of_source_shows_nowhere(tmp_path, kind):
    env = {"DB_DIALECT": "postgres", "DB_PASSWORD": CANARY, "MY_SECRET": CANARY, "REDIS_URL": f"redis://:{CANARY}@r/4"}
    pairs = [f"{name}={value}" for name, value in env.items()]
    container = {"name": "a", "image": "nocobase/nocobase", "env": [{"name": k, "value": v} for k, v in env.items()]}
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "crm"}}
    deployment["spec"] = {"template": {"spec": {"containers": [container]}}}
    service = {"image": "x", "environment": env | {"APP_KEY": CANARY}}
    values = "replicaCount: 1\nimage: {repository: nocobase/nocobase}\nconfigMap:\n  data: "
    files = {
        "compose": ("compose.yaml", json.dumps({"services": {"app": service}})),
        "manifest": ("a.yaml", json.dumps(deployment)),
        "inspect": ("a.json", json.dumps([{"Id": "1", "Config": {"Image": "nocobase/nocobase", "Env": pairs}}])),
        "systemd": ("a.service", "[Service]\n" + "".join(f"Environment={pair}\n" for pair in pairs)),
        "pm2": ("pm2.json", json.dumps({"apps": [{"name": "nocobase", "env": env}]})),
        "values": ("values.yaml", values + json.dumps(env)),
    }
    name, text = files[kind]
    (tmp_path / name).write_text(text)
    opened = open_source(str(tmp_path / name))
    assert CANARY not in repr(opened)
    assert CANARY not in repr(opened.plan.observed)
    assert opened.secrets["database.password"].reveal() == CANARY


def test_a_secret_in_an_expression_of_pm2_is_in_no_finding(tmp_path):
    variables = f"DB_DIALECT: 'postgres', DB_PASSWORD: process.env.DB_PASSWORD || '{CANARY}', KEY: `{CANARY}${{x}}`"
    app = f"name: 'nocobase', ...more('{CANARY}'), env: {{ {variables}, ...load(\"{CANARY}\") }}"
    (tmp_path / "ecosystem.config.js").write_text(f"module.exports = {{ apps: [{{ {app} }}] }}\n")
    plan = open_source(str(tmp_path / "ecosystem.config.js")).plan
    findings = rules(plan, {})
    assert any("process.env.DB_PASSWORD" in one.summary for one in findings)
    assert CANARY not in repr(plan) + repr(plan.observed) + repr(plan.expressions) + repr(findings)


def test_a_folder_of_more_entries_than_are_looked_at_is_refused_and_not_cut(tmp_path):
    (tmp_path / "compose.yaml").write_text(f"services: {{a: {{{NOCOBASE}}}}}\n")
    for number in range(4999):
        (tmp_path / f"{number}.log").touch()
    assert open_source(str(tmp_path)).plan.database.host == "db"
    (tmp_path / "one-more.log").touch()
    with pytest.raises(SourceError, match="has more than 5000 entries, and not all would be looked at"):
        open_source(str(tmp_path))
    assert open_source(str(tmp_path / "compose.yaml")).plan.database.host == "db"


def test_an_archive_of_more_entries_than_are_looked_at_is_refused_and_not_cut(tmp_path):
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(5001):
            archive.writestr(f"{number}.log", "")
    with pytest.raises(SourceError, match=r"many.zip has more than 5000 entries"):
        open_source(str(tmp_path / "many.zip"))


def test_a_folder_of_more_manifests_than_are_read_is_refused_and_not_cut(tmp_path):
    for number in range(201):
        (tmp_path / f"{number}.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    with pytest.raises(SourceError, match="has more than 200 files that may be manifests"):
        open_source(str(tmp_path))


def _site(count):
    servers = "".join(f"server 10.0.{number // 250}.{number % 250 + 1}:13000;\n" for number in range(count))
    return f"upstream a {{\n{servers}}}\nserver {{ listen 80; location / {{ proxy_pass http://a; }} }}\n"


def test_a_source_of_500_nodes_is_read_and_one_of_more_is_refused(tmp_path):
    (tmp_path / "site.conf").write_text(_site(500))
    assert len(open_source(str(tmp_path / "site.conf")).plan.nodes) == 500
    (tmp_path / "site.conf").write_text(_site(501))
    with pytest.raises(SourceError, match=r"site\.conf has 501 nodes; 500 is the most\."):
        open_source(str(tmp_path / "site.conf"))


def test_a_folder_of_500_nodes_and_what_all_are_given_is_read_and_one_of_more_is_refused(tmp_path):
    for number in range(500):
        (tmp_path / f"n{number}.env").write_text(f"APP_PORT={13000 + number}\n")
    (tmp_path / "common.env").write_text("DB_HOST=db\n")
    assert len(open_source(str(tmp_path)).plan.nodes) == 500
    (tmp_path / "one-more.env").write_text("APP_PORT=1\n")
    with pytest.raises(SourceError, match=r"has 501 nodes; 500 is the most\."):
        open_source(str(tmp_path))


def test_a_plan_of_500_nodes_of_which_much_is_unsaid_is_judged_within_bounds(tmp_path):
    (tmp_path / "site.conf").write_text(_site(500))
    plan = open_source(str(tmp_path / "site.conf")).plan
    began = time.process_time()
    rules(plan, {})
    assert time.process_time() - began < processor_time(2)
