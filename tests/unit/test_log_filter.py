"""The log filter: no known secret gets into a log, in whatever form and place it comes."""

import base64
import io
import logging

import pytest

from wizard.plan.secret import Secret
from wizard.storage.log_filter import RedactingFilter

VALUE = "S3cr3t/pa ss"


@pytest.fixture
def log():
    """A logger of its own behind the filter, and what it wrote."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    guard = RedactingFilter()
    guard.learn([Secret(VALUE)])
    handler.addFilter(guard)
    logger = logging.Logger("test")  # noqa: LOG001 - one of its own, which pytest does not listen to
    logger.addHandler(handler)
    return logger, stream, guard


def test_a_secret_in_message_or_arguments_is_hidden(log):
    logger, stream, _guard = log
    logger.warning("tried %s at %d", VALUE, 5432)
    logger.warning("encoded: %s S3cr3t%%2Fpa%%20ss", base64.b64encode(VALUE.encode()).decode())
    assert "••••••" in stream.getvalue()
    assert "5432" in stream.getvalue()
    assert "S3cr3t" not in stream.getvalue()
    assert base64.b64encode(VALUE.encode()).decode() not in stream.getvalue()


def test_a_secret_in_a_traceback_or_stack_is_hidden(log):
    logger, stream, _guard = log
    try:
        int(f"redis://:{VALUE}@host")
    except ValueError:
        logger.exception("it broke", stack_info=True)
    assert "ValueError: invalid literal for int() with base 10: 'redis://:••••••@host'" in stream.getvalue()
    assert VALUE not in stream.getvalue()


def test_secrets_learned_later_are_hidden_besides_the_earlier(log):
    logger, stream, guard = log
    guard.learn([Secret("another-one")])
    logger.warning("%s and %s", VALUE, "another-one")
    assert stream.getvalue() == "•••••• and ••••••\n"


def test_a_message_that_does_not_fit_its_arguments_is_hidden_and_not_lost(log):
    logger, stream, _guard = log
    logger.warning("%d", VALUE)
    assert stream.getvalue().strip()
    assert VALUE not in stream.getvalue()


def test_other_messages_pass_as_they_are(log):
    logger, stream, _guard = log
    logger.warning("100%% of %(count)s", {"count": 3})
    assert stream.getvalue() == "100% of 3\n"
