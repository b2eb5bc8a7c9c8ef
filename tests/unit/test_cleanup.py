"""What a probe owes is taken back at the program's end, though its own thread hangs, and nothing new is begun then."""

import threading

import pytest

from tests.patience import patience
from wizard.net.cleanup import Cleanup


def _in_a_thread(work):
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_what_is_owed_is_taken_back_on_leaving():
    ending, done = Cleanup(), []
    with ending.pending(lambda: done.append("back")):
        assert done == []
    assert done == ["back"]
    assert ending.end()


def test_the_end_waits_for_a_block_that_ends(monkeypatch):
    monkeypatch.setattr("wizard.net.cleanup.PATIENCE", patience())
    ending, entered, go_on, done = Cleanup(), threading.Event(), threading.Event(), []

    def work():
        with ending.pending():
            entered.set()
            go_on.wait(patience())
            done.append("back")

    thread = _in_a_thread(work)
    assert entered.wait(patience())
    threading.Timer(0.05, go_on.set).start()
    assert ending.end()
    assert done == ["back"]
    thread.join(patience())


def test_what_a_hanging_block_owes_is_taken_back_by_another_thread(monkeypatch):
    monkeypatch.setattr("wizard.net.cleanup.PATIENCE", patience())
    ending, entered, for_ever, done = Cleanup(), threading.Event(), threading.Event(), []

    def work():
        with ending.pending(lambda: done.append(threading.current_thread())):
            entered.set()
            for_ever.wait(patience())

    thread = _in_a_thread(work)
    assert entered.wait(patience())
    assert ending.end()
    assert done
    assert thread not in done
    for_ever.set()
    thread.join(patience())


def test_the_end_waits_for_nobody_for_ever(monkeypatch):
    monkeypatch.setattr("wizard.net.cleanup.PATIENCE", 0.05)
    ending, entered, for_ever = Cleanup(), threading.Event(), threading.Event()

    def work():
        with ending.pending():
            entered.set()
            for_ever.wait(patience())

    thread = _in_a_thread(work)
    assert entered.wait(patience())
    assert not ending.end()
    for_ever.set()
    thread.join(patience())


def test_nothing_is_begun_any_more_at_the_end():
    ending, begun = Cleanup(), []
    ending.end()
    with pytest.raises(SystemExit), ending.pending(lambda: begun.append("back")):
        begun.append("made")
    assert begun == []


def test_what_cannot_be_taken_back_is_owed_no_longer():
    ending = Cleanup()

    def fail():
        raise OSError

    with pytest.raises(OSError), ending.pending(fail):  # noqa: PT011 - any
        pass
    assert ending.end()


def test_the_end_waits_longer_where_many_want_a_processor(monkeypatch):
    monkeypatch.setattr("wizard.net.cleanup.PATIENCE", 0.05)
    monkeypatch.setattr("wizard.net.cleanup.CROWDED_PATIENCE", patience())
    monkeypatch.setattr("wizard.engine.lateness.wanting", lambda: 1000)
    ending, entered, go_on = Cleanup(), threading.Event(), threading.Event()

    def work():
        with ending.pending():
            entered.set()
            go_on.wait(patience())

    thread = _in_a_thread(work)
    assert entered.wait(patience())
    threading.Timer(0.3, go_on.set).start()
    assert ending.end()
    thread.join(patience())
