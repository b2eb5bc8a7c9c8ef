"""The env files of an exported bundle held against one another, in the secrets that all nodes share."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from wizard.checks.plan.bundle_env_read import COMMON, RAW
from wizard.checks.plan.specs_read import SOURCES
from wizard.formats import dotenv
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.files import SourceError
from wizard.plan.finding import Finding
from wizard.plan.i18n import tr
from wizard.plan.place import Place
from wizard.plan.remedy import advice

_COMMON_AND_ONE = 2


def unlike(texts: Mapping[str, str], common: Mapping[str, dotenv.Variable]) -> Iterator[tuple[str, Finding]]:
    """Compare the two forms of the common file in their secrets: of which one was changed nobody can say."""
    raw, usual = dotenv.parse(texts[RAW]), dotenv.parse(texts.get(COMMON, ""))
    for name in common.keys() & raw.keys() & usual.keys():
        if common[name].ref and raw[name].value != usual[name].value:
            yield name, _differs(Place(RAW, raw[name].line, name), Place(COMMON, usual[name].line, name), name)


def apart(texts: Mapping[str, str], names: Iterable[str]) -> Iterator[Finding]:
    """Compare the files with one another in the secrets that all nodes share and that are not at hand."""
    given: dict[str, dict[str, Assignment]] = {}
    for path, text in texts.items():
        if path == RAW:  # no node gets it beside the others
            continue
        with contextlib.suppress(SourceError):  # told where the file is judged
            given[path] = dotenv.parse(text)
    for name in names:
        places = [(Place(path, found[name].line, name), found[name]) for path, found in given.items() if name in found]
        for place, assignment in places[1:]:
            if assignment.value != places[0][1].value:
                yield _differs(place, places[0][0], name)
        if COMMON in given and name not in given[COMMON] and len(given) > _COMMON_AND_ONE and len(places) == 1:
            yield _alone(places[0][0], name)


def _alone(place: Place, name: str) -> Finding:
    return SOURCES.fail(
        tr("{path} gives {name} to its node alone.", path=place.file, name=name),
        subject=f"{place.file} {name}",
        detail=tr(
            "{place}: every node needs the same, and the others get theirs elsewhere, if at all.", place=place.words
        ),
        remedy=advice(tr("Give it to all nodes in {file}, and take it out here.", file=COMMON)),
        facts={"setting": name, "places": [place.words]},
    )


def _differs(place: Place, other: Place, name: str) -> Finding:
    found = SOURCES.fail(
        tr("{path} gives {name} otherwise than {other}.", path=place.file, name=name, other=other.file),
        subject=f"{place.file} {name}",
        detail=tr(
            "{place} and {other}: every node needs the same. The plan's own value is not at hand, so only the files "
            "were compared.",
            place=place.words,
            other=other.words,
        ),
        facts={"setting": name, "places": [place.words, other.words]},
    )
    return replace(found, places=(place, other))
