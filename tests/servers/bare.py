"""A bare Debian to try the two commands on: nothing but apt, sudo, git and certificates, and the checkout in a home.

It is a copy of a root file system that is kept, entered with `chroot` in namespaces of its own, so that nothing stays
mounted. How this machine reaches its package archives (apt, pip, npm, proxies, certificates) is read here and now and
told inside; what is fetched is kept below the tests' cache.
"""

import contextlib
import hashlib
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.servers import namespace
from tests.servers.archives import apt_lines, places, variables
from tests.servers.debian import bare_folder_of, cache, folder_of, locked

ROOT = Path(__file__).parents[2]
WHEELS = "/var/cache/kept-wheels"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_LOCK = "requirements/test.txt"
_WHOLE = ".whole"

# Bound on itself it is a mount, as unshare needs one at its root. Each further pair of words is bound, too.
_ENTER = """
root=$1 user=$2
shift 2
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
while [ "$1" != -- ]; do mount --bind "$1" "$root$2"; shift 2; done
shift
exec chroot "$root" setpriv --reuid="$user" --regid="$user" --clear-groups "$@"
"""


class BareMachine:
    """A machine of a Debian release with the checkout in the private home of `user`, who is root or may use sudo."""

    def __init__(self, release: str, user: str, root: Path) -> None:
        self.release, self.user, self.root = release, user, root
        self.home = Path("/root" if user == "root" else f"/home/{user}")
        self._bound = _kept_for(release, self.home)
        self._wheels = Path(next(kept for kept, inside in self._bound.items() if inside == WHEELS))

    def prepare(self) -> None:
        """Let it reach the package archives, make its user, and put the checkout there."""
        etc = self.root / "etc"
        for name in ("resolv.conf", "ssl/certs/ca-certificates.crt"):
            if Path("/etc", name).exists():
                shutil.copyfile(Path("/etc", name), etc / name)
        (etc / "hosts").write_text(f"127.0.0.1 localhost {socket.gethostname()}\n")
        (etc / "apt/apt.conf.d/90machine").write_text(apt_lines())
        (etc / "dpkg/dpkg.cfg.d/90quick").write_text("force-unsafe-io\n")
        self._bound |= {str(place): str(place) for place in places() if not (self.root / str(place)[1:]).exists()}
        for inside in self._bound.values():
            (self.root / inside[1:]).mkdir(parents=True, exist_ok=True)
        if self.user != "root":
            self.run("useradd", "--create-home", "--shell=/bin/bash", self.user, as_root=True)
            (etc / "sudoers.d" / self.user).write_text(f"{self.user} ALL=(ALL) NOPASSWD: ALL\n")
        self._put_checkout()
        self.run("chown", "-R", f"{self.user}:{self.user}", str(self.home), as_root=True)
        self.run("chmod", "700", str(self.home), as_root=True)

    def _put_checkout(self) -> None:
        """Copy what git would, as it stands here: a change is tried before it is committed."""
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        for name in filter(None, listed.stdout.decode().split("\0")):
            target = self.root / str(self.home)[1:] / "checkout" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).exists():
                shutil.copy2(ROOT / name, target, follow_symlinks=False)

    def run(
        self, *command: str, seconds: float = 60, as_root: bool = False, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the checkout, or at the root where root is asked for; all that it started ends with it."""
        user = "root" if as_root else self.user
        bound = [word for pair in self._bound.items() for word in pair]
        given = {"PATH": _PATH, "HOME": str(self.home), "LANG": "C.UTF-8", **self._archives(), **environment}
        words = [*namespace.UNSHARE, "/bin/sh", "-ec", _ENTER, "enter", str(self.root), user, *bound, "--"]
        words += ["env", "-i", *(f"{name}={value}" for name, value in given.items())]
        words += [f"--chdir={'/' if as_root else self.home / 'checkout'}", *command]
        return subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=seconds
        )

    def _archives(self) -> dict[str, str]:
        """Return how packages are had: from what was kept where all is there, so that nothing is asked for twice."""
        told = variables()
        if (self._wheels / _WHOLE).exists():
            told = {name: value for name, value in told.items() if not name.startswith("PIP_")}
            told |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": WHEELS}
        return {**told, "PIP_CACHE_DIR": "/var/cache/kept-pip", "npm_config_cache": "/var/cache/kept-npm"}

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


def _kept_for(release: str, home: Path) -> dict[str, str]:
    """Return the folders outside that are kept, and where they are inside."""
    lock = hashlib.sha256((ROOT / _LOCK).read_bytes()).hexdigest()[:12]
    kept = cache() / "bare" / release
    pairs = {
        kept / "apt-lists": "/var/lib/apt/lists",
        kept / "apt-archives": "/var/cache/apt/archives",
        kept / "pip": "/var/cache/kept-pip",
        kept / "npm": "/var/cache/kept-npm",
        kept / "wheels" / lock: WHEELS,
    }
    for path in pairs:
        path.mkdir(parents=True, exist_ok=True)
    servers = [folder_of(name) for name in ("bookworm", "trixie")]
    inside = home / ".cache" / "nocobase-cluster-wizard-tests"
    pairs |= {path: str(inside / path.name) for path in servers}
    return {str(path): name for path, name in pairs.items()}


@contextlib.contextmanager
def bare_machine(release: str, user: str) -> Iterator[BareMachine]:
    """Make one and remove it after use; raises Missing where this machine does not let it."""
    namespace.need("a bare machine")
    kept = bare_folder_of(release)
    with locked(cache() / "bare.lock"):
        for left in cache().glob("bare-run-*"):  # by a run that was killed: nobody else holds the lock
            shutil.rmtree(left, ignore_errors=True)
        folder = tempfile.mkdtemp(prefix="bare-run-", dir=cache())
        try:
            root = Path(folder, "root")
            subprocess.run(["cp", "-a", "--reflink=auto", str(kept), str(root)], check=True)
            machine = BareMachine(release, user, root)
            machine.prepare()
            yield machine
        finally:
            shutil.rmtree(folder)
