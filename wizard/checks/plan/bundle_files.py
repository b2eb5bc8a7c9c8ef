"""The files of an exported bundle, as they lie there: changed by hand, gone, or put there by somebody else."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

from wizard.checks.plan.specs import BUNDLE_FILES
from wizard.dataclass import dataclass
from wizard.engine.check import Check, obstructed
from wizard.engine.facts import PENDING, Fact, Known, Pending, Trouble, attempt
from wizard.net.errors import explain_any
from wizard.plan.bundle_names import README
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.i18n import listing, sentences, tr, trn
from wizard.plan.remedy import Remedy, advice, commands, steps
from wizard.program_name import called_as

_PLAN = "cluster.yaml"
_READ_BESIDE = {
    *(f"compose/{name}.override.{end}" for name in ("compose", "docker-compose") for end in ("yaml", "yml")),
}
"""Files that Compose reads without being told to."""
_ANY_MARK = (".env", ".yaml", ".md", ".mjs", ".timer", ".service")
"""Files whose readers take a byte-order mark, and any ends of lines."""
_ANY_ENDS = (".conf", ".cfg")
"""Files whose readers take any ends of lines, and no byte-order mark."""


class State(StrEnum):
    """How a file of a bundle is, beside what the manifest says of it."""

    SAME = "same"
    CHANGED = "changed"
    AROUND = "around"
    """Changed outside its marked block alone: an export keeps that."""
    FILLED = "filled"
    """Placeholders for secrets in it were filled in, and nothing else: an export keeps that, too."""
    SAYS_THE_SAME = "says the same"
    """Edited, and whoever reads it is given what the exported one gives."""
    FIRST_START = "first start"
    """The local lock was set as the README tells to for the first start, and nothing else."""
    ENDINGS = "endings"
    """Another sign at the ends of lines, and nothing else."""
    MARKED = "marked"
    """A byte-order mark before the text, perhaps other ends of lines, and nothing else."""
    REFUSED = "refused"
    """This account may not read it, so nobody can tell."""
    MISSING = "missing"
    FOREIGN = "foreign"
    DAMAGED = "damaged"
    """The manifest itself, if it cannot be read."""


@dataclass(frozen=True, slots=True)
class FileState:
    """A file's path in the bundle (a foreign folder's ends with `/`), and how it is.

    Of its `placeholders` for secrets so many are `filled`. `exposed` is where on disk the permissions let others than
    the owner read it, although it holds secrets. `changed` are the lines that are others now or new (`12`, `14–16`),
    `gone` those below which some are gone, as far as the exported text is known.
    """

    path: str
    state: State
    filled: int = 0
    placeholders: int = 0
    exposed: str = ""
    changed: Sequence[str] = ()
    gone: Sequence[str] = ()


@dataclass
class BundleFacts:
    """How each file is."""

    files: Fact[Sequence[FileState]] = PENDING


def checks(look: Callable[[], Sequence[FileState]], bundle: str, *, edited: bool = False) -> list[Check[BundleFacts]]:
    """Return the check of the bundle at the path `bundle`; `look` reads it, and raises OSError where it cannot.

    `edited` says that the plan is no longer the one that the bundle was exported from.
    """

    def probe(facts: BundleFacts) -> None:
        facts.files = attempt(look, _explain)

    return [
        Check(
            component="plan",
            subject="bundle",
            specs=(BUNDLE_FILES,),
            facts=BundleFacts,
            probe=probe,
            judge=lambda facts: judge(facts, bundle, edited=edited),
        )
    ]


def _explain(error: Exception) -> Trouble:
    match error:
        case PermissionError():
            return Trouble(ErrorKind.PERMISSION, str(error.strerror))
        case FileNotFoundError():
            return Trouble(ErrorKind.MISSING, str(error.strerror))
        case _:
            return explain_any(error)


def judge(facts: BundleFacts, bundle: str, *, edited: bool = False) -> Iterator[Finding]:
    """Say of each file that is not as it was exported what happened to it; of a sound bundle, that it is one.

    A sound bundle of a plan that was `edited` since is no pass: its files do not hold that plan.
    """
    match facts.files:
        case Known(files):
            told = [finding for file in files if (finding := _finding(file, bundle, edited=edited))]
            yield from told
            if not told:
                count = sum(file.state is State.SAME for file in files)
                yield _edited_since(count) if edited else _sound(count)
        case Trouble(kind=kind, message=message):
            yield BUNDLE_FILES.unknown(
                tr("The bundle {path} cannot be looked through.", path=bundle), detail=message, error=kind
            )
        case Pending():
            yield obstructed(BUNDLE_FILES, facts.files, BUNDLE_FILES, what="")


def _sound(count: int) -> Finding:
    return BUNDLE_FILES.passed(
        trn(
            "The one file of the bundle is as it was exported.",
            "All {count} files of the bundle are as they were exported.",
            count=count,
        )
    )


def _edited_since(count: int) -> Finding:
    text = trn(
        "The one file of the bundle is as it was exported; the plan was edited since.",
        "All {count} files of the bundle are as they were exported; the plan was edited since.",
        count=count,
    )
    return BUNDLE_FILES.info(text, detail=tr("The bundle still holds the former plan, until you export again."))


def _exposed(file: FileState, other: Finding | None) -> Finding:
    """Say that others can read the file's secrets; with it goes what else is to be said of the file."""
    remedy = steps(tr("Take that from them:"), f"chmod 600 {shlex.quote(file.exposed)}")
    return BUNDLE_FILES.warn(
        tr("{path} holds secrets, and its permissions let others than its owner read them.", path=file.path),
        subject=file.path,
        error=ErrorKind.PERMISSION,
        detail=other.summary if other else "",
        remedy=commands(remedy, other.remedy) if other and other.severity is Severity.WARN else remedy,
    )


def _finding(file: FileState, bundle: str, *, edited: bool) -> Finding | None:
    if file.exposed:
        return _exposed(file, _finding(replace(file, exposed=""), bundle, edited=edited))
    if file.state is State.SAME:
        return None
    if file.state is State.REFUSED:
        return BUNDLE_FILES.unknown(
            tr("{path} may not be read by this account, so nobody can tell whether it was changed.", path=file.path),
            subject=file.path,
            error=ErrorKind.PERMISSION,
            remedy=advice(tr("Let this account read the bundle's files, and check again.")),
        )
    if file.state in {State.AROUND, State.FILLED, State.SAYS_THE_SAME, State.FIRST_START}:
        return BUNDLE_FILES.info(_kept(file), subject=file.path, detail=_where(file))
    takes = (*_ANY_MARK, *_ANY_ENDS) if file.state is State.ENDINGS else _ANY_MARK
    if file.state in {State.ENDINGS, State.MARKED} and file.path.endswith(takes):
        text = tr("{path} has other ends of lines, or a byte-order mark, and says what it did.", path=file.path)
        return BUNDLE_FILES.info(text, subject=file.path)
    text, error, remedy = _harm(file, bundle, edited=edited)
    detail = _where(file)
    if file.state in {State.MISSING, State.FOREIGN}:
        detail = _follows(file.path) if file.state is State.MISSING else _counts(file.path)
    return BUNDLE_FILES.warn(text, subject=file.path, error=error, detail=detail, remedy=remedy)


def _where(file: FileState) -> str:
    changed = tr("Changed there: {path} line {lines}.", path=file.path, lines=listing(file.changed))
    gone = tr("Gone there: lines below {path} line {lines}.", path=file.path, lines=listing(file.gone))
    return sentences(changed if file.changed else "", gone if file.gone else "")


def _follows(path: str) -> str:
    """Say what follows where a file is gone."""
    if path.startswith("env/node-") or path == "env/cluster.env":
        return tr(
            "Compose starts no node that is to read it, and a node that is started otherwise lacks its variables."
        )
    if path.startswith("compose/"):
        return tr("Nothing here starts the nodes with Compose any more.")
    if path.startswith("kubernetes/"):
        return tr("kubectl makes no such object of it, and leaves a former one as it is.")
    return ""


def _counts(path: str) -> str:
    """Say who reads a file that was added without being told of it."""
    if path == "compose/.env":
        return tr("Compose takes values from it where it is called without --env-file: the nodes may run otherwise.")
    if path in _READ_BESIDE:
        return tr("Compose reads it beside compose.yaml, and what it says counts: the nodes may run otherwise.")
    if path.startswith("kubernetes/") and path.endswith((".yaml", ".yml", ".json")):
        return tr("kubectl applies it with the folder, and what it says counts.")
    return ""


def _kept(file: FileState) -> str:
    """Say what an admin did to a file and an export keeps."""
    if file.state is State.FIRST_START:
        return tr(
            "{path} has the local lock, as README.md sets it for the first start, and is otherwise as exported.",
            path=file.path,
        )
    if file.state is State.SAYS_THE_SAME and file.path == README:
        return tr(
            "{path} was edited after the export and has all its commands; an export writes it anew.", path=file.path
        )
    if file.state is State.SAYS_THE_SAME:
        return tr("{path} was edited after the export and says what it did; an export writes it anew.", path=file.path)
    if file.state is State.AROUND:
        return tr("{path} has lines of your own around the marked block; an export keeps them.", path=file.path)
    return tr(
        "{path}: {filled} of {all} secrets are filled in; an export keeps them.",
        path=file.path,
        filled=file.filled,
        all=file.placeholders,
    )


def _harm(file: FileState, bundle: str, *, edited: bool) -> tuple[str, ErrorKind, Remedy]:
    """Say what happened to a file, as which kind of error, and what to do."""
    again = f"{called_as()} export {shlex.quote(bundle)} {shlex.quote(bundle)} --dry-run"
    look = steps(tr("See what an export would change, then export without --dry-run:"), again)
    if edited:
        look = steps(tr("See what was changed there by hand:"), again)
    match file.state:
        case State.MISSING:
            return tr("{path} was exported and is gone.", path=file.path), ErrorKind.MISSING, look
        case State.FOREIGN:
            text = tr("{path} was not exported; somebody else put it there.", path=file.path)
            remedy = advice(tr("Move it out of the bundle: no export goes over a folder that holds it."))
            return text, ErrorKind.OTHER, remedy
        case State.DAMAGED:
            text = tr("{path} cannot be read, so nobody can tell whether the files were changed.", path=file.path)
            return text, ErrorKind.PROTOCOL, advice(tr("Export again into an empty folder and compare the two."))
        case State.ENDINGS | State.MARKED:
            text = tr(
                "{path} has other ends of lines, or a byte-order mark, which its reader may refuse.", path=file.path
            )
            return text, ErrorKind.PROTOCOL, advice(tr("Save it as UTF-8 without a mark, with the line ends of Unix."))
        case _ if file.path == _PLAN:
            text = tr(
                "{path} was changed after the export; the other files are still those of the former plan.", path=_PLAN
            )
            return text, ErrorKind.OTHER, look
        case _:
            text = tr("{path} was changed after the export; the plan knows nothing of it.", path=file.path)
            if edited:
                text = tr("{path} was changed after the export; the edited plan may not know of it.", path=file.path)
            return text, ErrorKind.OTHER, look
