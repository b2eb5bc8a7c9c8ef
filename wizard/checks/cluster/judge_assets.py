"""Whether the nodes have the files that their pages name. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.checks.cluster.assets import Answers, AssetFacts, Page, is_hashed
from wizard.checks.cluster.specs import ASSETS
from wizard.checks.node.specs import HEALTH
from wizard.engine.check import value_of
from wizard.engine.facts import Known, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, sentences, tr, trn
from wizard.plan.remedy import advice

_SHOWN = 3
"""Files that are named for one node."""


def judge(planned: tuple[str, ...], facts: AssetFacts) -> Iterator[Finding]:
    """Return the one finding; `planned` are the nodes that should serve."""
    if not isinstance(facts.serving, Known):
        yield ASSETS.unknown(tr("Could not be found out: it is not known which nodes serve."), error=ErrorKind.TIMEOUT)
    elif len(facts.serving.value) < 2:  # noqa: PLR2004 - it takes two to differ
        because = (HEALTH.id,) if len(planned) > len(facts.serving.value) else ()
        yield ASSETS.skip(tr("Not compared: fewer than two nodes serve."), because=because)
    elif not isinstance(facts.pages, Known) or not isinstance(facts.held, Known):
        yield ASSETS.unknown(tr("Could not be found out: not every node gave its page."), error=ErrorKind.TIMEOUT)
    else:
        yield _compared(planned, facts.pages.value, facts.held.value)


def _compared(
    planned: tuple[str, ...], pages: Mapping[str, Known[Page] | Trouble], held: Mapping[str, Answers]
) -> Finding:
    named = {name: page.files for name, found in pages.items() if (page := value_of(found))}
    more: dict[str, Any] = {"facts": {"files": {name: list(files) for name, files in named.items()}}}
    lacking = {name: files for name, answers in held.items() if (files := _lacked(answers))}
    if lacking:
        return _fails(named, lacking, more)
    unclear = {name: _why_not(found) for name, found in pages.items() if not _tells(found)}
    unclear |= {name: said for name, answers in held.items() if name not in unclear and (said := _unclear(answers))}
    unclear |= {name: tr("it does not serve") for name in planned if name not in pages}
    if unclear:
        return ASSETS.unknown(
            tr("Could not be found out: whether the pages' files are on {names}.", names=listing(unclear)),
            error=ErrorKind.OTHER,
            detail=sentences(*(tr("{node}: {said}.", node=name, said=said) for name, said in unclear.items())),
            **more,
        )
    every = dict.fromkeys(file for files in named.values() for file in files)
    return ASSETS.passed(
        trn(
            "The {count} script or style sheet that the page names is on each of {names}.",
            "The {count} scripts and style sheets that the pages name are on each of {names}.",
            count=len(every),
            names=listing(held),
        ),
        **more,
    )


def _fails(named: Mapping[str, tuple[str, ...]], lacking: Mapping[str, list[str]], more: Mapping[str, Any]) -> Finding:
    told = [
        tr(
            "{node} does not have {files}, which the page of {others} names.",
            node=name,
            files=listing(files[:_SHOWN]) + ("…" if len(files) > _SHOWN else ""),
            others=listing(other for other, own in named.items() if set(own) & set(files)),
        )
        for name, files in lacking.items()
    ]
    most, odd = _sides(named, lacking)
    values = {"names": listing(odd), "most": listing(most)}
    if most and odd:
        summary = tr("{names} run another package than {most}.", **values)
    elif any(set(files) - set(named.get(name, ())) for name, files in lacking.items()):
        summary = tr("The nodes run different packages: {names} lack files of each other.", names=listing(lacking))
    else:
        summary = tr("{names} lack files that their own page names.", names=listing(lacking))
    return ASSETS.fail(
        summary,
        ErrorKind.VERSION,
        detail=sentences(
            *told, tr("The version that a node tells does not show it: each reads that from the database.")
        ),
        remedy=advice(
            tr(
                "Start {names} with the same image, or the same release, as the others; while an upgrade is under way, "
                "let it end on every node.",
                names=listing(odd or lacking),
            )
        ),
        **more,
    )


def _sides(named: Mapping[str, tuple[str, ...]], lacking: Mapping[str, list[str]]) -> tuple[list[str], list[str]]:
    """Return the nodes of which most name the same files, and those that are otherwise; nothing where none are most."""
    sides: dict[frozenset[str], list[str]] = {}
    for name, files in named.items():
        sides.setdefault(frozenset(files), []).append(name)
    most, *others = sorted(sides.values(), key=len, reverse=True)
    if others:
        return (most, [name for name in named if name not in most]) if len(most) > len(others[0]) else ([], [])
    sound = [name for name in most if name not in lacking]
    return (sound, list(lacking)) if sound else ([], [])


def _lacked(answers: Answers) -> list[str]:
    return [file for file, answer in answers.items() if isinstance(answer, Known) and answer.value.there is False]


def _tells(found: Known[Page] | Trouble) -> bool:
    page = value_of(found)
    return page is not None and any(is_hashed(file) for file in page.files)


def _why_not(found: Known[Page] | Trouble) -> str:
    if isinstance(found, Trouble):
        return found.message or found.kind.value
    page = found.value
    if page.elsewhere and not page.files:
        return tr("its files come from {hosts}", hosts=listing(page.elsewhere))
    if page.files:
        return tr("no file of its page has a hash in its name")
    return tr("HTTP {status}, and no page that names scripts", status=page.status)


def _unclear(answers: Answers) -> str:
    for file, answer in answers.items():
        if isinstance(answer, Trouble):
            return answer.message or answer.kind.value
        if answer.value.there is None:
            return tr("HTTP {status} for {file}", status=answer.value.status, file=file)
    return ""
