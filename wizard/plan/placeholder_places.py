"""What stands in samples in the place of a host or of an e-mail address.

Plain names such as `redis` or `db` are those of real machines and services. The very names example.com, .net and .org
are nobody's (RFC 2606), and so is, in a plan, domain.com; one below them, such as `db.example.com`, somebody thought
of, and the network says what there is of it.
"""

from __future__ import annotations

import re

from wizard.pattern import pattern
from wizard.plan.placeholders import LONGEST_SAMPLE, is_placeholder_of_an_account, without_accents

SAMPLES = "samples"
"""The cause of all that nobody filled in, and that everybody has to look up."""
_SAID = (
    r"(?:domain|company|server|host(?:name)?|db|database|redis|(?:web)?site|web|org|cluster|node|ip|app|name|business"
    r"|corp|team|instance|account|tenant|project|mysql|mariadb|postgres|postgresql|rabbit|rabbitmq|endpoint|address|here|\d{1,2})"
)
_OF_A_PROVIDER = r"your-(?:server|database)\.de$"
"""Real names: machines rented at Hetzner have them, whoever rents them."""
_YOUR = (
    rf"(?!{_OF_A_PROVIDER})(?:your[-_.]{_SAID}(?:[-_.]?{_SAID})*"
    r"|your(?:domain|company|server|host(?:name)?|(?:web)?site|ip|address|endpoint)(?:name|here)?)"
)
"""In one word only what nobody calls a company or a product: yourteam.io is somebody's."""
_YOUR_FOREIGN = (
    r"(?:(?:seu|tu|su|votre|ihre|deine|il-?tuo|jouw|uw|twoja)-?(?:dominio|domaine|domain|domein|domena)"
    r"|(?:seu|votre|ihre|deine|jouw|twoja)-(?:host(?:name)?|servidor|empresa|entreprise|firma|site)"
    r"|(?:tu|su)-(?:empresa|sitio)|(?:ваш|ваша|твой)-(?:домен|хост|сервер)|(?:你|您)的(?:域名|主机|服务器)"
    r"|(?:数据库|服务器|主机)地址|主机名|域名)"
)
_NOBODYS = r"example\.(?:com|net|org)|example|(?:my|your)?-?(?:domain|company)\.(?:com|net|org)|(?:[\w-]+\.)+tld"
_SAMPLE_DOMAIN = rf"{_NOBODYS}|(?:[\w-]+\.)*{_YOUR}(?:\.[\w-]+)*"
_HOST = pattern(
    rf"{_SAMPLE_DOMAIN}|your[-_]\w[\w-]*|your{_SAID}|(?:[\w-]+\.)*x{{3,}}(?:\.[\w-]+)+"
    r"|(?:ip|address|host(?:name)?)[-_]of[-_][\w-]+"
    # no hyphen: machines with Windows are called DB-SERVER and WEB-HOST
    r"|(?-i:(?:[A-Z0-9]+_)*(?:HOST|HOSTNAME|IP|ADDR|ADDRESS|ENDPOINT)(?:_(?:NAME|ADDRESS|HERE))?"
    r"|(?:[A-Z0-9]+_)+SERVER|SERVER_(?:NAME|ADDRESS|HERE))"
    r"|host|hostname|host-?name|ip|ip[-_]?address|server[-_]?ip|(?:redis|db|database|server|host)[-_](?:host[-_])?here"
    r"|(?:x{1,3}|[*#]{1,3})(?:\.(?:x{1,3}|[*#]{1,3}|\d{1,3})){3}|(?:\d{1,3}\.){1,3}(?:x{1,3}|[*#]{1,3})(?:\.[x*#]{1,3})*"
    r"|(?:ip|nom|nome|nombre|adresse|endereco|direccion)[-_](?:d[aoeu]|del|de[-_]la)[-_](?:servidor|serveur|host|banco)"
    rf"|IP-ADRESSE|(?:[\w-]+\.)*{_YOUR_FOREIGN}(?:\.[\w-]+)*"
    r"|(?:vo[st]|votre|ihr|dein|twoj)[-_](?:h[oô]te|serveur|server|host)[\w-]*|(?:tu|su|seu)[-_]servidor[\w-]*",
    re.IGNORECASE,
)
_PERSON = (
    r"(?:your|you|votre|ihr|ihre|deine?|tu)(?:[-_.+]?(?:e-?mail|mail|name|user(?:name)?|adresse?|address|correo))?"
    r"|name|e-?mail|user(?:name)?|someone|somebody|me|example|first(?:name)?[._-]last(?:name)?|j(?:ohn|ane)[._-]?doe"
)
_MAIL = pattern(
    rf"(?:{_PERSON})@(?:{_SAMPLE_DOMAIN}|e?mail\.(?:com|tld)|provider\.com|test\.com)"
    r"|(?:your(?:[-_.]\w*|mail|email|name|user\w*)?|votre[-_.]?(?:e?-?mail|nom|adresse)?|ihre?[-_]?e?-?mail)@[\w.-]+"
    rf"|[\w.+-]+@(?:[\w-]+\.)*{_YOUR}(?:\.[\w-]+)*",
    re.IGNORECASE,
)

_ADDRESS = pattern(
    r"(?:rediss?|amqps?)://(?:[^/?#]*@)?(?P<host>[^/?#@:]+)(?::(?P<port>[^/?#@:]*))?(?:[/?#].*)?", re.DOTALL
)
_PORT = pattern(r"<[^<>]*>|\{[^{}]*\}|\[[^][]*\]|(?:[A-Za-z]+[-_])*PORT|port|[xX]{2,5}")


def is_placeholder_of_a_host(value: str) -> bool:
    """Whether a host is what a sample has there."""
    text = value.strip().rstrip(".")
    if len(text) > LONGEST_SAMPLE:
        return False
    plain = without_accents(text)
    return bool(_HOST.fullmatch(plain)) or ("." not in text and is_placeholder_of_an_account(text))


def is_placeholder_of_a_mail_address(value: str) -> bool:
    """Whether an address of e-mail is what a sample has there."""
    text = value.strip()
    if len(text) > LONGEST_SAMPLE:
        return False
    return bool(_MAIL.fullmatch(without_accents(text))) or ("@" not in text and is_placeholder_of_an_account(text))


def is_address_of_a_sample(value: str) -> bool:
    """Whether a whole address names no server of one's own: its host or its port is what a sample has there."""
    found = _ADDRESS.fullmatch(value.strip())
    return bool(found and (is_placeholder_of_a_host(found["host"]) or _PORT.fullmatch(found["port"] or "")))


def is_placeholder_of_a_place(value: str) -> bool:
    """Whether a text that no setting takes is what a sample has there: the name of what belongs there, or where."""
    return is_address_of_a_sample(value) or is_placeholder_of_an_account(value)
