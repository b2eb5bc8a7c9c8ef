"""The page of all checks, made from their declarations: `python -m wizard.guide.checks_page > docs/checks.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from wizard.checks.registry import all_specs, components
from wizard.plan.i18n import tr
from wizard.plan.spec import Spec, Stage

_REPOSITORY = "https://github.com/nocobase/nocobase/tree/main/"
_HEAD = """# Checks

Made from the code by `python -m wizard.guide.checks_page > docs/checks.md`; a test compares the two.

Each finding has an id out of this list, stable once released, and a subject where there are several things of a kind
(a Redis role, a node, a setting). `check --only ID` and `--skip ID` take an id or its beginning, and `--stage start`
leaves out what only a running cluster can show.

| severity | says |
|---|---|
| `pass` | as it should be |
| `info` | worth knowing, asks for nothing |
| `warn` | NocoBase lives without it, but recommends it |
| `fail` | a cluster fails with it, or loses data |
| `skip` | not looked at; the finding says why |
| `unknown` | could not be found out; the finding says why. Never a pass |

Every id can give `skip` and `unknown`; the lists name what else it gives. The remedy here is the general one; a finding
names the command or the line for your cluster where there is one.
"""


def checks_page() -> str:
    """Return the page as Markdown: an index from symptoms to checks, then each id with all that is known of it."""
    parts = [_HEAD, *_index()]
    for component in components():
        parts.append(f"\n## {component.name}\n")
        parts += [_entry(spec) for spec in component.specs]
    return "".join(parts)


def _index() -> Iterator[str]:
    """Yield the lines that lead from what people see first to the checks that find its cause."""
    by_symptom: dict[str, list[str]] = {}
    for spec in all_specs():
        if spec.symptom:
            by_symptom.setdefault(tr(spec.symptom), []).append(f"[{spec.id}](#{spec.id})")
    yield "\n## What people see first\n\n"
    for symptom in sorted(by_symptom, key=lambda text: text.strip("“").casefold()):
        yield f"- {symptom}: {', '.join(by_symptom[symptom])}\n"


def _entry(spec: Spec) -> str:
    severities = ", ".join(f"`{severity}`" for severity in spec.severities) or "neither of the others"
    told = {
        "what people see first": tr(spec.symptom),
        "looked at": tr(spec.evidence),
        "where it fails": tr(spec.effect),
        "severities": severities,
        "remedy": tr(spec.remedy),
        "asked": "of a running cluster alone" if spec.stage is Stage.RUN else "before the first start, too",
        "source": _link(spec.source),
        "page": spec.doc,
    }
    lines = "".join(f"- {name}: {text}\n" for name, text in told.items() if text)
    means = tr(spec.means).rstrip(".")
    return f"""
### {spec.id}
<a id="{spec.id}"></a>

{means}.

{lines}"""


def _link(source: str) -> str:
    if source.startswith("docs/"):
        return f"[{source}]({source.removeprefix('docs/')})"
    return f"NocoBase, [{source}]({_REPOSITORY}{source})"


if __name__ == "__main__":
    sys.stdout.write(checks_page())
