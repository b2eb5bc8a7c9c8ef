"""A hundred runs, twenty of them killed at random moments, leave every server as it was.

What a killed run cannot take back itself is gone with its connection (PostgreSQL), after its time to live (Redis and
RabbitMQ, 60 s), or with the next run that finds it old (a file in the shared folder, a table in MySQL, 60 s). The
short form sees that there is a time to live and does not wait for it; the long one waits.
"""

import contextlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.live.helpers_database import run_sql
from tests.live.running import findings_of
from tests.live.whole_cluster import both_kinds
from tests.servers.fixtures import running
from wizard.bundle import clusterfile, env
from wizard.bundle.files import SecretsMode
from wizard.checks.database import facts as database_facts
from wizard.checks.redis.trips import EXPIRY_MS
from wizard.checks.storage import trial
from wizard.demo.postgres import Postgres
from wizard.demo.process import wait_until
from wizard.verbs.check import prepare

pytestmark = pytest.mark.live
ROOT = Path(__file__).parents[2]
RUNS, KILLED = 80, 20
DATABASES = 16
GONE = -2
"""What Redis says of the time that a key has left which is not there."""
POSTGRES = (
    "SELECT relnamespace::regnamespace::text, relname, relkind::text FROM pg_class",
    "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg_temp_%' AND nspname NOT LIKE 'pg_toast_temp_%'",
    "SELECT count(*) FROM pg_type",
    "SELECT count(*) FROM pg_proc",
    "SELECT rolname, rolconnlimit, rolconfig::text FROM pg_roles",
    "SELECT datname, datconnlimit FROM pg_database",
    "SELECT count(*) FROM pg_prepared_xacts",
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'nocobase-cluster-wizard'",
)
MARIADB = (
    "SELECT table_schema, table_name, table_type FROM information_schema.tables",
    "SELECT routine_schema, routine_name FROM information_schema.routines",
    "SELECT user, host, priv FROM mysql.global_priv",
    "SHOW DATABASES",
)


def _of_database(server):
    statements = POSTGRES if isinstance(server, Postgres) else MARIADB
    return [sorted(run_sql(server, statement), key=str) for statement in statements]


def _of_redis(server):
    found = {}
    for index in range(DATABASES):
        with server.connect(db=index) as client:
            found |= {(index, key): client.type(key) for key in client.scan_iter()}
    with server.connect() as client:
        ours = sum(one["name"] == "nocobase-cluster-wizard" for one in client.client_list())
        return found, client.pubsub_channels(), client.acl_list(), client.config_get("*"), ours


def _of_broker(server):
    listed = [sorted(str(one.get("name")) for one in server.everything(kind)) for kind in ("queues", "exchanges")]
    return [*listed, len(server.everything("bindings")), sorted(one["name"] for one in server.everything("users"))]


def _of_folder(folder):
    return sorted((str(path.relative_to(folder)), path.lstat().st_mode) for path in Path(folder).rglob("*"))


def snapshot(cluster):
    broker = cluster.servers.get("broker")
    return {
        "database": _of_database(cluster.servers["database"]),
        "redis": _of_redis(cluster.servers["redis"]),
        "broker": _of_broker(broker) if broker else None,
        "folder": _of_folder(cluster.plan.storage.path),
    }


def _run(cluster):
    run = prepare(cluster.plan, cluster.secrets, lambda _event: None)
    findings_of(run.checks, cross_checks=run.cross_checks)


def _command(cluster, folder):
    folder.mkdir()
    (folder / "cluster.yaml").write_text(clusterfile.write(cluster.plan))
    text = env.write(cluster.plan, cluster.secrets, SecretsMode.INLINE)[0].text
    (folder / "secrets.env").write_text(text)
    words = ["check", str(folder / "cluster.yaml"), "--secrets-file", str(folder / "secrets.env"), "--format", "json"]
    return [sys.executable, "-m", "wizard", *words]


def _time_passes(cluster, monkeypatch):
    """Let what a killed program left grow old: keys and queues have a time to live, files get an older date."""
    monkeypatch.setattr(database_facts, "LEFT_SECONDS", -1)
    server, broker = cluster.servers["redis"], cluster.servers.get("broker")
    for index in range(DATABASES):
        with server.connect(db=index) as client:
            for key in client.scan_iter("ncw-check-*"):
                assert client.pttl(key) in {GONE, *range(EXPIRY_MS + 1)}, key
                client.pexpire(key, 1)
    for queue in _ours_on(broker):
        assert 0 < queue["arguments"]["x-expires"] <= EXPIRY_MS, queue
        with broker.connect() as connection:
            connection.channel().queue_delete(queue["name"])
    for path in _our_files_of(cluster):
        with contextlib.suppress(FileNotFoundError):
            _backdate(path)


def _ours_on(broker):
    """Give the queues of a killed program that outlive its connection."""
    queues = broker.everything("queues") if broker else []
    return [one for one in queues if one["name"].startswith("ncw-check-") and not one["exclusive"]]


def _our_files_of(cluster):
    return Path(cluster.plan.storage.path).glob(f"{trial.PREFIX}*")


def _is_young(path):
    return path.exists() and time.time() - path.stat().st_mtime <= trial.LEFT_SECONDS


def _young_tables_of(server):
    young = f"create_time >= NOW() - INTERVAL {database_facts.LEFT_SECONDS} SECOND"
    tables = f"SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'ncw\\_check%' AND {young}"
    return [] if isinstance(server, Postgres) else run_sql(server, tables)


def _time_is_waited_for(cluster, _monkeypatch):
    """As above, but with the servers' own clocks: every key and queue goes by itself, files and tables grow old."""
    servers = cluster.servers

    def is_over() -> bool:
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(servers["redis"].connect(db=index)) for index in range(DATABASES)]
            kept = [key for one in clients for key in one.scan_iter("ncw-check-*")]
        young = [path for path in _our_files_of(cluster) if _is_young(path)]
        return not (kept or young or _ours_on(servers.get("broker")) or _young_tables_of(servers["database"]))

    assert wait_until(is_over, within=EXPIRY_MS / 1000 + 30)


def _backdate(path):
    old = time.time() - trial.LEFT_SECONDS - 1
    os.utime(path, (old, old))


@pytest.fixture(scope="module")
def clusters(authority, tmp_path_factory):
    with running(lambda: both_kinds(authority, tmp_path_factory.mktemp("residue"))) as found:
        yield found


def _kill_at_work(commands, lasts):
    """Kill runs at random moments; one that ended before does not count, and tells how long a run lasts just now."""
    moments, cut = random.Random(20), 0  # the same moments in each session
    for _ in range(10 * KILLED):
        began = time.monotonic()
        child = subprocess.Popen(commands[cut % 2], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(moments.uniform(0.4, 1.0) * lasts)
            lasts = min(lasts, time.monotonic() - began)
        cut += child.poll() is None
        child.kill()
        child.wait()
        if cut == KILLED:
            return
    pytest.fail("too few were killed at work")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("let_pass", [_time_passes, pytest.param(_time_is_waited_for, marks=pytest.mark.slow)])
def test_a_hundred_runs_of_which_twenty_are_killed_leave_nothing(clusters, tmp_path, monkeypatch, let_pass):
    for cluster in clusters:
        _run(cluster)  # what a server keeps of its first client for ever is none of ours
    before = [snapshot(cluster) for cluster in clusters]
    for number in range(RUNS):
        _run(clusters[number % 2])
    assert all(wait_until(lambda i=i: snapshot(clusters[i]) == before[i], within=30) for i in range(2)), "unkilled"
    commands = [_command(cluster, tmp_path / str(number)) for number, cluster in enumerate(clusters)]
    began = time.monotonic()
    whole = subprocess.run(commands[0], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    lasts = time.monotonic() - began
    assert whole.returncode in {0, 4}, whole.stdout + whole.stderr
    _kill_at_work(commands, lasts)
    for cluster in clusters:
        let_pass(cluster, monkeypatch)
        _run(cluster)  # the next run removes what a folder, and MariaDB, keep of a killed one
    for cluster, was in zip(clusters, before, strict=True):
        wait_until(lambda cluster=cluster, was=was: snapshot(cluster) == was, within=30)
        assert snapshot(cluster) == was


def _as_user(server, statement):
    run_sql(server, statement, user=server.user, password=server.password)


@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_a_snapshot_sees_what_is_left(clusters, kind):
    cluster = clusters[kind == "mariadb"]
    before, servers = snapshot(cluster), cluster.servers
    left = Path(cluster.plan.storage.path, "left")
    with servers["redis"].connect(db=3) as client:
        client.set("left", "x")
    left.touch()
    _as_user(servers["database"], "CREATE TABLE left_over (a INT)")
    changed = {"database", "redis", "folder"}
    if "broker" in servers:
        with servers["broker"].connect() as connection:
            connection.channel().queue_declare("left", exclusive=True)
            assert wait_until(lambda: snapshot(cluster)["broker"] != before["broker"], within=30)
    after = snapshot(cluster)
    assert {part for part in before if part != "broker" and after[part] != before[part]} == changed
    with servers["redis"].connect(db=3) as client:
        client.delete("left")
    left.unlink()
    _as_user(servers["database"], "DROP TABLE left_over")
    assert wait_until(lambda: snapshot(cluster) == before, within=30)


def test_the_next_run_removes_what_a_killed_one_left_and_nothing_younger_or_foreign(clusters, monkeypatch):
    _first, cluster = clusters
    folder, server = Path(cluster.plan.storage.path), cluster.servers["database"]
    names = {"old": f"{trial.PREFIX}0badcafe-renamed", "young": f"{trial.PREFIX}0badbeef", "foreign": ".ncw-check-list"}
    for name in names.values():
        (folder / name).touch()
    for name in ("old", "foreign"):
        _backdate(folder / names[name])
    _as_user(server, "CREATE TABLE ncw_check_0badcafe (a INT)")
    _as_user(server, "CREATE TABLE ncw_check_list (a INT)")
    tables = "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'ncw%'"
    _run(cluster)
    assert {path.name for path in folder.glob(".ncw*")} == {names["young"], names["foreign"]}
    assert len(run_sql(server, tables)) == 2, "a young table may be another run's"
    monkeypatch.setattr(database_facts, "LEFT_SECONDS", -1)
    _run(cluster)
    assert run_sql(server, tables) == [("ncw_check_list",)]
    _as_user(server, "DROP TABLE ncw_check_list")
    for name in ("young", "foreign"):
        (folder / names[name]).unlink()
