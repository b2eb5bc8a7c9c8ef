"""Facts from inside the nodes: the script as it is sent or printed, and files of what it told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from wizard import resources
from wizard.engine.component import FromInside
from wizard.formats.files import SourceError
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.reading import parse_json, path_of, read_file
from wizard.storage.probe_keys import ProbeKeys

SCRIPT = "probe/probe.mjs"


def from_inside(files: Iterable[str], *, nodes: bool, keys: ProbeKeys | None = None) -> FromInside | None:
    """Return what a check is given of the nodes' inside, or None where nothing is asked for.

    Raises SourceError where a file cannot be read.
    """
    collected = tuple((name, document) for name in files for document in _documents(name))
    if not nodes and not collected:
        return None
    fetched = from_nodes() if nodes else FromInside()
    return replace(fetched, collected=collected, known_key=(keys or ProbeKeys()).find)


def from_nodes() -> FromInside:
    """Return what a check is given to ask all nodes now: the script, and a new key for the fingerprints."""
    from wizard.checks.inside.fingerprints import new_key

    return FromInside(script=resources.text(SCRIPT), key=new_key())


def printed_script(plan: Plan, keys: ProbeKeys | None = None) -> str:
    """Return the script to run by hand, with a key that is kept here for its answers; raises OSError."""
    from wizard.checks.inside.asked import endpoints, ports, text_for
    from wizard.checks.inside.fingerprints import id_of, new_key

    key = new_key()
    (keys or ProbeKeys()).keep(id_of(key), key)
    return text_for(resources.text(SCRIPT), key, {"endpoints": endpoints(plan), "ports": ports(plan)})


def _documents(name: str) -> Iterator[Any]:
    """Read what one node told, or several one behind the other, also where a login's words stand around it."""
    from wizard.checks.inside.document import lines_of

    try:
        data = read_file(path_of(name))
        try:
            yield parse_json(data, name)
        except ValueError:
            told = [parse_json(line, name) for line in lines_of(data)]
            if not told:
                raise
            yield from told
    except OSError as error:
        raise SourceError(tr("{path} cannot be read: {reason}.", path=name, reason=error.strerror or error)) from error
    except ValueError:
        raise SourceError(tr("{path} is not what the script of “probe” prints: it is no JSON.", path=name)) from None
