"""Runs, of which some are cancelled, terminated and killed, leave every server as it was; the long form are a hundred.

A run that is cancelled, interrupted or terminated leaves nothing at once. What a killed one cannot take back is gone
with its connection (PostgreSQL), after its time to live (Redis and RabbitMQ, 60 s), or with the next run that finds it
old (a file in the shared folder, a table in MySQL, a folder for temporary files, 60 s). Its session stays until
NocoBase ends it.
"""

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.live.helpers_database import run_sql
from tests.live.running import findings_of
from tests.live.whole_cluster import both_kinds
from tests.patience import SECONDS, patience, wait_until
from tests.servers.fixtures import running
from wizard.app.check import prepare
from wizard.checks.balancer import trial as balancer_trial
from wizard.checks.database import facts as database_facts
from wizard.checks.redis.round_trips import EXPIRY_MS
from wizard.checks.storage import trial
from wizard.demo.postgres import Postgres
from wizard.engine.events import CheckFinished
from wizard.formats import cluster_file, dotenv
from wizard.formats.files import SecretsMode

pytestmark = pytest.mark.live
ROOT = Path(__file__).parents[2]
RUNS = [
    pytest.param((16, 8, 6, 10), id="forty"),
    pytest.param((60, 10, 10, 20), id="a hundred", marks=pytest.mark.slow),
]
"""How many come to their end, are cancelled, terminated and killed."""
DATABASES = 16
AT_ONCE = 30
"""Seconds for a server of a quiet machine to notice that a client has gone; far from the 60 after which things go by
themselves."""
TRIES = 30
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
    return [(statement, row) for statement in statements for row in run_sql(server, statement)]


def _of_redis(server):
    found = []
    for index in range(DATABASES):
        with server.connect(db=index) as client:
            found += [(index, key, client.type(key)) for key in client.scan_iter()]
    with server.connect() as client:
        ours = sum(one["name"] == "nocobase-cluster-wizard" for one in client.client_list())
        settings = client.config_get("*").items()
        return [*found, *client.pubsub_channels(), *client.acl_list(), *settings, ("clients", ours)]


def _of_broker(server):
    named = ("queues", "exchanges", "users", "vhosts", "policies")
    found = [(kind, one.get("name")) for kind in named for one in server.everything(kind)]
    rights = [sorted(one.items()) for one in server.everything("permissions")]
    bound = [(one["source"], one["destination"], one["routing_key"]) for one in server.everything("bindings")]
    return [*found, *rights, *bound]


def _of_folder(folder):
    return [(str(path.relative_to(folder)), path.lstat().st_mode) for path in Path(folder).rglob("*")]


TRIED_BY_TEMPFILE = re.compile(r"\('[a-z0-9_]{8}', 33152\)")
"""The file with which the standard library tries, for an instant, whether it may write into the temporary folder."""


def _of_temporary_folder():
    """Return what is there but for what a run leaves whose thread was just trying the folder as it ended."""
    return [one for one in _of_folder(tempfile.gettempdir()) if not TRIED_BY_TEMPFILE.fullmatch(str(one))]


def snapshot(cluster):
    """Return all that is on a cluster's servers, and in the folder for temporary files, each with its part's name."""
    broker = cluster.servers.get("broker")
    parts = {
        "database": _of_database(cluster.servers["database"]),
        "redis": _of_redis(cluster.servers["redis"]),
        "broker": _of_broker(broker) if broker else (),
        "folder": _of_folder(cluster.plan.storage.path),
        "sessions": cluster.users.open,
        "temporary": _of_temporary_folder(),
    }
    return Counter((part, str(one)) for part, found in parts.items() for one in found)


MAY_BE_LEFT = {
    "database": database_facts.TABLE_HEAD,
    "folder": trial.PREFIX,
    "temporary": "ncw-check-balancer-",
    "sessions": "",
}
"""What a killed run may leave until the next one, and a session until NocoBase ends it; nothing else of any part."""


def _is_gone_or_may_be_left(before, now):
    return not (before - now) and all(_may_be_left(part, one) for part, one in now - before)


def _may_be_left(part, one):
    return part in MAY_BE_LEFT and MAY_BE_LEFT[part] in one


def _run(cluster):
    run = prepare(cluster.plan, cluster.secrets, lambda _event: None)
    findings_of(run.checks, cross_checks=run.cross_checks)


def _cancel(cluster, number):
    """Cancel a run as soon as so many of its checks have ended."""
    ended = []

    def take(event):
        ended.append(isinstance(event, CheckFinished))
        if sum(ended) == number:
            run.cancel()

    run = prepare(cluster.plan, cluster.secrets, take)
    run.start()
    assert run.wait(patience())


def _command(cluster, folder):
    folder.mkdir()
    (folder / "cluster.yaml").write_text(cluster_file.write(cluster.plan))
    text = dotenv.write(cluster.plan, cluster.secrets, SecretsMode.INLINE)[0].text
    password = cluster.secrets["application.check_password"].reveal()
    (folder / "secrets.env").write_text(f"{text}\nNCW_CHECK_PASSWORD='{password}'\n")
    words = ["check", str(folder / "cluster.yaml"), "--secrets-file", str(folder / "secrets.env"), "--format", "json"]
    return [sys.executable, "-m", "wizard", *words, "--timeout", str(patience())]


def _ours_on(broker):
    """Return the queues of a killed program that outlive its connection."""
    queues = broker.everything("queues") if broker else []
    return [one for one in queues if one["name"].startswith("ncw-check-") and not one["exclusive"]]


def _our_files_of(cluster):
    return Path(cluster.plan.storage.path).glob(f"{trial.PREFIX}*")


def _is_young(path, seconds):
    with contextlib.suppress(FileNotFoundError):
        return time.time() - path.stat().st_mtime <= seconds
    return False


def _young_tables_of(server):
    young = f"create_time >= NOW() - INTERVAL {database_facts.LEFT_SECONDS} SECOND"
    tables = f"SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'ncw\\_check%' AND {young}"
    return [] if isinstance(server, Postgres) else run_sql(server, tables)


def _wait_for_time_to_pass(cluster):
    """Let every key and queue go by itself, and what the next run removes grow old, by the servers' own clocks."""
    servers, temporary = cluster.servers, Path(tempfile.gettempdir())

    def is_over() -> bool:
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(servers["redis"].connect(db=index)) for index in range(DATABASES)]
            kept = [key for one in clients for key in one.scan_iter("ncw-check-*")]
        young = [path for path in _our_files_of(cluster) if _is_young(path, trial.LEFT_SECONDS)]
        young += [path for path in temporary.iterdir() if _is_young(path, balancer_trial.LEFT_SECONDS)]
        return not (kept or young or _ours_on(servers.get("broker")) or _young_tables_of(servers["database"]))

    assert wait_until(is_over, within=EXPIRY_MS / 1000 + SECONDS)


def _backdate(path):
    old = time.time() - trial.LEFT_SECONDS - 1
    os.utime(path, (old, old))


@pytest.fixture(scope="module")
def clusters(authority, tmp_path_factory):
    with running(lambda: both_kinds(authority, tmp_path_factory.mktemp("residue"))) as found:
        yield found


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """A folder for temporary files of these runs alone, also of the processes that they are."""
    (folder := tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def _start(command):
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _lasts(command):
    """Run it to its end and give how long that takes just now."""
    began = time.monotonic()
    whole = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=patience(120))
    assert whole.returncode in {0, 4}, whole.stdout + whole.stderr
    return time.monotonic() - began


def _end_at_work(commands, number, times, lasts):
    """Send a signal to so many runs at random moments; one that ended before does not count, and tells its time."""
    moments, hit = random.Random(20), 0  # the same moments in each session
    for _ in range(10 * times):
        began = time.monotonic()
        child = _start(commands[hit % 2])
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(moments.uniform(0.4, 1.0) * lasts)
            lasts = min(lasts, time.monotonic() - began)
        hit += child.poll() is None
        child.send_signal(number)
        child.wait(patience())
        if hit == times:
            return
    pytest.fail("too few were hit at work")


def _kill_in_sight(command, sight):
    """Kill a run as soon as something of it is in sight, until it stays."""
    a_moment = threading.Event()
    for _ in range(TRIES):
        child = _start(command)
        while child.poll() is None and not sight():
            a_moment.wait(0.001)
        child.kill()
        child.wait()
        if sight():
            return
    pytest.fail("nothing was caught at work")


def _kill_in_the_midst(clusters, commands, temporary):
    """Kill a run within its session, one with a configuration under test, and one with a table in MariaDB."""
    first, second = clusters
    _kill_in_sight(commands[0], lambda: first.users.open)
    _kill_in_sight(commands[0], lambda: any(temporary.iterdir()))
    _kill_in_sight(commands[1], lambda: _young_tables_of(second.servers["database"]))
    return 3


def _ends_as_before(clusters, before):
    for cluster, was in zip(clusters, before, strict=True):
        wait_until(lambda cluster=cluster, was=was: snapshot(cluster) == was, within=AT_ONCE)
        assert snapshot(cluster) == was


def _ends_with_what_may_be_left(cluster, was):
    wait_until(lambda: _is_gone_or_may_be_left(was, snapshot(cluster)), within=AT_ONCE)
    now = snapshot(cluster)
    assert _is_gone_or_may_be_left(was, now), (now - was, was - now)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("runs", RUNS)
def test_runs_leave_nothing_however_they_end(clusters, tmp_path, temporary, runs):
    sound, cancelled, terminated, killed = runs
    for cluster in clusters:
        _run(cluster)  # what a server keeps of its first client for ever is none of ours
    before = [snapshot(cluster) for cluster in clusters]
    for number in range(sound):
        _run(clusters[number % 2])
    for number in range(cancelled):
        _cancel(clusters[number % 2], 1 + number)
    _ends_as_before(clusters, before)
    commands = [_command(cluster, tmp_path / str(number)) for number, cluster in enumerate(clusters)]
    lasts = _lasts(commands[0])
    _end_at_work(commands, signal.SIGTERM, terminated, lasts)
    _ends_as_before(clusters, before)
    seen = _kill_in_the_midst(clusters, commands, temporary)
    _end_at_work(commands, signal.SIGKILL, killed - seen, lasts)
    for cluster, was in zip(clusters, before, strict=True):
        _wait_for_time_to_pass(cluster)
        wait_until(lambda cluster=cluster, was=was: _is_gone_or_may_be_left(was, snapshot(cluster)), within=AT_ONCE)
        now = snapshot(cluster)
        assert _is_gone_or_may_be_left(was, now), (now - was, was - now)
    for cluster in clusters:
        cluster.users.ended |= cluster.users.open  # as NocoBase does with them in time
        _run(cluster)
    _ends_as_before(clusters, before)


def _as_user(server, statement):
    run_sql(server, statement, user=server.user, password=server.password)


@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_a_snapshot_sees_what_is_left(clusters, kind, temporary):
    cluster = clusters[kind == "mariadb"]
    before, servers = snapshot(cluster), cluster.servers
    left = Path(cluster.plan.storage.path, "left")
    with servers["redis"].connect(db=3) as client:
        client.set("left", "x")
    left.touch()
    _as_user(servers["database"], "CREATE TABLE left_over (a INT)")
    cluster.users.begun.append("left")
    (temporary / "left").mkdir()
    changed = {"database", "redis", "folder", "sessions", "temporary"}
    assert {part for part, _one in snapshot(cluster) - before} == changed
    assert not _is_gone_or_may_be_left(before, snapshot(cluster))
    if "broker" in servers:
        with servers["broker"].connect() as connection:
            connection.channel().queue_declare("left", exclusive=True)
            assert wait_until(lambda: "broker" in {part for part, _one in snapshot(cluster) - before}, within=30)
    with servers["redis"].connect(db=3) as client:
        client.delete("left")
    left.unlink()
    (temporary / "left").rmdir()
    cluster.users.begun.remove("left")
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
