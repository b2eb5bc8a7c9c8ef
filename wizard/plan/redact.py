"""Take known secrets out of a text, in every form in which they travel."""

from __future__ import annotations

import base64
import contextlib
import json
import shlex
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import quote, quote_plus

from wizard.pattern import pattern
from wizard.plan.accounts import without_accounts
from wizard.plan.escapes import LONGEST, Places, Sought, hidden_otherwise
from wizard.plan.finding import Finding
from wizard.plan.literals import SHORTEST, Literals, apart, put_into
from wizard.plan.placeholders import is_bracketed
from wizard.plan.quoted import Quoted
from wizard.plan.secret import HIDDEN, Secret
from wizard.plan.secret_variants import Pieces, in_small_letters

MOST_LINES = 20_000
"""Lines of a value that are hidden each; a key has a hundred, a bundle of all the world's authorities 4,000."""
_BETWEEN = ":", " ", "-"
"""What stands between bytes in hexadecimal."""
_INSTEAD = ("'", "'\\''"), ("'", "''"), ('"', '""'), ("%", "%%"), ("$", "$$")
"""What is put for one sign: in a shell, SQL, tables (CSV), units of systemd, Compose files."""
_LINES = 64, 76
"""Signs on a line of base64: in PEM, and in mail and what `base64` writes."""
_LEFT_BY_JAVASCRIPT = "!'()*"
"""What `encodeURIComponent` leaves as it is: NocoBase's messages may quote an address made with it."""

_PERCENT = pattern(r"%[0-9A-F]{2}")
_SHELL = pattern(r"[^A-Za-z0-9_@%+=:,./-]")
"""What a shell's backslash is put before."""
_JOINING = "-_.:/@= "
_WORD = pattern(r"(?=.{1,40}$)(?:[A-Za-z]{1,14}(?:[-_.:/ ][A-Za-z]{1,14})*|[0-9]{1,5})")


def masked(text: str) -> str:
    """Hide what looks like a secret in a text typed or pasted at a wrong place: the account in a URL, PEM text."""
    return HIDDEN if "-----BEGIN" in text else without_accounts(text)


def concealed(secret: Secret, else_shown: str = HIDDEN) -> str:
    """Return what may be seen of a text that may hold a secret: all but the account in a URL, else `else_shown`."""
    text = secret.reveal()
    seen = masked(text)
    return else_shown if seen in {text, HIDDEN} else seen


class Redactor:
    """Removes each known value in its plain, percent, base64, base32, hexadecimal, JSON, HTML, Python and shell forms.

    Where a text writes single signs in another way (`%3c`, `&#60;`), it is read back and searched once more. What is
    no plain word is found in another letter case, too, and where half of it or more was left of the plain form; the
    half of a placeholder in brackets is in others, too, and tells nothing.

    `open_texts` are values that are no secrets, such as a plan's names: a secret that is a part of one is hidden in
    texts of others alone. So is one that is a plain word: it may stand in any sentence of our own.
    """

    def __init__(self, secrets: Iterable[Secret], open_texts: Iterable[str] = ()) -> None:
        """Learn the values once; a new secret needs a new redactor."""
        values = {secret.reveal() for secret in secrets}
        forms = {form for value in values if len(value) >= SHORTEST for form in _forms(value)}
        known = in_small_letters("\0".join(open_texts))
        self._forms = _Forms(forms, values, known)
        telling = {form for form in forms if not _is_word(form) and in_small_letters(form) not in known}
        self._telling = self._forms if len(telling) == len(forms) else _Forms(telling, values & telling, known)

    def text(self, text: str) -> str:
        """Return a text of others without any known secret."""
        return self._forms.without(text)

    def finding(self, finding: Finding) -> Finding:
        """Return a finding whose texts and facts hold no known secret; what others said in it is hidden already."""
        return replace(
            finding,
            summary=self._told(finding.summary),
            detail=self._told(finding.detail),
            remedy=self._told(finding.remedy),
            facts=self._fact(dict(finding.facts)),
        )

    def _told(self, text: str) -> str:
        """Clean a text that holds words of our own: one of others was hidden when it was inserted."""
        return self.text(text) if isinstance(text, Quoted) else self._telling.without(text)

    def _fact(self, value: Any) -> Any:
        return _cleaned(value, self._told)

    def data(self, value: Any) -> Any:
        """Return plain data of others (mappings, sequences, texts) without any known secret."""
        return _cleaned(value, self.text)


class _Forms:
    """The forms of the secrets; pieces of the `values` are none where they stand in what is `known`."""

    def __init__(self, forms: set[str], values: set[str], known: str) -> None:
        def is_open(piece: str) -> bool:
            return _tells_nothing(piece) or piece in known

        telling = {in_small_letters(form) for form in forms if not _is_word(form)}
        halved = (value for value in values if not is_bracketed(value))  # `{{app_password}}` is like `{{app_email}}`
        cut = sorted({small for value in halved if (small := in_small_letters(value)) in telling})
        self._forms, self._any_case, self._pieces = Literals(forms), Literals(telling), Pieces(cut, is_open)
        self._written_otherwise = Sought(forms, telling, cut, is_open)

    def without(self, text: str) -> str:
        """Return the text without any of them: whole ones first, as a piece of one would leave the rest of it."""
        text = str.__str__(text)
        if not self._forms or len(text) < SHORTEST:
            return text
        text = _hidden(self._forms.replaced(text, HIDDEN), self._any_case.spans)
        text = hidden_otherwise(text, HIDDEN, self._written_otherwise.whole)
        return hidden_otherwise(_hidden(text, self._pieces.spans), HIDDEN, self._written_otherwise.pieces)


def _hidden(text: str, find: Callable[[str], Places]) -> str:
    """Return a text without what is found in it in small letters."""
    spans = sorted(find(in_small_letters(text)))
    return put_into(text, apart(spans), HIDDEN) if spans else text


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    match value:
        case str():
            return clean(value)
        case dict():
            return {key: _cleaned(item, clean) for key, item in value.items()}
        case list() | tuple():
            return [_cleaned(item, clean) for item in value]
        case Secret():
            return HIDDEN
        case _:
            return value


def _is_word(form: str) -> bool:
    """Whether a secret is such as sentences, commands and names are made of: letters alone, or a number."""
    return bool(_WORD.fullmatch(form))


def _tells_nothing(piece: str) -> bool:
    """Whether a piece is a word, be it with a sign at one end that names and addresses have, too: “nocobase@”."""
    ends = (piece, piece[:-1] if piece[-1] in _JOINING else "", piece[1:] if piece[0] in _JOINING else "")
    return any(map(_is_word, ends))


def _forms(value: str) -> set[str]:
    raw = value.encode(errors="surrogatepass")  # what the environment holds need not be UTF-8
    forms = {value, value.strip(), raw.hex(), raw.hex().upper()} | _base64_forms(raw)
    forms |= set(islice((line for line in value.splitlines() if len(line) >= SHORTEST), MOST_LINES))
    if len(value) <= LONGEST:
        forms |= _escaped_forms(value, raw)
        forms |= set() if value.isascii() else _other_encodings(value, raw)
    return {form for form in forms if len(form) >= SHORTEST}


def _escaped_forms(value: str, raw: bytes) -> set[str]:
    """Return the forms of a value that is no longer than what is told anywhere in one piece."""
    forms = {quote(raw, safe=""), quote(raw), quote(raw, safe=_LEFT_BY_JAVASCRIPT), quote_plus(raw)}
    forms |= {_PERCENT.sub(lambda found: found[0].lower(), form) for form in forms}
    forms |= {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1], repr(raw)[2:-1]}
    forms |= {json.dumps(value)[1:-1].replace("/", r"\/"), _SHELL.sub(r"\\\g<0>", value), shlex.quote(value)}
    forms |= {value.replace(*instead) for instead in _INSTEAD}
    apart = {raw.hex(between) for between in _BETWEEN}
    forms |= apart | {form.upper() for form in apart}
    forms |= _html_forms(value) if any(sign in value for sign in "&<>\"'") else set()
    return forms | _base32_forms(raw) | {" ".join(value.split())}  # as on one line


def _other_encodings(value: str, raw: bytes) -> set[str]:
    """Return what becomes of a value that is written in Latin-1, or in UTF-8 and taken for Latin-1, or in ASCII."""
    forms = {raw.decode("latin-1"), raw.decode("cp1252", "replace"), value.encode("ascii", "replace").decode()}
    with contextlib.suppress(UnicodeEncodeError):
        latin = value.encode("latin-1")
        forms |= {latin.decode(errors="replace"), latin.decode(errors="surrogateescape")}
        forms |= {latin.hex(), latin.hex().upper()} | _base64_forms(latin)
    return {form for form in forms if len(form.replace("?", "").replace("\ufffd", "")) >= SHORTEST}


def _html_forms(value: str) -> set[str]:
    import html  # with all names of characters, which few secrets need

    return {html.escape(value), html.escape(value).replace("&#x27;", "&#39;"), html.escape(value, quote=False)}


def _base64_forms(raw: bytes) -> set[str]:
    """Base64 of the value alone and inside a longer text, at each of the three alignments (ends are cut off)."""
    forms = set()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        alone = encode(raw).decode()
        forms |= {alone, alone.rstrip("=")}
        if _LINES[0] < len(alone) <= LONGEST:
            lines = {alone[at : at + width] for width in _LINES for at in range(0, len(alone), width)}
            forms |= {line for line in lines if len(line) >= 2 * SHORTEST}
        for lead in range(3):
            whole = encode(b"\0" * lead + raw).decode().rstrip("=")
            inner = whole[(0, 2, 3)[lead] : len(whole) - (0, 1, 1)[(lead + len(raw)) % 3]]
            if len(inner) >= 2 * SHORTEST:
                forms.add(inner)
    return forms


def _base32_forms(raw: bytes) -> set[str]:
    """Base32 of the value alone, as one-time passwords are told; within a longer text it is not looked for."""
    alone = base64.b32encode(raw).decode().rstrip("=")
    return {alone, alone.lower()}
