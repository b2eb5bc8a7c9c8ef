"""Passwords that are guessed first: a person may well have one, so they are weak, not placeholders of samples."""

from __future__ import annotations

from wizard.pattern import pattern

_SPELT = str.maketrans("@04$513!7", "aoassieit")
"""Figures and signs that stand for letters, as in “P@ssw0rd”."""
_TAIL = pattern(r"[\W_]*(?:\d{1,6})?[\W_]*")
_WORD = pattern(
    r"(?:(?:my|db|user|redis|mysql|postgres|pg|sql)[\W_]?)?(?:pass(?:word|wd|wort)?|pwd|secret|key|token)|secret|letmein"
    r"|admin(?:istrator)?|root|welcome|qwert[yz]"
    r"|changeme|test(?:ing)?|guest|default|iloveyou|monkey|dragon|abc|motdepasse|passwort|hallo|soleil|azerty"
    r"|contrasena|senha|wachtwoord|haslo|demo|database|postgres(?:ql)?|mysql|mariadb|redis|rabbitmq|nocobase"
)
_ROWS = pattern(
    r"(\d)\1{3,}|1234567890?|(?:12){2,}|(?:123){1,3}|1234(?:5(?:6(?:7(?:89?)?)?)?)?|1q2w3e(?:4r(?:5t)?)?|zaq12wsx"
    r"|qwert(?:y(?:uiop)?|z(?:uiop)?)|asdf(?:ghjkl)?|(?:abc|qwe|aaa|asd)[\W_]?123(?:4(?:56?)?)?|123abc|1qaz2wsx|987654321"
)

_LONGEST = 64
"""Signs of a value that is looked at: each of its beginnings may be the word."""


def is_guessed_first(value: str) -> bool:
    """Whether a password is one of those that everybody tries, or one with a few figures behind it."""
    text = value.strip().lower()
    if len(text) > _LONGEST:
        return False
    if _ROWS.fullmatch(text):
        return True
    return any(
        _WORD.fullmatch(start) and _TAIL.fullmatch(text[len(start) :])
        for size in range(len("abc"), len(text) + 1)
        for start in [text[:size].translate(_SPELT)]
    )
