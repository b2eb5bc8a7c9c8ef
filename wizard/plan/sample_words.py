"""The words of which samples make what stands in the place of a secret: "your-jwt-secret-key", "SuperSecretKey2024"."""

from __future__ import annotations

from functools import cache

from wizard.pattern import pattern

CORE = frozenset(
    {"password", "passwd", "passphrase", "secret", "key", "token", "string", "digits", "characters", "chars"}
)
FILLERS = frozenset(
    """
    a an any app application at api aes bit bits bytes char db database default demo dev development dummy example fake
    for from here hex host insecure is jwt least length letters local long min minimum must be my mysql mariadb new
    nocobase of only our own pg postgres postgresql private production random rabbitmq real redis root sample secure
    session sign signing some strong super temp temporary test that the this unique use value very with your encryption
    env account generated initial access do not in top user 16 24 32 48 64 128 256 sixty four thirty two
    please set change char
    """.split()  # noqa: SIM905 - a table of words
)
"""Words that say what belongs there: a secret of them alone, one of `CORE` among them, says nothing of its own."""
_SPELT = str.maketrans("@0$3", "aose")
"""Figures and signs that stand for letters, as in "Passw0rd"."""
_COUNT = pattern(r" ?\d{1,4}$|(?: \d{1,8})$")
_LONGEST = 100


def is_of_sample_words(words: str, known: frozenset[str] = CORE | FILLERS) -> bool:
    """Whether a text consists of `known` words, with or without blanks between, and at most a number at its end."""
    if len(words) > _LONGEST:
        return False
    bare = _COUNT.sub("", words)
    return any(_consists(form, known) for form in {words, bare, bare.translate(_SPELT)})


def _consists(words: str, known: frozenset[str]) -> bool:
    """Whether all is taken up by two known words or more, one of `CORE` among them."""

    @cache
    def best(at: int) -> int:
        """Return the most words that take up the rest, 100 more where one is of `CORE`; -1 where none do."""
        if at == len(words):
            return 0
        if words[at] == " ":
            return best(at + 1)
        found = -1
        for word in known:
            if words.startswith(word, at) and (rest := best(at + len(word))) >= 0:
                found = max(found, 1 + rest + (_LONGEST * (word in CORE and rest < _LONGEST)))
        return found

    return best(0) > _LONGEST + 1
