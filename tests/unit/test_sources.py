"""What a plan can be read from: told apart by what it is, and several sources that complete one another."""

import shutil
import zipfile
from pathlib import Path

import pytest

import wizard.sources
from tests.made_up_source import add_made_up_source
from tests.unit.plans import good_plan
from wizard.app.open_source import open_source, open_sources
from wizard.checks.plan.rules import rules
from wizard.formats import cluster_file, dotenv
from wizard.formats.files import SecretsMode, SourceError
from wizard.guide.sources_page import sources_page
from wizard.plan.finding import Severity
from wizard.plan.place import Place
from wizard.plan.secret import Secret
from wizard.sources import registry

APP_KEY = "Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE"
COMMON = f"APP_KEY={APP_KEY}\nTZ=UTC\nDB_DIALECT=postgres\nDB_HOST=db.internal\nDB_DATABASE=shop\nDB_USER=shop\n"


def written(folder: Path, **files: str) -> list[str]:
    """Write files, `__` standing for a dot in their names; give their paths."""
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return [str(folder / name.replace("__", ".")) for name in files]


def said_of(plan, identifier):
    return [finding for finding in rules(plan, {}) if finding.id == identifier]


FOREIGN = {
    "main.tf": ('resource "docker_container" "nocobase" {\n  env = ["APP_KEY=x"]\n}\n', "Terraform"),
    "infra.txt": ('variable "app_key" {\n  type = string\n}\n', "Terraform"),
    "nocobase.nomad": ('job "nocobase" {\n  group "app" {}\n}\n', "Nomad"),
    "Dockerfile": ("FROM nocobase/nocobase:2.2.15\nENV APP_KEY=x\n", "Dockerfile"),
    "build": ("# our image\nARG VERSION=2\nFROM nocobase/nocobase:2\nENV TZ=UTC\n", "Dockerfile"),
    "Caddyfile": ("crm.example.com {\n  reverse_proxy 10.0.0.1:13000 10.0.0.2:13000\n}\n", "Caddyfile"),
    "traefik.yml": ("entryPoints:\n  web:\n    address: ':80'\n", "Traefik"),
    "dynamic.yaml": ("http:\n  routers:\n    crm:\n      rule: Host(`x`)\n", "Traefik"),
    "dynamic.toml": ("[http.routers.crm]\nrule = 'Host(`x`)'\n", "Traefik"),
    "000-default.conf": ("<VirtualHost *:80>\n  ProxyPass / http://10.0.0.1:13000/\n</VirtualHost>\n", "Apache"),
    "keepalived.conf": ("vrrp_instance VI_1 {\n  state MASTER\n}\n", "keepalived"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_source_is_called_by_its_name_with_what_to_give_instead(tmp_path, name):
    text, kind = FOREIGN[name]
    (tmp_path / name).write_text(text)
    with pytest.raises(SourceError) as refused:
        open_source(str(tmp_path / name))
    assert kind in str(refused.value)
    assert "env file" in str(refused.value) or "NAME=value" in str(refused.value)


@pytest.mark.parametrize("name", ["prod.env", ".env", ".env.production", "production", "nocobase.txt"])
def test_an_env_file_is_none_of_them(tmp_path, name):
    (tmp_path / name).write_text("# server { and services: in a comment\n" + COMMON + "NOTE='reverse_proxy x;'\n")
    assert open_source(str(tmp_path / name)).plan.database.host == "db.internal"


def test_a_kind_is_added_by_one_file_and_is_on_the_page_of_sources(tmp_path, monkeypatch):
    add_made_up_source(tmp_path, monkeypatch)
    assert "\n| A telegram | The host of the database, between two stops. |\n" in sources_page()


def test_the_page_of_sources_is_what_the_code_says():
    page = Path(wizard.sources.__file__).parents[2] / "docs/sources.md"
    assert page.read_text() == sources_page(), "python -m wizard.guide.sources_page > docs/sources.md"


def test_the_kinds_are_found_by_their_modules_and_each_says_what_it_reads():
    kinds = list(registry.all_sources())
    assert {"Bundle", "ClusterFile", "EnvFile", "Foreign"} <= {type(source).__name__ for source in kinds}
    titles = [source.title for source in kinds]
    assert len(set(titles)) == len(titles) > 10
    assert all(source.description.endswith(".") for source in kinds)


def test_each_value_of_an_env_file_knows_where_it_stood(tmp_path):
    [path] = written(tmp_path, prod__env=COMMON + "REDIS_URL=redis://redis:6379/4\nMINE=1\n")
    plan = open_source(path).plan
    assert plan.place_of("database.host") == Place(path, 4, "DB_HOST")
    assert plan.place_of("redis.databases.worker_id") == Place(path, 7, "REDIS_URL")
    assert plan.place_of("MINE") == Place(path, 8, "MINE")
    assert plan.place_of("database.schema") is None
    assert plan.place_of("database.host").words == f"DB_HOST, {path} line 4"


def test_each_value_of_a_cluster_file_knows_where_it_stood():
    plan = cluster_file.read("schema: 1\ndatabase:\n  host: db\nnodes:\n- name: a\n", "c.yaml")
    assert plan.place_of("database.host") == Place("c.yaml", 3, "database.host")
    assert plan.place_of("nodes.0.name") == Place("c.yaml", 5, "nodes.0.name")


def test_a_value_that_is_decided_anew_stands_nowhere():
    plan = cluster_file.read("schema: 1\ndatabase:\n  host: db\n", "c.yaml")
    assert plan.with_value("database.host", "other").place_of("database.host") is None


def test_places_are_not_written():
    plan = cluster_file.read(cluster_file.write(good_plan()), "c.yaml")
    assert cluster_file.write(plan) == cluster_file.write(good_plan())


def test_sources_complete_one_another(tmp_path):
    first, second = written(
        tmp_path, common__env=COMMON, secrets__env="DB_PASSWORD=Vt8kQ2mW\nREDIS_URL=redis://redis:6379/4\nMINE=1\n"
    )
    opened = open_sources([first, second])
    assert opened.plan.database.host == "db.internal"
    assert opened.plan.redis.worker_id.host == "redis"
    assert opened.secrets["database.password"] == Secret("Vt8kQ2mW")
    assert opened.secrets["application.app_key"] == Secret(APP_KEY)
    assert [extra.name for extra in opened.plan.extras] == ["MINE"]
    assert [finding.severity for finding in said_of(opened.plan, "plan.sources")] == [Severity.PASS]
    assert not [item for item in opened.plan.unreadable if item.key == "database.dialect"]


def test_where_two_sources_disagree_both_places_are_named(tmp_path):
    paths = written(tmp_path, a__env=COMMON, b__env=COMMON.replace("db.internal", "db2.internal"))
    opened = open_sources(paths)
    assert opened.plan.database.host == "db.internal"
    [finding] = said_of(opened.plan, "plan.sources")
    assert (finding.severity, finding.subject) == (Severity.FAIL, "database.host")
    assert f"DB_HOST, {paths[0]} line 4" in finding.detail
    assert f"DB_HOST, {paths[1]} line 4" in finding.detail


@pytest.mark.parametrize(
    ("line", "other", "key"),
    [
        (f"APP_KEY={APP_KEY}", f"APP_KEY={APP_KEY[::-1]}", "application.app_key"),
        ("REDIS_URL=redis://:one@redis/4", "REDIS_URL=redis://:two@redis/4", "redis.worker_id.host"),
        ("REDIS_URL=redis://redis/4", "REDIS_URL=redis://redis/5", "redis.databases.worker_id"),
        ("MINE=1", "MINE=2", "MINE"),
    ],
)
def test_secrets_addresses_and_further_variables_can_disagree_and_are_not_shown(tmp_path, line, other, key):
    common = COMMON.partition("\n")[2]
    opened = open_sources(written(tmp_path, a__env=f"{common}{line}\n", b__env=f"{common}{other}\n"))
    [finding] = said_of(opened.plan, "plan.sources")
    assert finding.subject == key
    assert APP_KEY not in str(finding)


def test_a_cluster_file_and_an_env_file_are_one_plan(tmp_path):
    plan = good_plan()
    env = dotenv.write(plan, {"database.password": Secret("Vt8kQ2mW")}, SecretsMode.INLINE)[0].text
    paths = written(tmp_path, cluster__yaml=cluster_file.write(plan), secrets__env=env)
    opened = open_sources(paths)
    assert opened.plan == plan
    assert opened.plan.disagreements == ()
    assert opened.secrets["database.password"] == Secret("Vt8kQ2mW")


def test_a_nodes_file_is_a_node_of_the_cluster(tmp_path):
    paths = written(
        tmp_path, cluster__env=COMMON, **{"node-a__env": "APP_PORT=13001\n", "node-b__env": "APP_PORT=13002\n"}
    )
    opened = open_sources(paths)
    assert [(node.name, node.port) for node in opened.plan.nodes] == [("a", 13001), ("b", 13002)]
    assert opened.plan.disagreements == ()


def test_the_command_line_takes_several_sources(tmp_path, capsys, monkeypatch):
    from wizard.cli import main

    monkeypatch.chdir(tmp_path)
    written(tmp_path, a__env=COMMON, b__env=COMMON.replace("db.internal", "db2.internal"))
    windows = main.Frontends(prepare=lambda: None, window=lambda *_given: 0, paint_page=lambda: "")
    assert main.run(["check", "a.env", "b.env", "--only", "plan.sources"], windows) == 3
    out = capsys.readouterr().out
    assert "a.env line 4" in out
    assert "b.env line 4" in out


def test_a_folder_of_env_files_is_a_cluster_with_a_node_for_each(tmp_path):
    (tmp_path / "nodes").mkdir()
    written(
        tmp_path / "nodes",
        node1__env=COMMON + "APP_PORT=13001\nMY_INSTANCE=0\n",
        node2__env=COMMON + "APP_PORT=13002\nMY_INSTANCE=1\n",
        README="Not an env file",
    )
    plan = open_source(str(tmp_path / "nodes")).plan
    assert [(node.name, node.port) for node in plan.nodes] == [("node1", 13001), ("node2", 13002)]
    assert (plan.name, plan.database.host, plan.disagreements) == ("nodes", "db.internal", ())
    assert plan.unsaid >= {"nodes.0.host", "nodes.1.host", "storage.kind"}
    assert "nodes" not in plan.unsaid
    failed = [one for one in rules(plan, {}) if one.severity is Severity.FAIL and "node" in one.subject]
    assert failed == []


def test_nodes_of_a_folder_that_disagree_are_told_with_both_files(tmp_path):
    (tmp_path / "nodes").mkdir()
    paths = written(tmp_path / "nodes", a__env=COMMON, b__env=COMMON.replace(APP_KEY, APP_KEY[::-1]))
    [finding] = said_of_with(open_source(str(tmp_path / "nodes")), "plan.sources")
    assert (finding.severity, finding.subject) == (Severity.FAIL, "application.app_key")
    assert f"APP_KEY, {paths[0]} line 1" in finding.detail
    assert f"APP_KEY, {paths[1]} line 1" in finding.detail


def test_a_file_for_all_nodes_in_the_folder_is_no_node(tmp_path):
    (tmp_path / "nodes").mkdir()
    written(tmp_path / "nodes", common__env=COMMON, a__env="APP_PORT=13001\n", b__env="APP_PORT=13002\n")
    plan = open_source(str(tmp_path / "nodes")).plan
    assert [node.name for node in plan.nodes] == ["a", "b"]
    assert plan.database.host == "db.internal"
    assert not [item for item in plan.unreadable if item.key == "database.dialect"]


@pytest.mark.parametrize(
    ("files", "nodes"),
    [
        ({"a/.env": COMMON, "b/.env": COMMON, "docs/x.md": ""}, ["a", "b"]),
        ({"common.env": COMMON, "a/.env": "APP_PORT=13001\n", "b/.env": "APP_PORT=13002\n"}, ["a", "b"]),
        ({"n1.env": COMMON, "a/.env": COMMON, "b/.env": COMMON}, ["n1"]),
        ({".env.a": COMMON, ".env.node-b": COMMON, ".env.example": "DB_HOST=x\n", ".env.local": "A=1\n"}, ["a", "b"]),
        ({".env.common": COMMON, ".env.a": "APP_PORT=13001\n"}, ["a"]),
        *[
            ({"n1.env": COMMON, "n2.env": COMMON, name: text}, ["n1", "n2"])
            for name, text in [
                (".env.gpg", "\x85\x02"),
                (".env.swp", "b0VIM 9.0"),
                (".env.sh", "export A=1"),
                (".env.vault", "DOTENV_VAULT=x"),
                (".env.docker", "DB_HOST=x"),
                (".env.a", "DB_HOST=x"),
            ]
        ],
        ({"a.env": "APP_PORT=13001\n", ".env.common": COMMON}, ["a"]),
        ({".env.a": COMMON, ".env.b.GPG": "x", ".env.yaml": "a: b", ".env.b-old": "A=1", ".env.b~": "A=1"}, ["a"]),
        (
            {".env.gold": COMMON, ".env.localhost1": COMMON, ".env.vaultwarden": COMMON, ".env.node-sh": COMMON},
            ["gold", "localhost1", "sh", "vaultwarden"],
        ),
        ({"a/.env": COMMON, "a/b.txt": "x"}, None),
        ({".env.production": COMMON, ".env.development": COMMON}, None),
        ({"x.json": "[]"}, None),
    ],
)
def test_a_folder_is_one_of_env_files_in_more_forms_than_one(tmp_path, files, nodes):
    for name, text in files.items():
        (tmp_path / "all" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "all" / name).write_text(text, encoding="latin-1")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text.encode("latin-1"))
    for path in (tmp_path / "all", tmp_path / "all.zip"):
        if nodes is None:
            with pytest.raises(SourceError, match="name the file itself"):
                open_source(str(path))
        else:
            plan = open_source(str(path)).plan
            assert ([node.name for node in plan.nodes], plan.database.host) == (nodes, "db.internal")


def test_an_env_file_behind_a_dot_that_is_no_text_is_no_node(tmp_path):
    (tmp_path / ".env.a").write_text(COMMON)
    (tmp_path / ".env.packed").write_bytes(b"\xff\xfe\x00")
    assert [node.name for node in open_source(str(tmp_path)).plan.nodes] == ["a"]


def test_a_nodes_file_beside_the_common_one_is_known_as_one(tmp_path):
    paths = written(tmp_path, cluster__env=COMMON, **{"node-a__env": "APP_PORT=13001\nWORKER_MODE=!\n"})
    plan = open_source(paths[1]).plan
    assert [(node.name, node.port, node.worker_mode) for node in plan.nodes] == [("a", 13001, "!")]
    assert plan.database.host == "db.internal"
    assert plan.unreadable == ()


def said_of_with(opened, identifier):
    return [finding for finding in rules(opened.plan, opened.secrets) if finding.id == identifier]


ARCHIVES = {
    "Compose": {
        "compose.yaml": "services: {app: {image: 'nocobase/nocobase:2.2.15', env_file: env/app.env}}\n",
        "env/app.env": COMMON,
    },
    "env files": {"a.env": COMMON, "b.env": COMMON},
    "kustomization": {
        "kustomization.yaml": "configMapGenerator: [{name: x, envs: [app.env]}]\nreplicas: [{name: crm, count: 2}]\n",
        "app.env": COMMON,
    },
    "manifests": {
        "app.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: "
        "[{image: nocobase/nocobase, env: [{name: DB_HOST, value: db.internal}]}]}\n"
    },
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_an_archive_is_read_as_the_folder_that_was_packed(tmp_path, kind):
    with zipfile.ZipFile(tmp_path / "crm.zip", "w") as packed:
        for name, text in ARCHIVES[kind].items():
            packed.writestr(name, text)
    with zipfile.ZipFile(tmp_path / "whole.zip", "w") as packed:  # the folder itself, as file managers pack it
        packed.writestr("__MACOSX/crm/._x", "")
        packed.mkdir("crm")
        for name, text in ARCHIVES[kind].items():
            packed.writestr(f"crm/{name}", text)
    for path in ("crm.zip", "whole.zip"):
        plan = open_source(str(tmp_path / path)).plan
        assert plan.database.host == "db.internal"
        assert len(plan.nodes) == (1 if kind in {"Compose", "manifests"} else 2)


@pytest.mark.parametrize("packing", ["gztar", "bztar", "xztar", "tar"])
def test_an_archive_of_another_kind_is_told_to_be_one(tmp_path, packing):
    (tmp_path / "crm").mkdir()
    written(tmp_path / "crm", prod__env=COMMON)
    path = shutil.make_archive(str(tmp_path / "packed"), packing, tmp_path, "crm")
    with pytest.raises(SourceError, match="pack it as ZIP"):
        open_source(path)
