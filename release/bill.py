"""The bill of materials in CycloneDX' format, and the licences of all that is shipped as one text."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component as Part
from cyclonedx.model.component import ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from release import licences
from release.component import Component
from release.shipped import OURS, ROOT
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
    own_parts = [part for part, one in zip(parts, components, strict=True) if not one.within]
    bom.register_dependency(own, own_parts)
    for part, one in zip(parts, components, strict=True):
        inside = [other for other, what in zip(parts, components, strict=True) if what.within == one.title]
        bom.register_dependency(part, inside if not one.within else ())
    outputter = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6)
    return outputter.output_as_string(indent=1) + "\n"


def _part(one: Component, kind: ComponentType = ComponentType.LIBRARY) -> Part:
    space = "debian" if one.kind == "deb" else None
    purl = PackageURL(one.kind, space, one.name, one.version or None)
    return Part(
        name=one.name,
        version=one.version or None,
        type=kind,
        bom_ref=f"{one.within}: {purl.to_string()}" if one.within else purl.to_string(),
        purl=purl,
        licenses=[LicenseFactory().make_from_string(one.licence)],
    )


def licences_text(components: Sequence[Component]) -> str:
    """Return a table of what is shipped with its licences, below each what is within it, and each whole text once."""
    own = (ROOT / "LICENSE").read_text(encoding="utf-8")
    rows = [f"{OURS} {__version__}: Apache-2.0", *_rows(components)]
    users: dict[str, list[str]] = {own: [OURS]}
    for one in components:
        for text in one.texts:
            users.setdefault(text, []).append(one.title)
    chapters = (f"{_RULE}\n{', '.join(names)}\n{_RULE}\n\n{text.strip()}\n" for text, names in users.items())
    text = "\n".join([*rows, "", *chapters])
    return text + "".join(f"\n{_RULE}\n{name}\n{_RULE}\n\n{whole}" for name, whole in licences.referred_to(text))


def _rows(components: Sequence[Component]) -> Iterator[str]:
    """Return a line for each that is there by itself, and below it one for each that is within it."""
    for one in components:
        if not one.within:
            yield f"{one.title}: {one.licence}"
            inside = (other for other in components if other.within == one.title)
            yield from (f"  {other.title}: {other.licence}" for other in inside)
