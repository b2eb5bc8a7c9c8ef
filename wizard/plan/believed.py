"""Variables that people believe NocoBase reads, and what it reads instead (docs/nocobase.md)."""

from __future__ import annotations

from enum import Enum

from wizard.dataclass import dataclass
from wizard.pattern import pattern
from wizard.plan.i18n import mark
from wizard.plan.variables import known_variables


class Belief(Enum):
    """What the variable was meant for, and so what follows from its not being read."""

    TLS = "tls"
    DRIVER_TLS = "driver-tls"
    ADDRESS = "address"
    NAME = "name"
    IMAGE = "image"
    FILE = "file"
    WORKER_ID = "worker-id"
    WORKER_NUMBER = "worker-number"
    PUBSUB = "pubsub"
    REDIS_PART = "redis-part"
    FOLDER = "folder"
    NEEDLESS = "needless"


@dataclass(frozen=True, slots=True)
class Believed:
    """One such variable: what it was meant for, what NocoBase reads instead, and what follows; marked sentences."""

    belief: Belief
    instead: tuple[str, ...]
    follows: str


_TLS = Believed(
    Belief.TLS,
    ("DB_DIALECT_OPTIONS_SSL_MODE", "DB_DIALECT_OPTIONS_SSL_CA", "DB_DIALECT_OPTIONS_SSL_REJECT_UNAUTHORIZED"),
    mark("The connection to the database is not encrypted by it."),
)
_DRIVER_TLS = Believed(
    Belief.DRIVER_TLS,
    _TLS.instead,
    mark(
        "The driver for PostgreSQL reads it itself where no DB_DIALECT_OPTIONS_SSL_ variable is set (seen with pg 8): "
        "every word but “disable” and “allow” encrypts, and all but “no-verify” want a certificate that Node.js knows."
    ),
)
_ADDRESS = Believed(
    Belief.ADDRESS,
    ("DB_DIALECT", "DB_HOST", "DB_PORT", "DB_DATABASE", "DB_USER", "DB_PASSWORD"),
    mark("NocoBase connects to the database that its single variables name, whatever this address says."),
)
_REDIS = Believed(
    Belief.REDIS_PART,
    ("REDIS_URL", "CACHE_REDIS_URL", "PUBSUB_ADAPTER_REDIS_URL", "LOCK_ADAPTER_REDIS_URL", "QUEUE_ADAPTER_REDIS_URL"),
    mark("Each role has a whole address; this part of one decides nothing."),
)
_PUBSUB = Believed(
    Belief.PUBSUB,
    ("PUBSUB_ADAPTER_REDIS_URL",),
    mark("It decides nothing: the plug-in for the sync signal does, once it is enabled and has its address."),
)
_WORKER_ID = Believed(
    Belief.WORKER_ID,
    ("REDIS_URL",),
    mark("The worker IDs are counted where REDIS_URL says; without it each node counts for itself."),
)

_WORKER_NUMBER = Believed(Belief.WORKER_NUMBER, _WORKER_ID.instead, _WORKER_ID.follows)


def _named(*instead: str) -> Believed:
    return Believed(Belief.NAME, instead, mark("What it says reaches no node."))


def _of_image(*instead: str) -> Believed:
    return Believed(Belief.IMAGE, instead, mark("The image of the database server reads it, and NocoBase does not."))


_KEY = _named("APP_KEY")
_FOLDER = Believed(
    Belief.FOLDER,
    ("STORAGE_PATH", "LOCAL_STORAGE_DEST"),
    mark(
        "Uploads lie in the folder “storage” of the application, in NocoBase's image /app/nocobase/storage: what is "
        "mounted at the path in it stays empty."
    ),
)


def _needless(*instead: str, follows: str = "") -> Believed:
    return Believed(Belief.NEEDLESS, instead, follows or mark("What it says reaches no node."))


def _of_browser(variable: str) -> Believed:
    return _needless(variable, follows=mark("Neither is needed: the browser asks the address that it came by."))


_LICENCE = _needless(
    "storage/.license/license-key", follows=mark("The licence key is a file in the shared storage, and no variable.")
)

_OF_DATABASE = r"(?:NOCOBASE_|APP_)?(?:DB|DATABASE|TYPEORM|SEQUELIZE)_"
_OF_SERVER = r"(?:POSTGRES|POSTGRESQL|MYSQL|MARIADB)_"
_OF_NOCOBASE = r"(?:NOCOBASE_|INIT_|DEFAULT_)?"
_POOL = r"POOL(?:_(?:MAX|SIZE|MAX_SIZE))?"
_AT = r"(?:DIR|DIRECTORY|FOLDER|ROOT|LOCATION|PATH|BASE_PATH|ROOT_PATH|DEST)"
_SYNC, _LOCK, _QUEUE = r"(?:PUB_?SUB|SYNC)", r"LOCK(?:S|_MANAGER)?", r"(?:EVENT_|JOB_)?QUEUE"
_WORKER = r"WORKER(?:_?IDS?)?(?:_ALLOCATOR)?"
_SWITCH_FOR_TLS = (
    r"(?:DB|DATABASE|PG|POSTGRES|POSTGRESQL|MYSQL|MARIADB)_?(?:\w+_)?(?:SSL|TLS)(?:MODE|ROOTCERT|CERT|KEY|CA|_\w+)?"
    r"|(?:DB|DATABASE)_(?:CA|ROOT_?CERT|ROOT_CA)(?:_?(?:CERT|CERTIFICATE|FILE|PATH|BUNDLE))?"
    r"|DB_DIALECT_OPTIONS_TLS|SSL_?MODE|DB_ENCRYPT(?:ION|ED)?|PGSSL(?:ROOTCERT|CERT|KEY|CRL)"
)
_ROLES = {
    "CACHE": "CACHE_REDIS_URL",
    _SYNC: "PUBSUB_ADAPTER_REDIS_URL",
    _LOCK: "LOCK_ADAPTER_REDIS_URL",
    _QUEUE: "QUEUE_ADAPTER_REDIS_URL",
}


def _address_of(role: str) -> str:
    """Return how people name a role's address of Redis."""
    adapter = r"(?:_ADAPTER|_MANAGER|_STORE|_ALLOCATOR)"
    return (
        rf"{role}{adapter}?_REDIS(?:_URL|_URI)?|{role}{adapter}_UR[LI]|REDIS_{role}(?:_URL|_URI)?|REDIS_UR[LI]_{role}"
    )


def _choice_of(role: str) -> str:
    """Return how people name the choice of a role's adapter."""
    return (
        rf"(?:DEFAULT_)?{role}_(?:ADAPTER|STORE|DRIVER|TYPE|DEFAULT|BACKEND)(?:_(?:DEFAULT|TYPE|NAME|STORE|ADAPTER))?"
    )


_PATTERNS: tuple[tuple[str, Believed], ...] = (
    (
        rf"(?:{_OF_DATABASE}|{_OF_SERVER}|PG_|JDBC_)(?:UR[LI]|DSN)|(?:DB|DATABASE)_CONNECTION_(?:UR[LI]|STRING)",
        _ADDRESS,
    ),
    (rf"{_OF_DATABASE}(?:TYPE|DRIVER|CLIENT|CONNECTION|ENGINE)", _named("DB_DIALECT")),
    (rf"(?:{_OF_DATABASE}|{_OF_SERVER})(?:HOST|HOSTNAME|SERVER|ADDRESS)", _named("DB_HOST")),
    (rf"(?:{_OF_DATABASE}|{_OF_SERVER})PORT", _named("DB_PORT")),
    (rf"{_OF_SERVER}(?:DB|DATABASE)", _of_image("DB_DATABASE")),
    (rf"{_OF_SERVER}USER", _of_image("DB_USER")),
    (rf"{_OF_SERVER}PASSWORD", _of_image("DB_PASSWORD")),
    (rf"{_OF_DATABASE}(?:NAME|DB|DBNAME|DATABASE|DATABASE_NAME)", _named("DB_DATABASE")),
    (rf"{_OF_DATABASE}(?:USERNAME|USER|LOGIN|USER_NAME)", _named("DB_USER")),
    (rf"{_OF_DATABASE}(?:PASS|PWD|PASSWORD|PASSWD|USER_PASSWORD)", _named("DB_PASSWORD")),
    (
        rf"{_OF_DATABASE}(?:POOL(?:_?SIZE|_MAX_SIZE)?|MAX_POOL(?:_SIZE)?|MAX_CONNECTIONS|CONNECTION_(?:LIMIT|{_POOL}))",
        _named("DB_POOL_MAX"),
    ),
    (r"(?:APP_|AUTH_|NOCOBASE_)?(?:JWT_SECRET|JWT_KEY|JWT_SECRET_KEY|SECRET_KEY)|(?:APP|AUTH|SESSION)_SECRET", _KEY),
    (r"NOCOBASE_APP_KEY", _KEY),
    (r"(?:APP_)?AES(?:_SECRET)?_KEY|APP_AES_SECRET|(?:APP_)?ENCRYPTION_KEY", _named("APP_AES_SECRET_KEY")),
    (r"(?:APP_|NOCOBASE_|GENERIC_)?(?:TIMEZONE|TIME_ZONE)|APP_TZ", _named("TZ")),
    (rf"{_OF_NOCOBASE}(?:ADMIN|ROOT)_PASSWORD", _named("INIT_ROOT_PASSWORD")),
    (rf"{_OF_NOCOBASE}(?:ADMIN|ROOT)_E?MAIL", _named("INIT_ROOT_EMAIL")),
    (rf"{_OF_NOCOBASE}(?:ADMIN|ROOT)_USER_?(?:NAME)?", _needless("INIT_ROOT_USERNAME")),
    (r"NOCOBASE_PORT|SERVER_PORT", _named("APP_PORT")),
    (r"PORT|(?:HTTP|NODE|WEB|LISTEN)_PORT", _needless("APP_PORT")),
    (
        r"HOST|HTTP_HOST|LISTEN(?:_(?:HOST|ADDR|ADDRESS))?|(?:APP_)?BIND(?:_(?:HOST|IP|ADDR|ADDRESS))?",
        _needless("APP_HOST"),
    ),
    (
        r"(?:APP_|NOCOBASE_)?(?:BASE|SUB|ROOT|CONTEXT|PUBLIC)_?PATH|(?:APP_)?(?:BASE_HREF|PATH_PREFIX|URL_PREFIX)",
        _named("APP_PUBLIC_PATH"),
    ),
    (
        r"(?:NOCOBASE_)?API_(?:BASE_)?(?:UR[LI]|HOST|ENDPOINT|SERVER)|BACKEND_(?:BASE_)?UR[LI]|(?:VITE|REACT_APP)_API(?:_BASE)?_URL",
        _of_browser("API_BASE_URL"),
    ),
    (
        r"(?:NOCOBASE_)?(?:WS|WEB_?SOCKETS?|SOCKET)_(?:BASE_|SERVER_)?(?:UR[LI]|HOST|ENDPOINT)",
        _of_browser("WEBSOCKET_URL"),
    ),
    (rf"(?:NOCOBASE_|APP_)?(?:LOCAL_|FILE_)?(?:STORAGE|UPLOADS?)_{_AT}", _FOLDER),
    (r"(?:NOCOBASE_|NB_|APP_)?LICEN[CS]E(?:_KEY)?|NOCOBASE_(?:ACTIVATION|SERIAL)_KEY", _LICENCE),
    (_address_of(_WORKER), _WORKER_ID),
    (r"(?:SNOWFLAKE_)?(?:WORKER|MACHINE)_?(?:ID|NUMBER|INDEX)|SNOWFLAKE_ID", _WORKER_NUMBER),
    (r"REDIS_(?:SENTINELS?|CLUSTER)(?:_\w+)?|REDIS_MASTER(?:_NAME)?", _REDIS),
    (r"REDIS_(?:TLS_URL|CONNECTION_(?:STRING|URL)|DSN)", _WORKER_ID),
    *((_address_of(role), _named(variable)) for role, variable in _ROLES.items()),
    (_choice_of("CACHE"), _named("CACHE_DEFAULT_STORE")),
    (_choice_of(_LOCK), _named("LOCK_ADAPTER_DEFAULT")),
    (_choice_of(_QUEUE), _named("QUEUE_ADAPTER")),
    (_choice_of(_SYNC), _PUBSUB),
    (
        rf"(?:(?:{'|'.join([*_ROLES, _WORKER])})_)?REDIS_(?:HOST|PORT|PASS|PASSWORD|DB|DATABASE|USER|USERNAME|TLS|SSL)",
        _REDIS,
    ),
    (r"REDIS(?:HOST|PORT|USER|PASSWORD)|REDIS_(?:ENDPOINT|ADDR|ADDRESS|SERVERS?|NODES?)", _REDIS),
    (r"PGSSLMODE", _DRIVER_TLS),
    (
        _SWITCH_FOR_TLS,
        _TLS,
    ),
)
"""How people name them, the first that fits. TLS of the database comes last: NocoBase's own begin as the others do."""
_READY = tuple((pattern(text), known) for text, known in _PATTERNS)
_LONGEST = 100
"""Letters of a name that people give: what is longer was not meant for a person, and costs time."""
_FILE = pattern(r"(?P<base>[A-Z][A-Z0-9_]*)_FILE")


def believed(name: str) -> Believed | None:
    """Return what is to be known of a variable that NocoBase does not read; None where nobody believes in it."""
    if name in known_variables():
        return None
    file = _FILE.fullmatch(name)
    if file and (instead := _of_file(file["base"])):
        return instead
    return _of_name(name)


def _of_name(name: str) -> Believed | None:
    if len(name) > _LONGEST:
        return None
    return next((known for written, known in _READY if written.fullmatch(name)), None)


def _of_file(base: str) -> Believed | None:
    """Return what is to be known of `base`_FILE; None where no variable like `base` is read or believed in."""
    known = _of_name(base)
    if known and known.belief in {Belief.REDIS_PART, Belief.ADDRESS}:
        return known
    instead = known.instead[0] if known and known.belief in {Belief.NAME, Belief.IMAGE} else base
    if instead not in known_variables():
        return None
    if known and known.belief is Belief.IMAGE:
        follows = mark("The image of the database server opens the file that it names, and NocoBase does not.")
    else:
        follows = mark("NocoBase reads no variable that ends with _FILE: the path in it is not opened by anybody.")
    return Believed(Belief.FILE, (instead,), follows)
