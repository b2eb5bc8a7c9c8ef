"""A screen reader in small: a client of AT-SPI that answers, over its input and output, what it is told of a program.

It runs with the system's own Python, which has PyGObject. A question is a line of JSON, and so is the answer:

    {"do": "read"}                   all that is shown, in order: role, name, description, states, labels, text, id
    {"do": "find", "id": "primary"}   the same of the first that has this id, in a list, which is empty without one
    {"do": "press", "id": "primary"}  does the first action of what has this id
    {"do": "focus", "id": "new-name"} gives it the focus
    {"do": "write", "id": "new-name", "text": "harbour"} puts a text into it, without a key

Of several windows it is the dialog that is open.
"""

import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 - the version is asked for before

_WHOLE = {"push button", "check box", "radio button", "label", "text"}
"""What is read as one, whatever it is made of."""
_DIALOGS = {"dialog", "alert", "file chooser"}


def _window():
    desktop = Atspi.get_desktop(0)
    for number in range(desktop.get_child_count()):
        program = desktop.get_child_at_index(number)
        if program is not None and program.get_child_count():
            program.set_cache_mask(Atspi.Cache.NONE)  # what is read is of now
            return _in_front([program.get_child_at_index(at) for at in range(program.get_child_count())])
    return None


def _in_front(windows):
    shown = [one for one in windows if one is not None and "showing" in _states(one)]
    dialogs = [one for one in shown if one.get_role_name() in _DIALOGS]
    return next(iter(dialogs or shown), None)


def _states(of):
    return {state.value_nick for state in of.get_state_set().get_states()}


def _all(of):
    """Go through what is shown, from the top."""
    yield of
    if of.get_role_name() in _WHOLE:
        return
    for number in range(of.get_child_count()):
        child = of.get_child_at_index(number)
        if child is not None and "showing" in _states(child):
            yield from _all(child)


def _labels(of):
    related = [one for one in of.get_relation_set() if one.get_relation_type() is Atspi.RelationType.LABELLED_BY]
    return [one.get_target(at).get_name() for one in related for at in range(one.get_n_targets())]


def _text(of):
    """Return what stands in a line of text; a password is dots."""
    return Atspi.Text.get_text(of, 0, -1) if of.get_role_name() == "text" else ""


def _told(of):
    return {
        "role": of.get_role_name(),
        "name": of.get_name(),
        "description": of.get_description(),
        "states": sorted(_states(of)),
        "labels": _labels(of),
        "text": _text(of),
        "id": of.get_accessible_id(),
    }


def _answer(question):
    window = _window()
    if window is None:
        return []
    if question["do"] == "read":
        return [_told(one) for one in _all(window)]
    ending = f".{question['id']}"
    found = next((one for one in _all(window) if f".{one.get_accessible_id()}".endswith(ending)), None)
    if question["do"] == "find":
        return [_told(found)] if found else []
    return found is not None and _did(question, found)


def _did(question, found):
    """Do what can be asked for; return whether it was done."""
    if question["do"] == "press":
        return found.do_action(0)
    if question["do"] == "write":
        return Atspi.EditableText.set_text_contents(found, question["text"])
    return found.grab_focus()


Atspi.init()
for line in sys.stdin:
    try:
        answer = _answer(json.loads(line))
    except GLib.Error:  # it went while it was looked at
        answer = []
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
