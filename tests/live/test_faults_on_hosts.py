"""Four situations and the twelve faults on hosts of their own, by the command line: finding, first action, exit code.

Each node has a network, an address and mounts of its own and is looked at by SSH; beside them in one place:
tests/live/test_inside.py. The nodes are stand-ins, and what listens as database and Redis is an SSH server.
"""

import contextlib
from pathlib import Path

import pytest

from tests.live.apart import REDIS, nodes_apart
from tests.live.inside import checked
from tests.patience import factor
from tests.servers import folders
from tests.servers.fixtures import give_up, running

pytestmark = pytest.mark.live
NAMES = ("alpha", "beta", "gamma")
OK, FAILED, STRICT = 0, 3, 4
OF_THE_PAGE = {
    "DB_DIALECT": "postgres",
    "DB_HOST": "postgres",
    "DB_PORT": "5432",
    "DB_DATABASE": "nocobase",
    "DB_USER": "nocobase",
    "DB_PASSWORD": "nocobase123",
    "CACHE_DEFAULT_STORE": "redis",
    "CACHE_REDIS_URL": "redis://redis:6379/0",
    "PUBSUB_ADAPTER_REDIS_URL": "redis://redis:6379/0",
    "LOCK_ADAPTER_REDIS_URL": "redis:/redis:6379/0",
}
"""What NocoBase's page on Kubernetes has in its ConfigMap: no APP_KEY, no LOCK_ADAPTER_DEFAULT, no queue, one slash."""
ANOTHER_KEY = "another-key-that-is-long-enough-0123456789"


@pytest.fixture
def apart(tmp_path):
    with nodes_apart(tmp_path / "apart", NAMES) as made:
        yield made


def _looked_at(apart, folder, *words):
    with apart.cluster.running():
        return checked(apart.cluster, folder, "--nodes", *words)


def test_healthy_nodes_end_with_nothing_to_do(apart, tmp_path):
    found = _looked_at(apart, tmp_path, "--strict")
    assert (found.code, found.unsound, found.actions) == (OK, {}, [])
    passed = {item["id"] for item in found.told["findings"] if item["severity"] == "pass"}
    compared = {"inside.storage", "inside.locks", "inside.clocks", "inside.endpoints", "inside.balancer"}
    assert compared - found.too_slow <= passed
    assert list(apart.cluster.storage.iterdir()) == []


def test_drifted_keys_are_the_first_thing_to_do(apart, tmp_path):
    apart.cluster.env["beta"] |= {"APP_KEY": ANOTHER_KEY, "APP_AES_SECRET_KEY": "0c" * 32}
    found = _looked_at(apart, tmp_path)
    assert (found.code, found.unsound) == (FAILED, {"inside.app_key": "fail", "inside.aes_key": "fail"})
    assert found.actions == ["inside.app_key", "inside.aes_key"]


def test_unshared_storage_is_the_first_thing_to_do(apart, tmp_path):
    for name in NAMES:
        apart.own_storage(name)
    found = _looked_at(apart, tmp_path)
    assert (found.code, found.unsound) == (FAILED, {"inside.storage": "fail"})
    assert found.actions == ["inside.storage"]


def test_nodes_as_the_official_kubernetes_page_prints_them_sign_with_a_key_that_everybody_knows(apart, tmp_path):
    # NocoBase's command line fills in what is missing before the process starts (cli-v1, util.js).
    filled = {"APP_KEY": "test-jwt-secret", "APP_PORT": "13000", "STORAGE_PATH": str(apart.mounted)}
    for name in NAMES:
        apart.cluster.env[name] = {**OF_THE_PAGE, **filled}
    found = _looked_at(apart, tmp_path)
    assert (found.code, found.actions[0]) == (FAILED, "inside.app_key")
    assert found.unsound["inside.adapters"] == "fail"


def _variable(name, value):
    def give(apart, _folder, _stack):
        apart.cluster.env["beta"][name] = value

    return give


def _another_storage(apart, _folder, _stack):
    apart.own_storage("beta")


def _locks_apart(apart, _folder, stack):
    enter = apart.host("beta").enter
    apart.host("beta").run("umount", str(apart.mounted))
    stack.enter_context(running(lambda: folders.bound(apart.mounted, apart.cluster.storage, enter=enter)))


def _another_package(apart, _folder, _stack):
    apart.cluster.places["beta"].write("node_modules/@nocobase/server/package.json", '{"version": "2.2.14"}')


def _clock_ahead(apart, _folder, stack):
    library = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)
    if library is None:
        give_up("libfaketime is not installed")
    given = f"SetEnv LD_PRELOAD={library} FAKETIME=+{5 * factor():.0f}s NO_FAKE_STAT=1 FAKETIME_DONT_FAKE_MONOTONIC=1\n"
    host = apart.host("beta")
    stack.enter_context(apart.hosts.sshd(host, 2222, given))
    apart.cluster.change(nodes__1__reach=f"ssh://{host.address}:2222")


def _no_way_to_redis(apart, _folder, _stack):
    apart.host("beta").run("ip", "route", "add", "unreachable", REDIS)


def _many_processes(apart, _folder, _stack):
    apart.cluster.counts |= {"alpha": 16, "beta": 16}
    apart.cluster.change(nodes__0__processes=16, nodes__1__processes=16)
    apart.cluster.take_environments()


def _balancer(count, *more):
    """Give the balancer a list of the first hosts, and of more addresses."""

    def write(apart, folder, _stack):
        addresses = (*(apart.host(name).address for name in NAMES[:count]), *more)
        servers = "".join(f"server {address}:13000; " for address in addresses)
        site = folder / "site.conf"
        site.write_text(
            f"upstream nodes {{ {servers} }}\n"
            "server { listen 80; server_name app.example.com; location / { proxy_pass http://nodes; } }\n"
        )
        apart.cluster.change(balancer__site_file=str(site))

    return write


FAULTS = {
    "another APP_KEY": (_variable("APP_KEY", ANOTHER_KEY), "app_key", "fail", "beta"),
    "another AES key": (_variable("APP_AES_SECRET_KEY", "0c" * 32), "aes_key", "fail", "beta"),
    "another database": (_variable("DB_DATABASE", "staging"), "database", "fail", "beta"),
    "another storage": (_another_storage, "storage", "fail", "beta"),
    "storage shared without locks": (_locks_apart, "locks", "warn", "beta"),
    "a stale variable": (
        _variable("PUBSUB_ADAPTER_REDIS_URL", "redis://old.internal:6379/0"),
        "variables",
        "fail",
        "beta",
    ),
    "the local lock": (_variable("LOCK_ADAPTER_DEFAULT", "local"), "adapters", "fail", "beta"),
    "the cache in memory": (_variable("CACHE_DEFAULT_STORE", "memory"), "adapters", "fail", "beta"),
    "another package": (_another_package, "package", "fail", "beta"),
    "a clock off by 5 s": (_clock_ahead, "clocks", "warn", "beta"),
    "an endpoint that one node cannot reach": (_no_way_to_redis, "endpoints", "fail", "beta"),
    "more processes than worker IDs": (_many_processes, "processes", "fail", "33 processes"),
    "a node that the balancer does not know": (_balancer(2), "balancer", "warn", "gamma"),
    "an entry without a node": (_balancer(3, "198.18.9.9"), "balancer", "warn", "198.18.9.9:13000"),
}
"""What breaks it, the finding's id and severity, and what its sentence names."""


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_of_one_host_gives_its_finding_its_first_action_and_its_exit_code(apart, tmp_path, name):
    broken, identifier, severity, named = FAULTS[name]
    with contextlib.ExitStack() as stack:
        broken(apart, tmp_path, stack)
        found = _looked_at(apart, tmp_path, "--strict")
    assert found.unsound == {f"inside.{identifier}": severity}
    assert found.actions == [f"inside.{identifier}"]
    assert found.code == (FAILED if severity == "fail" else STRICT)
    [finding] = [item for item in found.told["findings"] if item["severity"] == severity]
    assert named in finding["summary"]
