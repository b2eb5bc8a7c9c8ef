"""What lies in the shared folder, against the plan. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.checks.storage.contents import (
    DATABASE_SIGNS,
    INSTANCE_ID_FILE,
    JWT_FILE,
    LICENCE_KEY_FILE,
    KeyFile,
    LicenceFiles,
    Tree,
)
from wizard.checks.storage.probe import StorageFacts
from wizard.checks.storage.remedies import quoted
from wizard.checks.storage.specs import AES_KEY, DATABASE_FILES, JWT_KEY, LICENCE_FILES, LINKS, MARKERS
from wizard.checks.storage.steps import unread
from wizard.checks.storage.target import Target
from wizard.engine.facts import Fact, Known
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, sentences, tr, trn
from wizard.plan.remedy import advice, commands, steps
from wizard.plan.secret import Secret
from wizard.plan.spec import Spec

_KEY_BYTES = 32
_SHOWN = 5
_SIGNS = f"\\( {' -o '.join(f'-name {name}' for name in DATABASE_SIGNS)} \\)"
_ABSOLUTE = "-type l -lname '/*'"
"""What find(1) is asked for."""


def judge(target: Target, facts: StorageFacts, gate: Spec) -> Iterator[Finding]:
    """Return a finding for each id about contents; `gate` is the id that stopped what was not reached."""
    yield _databases(target, facts.tree, gate)
    yield _links(target, facts.tree, gate)
    yield _markers(target, facts.markers, gate)
    yield _jwt_key(target, facts.jwt_key, gate)
    yield _aes_key(target, facts.aes_key, gate)
    yield _licence_files(target, facts.licence, gate)


def _bounds(tree: Tree) -> str:
    if tree.unreadable:
        return trn(
            "{count} entry was looked at. These folders may not be read: {names}",
            "{count} entries were looked at. These folders may not be read: {names}",
            count=tree.looked_at,
            names=listing(tree.unreadable[:_SHOWN]),
        )
    if tree.cut_short:
        return trn(
            "Not all was looked at: {count} entry, four levels deep.",
            "Not all was looked at: {count} entries, four levels deep.",
            count=tree.looked_at,
        )
    return trn("{count} entry was looked at.", "{count} entries were looked at.", count=tree.looked_at)


def _partly(spec: Spec, target: Target, tree: Tree, sought: str) -> Finding:
    """Say that nothing was found in the part that was looked at, which proves nothing; `sought` is of find(1)."""
    return spec.unknown(
        tr("Could not be found out what lies in all of {path}.", path=target.path),
        error=ErrorKind.PERMISSION if tree.unreadable else None,
        detail=_bounds(tree),
        remedy=steps(tr("It must print nothing:"), f"sudo find {quoted(target.path)} {sought}"),
        facts={"unreadable": list(tree.unreadable)},
    )


def _databases(target: Target, fact: Fact[Tree], gate: Spec) -> Finding:
    if not isinstance(fact, Known):
        return unread(DATABASE_FILES, fact, gate, tr("Could not be found out what lies in {path}.", path=target.path))
    tree = fact.value
    if tree.databases:
        kinds = listing(sorted({kind for kind, _path in tree.databases}))
        return DATABASE_FILES.fail(
            tr("{path} holds the files of a database: {kinds}.", path=target.path, kinds=kinds),
            ErrorKind.OTHER,
            detail=tr(
                "Every node can change them, and many file systems for sharing damage a database. Found: {names}",
                names=listing(path for _kind, path in tree.databases[:_SHOWN]),
            ),
            remedy=advice(tr("Stop the database, move its folder out of the shared one, and start it there.")),
            facts={"found": [path for _kind, path in tree.databases]},
        )
    if not tree.complete:
        return _partly(DATABASE_FILES, target, tree, _SIGNS)
    return DATABASE_FILES.passed(tr("No files of a database lie in {path}.", path=target.path), detail=_bounds(tree))


def _links(target: Target, fact: Fact[Tree], gate: Spec) -> Finding:
    if not isinstance(fact, Known):
        return unread(LINKS, fact, gate, tr("Could not be found out what lies in {path}.", path=target.path))
    tree = fact.value
    if tree.links_out:
        return _leading_out(target, tree)
    if tree.links_absolute:
        return _absolute(target, tree)
    if not tree.complete:
        return _partly(LINKS, target, tree, _ABSOLUTE)
    return LINKS.passed(tr("No symbolic link leads out of {path}.", path=target.path), detail=_bounds(tree))


def _leading_out(target: Target, tree: Tree) -> Finding:
    return LINKS.warn(
        trn(
            "{count} symbolic link leads out of {path}.",
            "{count} symbolic links lead out of {path}.",
            count=len(tree.links_out),
            path=target.path,
        ),
        detail=tr(
            "Another machine finds something else behind them, or nothing: {names}",
            names=listing(tree.links_out[:_SHOWN]),
        ),
        remedy=steps(
            tr("Put the real files in their place:"),
            *(f"ls -l {quoted(target.path, link)}" for link in tree.links_out[:_SHOWN]),
        ),
        facts={"found": list(tree.links_out)},
    )


def _absolute(target: Target, tree: Tree) -> Finding:
    named: dict[str, Any] = {"count": len(tree.links_absolute), "path": target.path}
    return LINKS.warn(
        trn(
            "{count} symbolic link in {path} names its place on this machine.",
            "{count} symbolic links in {path} name their place on this machine.",
            **named,
        ),
        detail=tr(
            "A node that mounts the folder at another path, as a container does, finds nothing there: {names}",
            names=listing(link for link, _to in tree.links_absolute[:_SHOWN]),
        ),
        remedy=steps(
            tr("Make them relative:"),
            *(f"ln -sfnr {quoted(to)} {quoted(target.path, link)}" for link, to in tree.links_absolute[:_SHOWN]),
        ),
        facts={"found": [link for link, _to in tree.links_absolute]},
    )


def _markers(target: Target, fact: Fact[tuple[str, ...]], gate: Spec) -> Finding:
    if not isinstance(fact, Known):
        return unread(MARKERS, fact, gate, tr("Could not be found out whether an upgrade was left unfinished."))
    if found := fact.value:
        return MARKERS.warn(
            tr(
                "An upgrade is under way or was left unfinished: {path} holds {names}.",
                path=target.path,
                names=listing(found),
            ),
            detail=tr("Every node that starts now upgrades the database; two at once can damage it."),
            remedy=steps(
                tr("Start one node alone and wait until it serves. If no upgrade runs:"),
                *(f"rm {quoted(target.path, name)}" for name in found),
            ),
            facts={"found": list(found)},
        )
    return MARKERS.passed(tr("No mark of an unfinished upgrade is in {path}.", path=target.path))


def _jwt_key(target: Target, fact: Fact[KeyFile | None], gate: Spec) -> Finding:
    if not isinstance(fact, Known):
        return unread(JWT_KEY, fact, gate, tr("Could not be found out whether {file} counts.", file=JWT_FILE))
    found = fact.value
    if found is None:
        return JWT_KEY.passed(tr("There is no {file}: the application key signs the sessions.", file=JWT_FILE))
    more: dict[str, Any] = {"facts": _described(found)}
    if target.app_key_alone:
        words = tr("{file} is not read: by UNSAFE_USE_DEFAULT_JWT_SECRET the application key signs.", file=found.path)
        return JWT_KEY.passed(words, **more)
    if found.size != _KEY_BYTES:
        return JWT_KEY.fail(
            tr("{file} has {size} bytes; NocoBase starts only with 32.", file=found.path, size=found.size),
            ErrorKind.OTHER,
            remedy=steps(
                tr("Bring the file back from a backup, or remove it; every user must then sign in again:"),
                f"rm {quoted(found.path)}",
            ),
            **more,
        )
    if target.app_key is not None and target.app_key.reveal().encode().hex() == found.content.reveal():
        return JWT_KEY.passed(tr("{file} holds the application key itself.", file=found.path), **more)
    return JWT_KEY.warn(
        tr("{file} takes the place of the application key: sessions are signed with it.", file=found.path),
        detail=tr(
            "NocoBase prefers this file to APP_KEY. All nodes share it, so sessions work, but APP_KEY has no effect."
        ),
        remedy=steps(
            tr("To let APP_KEY count, stop all nodes first; every user must then sign in again:"),
            f"rm {quoted(found.path)}",
        ),
        **more,
    )


def _described(found: KeyFile) -> dict[str, Any]:
    return {"file": found.path, "size": found.size, "fingerprint": found.content.fingerprint()}


def _aes_key(target: Target, fact: Fact[KeyFile | None], gate: Spec) -> Finding:
    if not isinstance(fact, Known):
        return unread(AES_KEY, fact, gate, tr("Could not be found out which encryption key is stored."))
    found = fact.value
    if found is None:
        return _no_aes_file(target)
    if target.aes_key is not None:
        return _compared(target.aes_key, found)
    return _alone(target, found)


def _alone(target: Target, found: KeyFile) -> Finding:
    """Judge the file where there is no key to compare it with."""
    more: dict[str, Any] = {"facts": _described(found)}
    if target.aes_key_planned:
        reason = tr("Not compared with {file}: the plan's encryption key is not at hand.", file=found.path)
        return AES_KEY.unknown(reason, error=ErrorKind.MISSING, lacks="application.aes_key", **more)
    if target.aes_key_path:
        reason = tr("Not compared with {file}: the plan takes the key from a file on the nodes.", file=found.path)
        return AES_KEY.unknown(
            reason, remedy=commands(f"cmp {quoted(target.aes_key_path)} {quoted(found.path)}"), **more
        )
    if found.size != _KEY_BYTES:
        return AES_KEY.fail(
            tr("{file} has {size} bytes; NocoBase starts only with 32.", file=found.path, size=found.size),
            ErrorKind.OTHER,
            remedy=advice(tr("Bring the file back from a backup: without it nothing encrypted can be read.")),
            **more,
        )
    return AES_KEY.info(
        tr("All nodes take the encryption key from {file}.", file=found.path),
        remedy=steps(tr("To be independent of the file, enter its hexadecimal form in the plan:"), _show(found)),
        **more,
    )


def _compared(planned: Secret, found: KeyFile) -> Finding:
    facts = {**_described(found), "planned_fingerprint": planned.fingerprint()}
    if planned.reveal().strip().lower() == found.content.reveal():
        return AES_KEY.passed(tr("The encryption key of the plan is that of {file}.", file=found.path), facts=facts)
    return AES_KEY.fail(
        tr("The encryption key of the plan is not that of {file}.", file=found.path),
        ErrorKind.OTHER,
        detail=tr("APP_AES_SECRET_KEY goes before the file: what was encrypted with the file's key is then lost."),
        remedy=steps(
            tr(
                "If the nodes have run without APP_AES_SECRET_KEY until now, enter the hexadecimal form of the file as "
                "the encryption key of the plan. If they run with the plan's key and read what is encrypted, keep "
                "that: the file is what a first start without it left, and may be put aside."
            ),
            _show(found),
        ),
        facts=facts,
    )


def _show(found: KeyFile) -> str:
    return f"xxd -p -c 64 {quoted(found.path)}"


def _no_aes_file(target: Target) -> Finding:
    if target.aes_key_planned or target.aes_key_path:
        return AES_KEY.passed(tr("No stored key file stands against the encryption key of the plan."))
    return AES_KEY.info(tr("There is no encryption key yet: the first node that starts makes one in the folder."))


def _licence_files(target: Target, fact: Fact[LicenceFiles], gate: Spec) -> Finding:
    if not isinstance(fact, Known):
        return unread(LICENCE_FILES, fact, gate, tr("Could not be found out which licence files are there."))
    found = fact.value
    file = f"{target.path}/{LICENCE_KEY_FILE}"
    more: dict[str, Any] = {"facts": {"license_key": found.key is not None, "instance_id": found.instance_id}}
    if not target.licensed_by_key:
        return _beside_an_account(target, file, found, more)
    if found.key is None:
        return _no_key_file(target, file, found, more)
    if target.licence_key is not None and target.licence_key.reveal().strip() != found.key.reveal():
        return LICENCE_FILES.warn(
            tr("{file} holds another key than the plan.", file=file),
            error=ErrorKind.OTHER,
            detail=tr("The nodes use the file; the plan's key is written there only by hand."),
            remedy=advice(tr("Write the plan's key into the file, or enter the file's key in the plan.")),
            **more,
        )
    return LICENCE_FILES.passed(tr("{file} is there.", file=file), **more)


def _beside_an_account(target: Target, file: str, found: LicenceFiles, more: Mapping[str, Any]) -> Finding:
    if found.key is None:
        return LICENCE_FILES.passed(tr("No licence key stands against the account of the plan."), **more)
    return LICENCE_FILES.warn(
        tr("{file} is there, though the plan licenses by an account.", file=file),
        detail=tr("NocoBase prefers a licence key it can decode to the account."),
        remedy=steps(
            tr(
                "Choose the licence key in the plan if the cluster has its plug-ins by it. Only if it has them by "
                "the account, put the file aside:"
            ),
            f"mv {quoted(target.path, LICENCE_KEY_FILE)} {quoted(target.path, 'license-key.aside')}",
        ),
        **more,
    )


def _no_key_file(target: Target, file: str, found: LicenceFiles, more: Mapping[str, Any]) -> Finding:
    place = quoted(target.path, LICENCE_KEY_FILE)
    return LICENCE_FILES.warn(
        tr("{file} is not there.", file=file),
        error=ErrorKind.MISSING,
        detail=sentences(
            tr("Without it a node starts without the cluster's plug-ins, and only its log says so."),
            "" if found.instance_id else " " + tr("The instance ID, {file}, is missing too.", file=INSTANCE_ID_FILE),
        ),
        remedy=steps(tr("Put the key there before the first node starts:"), f"install -D -m 600 license-key {place}"),
        **more,
    )
