"""Values for NocoBase's Helm chart (docs/nocobase.md, “Deployment”): what the chart makes of them is known."""

from __future__ import annotations

import re

from wizard.pattern import pattern
from wizard.plan.i18n import mark
from wizard.sources.cluster_file import is_env_file
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.material import Material

_KEYS = pattern(r"^(?:replicaCount|configMap|persistent|image)\s*:", re.MULTILINE)
_KEYS_IN_JSON = pattern(r"\"(?:replicaCount|configMap|persistent|image)\"\s*:")
_NOCOBASE = pattern(r"repository\"?\s*:\s*['\"]?[^\s'\"]*nocobase")
_LEAST = 2
"""How many of the chart's keys tell its values from others."""


class HelmValues:
    """Reads the values of the chart: the workload that it makes of them is always the same."""

    title = mark("Values of NocoBase's Helm chart")
    description = mark(
        "The values that NocoBase's own chart is installed with: configMap.data, image, replicaCount, livenessProbe, "
        "ingress. Other charts are read from what “helm template” prints."
    )

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files or is_env_file(material) or material.path.suffix not in {".yaml", ".yml", ".json"}:
            return Likeness.NO
        signs = _KEYS_IN_JSON if material.path.suffix == ".json" else _KEYS
        keys = {match[0] for match in signs.finditer(material.looks)}
        return Likeness.SURE if len(keys) >= _LEAST and _NOCOBASE.search(material.looks) else Likeness.NO

    def read(self, material: Material) -> OpenedSource:
        from wizard.sources.shared.chart import opened

        return opened(material.text, material.title)


SOURCE = HelmValues()
