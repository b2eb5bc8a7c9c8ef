"""Programs of a Python package, for servers that run as another user.

A virtual environment below a private home (/root has mode 0700) cannot be entered by the user that a server runs as;
such a server gets a copy of its program's folder where that user may look.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from typing import TYPE_CHECKING

from wizard.plan.child_environment import bare

if TYPE_CHECKING:
    from pathlib import Path

    from wizard.demo.process import Account

_BESIDE = ".libs"
"""Ends the folder beside a package's own that holds its libraries, as auditwheel lays them out."""
_READ, _ENTER = 0o444, 0o555
_UNUSED = shutil.ignore_patterns("include", "pkgconfig", "doc", "man")


def may_run(program: Path, account: Account | None) -> bool:
    """Whether this user may run the program; asked as that user, since mounts and access lists count, too."""
    if account is None:
        return True
    asked = ["/bin/sh", "-c", 'test -x "$1"', "may-run", str(program)]
    done = subprocess.run(
        asked, check=False, cwd="/", env=bare(os.environ), user=account.uid, group=account.gid, extra_groups=[]
    )
    return done.returncode == 0


def copied(tree: Path, folder: Path) -> Path:
    """Copy a package's folder of programs, `site-packages/PACKAGE/TREE`, below `folder`, readable by everyone.

    The package's libraries come along to the same place relative to it; return the new `TREE`.
    """
    package = tree.parent
    libraries = package.with_name(package.name + _BESIDE)
    target = folder / package.name / tree.name
    shutil.copytree(tree, target, symlinks=True, ignore=_UNUSED)
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (_ENTER if mode & stat.S_IXUSR else _READ))
    return target
