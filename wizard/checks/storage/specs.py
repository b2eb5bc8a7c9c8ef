"""The ids that a look at the shared folder can give."""

from __future__ import annotations

from wizard.plan import docs
from wizard.plan.action import Area
from wizard.plan.i18n import mark
from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec

_STORAGE = "docs/nocobase.md#storage"
_JWT = "packages/core/auth/src/auth-manager.ts"
_AES = "packages/core/server/src/aes-encryptor.ts"

EXISTS = Spec(
    "storage.exists",
    mark("The shared folder is there."),
    docs.PREPARATIONS,
    _STORAGE,
    severities=(PASS, FAIL),
    remedy=mark("Mount the shared folder on this machine, or correct its path."),
    gate=True,
    absent=mark("folder not found"),
    effect=mark("No node can keep files or plug-ins in common."),
    evidence=mark("The folder, on the machine that runs the check."),
)
FILESYSTEM = Spec(
    "storage.filesystem",
    mark("The shared folder is on a file system that is shared."),
    docs.PREPARATIONS,
    _STORAGE,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Mount a file system that all machines share, and let it take writes."),
    area=Area.DATA,
    effect=mark("A file that was uploaded through one node is missing on the others."),
    evidence=mark("The kind of file system, as the system knows it."),
    symptom=mark("Uploaded files are there one time and missing the next"),
)
SPACE = Spec(
    "storage.space",
    mark("The shared folder has room."),
    docs.PREPARATIONS,
    _STORAGE,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Free some room, or enlarge the file system."),
    effect=mark("Uploads and logs cannot be written."),
    evidence=mark("Free bytes and free files."),
    symptom=mark("“ENOSPC” in a node's log"),
)
WRITE = Spec(
    "storage.write",
    mark("A file can be written, renamed and read back."),
    docs.PREPARATIONS,
    _STORAGE,
    severities=(PASS, FAIL),
    remedy=mark("Let the user that NocoBase runs as write there, and make room."),
    effect=mark("Uploads fail."),
    evidence=mark("A file that is written, renamed and read back, on trial."),
    symptom=mark("“EACCES: permission denied” in a node's log"),
)
LOCK = Spec(
    "storage.lock",
    mark("A lock on a file is granted, keeps a second one out, and other machines see it."),
    docs.PREPARATIONS,
    _STORAGE,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Mount a file system that carries locks from machine to machine, NFS 4 for one."),
    area=Area.DATA,
    effect=mark("Two machines write one file at once."),
    evidence=mark("Locks on a file on trial, and how the file system carries them."),
)
DELETE = Spec(
    "storage.delete",
    mark("A file can be deleted."),
    docs.PREPARATIONS,
    _STORAGE,
    severities=(PASS, FAIL),
    remedy=mark("Let the user that NocoBase runs as delete there."),
    effect=mark("Files cannot be removed."),
    evidence=mark("The file on trial, deleted."),
)
OWNER = Spec(
    "storage.owner",
    mark("Files belong to who wrote them, and not everybody may write."),
    docs.PREPARATIONS,
    _STORAGE,
    severities=(PASS, WARN),
    remedy=mark("Export the folder without squashing, and take the right to write from others."),
    area=Area.ADVICE,
    evidence=mark("Owner and mode of the file on trial."),
)
FSYNC = Spec(
    "storage.fsync",
    mark("A file is on the disk within a reasonable time."),
    docs.PREPARATIONS,
    _STORAGE,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Look at the load of the file server and at the network in between."),
    area=Area.SPEED,
    effect=mark("Uploads and starts take long."),
    evidence=mark("How long it takes until a file on trial is on the disk."),
    symptom=mark("Uploads take very long"),
    timed=True,
)
DATABASE_FILES = Spec(
    "storage.database_files",
    mark("No database keeps its files in the shared folder."),
    docs.PREPARATIONS,
    _STORAGE,
    severities=(PASS, FAIL),
    remedy=mark("Move the database's files out of the shared folder."),
    area=Area.DATA,
    effect=mark("A database on a shared folder gets damaged."),
    evidence=mark("The names of files that databases make."),
)
LINKS = Spec(
    "storage.links",
    mark("No symbolic link leads out of the shared folder, or to a place of this machine's."),
    docs.PREPARATIONS,
    _STORAGE,
    severities=(PASS, WARN),
    remedy=mark("Put what the link names into the folder itself."),
    area=Area.ADVICE,
    evidence=mark("Symbolic links in the folder."),
)
MARKERS = Spec(
    "storage.markers",
    mark("No mark of an unfinished upgrade is left."),
    docs.OPERATIONS,
    _STORAGE,
    severities=(PASS, WARN),
    remedy=mark("Take the mark away once no upgrade runs."),
    area=Area.ADVICE,
    evidence=mark("The marks that an upgrade leaves."),
    symptom=mark("Nodes say for ever that an upgrade runs"),
)
JWT_KEY = Spec(
    "storage.jwt_key",
    mark("No stored key takes the place of the application key."),
    docs.PREPARATIONS,
    _JWT,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Take the stored key away, or accept that it signs the sessions."),
    area=Area.DATA,
    effect=mark("Nodes sign sessions with different keys."),
    evidence=mark("The file jwt_secret.dat, by its fingerprint."),
    symptom=mark("Users are signed out again and again"),
)
AES_KEY = Spec(
    "storage.aes_key",
    mark("The encryption key is that of the stored key file."),
    docs.PREPARATIONS,
    _AES,
    severities=(PASS, INFO, FAIL),
    remedy=mark("Write the stored key's hexadecimal form into the plan."),
    area=Area.DATA,
    effect=mark("What NocoBase stored encrypted cannot be read any more."),
    evidence=mark("The stored key, by its fingerprint."),
    symptom=mark("Stored passwords of data sources and mail no longer work"),
)
LICENCE_FILES = Spec(
    "storage.licence_files",
    mark("The licence's files agree with the plan."),
    docs.PREPARATIONS,
    "docs/nocobase.md#licence",
    severities=(PASS, WARN),
    remedy=mark("Let the plan and the folder hold the same licence key."),
    area=Area.ADVICE,
    evidence=mark("The licence's files in the folder."),
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
