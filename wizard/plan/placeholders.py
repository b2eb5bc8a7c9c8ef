"""What stands in samples in the place of a secret or an account, told by its shape and by what it says.

Nothing random is one: words count only where a value consists of words, and a shape is that of the whole value.
"""

from __future__ import annotations

import re
import unicodedata

from wizard.pattern import pattern
from wizard.plan.env_text import is_unfilled
from wizard.plan.placeholder_words import FOREIGN_COMPACT, FOREIGN_PHRASES, FOREIGN_WHOLE
from wizard.plan.sample_words import CORE, FILLERS, is_of_sample_words

_SHAPES = pattern(
    r"<[\w .:/'-]{0,60}>|\[[\w .:/'-]{0,60}\]|\{\{.*\}\}|\$\{.*\}|\$\(.*\)|%[A-Za-z_]+%|__\w+__|@@\w+@@"
    r"|<%.*%>|#\{.*\}#?|!vault\b.*|\(\([\w./:-]+\)\)"  # ERB, Azure Pipelines and Octopus, Ansible, Concourse
    r"|([0x*.#?_-])\1{2,}"  # 000…, xxx, ***
    r"|(?:[A-Za-z]{2,6}[_-]?\w{0,6}?)([xX*•])\2{5,}|abc(?:123|1234|12345)"  # AKIAXXXXXXXX, sk-********
    r"|[\w/+-]*(?-i:EXAMPLE(?:KEY|TOKEN|SECRET)?)"  # AWS's documents
    r"|(?:0123456789(?:abcdef)?|1234567890|123456789|12345678|abcdefgh\w*|deadbeef){1,8}",
    re.IGNORECASE | re.DOTALL,
)
_BRACKETED = pattern(r"<[^<>]*>|\[[^][]*\]|\{\{.*\}\}|__[A-Za-z_]+__|@@\w+@@|%[A-Za-z_]+%|#\{.*\}#?", re.DOTALL)
"""Signs that no account's name stands between, whatever the word in them."""
_OF_KUBERNETES = pattern(r"\$\([A-Z][A-Z0-9_]*\)")
_TEMPLATE = pattern(r"\{\{[ ]?[\w.-]{1,60}[ ]?\}\}|\$\{\w{1,60}\}|#\{[\w.-]{1,60}\}#?|@@\w{1,60}@@|__\w{1,60}__")
"""A name alone in the signs of a template, and nothing else."""
_HOW = "(?:own|new|very|super|strong|long|random|real|secure|safe|unique|generated|good)"
_WHAT = (
    "(?:secret|key|app|aes|jwt|pass|password|passwd|pwd|token|user|username|name|account|login|database|db|redis|root"
    "|admin|host|license|licence|encryption|string|value)"
)
_OF_WHAT = (
    "(?:random|strong|long|access|api|client|email|mail|bucket|domain|company|server|postgres|postgresql|mysql|mariadb"
    r"|rabbitmq|nocobase|\d{2,3} bit)"
)
_PHRASES = pattern(
    r"\b(?:change|replace|fill|set|edit|update|modify) ?(?:me|this|it|here|before|now)(?! \w+ly\b)\b"
    r"|\b(?:change|replace) (?:the|your|with|by|before)\b|^(?:replace|fill) (?:in|to)\b|\bset (?:by|to)\b"
    r"|\b(?:change|fill|set) (?:in|to|on)(?:$| (?:your|an?|the|some|prod\w*|real|deploy\w*|first|install\w*)\b)"
    rf"|^(?:please|pls) (?:change|replace|fill|set|edit|update|generate)"
    rf"(?:$| (?:{_HOW}|{_WHAT}|an?|the|your|in|with|to)\b)"
    r"|\b(?:should|must|to|has to) (?:be )?(?:changed?|replaced?)$|^not (?:a )?(?:real|secure)\b"
    r"|^(?:to|must|needs to) be (?:changed|replaced|filled|set|defined|done|determined|provided)(?: in)?$"
    r"|\b(?:do )?not (?:for|(?:to be )?use(?:d)? (?:this )?in) prod(?:uction)?$"
    r"|^(?:add|define|provide|supply|specify|ask|see)"
    rf"(?: (?:me|here|it|your|an?|the)| {_WHAT})(?: {_HOW})*(?: {_WHAT})*$"
    r"|^(?:insert|enter|put|paste|type) (?:password|secret|key|token|value|user(?:name)?)\b"
    r"|^(?:insert|enter|put|paste|generate|choose|type|use) (?:your|here)\b"
    rf"|^(?:insert|enter|put|paste|generate|choose|type|use) (?:an?|some|the)(?: {_HOW})*(?: {_WHAT}| one)\b"
    rf"|^your(?: {_HOW})* (?:{_WHAT}|{_OF_WHAT})\b|^(?:my|some|the)(?: {_HOW})*(?: {_WHAT})+(?: \d{{1,4}})?(?: here)?$"
    r"|\b(?:goes|comes) here$|\b(?:password|secret|key|token|user(?:name)?|value) here$"
    r"|\b(?:placeholder|redacted|changeit)\b"
    r"|^generate (?:with|by|using|via|from|it)\b|\bopenssl rand\b"
    r"|\b(?:long|strong|secure|unique)(?: and)? random (?:string|key|secret|password|value)\b"
    r"|^random (?:string|key|secret|password|value)\b"
    r"|^(?:example|sample|dummy|test|demo|default|super) ?(?:app )?(?:secret|key|password|token|jwt)\b"
    rf"|{FOREIGN_PHRASES}"
)
_COMPACT = pattern(
    r"(?:please)?(?:change|replace)(?:me(?!nt)|this|it$)|(?:please)?(?:fill|set|edit|define|update)me(?:in|now|please)?\d{0,4}$"
    r"|\w{0,60}(?:changeme|changethis|changeit|replaceme)$|(?:generateme|notsecure|insecure|notsecret)$"
    r"|(?:must|to|should)be(?:changed|replaced|set|filled|defined)$|(?:notset|setbyadmin|changed?on(?:first|install)\w{0,12})$"
    rf"|{FOREIGN_COMPACT}"
)
_WHOLE = frozenset(
    """
    password passwd secret key token username user changeme change example sample dummy none null nil undefined empty
    xxx foo bar foobar todo fixme tbd tbc unset here hidden masked removed censored default value insert
    """.split()  # noqa: SIM905 - a table of words
)
_UNFILLED = frozenset({"changeme", "todo", "fixme", "tbd", "tbc"})
"""Those that are no account's name either."""
_TO_A_PERSON = frozenset({"your", "here", "this"})
"""Those of them that speak to who fills in a sample; the rest name accounts, too: `key_db`, `session_token`."""
_SAYING_WHAT = (CORE | FILLERS) - _TO_A_PERSON
_RUNS = pattern(
    r"([0-9A-Fa-f])\1{7,}"
    r"|(?:1234567890(?:abcdef)?){2,}\d{0,9}|(?:qwertyuiop|asdfghjkl|zxcvbnm|1234567890?|123456){2,}"
    r"|(?:00112233445566778899aabbccddeeff){1,2}|000102030405060708090a0b0c0d0e0f(?:101112131415161718191a1b1c1d1e1f)?",
    re.IGNORECASE,
)
"""One figure over and over, figures in their order, rows of the keyboard."""
_LONGEST_PIECE = 24
_LONGEST_REPEATED = 128
"""No sample has a longer text of repeated pieces; longer ones are keys of files, which have checks of their own."""
_HEX = pattern("[0-9A-Fa-f]+")
_PLAIN = frozenset({"admin", "root", "user", "test", "nocobase", "postgres", "redis", "mysql"})
_PATH = pattern(
    r"file:/.*|\.{1,2}/[\w.-]+(?:/[\w.-]+)*"
    r"|/(?:run|var|etc|secrets?|mnt|home|opt|root|srv|app|data|vault|tmp|usr|keys?)(?:/[\w.@-]+)+"
)
"""A whole path below a folder that machines have: no random text is one."""
_ACCENTS = pattern(r"[\u0300-\u036f]")
_OWN = ("my ", "the ", "some ", "mon ", "ma ", "mein ", "meine ", "mi ", "meu ", "minha ", "mio ", "mia ", "mijn ")
"""How the name of an account may begin that somebody has."""
_SEPARATORS = pattern(r"[\W_]+")
_RANDOM = pattern(r"(?=.*[0-9])(?=.*[A-Z])(?=.*[a-z]).{16,}", re.DOTALL)
"""Figures, capitals and small letters, 16 or more: what a generator gives, and no sample says in words."""


def is_command(value: str) -> bool:
    """Whether a value is a command that a shell would put the output of in its place: `$(cat key)`."""
    text = value.strip()
    return text.startswith("$(") and text.endswith(")")


def is_variable_of_kubernetes(value: str) -> bool:
    """Whether a value names a variable as Kubernetes alone does, and as no command is called: `$(REDIS_PASSWORD)`."""
    return _OF_KUBERNETES.fullmatch(value.strip()) is not None


def is_bracketed(value: str) -> bool:
    """Whether a whole value stands in the signs that templates have around a name: `{{password}}`, `${PASSWORD}`."""
    return _TEMPLATE.fullmatch(value.strip()) is not None


def is_path(value: str) -> bool:
    """Whether a secret's value is a path to a file that was to hold it: `/run/secrets/db`, `file:///etc/db.key`."""
    return _PATH.fullmatch(value.strip()) is not None


def is_placeholder(value: str) -> bool:
    """Whether a secret's or an account's value is what a sample has there, whatever its length."""
    text = value.strip()
    if not text:
        return False
    if is_unfilled(text) or _SHAPES.fullmatch(text) or _RUNS.fullmatch(text.replace("-", "")) or _is_repeated(text):
        return True
    words = _SEPARATORS.sub(" ", text.lower()).strip()
    if is_of_sample_words(words):
        return True
    if _RANDOM.fullmatch(text) and " " not in words:
        return False
    return any(map(_says_so, {words, without_accents(words)}))


def _says_so(words: str) -> bool:
    """Whether words, in small letters with one blank between them, are those of a sample."""
    compact = words.replace(" ", "")
    return words in _WHOLE | FOREIGN_WHOLE or bool(_PHRASES.search(words) or _COMPACT.match(compact))


def without_accents(text: str) -> str:
    """Return the text with plain letters in the place of those with accents; other scripts stay as they are."""
    split = "".join(sign for sign in unicodedata.normalize("NFD", text) if not _ACCENTS.fullmatch(sign))
    return unicodedata.normalize("NFC", split)


def _is_repeated(text: str) -> bool:
    """Whether the text is one piece of several letters over and over, or a placeholder twice."""
    if len(text) > _LONGEST_REPEATED:
        return False
    sizes = range(1, min(len(text) // 3, _LONGEST_PIECE) + 1)
    size = next((size for size in sizes if text[size:] == text[:-size]), 0)
    if size >= len("abc") or (size == len("xy") and not _HEX.fullmatch(text)):
        return True
    half = text[: len(text) // 2]
    return len(half) >= len("test") and text == half * 2 and (half.lower() in _PLAIN or is_placeholder(half))


def is_placeholder_of_an_account(value: str) -> bool:
    """Whether a user's or a database's name is one: plain words such as `user` may be real ones."""
    text = value.strip()
    if _BRACKETED.fullmatch(text):
        return True
    words = without_accents(_SEPARATORS.sub(" ", text.lower()).strip())
    own = (
        words in (_WHOLE - _UNFILLED) | FOREIGN_WHOLE
        or words.startswith(_OWN)
        or text == "todo"  # such programs have databases
        or {*words.split()} <= _SAYING_WHAT
        or is_of_sample_words(words, _SAYING_WHAT)  # in one word, too: KeyDB is a server, and so its service is called
        or re.fullmatch(r"[\w.-]*\d[\w.-]*(?<!EXAMPLE)|(.)\1*", text)
    )
    return not own and is_placeholder(text)
