"""What the columns of a pasted table of nodes hold, by the words of its head. No Qt."""

from __future__ import annotations

from collections.abc import Collection

from wizard.pattern import pattern
from wizard.plan.i18n import tr
from wizard.plan.kinds import BadValueError

_BETWEEN = pattern(r" *+[,;\t|] *+")
"""What separates columns; those of a table without any of these are separated by blanks."""
_NAMES = ("name", "node", "nom", "nœud", "noeud", "名称", "节点")
_HOSTS = ("address", "ip", "ip address", "adresse", "adresse ip", "地址", "ip地址", "ip 地址")
_EITHER = ("host", "hostname", "host name", "fqdn", "server", "hôte", "serveur", "主机", "主机名", "服务器")
"""A host, unless another column has addresses: then they are names."""
_PORTS = ("port", "端口")
_KNOWN = frozenset((*_NAMES, *_HOSTS, *_EITHER, *_PORTS))
_RULE = frozenset("|-:+= ")
"""What the line below the head of a table in Markdown is made of."""
_AROUND = "\"'`"


def is_head(line: str) -> bool:
    """Whether a line names the columns of a table of nodes."""
    words = [cell.casefold() for cell in cells_of(line)]
    known = [word in _KNOWN for word in words]
    return any(known) and (all(known) or _separates(line)) and not any(sign in ".:=" or sign.isdigit() for sign in line)


def is_rule(line: str) -> bool:
    """Whether a line only separates the head of a table from its rows."""
    return _RULE.issuperset(line.strip())


def cells_of(line: str) -> list[str]:
    """Return the cells of a line of a table, the empty ones, too."""
    text = line.strip().strip("|").strip()
    return [cell.strip(_AROUND) for cell in (_BETWEEN.split(text) if _separates(text) else text.split())]


def columns_of(head: str) -> tuple[str, ...]:
    """Return what each column holds: `name`, `host` or `port`; nothing where none is known to hold hosts.

    Raises BadValueError with a sentence about a column that is none of these.
    """
    words = [cell.casefold() for cell in cells_of(head)]
    host = _first(words, (*_HOSTS, *_EITHER))
    if not host:
        return ()
    kinds = {host: "host", _first(words, _NAMES) or _first(words, _EITHER, but=host): "name"}
    kinds |= dict.fromkeys(_PORTS, "port")
    for word in words:
        if word in {*_HOSTS, *_EITHER} - kinds.keys():
            raise BadValueError(
                tr("“{column}” and “{other}” both say where a node is; leave one of them out.", column=word, other=host)
            )
        if word not in kinds:
            raise BadValueError(tr("“{column}” is none of the columns name, host and port.", column=word))
    return tuple(kinds[word] for word in words)


def _separates(line: str) -> bool:
    return _BETWEEN.search(line.strip().strip("|")) is not None


def _first(words: Collection[str], wanted: Collection[str], but: str = "") -> str:
    return next((word for word in wanted if word in words and word != but), "")
