"""Configurations of nginx and HAProxy, each with all that the program reads out of it, a line for each thing.

`nginx.txt` and `haproxy.txt`: behind `=== NAME` the configuration, behind `---` what was read. After a change that
is wanted `python -m tests.unit.sites_read` writes them anew; read the diff.
"""

from pathlib import Path

from wizard.formats.sites.model import Node, SiteError, Wanted
from wizard.plan.sections import BalancerKind

FOLDER = Path(__file__).parent


def cases(program):
    """Return the cases of a program by name: a configuration, and the lines of what is read out of it."""
    text = (FOLDER / f"{program}.txt").read_text(encoding="utf-8")
    parts = [part.partition("\n") for part in text.split("=== ")[1:]]
    return {name: tuple(body.split("---\n")) for name, _, body in parts}


def wanted(kind=BalancerKind.NGINX, public_path="/"):
    serving = (Node("node1", "node1", 13000), Node("node2", "10.0.0.1", 13000))
    return Wanted(
        kind=kind,
        scheme="https",
        names=("app.example.com",),
        netloc="app.example.com",
        ports=(443,),
        public_path=public_path,
        serving=serving,
        idle=(Node("node4", "10.0.0.4", 13000),),
        upload_limit=0,
    )


def told(read, text, asked):
    """Return all that is read out of a configuration, or the error, in lines."""
    try:
        site = read(text, asked)
    except SiteError as error:
        return f"error in line {error.line}: {error}\n"
    lines = [line for group in site.groups for line in _group(group)]
    lines += [*_terms("api", site.api), *_terms("websocket", site.websocket)]
    lines += [f"repeats {one.text} (line {one.line})" for one in site.repeats]
    lines += [f"health {one.backend}: “{one.path}” (line {one.line}), not of {one.unwatched}" for one in site.health]
    lines += [f"bypass {one.text} (line {one.line}){' cached' if one.cached else ''}" for one in site.bypasses]
    lines += [f"puzzle {site.puzzle.words} (line {site.puzzle.line})"] if site.puzzle else []
    return "\n".join([*lines, *(f"note {note}" for note in site.notes)]) + "\n"


def _group(group):
    single = " single" if group.single else ""
    yield f"group {group.name} (line {group.line}){single} for {' '.join(group.paths)}"
    for one in group.servers:
        marks = "".join(f" {mark}" for mark in ("off", "spare", "vague") if getattr(one, mark))
        yield f"  server {one.host} {one.port} (line {one.line}){marks}: {one.text}"
    yield from (f"  hidden {text}" for text in group.hidden)


def _terms(name, terms):
    if terms is None:
        yield f"{name}: nothing"
        return
    tls = " tls" if terms.tls else ""
    yield f"{name}: {terms.path} (line {terms.line}, headers line {terms.headers_line}){tls}"
    for key, term in terms.settings.items():
        yield f"  {key}: {term.text} (line {term.line})"
    for key, term in terms.headers.items():
        yield f"  header {key}: {' | '.join(term.words)} (line {term.line})"
    for key, left in sorted(terms.may_be.items()):
        if [one.line for one in left] != [0]:
            yield f"  may be {key}: " + " or ".join(f"{one.text} (line {one.line})" for one in left)
    for kind, unseen in (("unseen", terms.unseen), ("unseen of headers", terms.headers_unseen)):
        if unseen:
            yield f"  {kind}{' near' if unseen.near else ''}: {unseen.what}"
