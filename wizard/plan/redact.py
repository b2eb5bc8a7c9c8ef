"""Take known secrets out of a text, in every form in which they travel."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus

from wizard.plan.finding import Finding
from wizard.plan.secret import HIDDEN, Secret

SHORTEST = 4
"""Shorter values are not searched for: they would tear holes into innocent words. Checks never quote them."""
_LEFT_BY_JAVASCRIPT = "!'()*"
"""What `encodeURIComponent` leaves as it is: NocoBase's messages may quote an address made with it."""

_ACCOUNT = re.compile(r"(?<=://)\S*(?=@)")


def masked(text: str) -> str:
    """Hide what looks like a secret in a text typed or pasted at a wrong place: the account in a URL, PEM text."""
    return HIDDEN if "-----BEGIN" in text else _ACCOUNT.sub(HIDDEN, text)


def concealed(secret: Secret, else_shown: str = HIDDEN) -> str:
    """Return what may be seen of a text that may hold a secret: all but the account in a URL, else `else_shown`."""
    text = secret.reveal()
    seen = masked(text)
    return else_shown if seen in {text, HIDDEN} else seen


class Redactor:
    """Removes each known value in its plain, percent-encoded, base64, JSON-escaped and Python-quoted forms."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        """Learn the values once; a new secret needs a new redactor."""
        values = {secret.reveal() for secret in secrets}
        forms = {form for value in values if len(value) >= SHORTEST for form in _forms(value)}
        self._forms = sorted(forms, key=len, reverse=True)

    def text(self, text: str) -> str:
        """Return `text` without any known secret."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, HIDDEN)
        return text

    def finding(self, finding: Finding) -> Finding:
        """Return a finding whose texts and facts hold no known secret."""
        return replace(
            finding,
            summary=self.text(finding.summary),
            detail=self.text(finding.detail),
            remedy=self.text(finding.remedy),
            facts=self.data(dict(finding.facts)),
        )

    def data(self, value: Any) -> Any:
        """Return plain data (mappings, sequences, texts) without any known secret."""
        match value:
            case str():
                return self.text(value)
            case dict():
                return {key: self.data(item) for key, item in value.items()}
            case list() | tuple():
                return [self.data(item) for item in value]
            case Secret():
                return HIDDEN
            case _:
                return value


def _forms(value: str) -> set[str]:
    raw = value.encode(errors="surrogatepass")  # what the environment holds need not be UTF-8
    forms = {value, quote(raw, safe=""), quote(raw), quote(raw, safe=_LEFT_BY_JAVASCRIPT), quote_plus(raw)}
    forms |= {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1], repr(raw)[2:-1]}
    forms |= {line for line in value.splitlines() if len(line) >= SHORTEST}
    return forms | _base64_forms(raw)


def _base64_forms(raw: bytes) -> set[str]:
    """Base64 of the value alone and inside a longer text, at each of the three alignments (ends are cut off)."""
    forms = set()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        forms.add(encode(raw).decode())
        for lead in range(3):
            whole = encode(b"\0" * lead + raw).decode().rstrip("=")
            inner = whole[(0, 2, 3)[lead] : len(whole) - (0, 1, 1)[(lead + len(raw)) % 3]]
            if len(inner) >= 2 * SHORTEST:
                forms.add(inner)
    return forms
