"""What pika raises, mapped to trouble at the edge."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wizard.engine.facts import Trouble
from wizard.net.errors import causes, explain_any, explain_network, explain_tls
from wizard.plan.finding import ErrorKind
from wizard.plan.i18n import tr
from wizard.plan.quoted import Own, Quoted

VIRTUAL_HOST = "virtual host"
ALARM = "alarm"
MESSAGE_SIZE = "message size"
NOT_TAKEN = "not taken"
TLS_BROKER = "tls broker"
PLAIN_BROKER = "plain broker"
USER_LIMIT = "user limit"


class UnexpectedAnswerError(Exception):
    """The broker did something else than RabbitMQ would; the message says what was expected."""


class NotTakenError(Exception):
    """A queue did not keep the message: a policy limits it."""


def explain(error: Exception) -> Trouble:
    """Map an exception of pika; the telling one is often inside it."""
    inner = list(_unwrapped(error))
    for mapped in (_explain_protocol, explain_network, _explain_lost):
        for one in inner:
            if trouble := mapped(one):
                return trouble
    return explain_any(error)


def _explain_protocol(error: BaseException) -> Trouble | None:  # noqa: PLR0911 - a table of cases
    from pika import exceptions
    from pika.adapters.utils.connection_workflow import AMQPConnectorStackTimeout

    match error:
        case AMQPConnectorStackTimeout():
            return Trouble(ErrorKind.TIMEOUT, _said(error).partition("'")[0])
        case exceptions.ProbableAuthenticationError() | exceptions.AuthenticationError():
            return Trouble(ErrorKind.CREDENTIALS, _said(error))
        case exceptions.ProbableAccessDeniedError():
            return _explain_virtual_host(_said(error))
        case exceptions.ConnectionBlockedTimeout():
            return Trouble(ErrorKind.OTHER, "connection.blocked", ALARM)
        case exceptions.NackError() | NotTakenError():
            return Trouble(
                ErrorKind.OTHER, _said(error) if isinstance(error, NotTakenError) else "basic.nack", NOT_TAKEN
            )
        case exceptions.ChannelClosedByBroker() | exceptions.ConnectionClosedByBroker():
            return _explain_closed(error.reply_code, _whole(error.reply_text))
        case exceptions.IncompatibleProtocolError() | exceptions.ProtocolSyntaxError() | UnexpectedAnswerError():
            return Trouble(ErrorKind.PROTOCOL, _said(error))
    return None


def _explain_lost(error: BaseException) -> Trouble | None:
    from pika.exceptions import ChannelWrongStateError, ConnectionWrongStateError, StreamLostError

    if isinstance(error, ConnectionWrongStateError | ChannelWrongStateError):  # pika's words are for programmers
        return Trouble(ErrorKind.PROTOCOL, Own(tr("the connection ended meanwhile")))
    if not isinstance(error, StreamLostError):
        return None
    return explain_tls(_said(error)) or Trouble(ErrorKind.PROTOCOL, _said(error))


def _unwrapped(error: BaseException) -> Iterator[BaseException]:
    """Go through an exception and what it carries: pika puts the cause into `exception` or among the arguments."""
    for one in causes(error):
        yield one
        for carried in (getattr(one, "exception", None), *one.args):
            if isinstance(carried, BaseException):
                yield from _unwrapped(carried)


_LONGEST_REPLY, _LEFT_OUT = 255, 100
"""Bytes of a reply text, which is a short string (AMQP 0-9-1, 4.2.5.3), and signs of a cut one that are not shown."""
_WRAPPED = re.compile(r"""^\w+: \((?:(\d+)\) )?['"](.*?)['"],?\)?$""")


def _said(error: BaseException) -> str:
    """Return the broker's own words, without the name of pika's exception around them."""
    text = str(error.args[0]) if error.args else str(error)
    match = _WRAPPED.match(text)
    return _whole(" ".join(part for part in match.groups() if part) if match else text)


def _whole(text: str) -> str:
    """Return the broker's words without their end where the protocol cut it: the cut may have gone through a secret."""
    if len(text.encode()) < _LONGEST_REPLY:
        return text
    return Quoted(Quoted(text).shown()[:-_LEFT_OUT] + "…")


def _explain_virtual_host(message: str) -> Trouble:
    if "not found" in message:
        return Trouble(ErrorKind.MISSING, message, VIRTUAL_HOST)
    if "user connection limit" in message:
        return Trouble(ErrorKind.REFUSED, message, USER_LIMIT)
    if "limit" in message:
        return Trouble(ErrorKind.OTHER, message, VIRTUAL_HOST)
    return Trouble(ErrorKind.PERMISSION, message, VIRTUAL_HOST)


_REFUSED, _NO_SUCH, _PRECONDITION = 403, 404, 406


def _explain_closed(code: int, text: str) -> Trouble:
    if code == _REFUSED:
        return Trouble(ErrorKind.PERMISSION, text)
    if code == _PRECONDITION and "message size" in text:
        return Trouble(ErrorKind.OTHER, text, MESSAGE_SIZE)
    return Trouble(ErrorKind.MISSING if code == _NO_SUCH else ErrorKind.OTHER, f"{code} {text}")
