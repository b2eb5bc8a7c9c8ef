"""The filter on every log handler: takes each known secret out of messages and tracebacks, encoded forms too.

Before the secrets of a plan are known, that is what looks like one in the environment and in the texts being read.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable

from wizard.plan.redact import Redactor
from wizard.plan.secret import Secret


class RedactingFilter(logging.Filter):
    """Cleans each record before it is written; never drops one."""

    def __init__(self) -> None:
        """Know no secret yet."""
        super().__init__()
        self._known: frozenset[Secret] = frozenset()
        self._redactor = Redactor(())
        self._texts: tuple[str, ...] | None = None

    def learn(self, secrets: Iterable[Secret]) -> None:
        """Hide these from now on, besides those known already."""
        known = self._known | frozenset(secrets)
        if known != self._known:
            self._known, self._texts = known, None

    def _knowing(self) -> Redactor:
        """Return the redactor for all that is known by now; most runs log nothing, and then need none."""
        from wizard.plan import recent_texts

        texts = recent_texts.noted()
        if texts != self._texts:
            seen = recent_texts.secrets_in(texts) | recent_texts.secrets_in_environment(os.environ)
            self._redactor, self._texts = Redactor(self._known | seen), texts
        return self._redactor

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the message, the traceback and the stack by cleaned texts."""
        clean = self._knowing().text
        record.msg, record.args = clean(_message(record)), None
        if record.exc_info:
            record.exc_text = record.exc_text or logging.Formatter().formatException(record.exc_info)
            record.exc_info = None
        record.exc_text = clean(record.exc_text) if record.exc_text else None
        record.stack_info = clean(record.stack_info) if record.stack_info else None
        return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # a message and its arguments do not fit: neither may be lost
        return f"{record.msg} {record.args}"


_FILTER = RedactingFilter()


def install(handler: logging.Handler) -> None:
    """Put `handler` behind the filter and onto the root logger."""
    handler.addFilter(_FILTER)
    logging.getLogger().addHandler(handler)


def learn(secrets: Iterable[Secret]) -> None:
    """Hide these secrets in every log from now on."""
    _FILTER.learn(secrets)
