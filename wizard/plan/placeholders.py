"""What stands in samples in the place of a secret or an account, told by its shape and by what it says.

Nothing random is one: words count only where a value consists of words, and a shape is that of the whole value.
"""

from __future__ import annotations

import re

from wizard.pattern import pattern
from wizard.plan.env_text import is_unfilled

_SHAPES = pattern(
    r"<[\w .:/'-]{0,60}>|\[[\w .:/'-]{0,60}\]|\{\{.*\}\}|\$\{.*\}|\$\(.*\)|%[A-Za-z_]+%|__\w+__|@@\w+@@"
    r"|([0x*.#?_-])\1{2,}"  # 000…, xxx, ***
    r"|(?:0123456789(?:abcdef)?|1234567890|123456789|12345678|abcdefgh\w*|deadbeef){1,8}",
    re.IGNORECASE | re.DOTALL,
)
_BRACKETED = pattern(r"<[^<>]*>|\[[^][]*\]|\{\{.*\}\}|__[A-Za-z_]+__|@@\w+@@|%[A-Za-z_]+%", re.DOTALL)
"""Signs that no account's name stands between, whatever the word in them."""
_PHRASES = pattern(
    r"\b(?:please )?(?:change|replace|fill|set|edit|update|modify)(?: ?(?:me|this|it|in|with|by|to|here|before|now))\b"
    r"|\b(?:change|replace) (?:the|your)\b"
    r"|^(?:please|pls) (?:change|replace|fill|set|edit|update|generate)\b"
    r"|\b(?:should|must|to|has to) (?:be )?(?:changed?|replaced?)$|^not (?:a )?(?:real|secure)\b"
    r"|^(?:insert|enter|put|paste|type) (?:password|secret|key|token|value|user(?:name)?)\b"
    r"|^(?:insert|enter|put|paste|generate|choose|type|use) (?:your|a|an|some|the|here)\b"
    r"|^(?:your|my|some|the)(?: own| new| very| super| strong| long| random| real)*"
    r" ?(?:secret|key|app|aes|jwt|pass|password|passwd|pwd|token|user|username|name|account|login|database|db|redis"
    r"|root|admin|host|license|licence|encryption|random|strong|long)\b"
    r"|\b(?:goes|comes) here$|\b(?:password|secret|key|token|user(?:name)?|value) here$"
    r"|\b(?:placeholder|redacted|changeit)\b"
    r"|^generate (?:with|by|using|via|from|it)\b|\bopenssl rand\b"
    r"|\b(?:long|strong|secure|unique)(?: and)? random (?:string|key|secret|password|value)\b"
    r"|^random (?:string|key|secret|password|value)\b"
    # French, German, Spanish, Portuguese, Italian
    r"|\b(?:a|à) (?:changer|remplacer|remplir|modifier|definir|définir|completer|compléter)\b"
    r"|\b(?:changez|remplacez|modifiez|remplissez|change|remplace|modifie) (?:moi|ceci|cela|le|la|par)\b"
    r"|^(?:votre|ton|ta|vos) (?:propre )?(?:mot|cle|clé|secret|jeton|utilisateur|nom|identifiant|compte|base|h[oô]te)\b"
    r"|\bmot de passe(?: ici)?$|^(?:cle|clé) (?:secrete|secrète)\b"
    r"|^(?:ihre?|deine?) (?:passwort|kennwort|schlüssel|schluessel|geheimnis|benutzer\w*)\b"
    r"|\b(?:bitte )?(?:ändern|aendern|ersetzen)$"
    r"|^(?:tu|su|sua|seu|tua) (?:contraseña|contrasena|clave|secreto|usuario|senha|chave|password)\b"
    r"|\b(?:cambiar|cambiame|cámbiame|cambia esto|reemplazar|alterar|trocar)\b"
    # Chinese
    r"|你的|您的|请(?:修改|更改|替换|填写|输入|设置)|(?:修改|更改|替换)[为成]|在此|此处|^(?:密码|密钥|用户名|数据库名)$"
    r"|随机(?:字符串|密钥|密码)"
    r"|^(?:example|sample|dummy|test|demo|default|super) ?(?:app )?(?:secret|key|password|token|jwt)\b"
)
_COMPACT = pattern(
    r"(?:please)?(?:changeme|changethis|changeit|replaceme|replacethis|fillme|setme|editme)"
    r"|your(?:own)?(?:secret|app|aes|jwt|pass|token|user|database|db|redis|root|admin|host|licen|key|strong|random)"
    r"|\w{0,60}(?:changeme|changethis|changeit|replaceme)$|(?:generateme|notsecure|insecure|notsecret)$"
    r"|(?:mysecret|secretpass|supersecret|verysecret|topsecret|secretkey|testkey|testsecret|examplekey|dummykey|appkey)[a-z]{0,8}$"
)
_WHOLE = frozenset(
    """
    password passwd secret key token username user changeme change example sample dummy none null nil undefined empty
    xxx foo bar foobar todo fixme tbd tbc unset here password1 password123 secret123 changeme123 letmein
    """.split()  # noqa: SIM905 - a table of words
)
_UNFILLED = frozenset({"changeme", "todo", "fixme", "tbd", "tbc"})
"""Those that are no account's name either."""
_CORE = frozenset({"password", "passwd", "passphrase", "secret", "key", "token", "string", "digits", "characters"})
_FILLERS = frozenset(
    """
    a an any app application at api aes bit bits bytes char db database default demo dev development example for
    from here hex host insecure is jwt least length letters local long min minimum my mysql mariadb new nocobase of
    only our own pg postgres postgresql private random rabbitmq real redis root sample secure session sign signing
    some strong super test that the this unique use value very with your encryption env
    16 24 32 48 64 128 256 sixty four thirty two
    """.split()  # noqa: SIM905 - a table of words
)
"""Words that say what belongs there: a value of them alone, one of `_CORE` among them, says nothing of its own."""
_RUNS = pattern(
    r"([0-9A-Fa-f])\1{7,}"
    r"|(?:1234567890(?:abcdef)?){2,}\d{0,9}|(?:qwertyuiop|asdfghjkl|zxcvbnm|1234567890?|123456){2,}"
    r"|(?:00112233445566778899aabbccddeeff){1,2}|000102030405060708090a0b0c0d0e0f(?:101112131415161718191a1b1c1d1e1f)?",
    re.IGNORECASE,
)
"""One figure over and over, figures in their order, rows of the keyboard."""
_SEPARATORS = pattern(r"[\W_]+")
_RANDOM = pattern(r"(?=.*[0-9])(?=.*[A-Z])(?=.*[a-z]).{16,}", re.DOTALL)
"""Figures, capitals and small letters, 16 or more: what a generator gives, and no sample says in words."""


def is_placeholder(value: str) -> bool:
    """Whether a secret's or an account's value is what a sample has there, whatever its length."""
    text = value.strip()
    if not text:
        return False
    if is_unfilled(text) or _SHAPES.fullmatch(text) or _RUNS.fullmatch(text):
        return True
    words = _SEPARATORS.sub(" ", text.lower()).strip()
    compact = words.replace(" ", "")
    if _RANDOM.fullmatch(text) and " " not in words:
        return False
    said = set(words.split())
    if said & _CORE and len(said) > 1 and said <= _CORE | _FILLERS:
        return True
    return words in _WHOLE or bool(_PHRASES.search(words) or _COMPACT.match(compact))


def is_placeholder_of_an_account(value: str) -> bool:
    """Whether a user's or a database's name is one: plain words such as `user` may be real ones."""
    if _BRACKETED.fullmatch(value.strip()):
        return True
    words = _SEPARATORS.sub(" ", value.lower()).strip()
    own = (
        words in _WHOLE - _UNFILLED
        or words.startswith(("my ", "the ", "some "))
        or re.fullmatch(r"[\w.-]*\d[\w.-]*|(.)\1*", value)
    )
    return not own and is_placeholder(value)
