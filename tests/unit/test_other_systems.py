"""Every module can be imported under the names of Windows and macOS, without what those systems do not have.

No such system is at hand: what other packages and the standard library do there is not tried. They are imported first,
as this system's; then this system's own modules and functions are hidden, and every module of ours is imported anew.
"""

import json
import subprocess
import sys

import pytest

PROGRAM = r"""
import importlib, json, os, pathlib, pkgutil, signal, socket, sys, types

system = sys.argv[1]

def every_module():
    import wizard
    names = [module.name for module in pkgutil.walk_packages(wizard.__path__, "wizard.")]
    for name in names:
        importlib.import_module(name)
    return names

first = every_module()
for name in [name for name in sys.modules if name.partition(".")[0] == "wizard"]:
    del sys.modules[name]

POSIX = ("pwd", "grp", "fcntl", "resource", "termios", "tty", "pty", "syslog", "spwd", "crypt", "nis",
         "readline", "curses")
UNIX = ("fork", "forkpty", "setsid", "setpgid", "getpgid", "killpg", "getuid", "geteuid", "getgid",
        "getegid", "getgroups", "setuid", "setgid", "chown", "lchown", "fchown", "mkfifo", "mknod",
        "statvfs", "sysconf", "uname", "nice", "ttyname", "getloadavg", "O_DIRECTORY", "O_NOFOLLOW",
        "O_CLOEXEC", "O_NONBLOCK", "WNOHANG", "pread", "pwrite", "confstr")
ONLY_LINUX = ("sched_getaffinity", "pidfd_open", "memfd_create", "O_PATH", "O_TMPFILE", "setresuid", "getrandom",
              "sendfile", "eventfd", "setns", "unshare", "copy_file_range", "posix_fadvise")

def take(module, names):
    for name in names:
        module.__dict__.pop(name, None)

if system == "win32":
    for name in POSIX:
        sys.modules[name] = None
    take(os, UNIX + ONLY_LINUX)
    take(signal, [name for name in dir(signal) if name.startswith("SIG") and name not in
                  {"SIGABRT", "SIGFPE", "SIGILL", "SIGINT", "SIGSEGV", "SIGTERM", "SIG_DFL", "SIG_IGN"}])
    take(signal, ("pthread_sigmask", "setitimer", "alarm", "pause", "sigwait"))
    take(socket, ("AF_UNIX", "AF_NETLINK", "AF_VSOCK", "socketpair", "SO_REUSEPORT", "sethostname", "if_nametoindex"))
    sys.modules["msvcrt"] = types.SimpleNamespace(locking=None, LK_NBLCK=2, LK_UNLCK=0)
    os.name = "nt"
    pathlib.Path.__new__.__globals__["WindowsPath"] = pathlib.PosixPath
else:
    for name in ("spwd", "crypt", "nis"):
        sys.modules[name] = None
    take(os, ONLY_LINUX)
    take(socket, ("AF_NETLINK", "AF_VSOCK", "SO_BINDTODEVICE", "SO_PEERCRED"))
    import fcntl
    take(fcntl, ("F_OFD_SETLK", "F_OFD_SETLKW", "F_OFD_GETLK"))
sys.platform = system
print(json.dumps([len(first), every_module() == first]))
"""


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_every_module_is_imported_on_a_system_that_is_not_posix(system: str):
    done = subprocess.run([sys.executable, "-c", PROGRAM, system], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    count, same = json.loads(done.stdout)
    assert same
    assert count > 300
