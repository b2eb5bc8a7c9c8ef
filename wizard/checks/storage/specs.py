"""The ids that a look at the shared folder can give."""

from __future__ import annotations

from wizard.plan.i18n import mark
from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec

_DOC = "https://docs.nocobase.com/cluster-mode/preparations"
_OPERATIONS = "https://docs.nocobase.com/cluster-mode/operations"
_STORAGE = "docs/nocobase.md#storage"
_JWT = "packages/core/auth/src/auth-manager.ts"
_AES = "packages/core/server/src/aes-encryptor.ts"

EXISTS = Spec(
    "storage.exists",
    mark("The shared folder is there."),
    _DOC,
    _STORAGE,
    severities=(PASS, FAIL),
    remedy=mark("Mount the shared folder on this machine, or correct its path."),
    gate=True,
    absent=mark("folder not found"),
)
FILESYSTEM = Spec(
    "storage.filesystem",
    mark("The shared folder is on a file system that is shared."),
    _DOC,
    _STORAGE,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Mount a file system that all machines share, and let it take writes."),
)
SPACE = Spec(
    "storage.space",
    mark("The shared folder has room."),
    _DOC,
    _STORAGE,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Free some room, or enlarge the file system."),
)
WRITE = Spec(
    "storage.write",
    mark("A file can be written, renamed and read back."),
    _DOC,
    _STORAGE,
    severities=(PASS, FAIL),
    remedy=mark("Let the user that NocoBase runs as write there, and make room."),
)
LOCK = Spec(
    "storage.lock",
    mark("A lock on a file is granted, keeps a second one out, and other machines see it."),
    _DOC,
    _STORAGE,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Mount a file system that carries locks from machine to machine, NFS 4 for one."),
)
DELETE = Spec(
    "storage.delete",
    mark("A file can be deleted."),
    _DOC,
    _STORAGE,
    severities=(PASS, FAIL),
    remedy=mark("Let the user that NocoBase runs as delete there."),
)
OWNER = Spec(
    "storage.owner",
    mark("Files belong to who wrote them, and not everybody may write."),
    _DOC,
    _STORAGE,
    severities=(PASS, WARN),
    remedy=mark("Export the folder without squashing, and take the right to write from others."),
)
FSYNC = Spec(
    "storage.fsync",
    mark("A file is on the disk within a reasonable time."),
    _DOC,
    _STORAGE,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Look at the load of the file server and at the network in between."),
)
DATABASE_FILES = Spec(
    "storage.database_files",
    mark("No database keeps its files in the shared folder."),
    _DOC,
    _STORAGE,
    severities=(PASS, FAIL),
    remedy=mark("Move the database's files out of the shared folder."),
)
LINKS = Spec(
    "storage.links",
    mark("No symbolic link leads out of the shared folder, or to a place of this machine's."),
    _DOC,
    _STORAGE,
    severities=(PASS, WARN),
    remedy=mark("Put what the link names into the folder itself."),
)
MARKERS = Spec(
    "storage.markers",
    mark("No mark of an unfinished upgrade is left."),
    _OPERATIONS,
    _STORAGE,
    severities=(PASS, WARN),
    remedy=mark("Take the mark away once no upgrade runs."),
)
JWT_KEY = Spec(
    "storage.jwt_key",
    mark("No stored key takes the place of the application key."),
    _DOC,
    _JWT,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Take the stored key away, or accept that it signs the sessions."),
)
AES_KEY = Spec(
    "storage.aes_key",
    mark("The encryption key is that of the stored key file."),
    _DOC,
    _AES,
    severities=(PASS, INFO, FAIL),
    remedy=mark("Write the stored key's hexadecimal form into the plan."),
)
LICENCE_FILES = Spec(
    "storage.licence_files",
    mark("The licence's files agree with the plan."),
    _DOC,
    "docs/nocobase.md#licence",
    severities=(PASS, WARN),
    remedy=mark("Let the plan and the folder hold the same licence key."),
)

SPECS = (
    EXISTS,
    FILESYSTEM,
    SPACE,
    DATABASE_FILES,
    LINKS,
    MARKERS,
    JWT_KEY,
    AES_KEY,
    LICENCE_FILES,
    WRITE,
    OWNER,
    FSYNC,
    LOCK,
    DELETE,
)
