"""The commands: what the list and their own help say of each, and the arguments that it takes.

Imports next to nothing, as the grammar of the command line does.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from wizard.cli.argument_kinds import InPairs, day, jobs, seconds, timeout
from wizard.cli.parser import everywhere
from wizard.engine.limits import DEADLINE, JOBS
from wizard.plan.i18n import listing, mark, tr

_FORMATS = ("text", "json", "junit", "markdown", "html", "prometheus")
_SECRETS = ("reference", "inline", "encrypted")
_STORES = ("keyring", "file")


def _check(parser: argparse.ArgumentParser) -> None:
    _sources(parser, least="*")
    _which_checks(parser)
    _how_long(parser)
    _what_is_told(parser)
    _secrets_file(parser)


def _which_checks(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--only", metavar="ID", action="append", default=[], help=tr("only this id, or ids that begin so (repeatable)")
    )
    parser.add_argument(
        "--skip", metavar="ID", action="append", default=[], help=tr("not this id, nor ids that begin so (repeatable)")
    )
    parser.add_argument(
        "--stage",
        choices=("start", "run"),
        default="run",
        help=tr("start: what must hold before the first node starts; run (default): all, on a running cluster"),
    )
    parser.add_argument(
        "--nodes", action="store_true", help=tr("look from inside the nodes, by the way in that the plan names")
    )
    parser.add_argument(
        "--facts",
        metavar="FILE",
        action="append",
        default=[],
        help=tr("facts that the script of “probe” printed in a node (repeatable), or a kept run to judge again"),
    )


def _how_long(parser: argparse.ArgumentParser) -> None:
    takes = tr(
        "seconds one check may take (default {seconds}, more where it waits for several answers)",
        seconds=f"{DEADLINE:g}",
    )
    parser.add_argument("--timeout", metavar="S", type=timeout, help=takes)
    whole = tr("seconds the whole run may take (default: no limit)")
    parser.add_argument("--deadline", metavar="S", type=seconds, help=whole)
    again = parser.add_mutually_exclusive_group()
    waits = tr("look again at what failed until nothing fails, for at most S seconds")
    again.add_argument("--wait", metavar="S", type=seconds, help=waits)
    watches = tr("look every S seconds and tell what changes, until Ctrl-C")
    again.add_argument("--watch", metavar="S", type=seconds, help=watches)
    parser.add_argument(
        "--jobs",
        metavar="N",
        type=jobs,
        default=JOBS,
        help=tr("checks at once (default {jobs})", jobs=JOBS),
    )


def _what_is_told(parser: argparse.ArgumentParser) -> None:
    formats = tr("{formats} (repeatable, each with an --output; default text)", formats=listing(_FORMATS))
    parser.add_argument("--format", choices=_FORMATS, action=InPairs, metavar="F", help=formats)
    told = parser.add_mutually_exclusive_group()
    told.add_argument("--short", action="store_true", help=tr("tell what to do alone (text)"))
    told.add_argument("--verbose", action="store_true", help=tr("tell each check that passed, too (text)"))
    parser.add_argument(
        "--output",
        metavar="FILE",
        action=InPairs,
        help=tr("write the result into a file (-: standard output)"),
    )
    parser.set_defaults(outputs=())
    parser.add_argument(
        "--since",
        metavar="RUN",
        help=tr("tell what changed since “last”, “good” (the last good run, default) or a report in JSON"),
    )
    parser.add_argument(
        "--strict", action="store_true", help=tr("end with 4 on warnings and on what could not be found out")
    )


def _export(parser: argparse.ArgumentParser) -> None:
    from wizard.export.targets import target_names

    _sources(parser)
    parser.add_argument("destination", metavar="DEST", help=tr("a new, empty or former bundle's folder, or a .zip"))
    parser.add_argument(
        "--target",
        metavar="NAME",
        action="append",
        default=[],
        help=tr("{targets} (repeatable; default all that fit)", targets=listing(target_names())),
    )
    parser.add_argument(
        "--secrets",
        choices=_SECRETS,
        default="reference",
        help=tr("reference (default), inline, or encrypted with a passphrase"),
    )
    parser.add_argument(
        "--dry-run", action="store_true", help=tr("show what would change at DEST, with secrets masked; write nothing")
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help=tr("what to write (default text)"))
    _secrets_file(parser)


def _diff(parser: argparse.ArgumentParser) -> None:
    first = tr("cluster file, env file, Compose file, bundle or saved cluster; its values are told behind “-”")
    parser.add_argument("left", metavar="SOURCE", help=first)
    parser.add_argument("right", metavar="SOURCE", help=tr("what to compare it with; its values are told behind “+”"))


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--headless", action="store_true", help=tr("check and export instead of opening the window"))


def _self_test(parser: argparse.ArgumentParser) -> None:
    """Take no argument."""


def _accept(parser: argparse.ArgumentParser) -> None:
    checked = tr("what was checked: a cluster file, an env file, a Compose file, a bundle or a saved cluster")
    parser.add_argument("source", metavar="SOURCE", help=checked)
    told = tr("the finding as the report tells it: its id, and its subject where it has one")
    parser.add_argument("finding", metavar="ID[:SUBJECT]", help=told)
    parser.add_argument("--reason", metavar="TEXT", required=True, help=tr("why it is known and wanted"))
    parser.add_argument("--until", metavar="YYYY-MM-DD", type=day, help=tr("the last day on which that holds"))


def _kept_secrets(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, says: str) -> argparse.ArgumentParser:
        found = actions.add_parser(name, help=says, description=says, parents=[everywhere()])
        found.add_argument("cluster", metavar="CLUSTER", help=tr("a saved cluster, a cluster file or a bundle"))
        return found

    listing = action("list", tr("say where each secret is"))
    listing.add_argument("--show", action="store_true", help=tr("show the values, too, on a terminal"))
    setting = action("set", tr("keep a value, from a prompt or standard input"))
    name = tr("a secret's name, or its setting's")
    setting.add_argument("name", metavar="NAME", help=name)
    default = tr("where to (default: the keyring; without one, the encrypted file)")
    where = setting.add_mutually_exclusive_group()
    where.add_argument("--in", dest="into", choices=_STORES, help=default)
    outside = tr("keep no value: the plan says where it is, env:NAME, file:PATH or cmd:COMMAND")
    where.add_argument("--from", dest="outside", metavar="REFERENCE", help=outside)
    removing = action("remove", tr("forget values, wherever they are kept"))
    removing.add_argument("name", metavar="NAME", nargs="+", help=name)
    moving = action("move", tr("move values to another store; no NAME means all"))
    moving.add_argument("name", metavar="NAME", nargs="*", help=name)
    moving.add_argument("--to", choices=_STORES, required=True, help=tr("where to"))


def _sources(parser: argparse.ArgumentParser, least: str = "+") -> None:
    says = tr("cluster file, env file, Compose file, bundle or saved cluster; several complete one another")
    parser.add_argument("source", metavar="SOURCE", nargs=least, help=says)


def _secrets_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--secrets-file", metavar="FILE", help=tr("an env file with the secrets' values"))
    follows = tr("take secrets from where the plan says they are (env:, file:, cmd:), whatever it names")
    parser.add_argument("--follow-references", action="store_true", help=follows)


TABLE: dict[str, tuple[str, str, Callable[[argparse.ArgumentParser], None]]] = {
    "check": (mark("test a cluster live"), mark("Test a cluster live."), _check),
    "export": (mark("write the files of a cluster"), mark("Write the files of a cluster."), _export),
    "diff": (
        mark("show what differs between two plans: exit 0 equal, 3 different"),
        mark("Show what differs between two plans: exit 0 equal, 3 different."),
        _diff,
    ),
    "accept": (
        mark("let a finding of the last run count no longer"),
        mark("Let a finding of the last run count no longer."),
        _accept,
    ),
    "history": (
        mark("list the runs that were kept"),
        mark("List the runs that were kept, the newest first."),
        _sources,
    ),
    "secrets": (
        mark("list, set, remove or move a cluster's secrets"),
        mark("List, set, remove or move a cluster's secrets. No value is shown unless you ask on a terminal."),
        _kept_secrets,
    ),
    "probe": (
        mark("print the script that gathers facts inside a node"),
        mark(
            "Print the script that gathers facts inside a node, with a key of its own: keep it to yourself. Run it in "
            "each node, node --input-type=module - < FILE, and give what it prints to check --facts."
        ),
        _sources,
    ),
    "demo": (
        mark("start throw-away local servers and open the wizard on them"),
        mark("Start throw-away local servers and open the wizard on them."),
        _demo,
    ),
    "self-test": (
        mark("prove that this installation is whole"),
        mark("Prove that this installation is whole."),
        _self_test,
    ),
}
"""Each command: what the list says of it, what its own help says, and what gives it its arguments."""
COMMANDS = tuple(TABLE)
