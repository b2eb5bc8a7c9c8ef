"""What is installed in the database: NocoBase's version and names, its plug-ins, its file storage."""

from __future__ import annotations

from typing import Any

from wizard.checks.database import specs
from wizard.checks.database.errors import NO_VERSION
from wizard.checks.database.facts import Facts, FileStorage, Plugin, Tables, expected_table
from wizard.checks.database.judge_server import when_known
from wizard.checks.database.target import Target
from wizard.checks.shared.unread import rested, unread_of
from wizard.engine.check import value_of
from wizard.engine.facts import Known, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, sentences, tr, trn
from wizard.plan.plan import Plan
from wizard.plan.plugins import BUNDLE, PLUGINS_READ, needed_plugins, short_name
from wizard.plan.remedy import advice, commands, plan_value, steps
from wizard.plan.spec import Spec
from wizard.plan.versions import order


def judge_installation(target: Target, plan: Plan, facts: Facts) -> Finding:
    """Judge whether the plan names what is installed, and whether its version may follow the one there."""
    return when_known(specs.INSTALLATION, facts.tables, lambda tables: _installation(target, plan, facts, tables))


def _installation(target: Target, plan: Plan, facts: Facts, tables: Tables) -> Finding:
    spec = specs.INSTALLATION
    if expected_table(target, tables):
        return _broken_off(facts) or when_known(
            spec, facts.application, lambda version: _as_planned(plan, version or "")
        )
    if tables.versions:
        return _elsewhere(target, tables)
    if tables.collections:
        return _half(target)
    if tables.total:
        return spec.info(
            trn(
                "NocoBase is not installed yet; the database has {count} table of something else.",
                "NocoBase is not installed yet; the database has {count} tables of something else.",
                count=tables.total,
            ),
            detail=tr("A database of its own, or DB_TABLE_PREFIX, keeps the two apart."),
            facts={"tables": tables.total},
        )
    return spec.passed(tr("The database is empty: NocoBase installs itself at the first start."), facts={"tables": 0})


def _as_planned(plan: Plan, installed: str) -> Finding:
    """Compare with the planned version, unless that could not be read."""
    return rested(specs.INSTALLATION, _version(plan, installed), plan, unread_of(plan, ("application.version",)))


def _version(plan: Plan, installed: str) -> Finding:
    spec, planned = specs.INSTALLATION, plan.application.version
    names = {"installed": installed, "planned": planned}
    more: dict[str, Any] = {"facts": {"installed": installed, "planned": planned}}
    if not planned:
        return spec.info(tr("NocoBase {installed} is installed; the plan names no version.", **names), **more)
    if order(installed) == order(planned):
        return spec.passed(tr("NocoBase {installed} is installed, as the plan says.", **names), **more)
    if order(installed) > order(planned):
        return spec.fail(
            tr("NocoBase {installed} is installed, newer than the plan's {planned}: there is no way back.", **names),
            ErrorKind.VERSION,
            detail=tr(
                "An older NocoBase does not know the newer tables. Restore a backup of that version, or plan the newer."
            ),
            **more,
        )
    return spec.info(
        tr("NocoBase {installed} is installed; the first start upgrades it to {planned}.", **names),
        detail=tr("Stop all nodes, back up database and storage, then start one node and wait until it serves."),
        **more,
    )


def _broken_off(facts: Facts) -> Finding | None:
    """Return the finding on an installation that broke off: tables without a version, or without a role."""
    if isinstance(facts.application, Trouble) and facts.application.about == NO_VERSION:
        says = tr("NocoBase's tables are there, and name no version: the installation broke off.")
    elif isinstance(facts.roles, Known) and facts.roles.value == 0:
        says = tr("NocoBase's tables are there, and hold no role: the installation broke off, and nobody can come in.")
    else:
        return None
    return specs.INSTALLATION.fail(
        says,
        ErrorKind.MISSING,
        detail=tr(
            "A first start breaks off where the lock adapter is “redis” and its plug-in is not there yet; no later "
            "start makes it good, and whoever signs in gets 401 “USER_HAS_NO_ROLES_ERR” (seen with 2.2.15)."
        ),
        remedy=advice(
            tr(
                "If nothing in the database is needed, make it anew and empty, and start the first node with "
                "LOCK_ADAPTER_DEFAULT=local until the plug-ins are enabled; else restore a backup that is whole."
            )
        ),
    )


def _half(target: Target) -> Finding:
    names = {"table": target.collections_table, "wanted": target.version_table}
    return specs.INSTALLATION.fail(
        tr("The database has a table “{table}” and no “{wanted}”: NocoBase installs nothing in such a one.", **names),
        ErrorKind.MISSING,
        detail=tr(
            "NocoBase counts itself as installed where either is there. The table is left of an installation that was "
            "broken off or restored in part, or it is another program's."
        ),
        remedy=advice(
            tr(
                "Restore a backup that is whole; or, if nothing in the database is needed, make it anew; or, if the "
                "table is another program's, give NocoBase a database of its own or a table prefix (DB_TABLE_PREFIX)."
            )
        ),
        facts={"found": [target.collections_table]},
    )


def _elsewhere(target: Target, tables: Tables) -> Finding:
    here, versions = target.schema if target.postgres else target.name, tables.versions
    first = next((table for table in versions if table.schema == here), versions[0])
    values = []
    if first.underscored != target.underscored:
        written = "true" if first.underscored else "false"
        values.append(plan_value("database.underscored", first.underscored, f"DB_UNDERSCORED={written}"))
    if first.prefix != target.prefix:
        values.append(plan_value("database.table_prefix", first.prefix, f"DB_TABLE_PREFIX={first.prefix}"))
    if target.postgres and first.schema != here:
        values.append(plan_value("database.schema", first.schema, f"DB_SCHEMA={first.schema}"))
    return specs.INSTALLATION.fail(
        tr("NocoBase is installed under other names than the plan's: it would miss a part of its tables.")
        if tables.collections
        else tr(
            "NocoBase is installed under other names than the plan's: it would install itself a second time, empty."
        ),
        ErrorKind.MISSING,
        detail=tr(
            "The plan's table is {wanted}; found: {found}. The remedy makes the plan follow what is there.",
            wanted=f"{here}.{target.version_table}",
            found=listing(f"{table.schema}.{table.table}" for table in versions),
        ),
        remedy=values[0] if len(values) == 1 else commands(*values),
        facts={"found": [f"{table.schema}.{table.table}" for table in versions]},
    )


def not_installed(spec: Spec, target: Target, facts: Facts) -> Finding | None:
    """Return why what NocoBase keeps in its tables cannot be looked at; None where it can."""
    if isinstance(facts.tables, Trouble):
        return spec.skip(tr("Not looked at, because {gate} could not be found out.", gate=specs.INSTALLATION.id))
    if not expected_table(target, value_of(facts.tables)):
        return spec.skip(tr("Not looked at: the plan's NocoBase is not installed in the database yet."))
    return None


def judge_plugins(target: Target, plan: Plan, facts: Facts) -> Finding:
    """Judge whether the cluster's plug-ins are enabled; NocoBase's own page does not say that they must be."""
    return not_installed(specs.PLUGINS, target, facts) or when_known(
        specs.PLUGINS, facts.plugins, lambda plugins: _needed_ones(plan, plugins or ())
    )


def _needed_ones(plan: Plan, plugins: tuple[Plugin, ...]) -> Finding:
    """Look for the plug-ins that the plan needs, unless it could not be read which."""
    return rested(specs.PLUGINS, _plugins(plan, plugins), plan, unread_of(plan, PLUGINS_READ))


def _plugins(plan: Plan, plugins: tuple[Plugin, ...]) -> Finding:
    spec, needed = specs.PLUGINS, needed_plugins(plan)
    working = {plugin.package for plugin in plugins if plugin.enabled and plugin.installed}
    listed = {plugin.package for plugin in plugins}
    lacking = [package for package in needed if package not in working]
    facts = {"enabled": [package for package in needed if package in working], "lacking": lacking}
    if not lacking:
        return spec.passed(
            trn(
                "The one plug-in of a cluster is enabled.",
                "All {count} plug-ins of a cluster are enabled.",
                count=len(needed),
            ),
            facts=facts,
        )
    if BUNDLE in working:
        return spec.unknown(
            tr(
                "{bundle} is enabled; whether it brings {lacking} cannot be told.",
                bundle=BUNDLE,
                lacking=listing(lacking),
            ),
            facts=facts,
        )
    off = [package for package in lacking if package in listed]
    gone = [package for package in lacking if package not in listed]
    detail = [tr("Listed, but not enabled: {names}.", names=listing(off))] if off else []
    detail += [tr("Not listed: {names}.", names=listing(gone))] if gone else []
    detail.append(tr("Without them each node is a world of its own."))
    names = ",".join(short_name(package) for package in needed)
    return spec.fail(
        tr("Not enabled: {names}.", names=listing(short_name(package) for package in lacking)),
        ErrorKind.MISSING,
        detail=sentences(*detail),
        remedy=commands(
            steps(tr("While one node runs alone, there:"), f"yarn nocobase pm enable {' '.join(lacking)}"),
            steps(tr("or, in the environment of every node:"), f"APPEND_PRESET_BUILT_IN_PLUGINS={names}"),
        ),
        facts=facts,
    )


def judge_file_storage(target: Target, facts: Facts) -> Finding:
    """Judge where new files go."""
    return not_installed(specs.FILE_STORAGE, target, facts) or when_known(
        specs.FILE_STORAGE, facts.storage, _file_storage
    )


def _file_storage(storage: FileStorage | None) -> Finding:
    spec = specs.FILE_STORAGE
    if storage is None:
        return spec.warn(tr("No file storage is the default: uploads have nowhere to go."))
    facts = {"name": storage.name, "kind": storage.kind}
    if storage.kind == "local":
        return spec.warn(
            tr("New files go to the shared folder (storage “{name}”, kind local).", name=storage.name),
            detail=tr(
                "It works, if every node shares the folder; NocoBase recommends an object storage for production."
            ),
            remedy=advice(
                tr("In NocoBase: Settings, File manager, add an S3, OSS or COS storage and make it the default.")
            ),
            facts=facts,
        )
    return spec.passed(
        tr("New files go to the storage “{name}” of the kind {kind}.", name=storage.name, kind=storage.kind),
        facts=facts,
    )
