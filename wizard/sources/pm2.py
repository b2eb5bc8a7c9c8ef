"""An ecosystem file of PM2: its apps that are NocoBase are nodes. Only what stands there as a literal is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wizard.formats import dotenv
from wizard.formats.dotenv.expressions import Expanded
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.files import SourceError
from wizard.formats.recognise import Form
from wizard.formats.units import literal
from wizard.formats.units.literal import Literal
from wizard.plan.i18n import listing, mark, tr
from wizard.plan.observed import Observed, Topic, Unfollowed
from wizard.plan.place import Place
from wizard.plan.sections import Deployment, Node
from wizard.sources.cluster_file import is_env_file
from wizard.sources.completing import completed
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material
from wizard.sources.shared.containers import is_nocobase, node_name, open_ended, said, tried

_STARTERS = frozenset({"yarn", "npm", "npx", "pnpm"})
"""Programs by which NocoBase is started."""
_SHOWN = 60


class Pm2:
    """Reads the literal of an ecosystem file; a program's expression in it is named, and never run."""

    title = mark("An ecosystem file of PM2")
    description = mark(
        "ecosystem.config.js, or the same as JSON or YAML: name, instances and env of each app, as far as they stand "
        "there as plain values. It is never run; each expression in it is named."
    )

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files or is_env_file(material):
            return Likeness.NO
        return Likeness.SURE if material.form is Form.PM2 else Likeness.NO

    def read(self, material: Material) -> OpenedSource:
        found = literal.read(material.text, material.title)
        apps = found.get("apps") or found
        every = [one for one in (apps.items if apps.items is not None else (apps,)) if one.parts is not None]
        nodes = [one for one in every if _is_node(one)] or (every if len(every) == 1 and _variables(every[0]) else [])
        if not nodes and (made := _made(found)):
            raise SourceError(
                tr(
                    "{name}, line {line}: its apps are made by a program, and no program is run to be read.",
                    name=material.title,
                    line=made.line,
                )
            )
        if not nodes:
            names = listing(_text(one, "name") for one in every) or "–"
            raise SourceError(
                tr("{name}: no app in it is NocoBase, by its variables ({names}).", name=material.title, names=names)
            )
        opened = completed([_node(one, number, material) for number, one in enumerate(nodes, 1)], of_nodes=True)
        chosen = {id(one) for one in nodes}
        hidden = [one for one in every if id(one) not in chosen and _may_be_node(one)]
        lost = [item for one in (*nodes, *hidden) for item in _unfollowed(one, material.title)]
        lost += [_made_by_program("apps", one, material.title) for one in apps.items or () if one.expression]
        seen = [item for one in nodes for item in (*_start(one, material.title), *_uncounted(one, material.title))]
        plan = replace(opened.plan, observed=(*opened.plan.observed, *lost, *seen))
        return OpenedSource(open_ended(plan) if lost else plan, opened.secrets, material.title)


def _made(found: Literal) -> Literal | None:
    """Return the expression that stands in the place of the apps, if one does."""
    parts = [found, *(one for _name, one in found.parts or ()), *(found.items or ())]
    apps = found.get("apps")
    return next((one for one in (*parts, *(apps.items or () if apps else ())) if one.expression), None)


def _is_node(app: Literal) -> bool:
    names = {name for name, _value in _variables(app)}
    called = " ".join(_text(app, key) for key in ("name", "script", "cwd", "args")).lower()
    return is_nocobase("", names) or ("nocobase" in called and bool(names))


def _may_be_node(app: Literal) -> bool:
    """Whether an app is started as NocoBase is, so that what it is given may be in what is not read."""
    called = " ".join(_text(app, key) for key in ("name", "script", "cwd")).lower()
    return "nocobase" in called or _text(app, "script").rpartition("/")[2] in _STARTERS


def _variables(app: Literal) -> Sequence[tuple[str, Literal]]:
    """Return all variables of an app, also those of its sets (`env_production`) that `pm2 start --env` puts over."""
    return [one for _name, variables in _sets(app) for one in variables]


def _sets(app: Literal) -> list[tuple[str, Sequence[tuple[str, Literal]]]]:
    """Return the sets of variables of an app by their names, `env` first."""
    found = [(name, value.parts) for name, value in app.parts or () if value.parts is not None]
    own = [one for one in found if one[0] == "env"]
    return [*own, *(one for one in found if one[0].startswith("env_"))]


def _differing(app: Literal) -> dict[str, str]:
    """Return the variables that the sets say different things of, each with the names of those sets."""
    said: dict[str, dict[str, tuple[str | None, str]]] = {}
    for called, variables in _sets(app):
        for name, value in variables:
            said.setdefault(name, {})[called] = value.text, value.expression
    return {name: listing(sets) for name, sets in said.items() if len(set(sets.values())) > 1}


def _text(app: Literal, key: str) -> str:
    found = app.get(key)
    return found.text or "" if found else ""


def _node(app: Literal, number: int, material: Material) -> OpenedSource:
    title, folder = material.title, _text(app, "cwd")
    file = f"{folder}/.env" if folder.startswith("/") else ".env"
    text = material.beside(file) if file != material.path.name else None
    variables = {  # NocoBase reads this file itself, and what PM2 gives wins
        name: replace(one, file=file) for name, one in dotenv.parse(text or "").items()
    }
    expressions: dict[str, Expanded] = {}
    differing = _differing(app)
    for name, value in _variables(app):
        if name.startswith("…") or value.items is not None or value.parts is not None:
            continue
        variables[name] = Assignment(name, value.text or "", value.line, quote="'", file=title)
        if name in differing:  # which of them counts is said where PM2 is started (`--env`)
            expressions[name] = Expanded(None, (differing[name],), (differing[name],))
        elif value.text is None:
            words = value.expression[:_SHOWN] or name
            expressions[name] = Expanded(None, (words,), (words,))
    plan, secrets = dotenv.read_given(variables, expressions, title)
    place = Place(title, app.line, "name")
    node = replace(plan.nodes[0] if plan.nodes else Node(), name=node_name(_text(app, "name") or f"node{number}"))
    plan = replace(
        plan,
        nodes=(node,),
        places={**plan.places, "nodes.0.name": place},
        unsaid=(plan.unsaid - {"nodes", "application.deployment"}) | {"nodes.0.host", "name"},
    )
    plan = said(plan, "application.deployment", Deployment.BARE, place)
    instances = app.get("instances")
    if _uncounted(app, title):
        plan = replace(plan, unsaid=plan.unsaid | {"nodes.0.processes"})
    elif instances and instances.text and "CLUSTER_MODE" not in variables:
        plan = tried(plan, "nodes.0.processes", instances.text, Place(title, instances.line, "instances"))
    return OpenedSource(plan, secrets, title)


def _counted(instances: Literal) -> bool:
    """Whether it says how many: `max`, 0 and less count the machine's processors, and an expression says nothing."""
    return bool(instances.text and instances.text.isdecimal() and int(instances.text[:9]))


def _uncounted(app: Literal, title: str) -> list[Observed]:
    instances = app.get("instances")
    if instances is None or _counted(instances) or "CLUSTER_MODE" in dict(_variables(app)):
        return []
    name = f"instances: {instances.text or instances.expression[:_SHOWN]}"
    return [Observed(Topic.UNFOLLOWED, name, Place(title, instances.line, "instances"), Unfollowed.FORM)]


def _start(app: Literal, title: str) -> list[Observed]:
    """Return the command that the app is started by, if it says one; a list of arguments is one, too."""
    args = app.get("args")
    words = [one.text or "" for one in args.items] if args and args.items else [_text(app, "args")]
    script = app.get("script") or app
    name = _text(app, "name")
    command = " ".join((_text(app, "script"), *words)).strip()
    return [Observed(Topic.START, name, Place(title, script.line, "script"), command)] if command else []


def _made_by_program(name: str, value: Literal, title: str) -> Observed:
    words = value.expression[:_SHOWN] or name
    return Observed(Topic.UNFOLLOWED, words, Place(title, value.line, name), Unfollowed.PROGRAM)


def _unfollowed(app: Literal, title: str) -> list[Observed]:
    """Name what is not read: spreads and methods of an app and its env, other env sets, a file of variables."""
    found = []
    parts = [(_text(app, "name") or "apps", *one) for one in app.parts or ()]
    for within, name, value in (*parts, *(("env", *one) for one in _variables(app))):
        place = Place(title, value.line, within if name.startswith("…") else name)
        is_set = within != "env" and (name == "env" or name.startswith("env_")) and value.parts is None
        if name.startswith("…") or (is_set and name != "env_file"):
            found.append(_made_by_program(place.name, value, title))
        elif is_set or (within == "env" and (value.items is not None or value.parts is not None)):
            found.append(Observed(Topic.UNFOLLOWED, name, place, Unfollowed.FORM))
    return found


SOURCE = Pm2()
