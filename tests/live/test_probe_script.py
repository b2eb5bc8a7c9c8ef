"""The script that gathers facts inside a node, run by Node.js beside processes that look like NocoBase's."""

import base64
import concurrent.futures
import contextlib
import hashlib
import hmac
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import pytest

from tests.patience import wait_until
from tests.servers import inside, namespace
from tests.servers.fixtures import give_up
from tests.servers.inside import KEY, Inside, gathered
from wizard.demo.process import Missing

pytestmark = pytest.mark.live
SECRET = "Canary-7f3a-Zebra"
_ENV = {
    "APP_KEY": f"{SECRET}-app",
    "APP_AES_SECRET_KEY": "ab" * 32,
    "DB_PASSWORD": f"{SECRET}-db",
    "CACHE_REDIS_URL": f"redis://:{SECRET}@redis.internal:6379/0",
    "CACHE_DEFAULT_STORE": "redis",
    "LOCK_ADAPTER_DEFAULT": "local",
    "QUEUE_ADAPTER": SECRET,
    "WORKER_MODE": "!",
    "TZ": "",
}


def _print(name, value, key=KEY):
    told = name.encode() + b"\0" + value
    return hmac.new(bytes.fromhex(key), told, hashlib.sha256).hexdigest()[:24]


@pytest.fixture
def place(tmp_path, free_port):
    try:
        inside.node_program()
    except Missing as missing:
        give_up(str(missing))
    return Inside(tmp_path / "node", port=free_port)


@pytest.fixture
def free_port():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


def test_the_worker_counts_and_not_its_parent(place):
    with place.running(_ENV, count=2, parents={"APP_KEY": "another", "APP_PORT": str(place.port)}):
        told = gathered(place)
    assert (told["schema"], told["kind"], told["key"], told["node"]) == (1, "nocobase-node", "k1", "node1")
    assert told["process"] == {**told["process"], "count": 2, "port": place.port, "pm2": True, "uid": os.getuid()}
    assert told["variables"]["APP_KEY"] == _print("APP_KEY", _ENV["APP_KEY"].encode())
    assert told["variables"]["TZ"] == ""
    assert told["keys"]["app"] == {"source": "APP_KEY", "print": told["variables"]["APP_KEY"], "published": False}
    assert told["keys"]["aes"] == {**told["keys"]["aes"], "print": _print("AES", b"ab" * 32), "length": 32}
    assert told["choices"] == {
        "CACHE_DEFAULT_STORE": "redis",
        "LOCK_ADAPTER_DEFAULT": "local",
        "QUEUE_ADAPTER": "other",
    }
    assert (told["worker_mode"], told["package"]) == ("!", {"version": "2.2.15", "renewed": False})
    assert told["storage"]["path"] == str(place.storage)


def test_what_pm2_unpacks_for_a_worker_of_its_cluster_mode_wins(place):
    packed = json.dumps({"APP_KEY": "packed", "env": {"APP_KEY": "inner"}, "instances": 1})
    with place.running(_ENV | {"pm2_env": packed}):
        assert gathered(place)["variables"]["APP_KEY"] == _print("APP_KEY", b"packed")


def test_no_value_is_told(place):
    place.write("storage/.license/license-key", base64.b64encode(json.dumps(_licence()).encode()))
    with place.running(_ENV):
        text = json.dumps(gathered(place))
    assert not [form for form in (SECRET, SECRET.lower(), SECRET.encode().hex(), "ab" * 8) if form in text]


def test_without_a_key_there_are_no_fingerprints(place):
    with place.running(_ENV):
        told = gathered(place, key="", key_id="")
    assert (told["key"], told["variables"]) == (None, None)
    assert told["keys"]["app"]["print"] is None
    assert told["choices"]["CACHE_DEFAULT_STORE"] == "redis"


def test_files_of_keys_win_as_in_nocobase(place):
    place.write("storage/apps/main/jwt_secret.dat", b"j" * 32)
    place.write("storage/apps/main/aes_key.dat", b"a" * 32)
    with place.running({"APP_KEY": "given"}):
        keys = gathered(place)["keys"]
    assert keys["app"] == {"source": "jwt_secret.dat", "print": _print("JWT", b"j" * 32)}
    assert keys["aes"] == {"source": "aes_key.dat", "print": _print("AES", (b"a" * 32).hex().encode()), "length": 32}


def test_no_process_and_another_users_process_are_told(place):
    assert gathered(place)["trouble"] == {"code": "no_process"}
    if os.geteuid() != 0:
        give_up("another user's process needs root")
    for folder in (place.folder, *place.folder.parents):
        if folder.stat().st_uid == 0 and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    place.enter = ("setpriv", "--reuid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all")
    with Inside(place.folder, port=place.port).running(_ENV):
        told = gathered(place, cwd=Path("/"))
    assert told["trouble"]["code"] == "EACCES"
    assert told["trouble"]["uid"] == 0
    assert (told["variables"], told["choices"], told["keys"]) == (None, None, None)


def _licence():
    return {
        "accessKeyId": f"{SECRET}-id",
        "accessKeySecret": SECRET,
        "upgradeExpirationDate": "2030-01-01",
        "licenseKey": {"id": 7, "licensee": "ACME", "domain": "app.example.com", "licenseStatus": "active"},
        "plugins": [{"packageName": "@nocobase/plugin-lock-adapter-redis"}],
        "instanceData": {"db": {"name": SECRET}},
    }


def test_the_licence_is_decoded_by_the_kit_that_is_there(place):
    place.write("storage/.license/license-key", base64.b64encode(json.dumps(_licence()).encode()))
    with place.running(_ENV):
        told = gathered(place)["licence"]
        place.write("storage/.license/license-key", "damaged")
        damaged = gathered(place)["licence"]
    assert (told["state"], told["domain"], told["status"]) == ("read", "app.example.com", "active")
    assert told["plugins"] == ["@nocobase/plugin-lock-adapter-redis"]
    assert damaged["state"] == "unreadable"


def test_plug_ins_are_told_with_their_versions(place):
    place.write("storage/plugins/@nocobase/plugin-lock-adapter-redis/package.json", '{"version": "2.2.15"}')
    place.write("node_modules/@nocobase/plugin-queue-adapter-redis/package.json", '{"version": "2.2.14"}')
    with place.running(_ENV):
        told = gathered(place)
    assert told["plugins"] == [["@nocobase/plugin-lock-adapter-redis", "2.2.15"]]
    assert told["installed"] == [["@nocobase/plugin-queue-adapter-redis", "2.2.14"]]


def test_a_package_renewed_below_a_running_process_is_told(place):
    with place.running(_ENV):
        file = place.write("node_modules/@nocobase/server/package.json", '{"version": "2.3.0"}')
        later = file.stat().st_mtime + 60
        os.utime(file, (later, later))
        assert gathered(place)["package"] == {"version": "2.3.0", "renewed": True}


def test_each_endpoint_is_tried_by_name_port_and_tls(place, authority, closed_port, silent_port, tls_echo):
    with tls_echo(authority) as port:
        ways = {
            "dns": {"host": "nowhere.invalid", "port": 1},
            "refused": {"host": "127.0.0.1", "port": closed_port.port},
            "silent": {"host": "127.0.0.1", "port": silent_port.port, "protocol": "mysql"},
            "tls": {"host": "localhost", "port": port, "tls": True},
        }
        told = gathered(place, endpoints=[{"name": name, **way} for name, way in ways.items()])
    found = {one["name"]: (one["step"], one.get("code"), one.get("distrust")) for one in told["endpoints"]}
    assert found["dns"][0] == "dns"
    assert found["refused"] == ("tcp", "ECONNREFUSED", None)
    assert found["silent"] == ("tcp", "ETIMEDOUT", None)
    assert found["tls"][:2] == ("", None)
    assert found["tls"][2]


_IN_TURN = """
const dns = require('node:dns/promises');
let asked = 0;
dns.lookup = async () => [{ address: `127.0.0.${1 + (asked++ % 3)}`, family: 4 }];
"""


def test_a_name_server_that_gives_one_of_several_addresses_at_a_time_is_asked_for_all(place, closed_port):
    given = {"NODE_OPTIONS": f"--require={place.write('in_turn.cjs', _IN_TURN)}"}
    ways = [{"name": name, "host": name, "port": closed_port.port} for name in ("db.internal", "127.0.0.9")]
    named, numbered = gathered(place, env=given, endpoints=ways)["endpoints"]
    assert sorted(named["addresses"]) == ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
    assert len(numbered["addresses"]) == 1


@pytest.fixture
def tls_echo(tmp_path):
    """Accept one TLS handshake with a certificate that nobody knows."""

    @contextlib.contextmanager
    def serve(authority):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        files = authority.sign()
        (tmp_path / "both.pem").write_bytes(files.key + files.certificate)
        context.load_cert_chain(tmp_path / "both.pem")
        with socket.create_server(("127.0.0.1", 0)) as server:

            def answer():
                with contextlib.suppress(OSError):
                    peer, _address = server.accept()
                    with context.wrap_socket(peer, server_side=True) as wrapped:
                        wrapped.recv(1)

            threading.Thread(target=answer, daemon=True).start()
            yield server.getsockname()[1]

    return serve


def _met(*places, **more):
    """Let the probes of these nodes meet, all at once, and return what each tells."""
    names = [f"node{number + 1}" for number in range(len(places))]

    def ask(number):
        others = [name for name in names if name != names[number]]
        asked = {"node": names[number], "meet": {"run": "r1", "others": others}}
        return gathered(places[number], env=more.get("env"), **asked)["meeting"]

    with concurrent.futures.ThreadPoolExecutor(len(places)) as pool:
        return list(pool.map(ask, range(len(places))))


def test_nodes_on_one_folder_see_one_another_and_each_others_locks(tmp_path, place):
    other = Inside(tmp_path / "other", port=place.port + 1)
    with place.running({"STORAGE_PATH": str(place.storage)}), other.running({"STORAGE_PATH": str(place.storage)}):
        one, two = _met(place, other)
    assert (set(one["seen"]), set(two["seen"])) == ({"node2"}, {"node1"})
    assert (one["locks"], two["locks"]) == ({"node2": "refused"}, {"node1": "refused"})
    assert list(place.storage.iterdir()) == []


def test_nodes_on_two_folders_do_not_see_one_another(tmp_path, place):
    other = Inside(tmp_path / "other", port=place.port + 1)
    with place.running({}), other.running({}):
        one, two = _met(place, other)
    assert (one["seen"], two["seen"]) == ({}, {})
    assert [list(folder.iterdir()) for folder in (place.storage, other.storage)] == [[], []]


def test_a_folder_that_cannot_be_written_is_told(place):
    with place.running({"STORAGE_PATH": "/proc/1"}):
        [one] = _met(place)
    assert re.fullmatch("E[A-Z]+", one["code"])


def test_a_probe_that_is_stopped_takes_its_file_with_it(place):
    with place.running({}):
        asked = inside.script(node="node1", port=place.port, meet={"run": "r1", "others": ["node2"]})
        with subprocess.Popen(place.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            child.stdin.write(asked)
            child.stdin.close()
            file = place.storage / ".ncw-r1-node1"
            assert wait_until(file.exists)
            child.terminate()
        assert wait_until(lambda: not file.exists())


def test_a_lock_that_comes_after_the_end_of_its_probe_leaves_no_file(place, tmp_path):
    slow = tmp_path / "bin" / "flock"
    slow.parent.mkdir()
    slow.write_text(f'#!/bin/sh\n: >{tmp_path}/asked\nread go <{tmp_path}/go\n{shutil.which("flock")} "$@"\n')
    slow.chmod(0o755)
    os.mkfifo(tmp_path / "go")
    env = {**os.environ, "PATH": f"{slow.parent}:{os.environ['PATH']}"}
    with place.running({}):
        asked = inside.script(node="node1", port=place.port, meet={"run": "r1", "others": ["node2"]})
        with subprocess.Popen(place.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env) as child:
            child.stdin.write(asked)
            child.stdin.close()
            assert wait_until((tmp_path / "asked").exists)
            child.terminate()
        with (tmp_path / "go").open("w") as go:
            go.write("now\n")
        assert wait_until(lambda: str(slow) not in _commands())
    assert list(place.storage.iterdir()) == []


def _commands():
    """Return the arguments of every process, in one text."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.append(file.read_text(errors="replace"))
    return " ".join(found)


def test_a_process_in_another_network_is_not_of_this_node(place):
    try:
        namespace.need("a network of its own")
    except Missing as missing:
        give_up(str(missing))
    apart = Inside(place.folder, port=place.port, enter=("unshare", "--net", "--"))
    with apart.running(_ENV):
        assert gathered(place)["trouble"] == {"code": "no_process"}
