"""What Ctrl-C, SIGTERM and a terminal that is closed do while a run is under way."""

import signal

import pytest

from wizard.cli.signals import TERMINATING, interrupts_call, terminated_as_interrupted

ENDING = (signal.SIGINT, *TERMINATING)


@pytest.fixture(autouse=True)
def _as_in_a_shell():
    former = {number: signal.getsignal(number) for number in ENDING}
    for number in former:
        signal.signal(number, signal.default_int_handler)
    yield
    for number, handler in former.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ENDING)
def test_the_first_signal_calls_and_raises_nothing_and_the_second_interrupts(number: signal.Signals):
    called = []
    with interrupts_call(lambda: called.append(number)):
        signal.raise_signal(number)
        assert called == [number]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    assert called == [number]


def test_after_the_block_a_signal_interrupts_again():
    with interrupts_call(lambda: None):
        pass
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_an_ignored_signal_stays_ignored():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    called = []
    with interrupts_call(lambda: called.append("never")):
        signal.raise_signal(signal.SIGINT)
    assert called == []
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_terminates_interrupts_and_is_as_it_was_afterwards(number: signal.Signals):
    signal.signal(number, signal.SIG_DFL)
    with terminated_as_interrupted():
        assert signal.getsignal(number) == signal.default_int_handler
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    assert signal.getsignal(number) == signal.SIG_DFL


def test_a_terminal_that_is_closed_ends_nothing_that_was_started_to_outlive_it():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with terminated_as_interrupted(), interrupts_call(lambda: pytest.fail("it was cancelled")):
        signal.raise_signal(signal.SIGHUP)
