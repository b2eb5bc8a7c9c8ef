"""Text encrypted with a passphrase, in the age format (age-encryption.org/v1): Debian's `age -d` opens it, too."""

from __future__ import annotations

import base64
import binascii

from wizard.pattern import pattern
from wizard.plan.i18n import tr
from wizard.plan.secret import Secret
from wizard.storage.secret_store.contract import SecretStoreError

HEAVIEST = 18
"""The largest work factor that is opened: scrypt then takes 256 MiB (128·8·2^18 bytes). `age` itself writes it."""

HEAVIEST_OWN = 20
"""The largest that is opened in a file of our own, which former versions wrote by the machine's speed: 1 GiB."""

_ARMOUR = "-----BEGIN AGE ENCRYPTED FILE-----"
_BINARY = b"age-encryption.org/v1\n"
_STANZA = pattern(r"-> scrypt [A-Za-z0-9+/]{22} ([1-9][0-9]?)")
_HEAD_BYTES = 200
_BLOCK_SIZE = 8
"""scrypt's r, which the format fixes."""


class SealError(SecretStoreError):
    """A text cannot be encrypted or opened."""


class WrongPassphraseError(SealError):
    """The passphrase is another one, or the encrypted text is damaged: the format does not tell which."""


def seal(text: str, passphrase: Secret) -> str:
    """Return the text encrypted, as lines of letters; two calls never give the same. Raises SealError."""
    from wizard.storage.age_writer import armoured

    return armoured(text.encode(), _usable(passphrase))


def unseal(data: bytes, passphrase: Secret, heaviest: int = HEAVIEST) -> str:
    """Return the text in an encrypted file whose work factor is `heaviest` at most; raises SealError."""
    import pyrage

    _refuse_heavy(data, heaviest)
    try:
        opened: bytes = pyrage.passphrase.decrypt(data, _usable(passphrase))
        return opened.decode()
    except pyrage.DecryptError:
        raise WrongPassphraseError(tr("The passphrase is wrong, or the encrypted file is damaged.")) from None
    except UnicodeDecodeError:
        raise SealError(tr("What was encrypted is not text in UTF-8.")) from None


def _refuse_heavy(data: bytes, heaviest: int) -> None:
    """Refuse what was not encrypted with a passphrase, or so that opening it takes the machine's memory."""
    lines = _head(data).decode(errors="replace").splitlines()
    stanza = _STANZA.fullmatch(lines[1]) if len(lines) > 1 else None
    if lines[:1] != [_BINARY.decode().strip()] or not stanza:
        raise SealError(tr("It is no file that was encrypted with a passphrase in the age format."))
    factor = int(stanza[1])
    if factor > heaviest:
        raise SealError(
            tr(
                "Opening it would take too much memory: its work factor is {factor}, and {heaviest} is the most. "
                "“age -d” opens it.",
                factor=factor,
                heaviest=heaviest,
            )
        )
    if factor > HEAVIEST and (free := _free_memory()) < _needed(factor):
        raise SealError(
            tr(
                "Opening it takes {needed} MiB of memory, and {free} MiB are free.",
                needed=_needed(factor) >> 20,
                free=free >> 20,
            )
        )


def _needed(factor: int) -> int:
    """Return the bytes that scrypt takes at a work factor."""
    return 128 * _BLOCK_SIZE << factor


def _free_memory() -> int:
    """Return the bytes of memory that a program can have without swapping."""
    import psutil

    return int(psutil.virtual_memory().available)


def _head(data: bytes) -> bytes:
    """Return the beginning of the binary form."""
    if not data.startswith(_ARMOUR.encode()):
        return data[:_HEAD_BYTES]
    inside = data[len(_ARMOUR) : len(_ARMOUR) + 2 * _HEAD_BYTES].partition(b"-----END")[0]
    letters = b"".join(inside.split())[:_HEAD_BYTES]
    try:
        return base64.b64decode(letters[: len(letters) // 4 * 4])
    except binascii.Error:
        return b""


def _usable(passphrase: Secret) -> str:
    """Return the passphrase as the library takes it; raises SealError."""
    text = passphrase.reveal()
    if not text:
        raise SealError(tr("The passphrase is empty."))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise SealError(tr("The passphrase is not text in UTF-8.")) from None
    return text
