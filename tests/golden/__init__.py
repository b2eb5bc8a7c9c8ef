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
_VARYING = ("manifest.json",)
"""Files that carry the program's version and digests of the others."""


def golden_files() -> dict[str, str]:
    """Return every golden file by its path below this folder."""
    found = {"ids.txt": _ids(), "report.json": _report()}
    for name in EXAMPLES:
        plan = plan_of(name)
        for mode in (SecretsMode.REFERENCE, SecretsMode.INLINE):
            for file in bundle.render(plan, secrets_of(plan), mode):
                alike = found.get(f"bundles/{name}/{SecretsMode.REFERENCE.value}/{file.path}") == file.text
                if file.path not in _VARYING and not alike:
                    found[f"bundles/{name}/{mode.value}/{file.path}"] = file.text
    return found


def _ids() -> str:
    lines = [f"{spec.id}  {' '.join(severity.value for severity in spec.severities)}" for spec in all_specs()]
    kinds = [f"error kind  {kind.value}" for kind in ErrorKind]
    return "\n".join([*sorted(lines), *kinds, *(f"severity  {one.value}" for one in Severity)]) + "\n"


def _report() -> str:
    """Return the JSON of what the rules find in one example without any secret at hand."""
    findings = [replace(finding, elapsed_ms=None) for finding in rules(plan_of("three-nodes"), {})]
    document = Report(tuple(findings), datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), 1234).as_json("three-nodes.yaml")
    document["tool"]["version"] = "VERSION"
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
