"""Writes the age format (https://c2sp.org/age) for a passphrase, at a work factor of our own choice.

pyrage, which reads it, takes the factor by the machine's speed when it writes: 19, say, which is 512 MiB of memory.
"""

from __future__ import annotations

import base64
import os

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

FACTOR = 17
"""scrypt's N is 2^17, with r = 8 and p = 1: 128 MiB, as OWASP's Password Storage Cheat Sheet wants it."""

_BLOCK_SIZE = 8
_SALT_BYTES = _FILE_KEY_BYTES = _NONCE_BYTES = 16
_KEY_BYTES = 32
_CHUNK_BYTES = 64 << 10
_LINE_LETTERS = 64


def armoured(data: bytes, passphrase: str) -> str:
    """Return the data encrypted with a passphrase, as lines of letters."""
    file_key = os.urandom(_FILE_KEY_BYTES)
    letters = base64.b64encode(_header(file_key, passphrase.encode()) + _payload(file_key, data)).decode()
    lines = [letters[at : at + _LINE_LETTERS] for at in range(0, len(letters), _LINE_LETTERS)]
    return "\n".join(("-----BEGIN AGE ENCRYPTED FILE-----", *lines, "-----END AGE ENCRYPTED FILE-----", ""))


def _header(file_key: bytes, passphrase: bytes) -> bytes:
    """Return the version, the file's key wrapped by the passphrase, and the code that authenticates both."""
    salt = os.urandom(_SALT_BYTES)
    scrypt = Scrypt(b"age-encryption.org/v1/scrypt" + salt, _KEY_BYTES, n=1 << FACTOR, r=_BLOCK_SIZE, p=1)
    wrapped = ChaCha20Poly1305(scrypt.derive(passphrase)).encrypt(bytes(12), file_key, None)
    lines = b"age-encryption.org/v1", b"-> scrypt %s %d" % (_unpadded(salt), FACTOR), _unpadded(wrapped), b"---"
    head = b"\n".join(lines)
    code = HMAC(_derived(file_key, b"", b"header"), SHA256())
    code.update(head)
    return b"%s %s\n" % (head, _unpadded(code.finalize()))


def _payload(file_key: bytes, data: bytes) -> bytes:
    """Return the data in chunks, each authenticated with its number and whether it is the last (STREAM)."""
    nonce = os.urandom(_NONCE_BYTES)
    cipher = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))
    last = max(0, len(data) - 1) // _CHUNK_BYTES
    chunks = (
        cipher.encrypt(
            number.to_bytes(11) + bytes([number == last]), data[number * _CHUNK_BYTES :][:_CHUNK_BYTES], None
        )
        for number in range(last + 1)
    )
    return nonce + b"".join(chunks)


def _derived(file_key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt, purpose).derive(file_key)


def _unpadded(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")
