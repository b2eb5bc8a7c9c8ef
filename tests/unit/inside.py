"""Documents as the script writes them in three nodes that are alike and as planned; tests change them."""

import copy

from tests.unit.plans import SECRETS, good_plan
from wizard.checks.inside import asked
from wizard.checks.inside.document import document_of, meeting_of
from wizard.checks.inside.facts import Entries, Entry, InsideFacts, Planned, Told
from wizard.checks.inside.fingerprints import expected, id_of
from wizard.checks.inside.judge import judge
from wizard.engine.facts import Known, Trouble
from wizard.net.clock import Clock
from wizard.plan.finding import Severity
from wizard.plan.secret import Secret

WARN, FAIL, UNKNOWN = Severity.WARN, Severity.FAIL, Severity.UNKNOWN
NAMES = ("node1", "node2", "node3")
KEY = Secret("5c" * 32)
ID = id_of(KEY)
PRINTS = expected(good_plan(), SECRETS, KEY)
ENDPOINTS = {one["name"]: f"{one['host']}:{one['port']}" for one in asked.endpoints(good_plan())}


def document(name, **changes):
    """Return what a node tells; a change `storage__path="/x"` is one inside of a part."""
    own = PRINTS[name]
    told = {
        "schema": 1,
        "kind": "nocobase-node",
        "key": ID,
        "node": name,
        "user": {"uid": 0, "name": "root"},
        "container": False,
        "addresses": ["127.0.0.1", f"10.0.0.{name[-1]}"],
        "process": {"pid": 7, "uid": 0, "count": 1, "port": 13000, "pm2": True},
        "trouble": None,
        "variables": {variable: told for variable, told in own.items() if variable != "AES"},
        "choices": {"CACHE_DEFAULT_STORE": "redis", "LOCK_ADAPTER_DEFAULT": "redis", "QUEUE_ADAPTER": "redis"},
        "worker_mode": "",
        "keys": {
            "app": {"source": "APP_KEY", "print": own["APP_KEY"], "published": False},
            "aes": {"source": "APP_AES_SECRET_KEY", "print": own["AES"], "length": 32},
        },
        "package": {"version": "2.2.15", "renewed": False},
        "plugins": [["@nocobase/plugin-lock-adapter-redis", "2.2.15"]],
        "installed": [],
        "licence": {"state": "none"},
        "storage": {"path": "/srv/storage", "mount": {"kind": "nfs4"}, "uid": 0, "mode": "755", "free": 5 * 1024**3},
        "endpoints": [{"name": name, "step": ""} for name in ENDPOINTS],
        "began": 1_000_000,
        "at": 1_001_000,
    }
    told = copy.deepcopy(told)
    for key, value in changes.items():
        part, _, inner = key.partition("__")
        if inner:
            told[part][inner] = value
        else:
            told[part] = value
    return told


def meeting(name, others=NAMES, **changes):
    """Return what a node saw in the storage, where all is well."""
    seen = {other: 120 for other in others if other != name}
    told = {"path": "/srv/storage", "seen": seen, "locks": dict.fromkeys(seen, "refused"), "locked": True, **changes}
    return {"schema": 1, "kind": "nocobase-storage", "node": name, "meeting": told}


def planned(**changes):
    """Return what the plan says."""
    values = {
        "nodes": NAMES,
        "prints": {ID: PRINTS},
        "processes": dict.fromkeys(NAMES, 1),
        "version": "2.2.15",
        "endpoints": ENDPOINTS,
    }
    return Planned(**(values | changes))


ALL_MET = {name: Known(meeting_of(meeting(name))) for name in NAMES}
ENTRIES = Known(Entries("", tuple(Entry(f"10.0.0.{n}", 13000, (f"10.0.0.{n}",)) for n in (1, 2, 3))))
NOW = Clock(0.0, 0.05)


def judged(changed=None, *, meetings=None, entries=ENTRIES, clocks=None, plan=None, by_hand=False, **changes):
    """Return the findings by id, those of each node by id and name.

    `changed` are the documents of some nodes: JSON, trouble, or None for a node that told nothing; `changes` are those
    of every node's document. `clocks` None: those of nodes that agree. `by_hand`: nobody was asked now.
    """
    told = {}
    for name in (plan or planned()).nodes:
        given = (changed or {}).get(name, document(name, **changes) if name in PRINTS else None)
        clock = (clocks or dict.fromkeys(NAMES, NOW)).get(name)
        if isinstance(given, Trouble):
            told[name] = Told(given)
        elif given is not None:
            told[name] = Told(Known(document_of(given, name), 40), None if by_hand else clock, at_hand=by_hand)
    met = ALL_MET if meetings is None else meetings
    facts = InsideFacts(told=Known(told), meetings=met if isinstance(met, Trouble) else Known(met), entries=entries)
    found = list(judge(plan or planned(), facts))
    return {
        (one.id.removeprefix("inside."), one.subject) if one.subject else one.id.removeprefix("inside."): one
        for one in found
    }


def unsound(found):
    """Return what does not pass, by id."""
    return {key: one.severity for key, one in found.items() if one.severity in {WARN, FAIL, UNKNOWN}}
