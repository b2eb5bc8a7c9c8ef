"""The contents that fuzzing begins with: small, one file each below `corpus/`, and the shapes that other tests read."""

import random
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"
EXAMPLES = Path(__file__).parents[2] / "resources/examples"
_OF_EXAMPLES = {"cluster", "saved", "bundle-file"}
_PIECES = (
    b"\0",
    b"\n",
    b"\r",
    b"'",
    b'"',
    b"`",
    b"{",
    b"[",
    b"${",
    b"$(",
    b"\\",
    b"#",
    b":",
    b"=",
    b"*a",
    b"&a ",
    b"<<: ",
)


def kept(name: str) -> list[bytes]:
    """Return what is kept for a reader, and the empty content."""
    files = sorted((FOLDER / name).glob("*"))
    files += sorted(EXAMPLES.glob("*.yaml")) if name in _OF_EXAMPLES else []
    return [b"", *(file.read_bytes() for file in files)]


def changed(data: bytes, chance: random.Random, longest: int) -> bytes:
    """Return a content with a few bytes changed, left out, said twice, or with something put in between."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randint(0, len(found)), chance.randint(0, 16)
        match chance.randrange(4):
            case 0:
                found[at : at + length] = b""
            case 1:
                found[at:at] = found[at : at + length]
            case 2:
                found[at:at] = chance.choice(_PIECES)
            case _:
                found[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(found[:longest])
