"""The bill of materials in CycloneDX' format, and the licences of all that is shipped as one text."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component as Part
from cyclonedx.model.component import ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from release import licences
from release.shipped import OURS, ROOT, Component
from wizard import __version__

BILL = "bill-of-materials.cdx.json"
LICENCES = "licences.txt"
_SPACE = uuid.UUID("7b0a5e0c-6c5e-4d0e-9c39-2f6a8a1f5f0e")
_RULE = "=" * 100


def documents(components: Sequence[Component]) -> dict[str, str]:
    """Return the texts that go with what is shipped, by their file names."""
    return {BILL: bill(components), LICENCES: licences_text(components)}


def bill(components: Sequence[Component]) -> str:
    """Return the bill of materials. The same components give the same text, whenever SOURCE_DATE_EPOCH is given."""
    own = _part(Component(OURS, __version__, "pypi", "Apache-2.0"), ComponentType.APPLICATION)
    when = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), UTC)
    parts = [_part(one) for one in components]
    names = " ".join(f"{one.name}={one.version}" for one in components)
    bom = Bom(
        components=parts,
        serial_number=uuid.uuid5(_SPACE, f"{OURS}={__version__} {names}"),
        metadata=BomMetaData(component=own, timestamp=when),
    )
    bom.register_dependency(own, parts)
    outputter = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6)
    return outputter.output_as_string(indent=1) + "\n"


def _part(one: Component, kind: ComponentType = ComponentType.LIBRARY) -> Part:
    space = "debian" if one.kind == "deb" else None
    purl = PackageURL(one.kind, space, one.name, one.version or None)
    return Part(
        name=one.name,
        version=one.version or None,
        type=kind,
        bom_ref=purl.to_string(),
        purl=purl,
        licenses=[LicenseFactory().make_from_string(one.licence)],
    )


def licences_text(components: Sequence[Component]) -> str:
    """Return a table of what is shipped with its licences, and below it each whole text once."""
    own = (ROOT / "LICENSE").read_text(encoding="utf-8")
    rows = [f"{OURS} {__version__}: Apache-2.0", *(f"{_title(one)}: {one.licence}" for one in components)]
    users: dict[str, list[str]] = {own: [OURS]}
    for one in components:
        for text in one.texts:
            users.setdefault(text, []).append(_title(one))
    chapters = (f"{_RULE}\n{', '.join(names)}\n{_RULE}\n\n{text.strip()}\n" for text, names in users.items())
    text = "\n".join([*rows, "", *chapters])
    return text + "".join(f"\n{_RULE}\n{name}\n{_RULE}\n\n{whole}" for name, whole in licences.referred_to(text))


def _title(one: Component) -> str:
    return f"{one.name} {one.version}".strip()
