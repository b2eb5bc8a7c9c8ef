"""What users and other programs lean on, as it was: bundles, ids and the report's JSON.

`python -m tests.golden` writes it anew.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.unit.test_examples import EXAMPLES, plan_of, secrets_of
from wizard.checks.plan.rules import rules
from wizard.checks.registry import all_specs
from wizard.engine.report import Report
from wizard.export import bundle
from wizard.formats.files import SecretsMode
from wizard.plan.finding import ErrorKind, Severity

FOLDER = Path(__file__).parent
_VARYING = ("manifest.json", "probe/probe.mjs")
"""A file that carries the program's version and digests of the others, and one that is the same in every bundle."""


def golden_files() -> dict[str, str]:
    """Return every golden file by its path below this folder."""
    found = {"ids.txt": ids(), "report.json": report()}
    for name in EXAMPLES:
        reference = bundle_of(name, SecretsMode.REFERENCE)
        found |= {f"bundles/{name}/reference/{path}": text for path, text in reference.items()}
        for path, text in bundle_of(name, SecretsMode.INLINE).items():
            if reference.get(path) != text:
                found[f"bundles/{name}/inline/{path}"] = text
    return found


def bundle_of(name: str, mode: SecretsMode) -> dict[str, str]:
    """Return the files of an example's bundle, but for those that vary."""
    files = bundle.render(plan_of(name), secrets_of(plan_of(name)), mode)
    return {file.path: file.text for file in files if file.path not in _VARYING}


def written(name: str, mode: SecretsMode) -> dict[str, str]:
    """Return the same as it was written; with the secrets in it, only what differs from the bundle without them."""
    folder = FOLDER / "bundles" / name / mode.value
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


def ids() -> str:
    lines = [f"{spec.id}  {' '.join(severity.value for severity in spec.severities)}" for spec in all_specs()]
    kinds = [f"error kind  {kind.value}" for kind in ErrorKind]
    return "\n".join([*sorted(lines), *kinds, *(f"severity  {one.value}" for one in Severity)]) + "\n"


def report() -> str:
    """Return the JSON of what the rules find in one example without any secret at hand."""
    findings = [replace(finding, elapsed_ms=None) for finding in rules(plan_of("three-nodes"), {})]
    document = Report(tuple(findings), datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), 1234).as_json("three-nodes.yaml")
    document["tool"]["version"] = "VERSION"
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
