"""A bare Debian to try the two commands on: nothing but apt, sudo, git and certificates, and the checkout in a home.

It is a copy, in memory, of a root file system that is kept, and is entered with `chroot` in a namespace of its own:
nothing stays mounted, and nothing has to be removed. It is a mount by itself, as unshare needs one at its root. How
this machine reaches its package archives (apt, pip, npm, proxies, certificates) is read here and now and told inside;
what is fetched is kept below the tests' cache.
"""

import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.servers import namespace
from tests.servers.archives import apt_lines, places, variables
from tests.servers.debian import PACKAGES, bare_folder_of, cache, folder_of, locked

ROOT = Path(__file__).parents[2]
WHEELS = "/var/cache/kept-wheels"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_LOCK = "requirements/test.txt"
_WHOLE = ".whole"
_FETCHED = {
    "apt-lists": "/var/lib/apt/lists",
    "apt-archives": "/var/cache/apt/archives",
}
"""What a bare machine's apt fetches and is kept, below the release's own folder, and where it is inside."""
_OWN = {"PIP_CACHE_DIR": "/var/cache/kept-pip", "npm_config_cache": "/var/cache/kept-npm"}
"""The same of its user, by the variables that say where."""

_BIND = """
root=$1
shift
while [ $# -gt 0 ]; do
  mount --bind "$1" "$root$2"
  [ "$3" = rw ] || mount -o remount,bind,ro "$root$2"
  shift 3
done
"""
_MAKE = 'cp -a "$1/." "$2"; mount -t proc proc "$2/proc"; mount --rbind /dev "$2/dev"'


class BareMachine:
    """A machine of a Debian release; the checkout, if wanted, is in the private home of `user`, root or a sudoer."""

    def __init__(self, release: str, user: str, place: namespace.Held) -> None:
        self.release, self.user = release, user
        self._place = place
        self.root = place.outside
        self.home = Path("/root" if user == "root" else f"/home/{user}")
        self._folder = self.home
        self._wheels = _kept(release) / "wheels" / hashlib.sha256((ROOT / _LOCK).read_bytes()).hexdigest()[:12]

    @property
    def _uid(self) -> int:
        return (self.root / str(self.home)[1:]).stat().st_uid

    def prepare(self, *, checkout: bool = True) -> None:
        """Let it reach the package archives, make its user, and put the checkout there if it is to have it."""
        self._place.run(
            ["/bin/sh", "-ec", _MAKE, "make", str(bare_folder_of(self.release)), self._place.inside], check=True
        )
        etc = self.root / "etc"
        for name in ("resolv.conf", "ssl/certs/ca-certificates.crt"):
            if Path("/etc", name).exists():
                shutil.copyfile(Path("/etc", name), etc / name)
        (etc / "hosts").write_text(f"127.0.0.1 localhost {socket.gethostname()}\n")
        (etc / "apt/apt.conf.d/90machine").write_text(apt_lines())
        if self.user != "root":
            self.run("useradd", "--create-home", "--shell=/bin/bash", self.user, as_root=True)
            (etc / "sudoers.d" / self.user).write_text(f"{self.user} ALL=(ALL) NOPASSWD: ALL\n")
        if checkout:
            self._put_checkout()
            self._folder = self.home / "checkout"
        self._bind()

    def _bind(self) -> None:
        """Let what is kept be seen inside: what is fetched, the servers of other releases, and what pip is told of."""
        kept = _kept(self.release)
        fetched = {kept / name: inside for name, inside in _FETCHED.items()} | {self._wheels: WHEELS}
        own = {kept / self.user / Path(inside).name: inside for inside in _OWN.values()}
        for path in (*fetched, *own):
            path.mkdir(parents=True, exist_ok=True)
        for path in own:
            os.chown(path, self._uid, self._uid)
        inner = self.home / ".cache" / "nocobase-cluster-wizard-tests"
        lent = [folder_of(release) for release in PACKAGES]
        if self.user == "root":  # who may use sudo fetches it with npm, which are 300 packages of Debian's
            lent.append(cache() / "node")
        seen = {path: inner / path.name for path in lent if path.exists()}
        seen |= {place: place for place in places() if not (self.root / str(place)[1:]).exists()}
        rows = [(str(path), str(inside), "rw") for path, inside in (fetched | own).items()]
        rows += [(str(path), str(inside), "ro") for path, inside in seen.items()]
        for _path, inside, _how in rows:
            self.run("mkdir", "-p", inside, as_root=not inside.startswith(f"{self.home}/"))
        words = [word for row in rows for word in row]
        self._place.run(["/bin/sh", "-ec", _BIND, "bind", self._place.inside, *words], check=True)

    def _put_checkout(self) -> None:
        """Copy what git would, as it stands here: a change is tried before it is committed."""
        home = self.root / str(self.home)[1:]
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        for name in filter(None, listed.stdout.decode().split("\0")):
            target = home / "checkout" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).exists():
                shutil.copy2(ROOT / name, target, follow_symlinks=False)
        home.chmod(0o700)
        subprocess.run(["chown", "-R", f"{self._uid}:{self._uid}", str(home)], check=True)

    def run(
        self, *command: str, seconds: float = 60, as_root: bool = False, user: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the checkout, or at the root where root or another user (a number will do) is asked for."""
        elsewhere = as_root or user
        user = user or ("root" if as_root else self.user)
        given = {"PATH": _PATH, "HOME": str(self.home), "LANG": "C.UTF-8", **self._archives(), **environment}
        words = ["chroot", self._place.inside, "setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
        words += ["env", "-i", f"--chdir={'/' if elsewhere else self._folder}"]
        words += [*(f"{name}={value}" for name, value in given.items()), *command]
        return self._place.run(words, check=False, timeout=seconds)

    def _archives(self) -> dict[str, str]:
        """Return how packages are had: from what was kept where all is there, so that nothing is asked for twice."""
        told = variables()
        if (self._wheels / _WHOLE).exists():
            told = {name: value for name, value in told.items() if not name.startswith("PIP_")}
            told |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": WHEELS}
        return {**told, **_OWN}

    def close(self) -> None:
        """Let nothing be written from now on but below /tmp, which is empty."""
        words = 'mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"; mount -o remount,ro "$1"'
        self._place.run(["/bin/sh", "-ec", words, "close", self._place.inside], check=True)

    def keep_wheels(self) -> None:
        """Keep the Python packages for later runs; those of an earlier lock go."""
        if (self._wheels / _WHOLE).exists():
            return
        words = ["-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--requirement", _LOCK]
        done = self.run(".venv/bin/python", *words, "--dest", WHEELS, seconds=600)
        if done.returncode == 0:
            (self._wheels / _WHOLE).touch()
            for former in self._wheels.parent.iterdir():
                if former != self._wheels:
                    shutil.rmtree(former)


def _kept(release: str) -> Path:
    return cache() / "bare" / release


@contextlib.contextmanager
def bare_machine(release: str, user: str, *, checkout: bool = True) -> Iterator[BareMachine]:
    """Make one and remove it after use; raises Missing where this machine does not let it."""
    namespace.need("a bare machine")
    with locked(cache() / "bare.lock"), namespace.held() as place:
        machine = BareMachine(release, user, place)
        machine.prepare(checkout=checkout)
        yield machine
