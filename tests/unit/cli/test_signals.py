"""What Ctrl-C and SIGTERM do while a run is under way."""

import signal

import pytest

from wizard.cli.signals import interrupts_call


@pytest.fixture(autouse=True)
def _as_in_a_shell():
    former = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in former:
        signal.signal(number, signal.default_int_handler)
    yield
    for number, handler in former.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
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
