"""Command export: write a bundle and say which files it has."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from wizard import __version__
from wizard.app.changes import fill_in_again
from wizard.app.export import Exported, ExportError, absent, changes, unwritten
from wizard.app.export import export as export_bundle
from wizard.app.open_source import OpenedSource
from wizard.cli import passphrase
from wizard.cli.changes import changes_json, changes_text, left_out_lines
from wizard.cli.codes import PROGRAM, EndError, ExitCode
from wizard.cli.output import say, write
from wizard.cli.progress import told
from wizard.cli.sources import collect, opened_source
from wizard.cli.style import style_of
from wizard.export.containers import IMAGE
from wizard.formats.files import BundleFile, SecretsMode
from wizard.guide.reports.style import Style, printable
from wizard.plan.bundle_names import SEALED
from wizard.plan.i18n import listing, tr, trn
from wizard.plan.secret import Secret


def export(options: argparse.Namespace) -> int:
    """Do the command and return the exit code."""
    mode = SecretsMode(options.secrets)
    if not options.destination.strip():  # a shell's variable that is not set; as a path it would be the working folder
        raise EndError(tr("The destination is an empty name."))
    opened = opened_source(*options.source)
    destination = Path(options.destination)
    here = _here()
    try:
        secrets = _secrets(opened, options, mode)
        if options.dry_run:
            with told(tr("comparing with {destination}", destination=options.destination)):
                found = changes(opened.plan, secrets, destination, mode, options.target)
            write(
                changes_json(found, mode) if options.format == "json" else changes_text(found, style_of(sys.stdout)),
                None,
            )
            _tell_unwritten(unwritten(opened.plan))
            return ExitCode.OK
        phrase = passphrase.chosen(SEALED) if mode is SecretsMode.ENCRYPTED else None
        with told(tr("writing {destination}", destination=options.destination)):
            exported = export_bundle(opened.plan, secrets, destination, mode, options.target, phrase)
    except ExportError as error:
        raise EndError(str(error)) from error
    write(_json(exported, mode) if options.format == "json" else files_text(exported, style_of(sys.stdout)), None)
    _tell_exported(exported, here)
    return ExitCode.OK


def _tell_exported(exported: Exported, here: Path | None) -> None:
    """Say what became of the former bundle, and of the folder that the shell stands in, `here`."""
    if exported.lost:
        say(fill_in_again(exported.lost))
    _tell_unwritten(exported.unwritten)
    if exported.images:
        images = tr(
            "The nodes run {images}, and the exported files name {image} with the version alone: write yours there if "
            "the nodes need what it has.",
            images=listing(map(printable, exported.images)),
            image=IMAGE,
        )
        say(images)
    if exported.removed:
        removed = trn(
            "{count} file of the former bundle is no part of this one, and gone: {names}.",
            "{count} files of the former bundle are no part of this one, and gone: {names}.",
            len(exported.removed),
            names=listing(map(printable, exported.removed)),
        )
        say(removed)
    if exported.kept:
        names = listing(exported.changed)
        say(tr("Files changed by hand ({names}) are kept in {folder}.", names=names, folder=exported.kept))
    if exported.destination == here:  # the shell stands in the folder that was there before
        say(tr('The folder you are in was replaced; enter it again: cd "$PWD"'))


def _tell_unwritten(names: tuple[str, ...]) -> None:
    """Name on standard error what the nodes do not get: a bundle without it may stand for another cluster."""
    if names:
        says = tr(
            "No node gets {names}: the values could not be read. The cluster file keeps them; check the bundle.",
            names=listing(names),
        )
        say(says)


def _here() -> Path | None:
    """Return the folder that the shell stands in; None if that is gone."""
    try:
        return Path.cwd()
    except OSError:
        return None


def _secrets(opened: OpenedSource, options: argparse.Namespace, mode: SecretsMode) -> dict[str, Secret]:
    """Gather the secrets; only where they are written is a terminal asked for those that are missing."""
    if mode is SecretsMode.REFERENCE:
        return collect(opened, options.secrets_file)
    needed = set(absent(opened.plan, {}).values())
    return collect(
        opened, options.secrets_file, ask_for=lambda key: key in needed, follow_all=options.follow_references
    )


def files_text(exported: Exported, style: Style) -> str:
    """Return the destination and its files with their sizes, those with secrets marked, and what was left out."""
    left_out = "".join(f"{line}\n" for line in left_out_lines(exported.left_out, style))
    return f"{printable(str(exported.destination))}\n{files_list(exported)}{left_out}"


def files_list(exported: Exported) -> str:
    """Return a line for each file, its path relative to the bundle."""
    lines = []
    for file in exported.files:
        size = trn("{count:>7} byte", "{count:>7} bytes", len(file.text.encode()))
        secret = tr("holds secrets") if file.secret else ""
        lines.append(f"  {size}  {file.path}  {secret}".rstrip())
    return "\n".join(lines) + "\n"


def _json(exported: Exported, mode: SecretsMode) -> str:
    document = {
        "schema": 1,
        "tool": {"name": PROGRAM, "version": __version__},
        "destination": str(exported.destination),
        "secrets": mode.value,
        "files": [_entry(file) for file in exported.files],
        "kept": str(exported.kept) if exported.kept else None,
        "changed": list(exported.changed),
        "unwritten": list(exported.unwritten),
        "left_out": dict(exported.left_out),
        "removed": list(exported.removed),
        **({"images": list(exported.images)} if exported.images else {}),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _entry(file: BundleFile) -> dict[str, Any]:
    data = file.text.encode()
    return {
        "path": file.path,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "mode": f"{file.mode:04o}",
        "secret": file.secret,
    }
