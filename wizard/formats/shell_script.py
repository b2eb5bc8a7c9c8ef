"""Whether a text is a script for a shell: by the commands outside of its assignments, and nothing is parsed."""

from __future__ import annotations

import re

from wizard.pattern import pattern

_FILTERS = (
    "awk|base64|bash|cat|cut|docker|gunzip|grep|gzip|head|jq|kubectl|mysql|openssl|psql|sed|sh|sort|ssh|tail|tar|tee|tr"
    "|wc|while|xargs"
)
_COMMANDS = (
    r"exec|trap|nohup|sudo|chown|chmod|apt-get|curl|wget|ssh"
    r"|docker(?:-compose)?[ \t]+(?:run|compose|exec|up|pull|stop|rm|build)|kubectl[ \t]+\w+|systemctl[ \t]+\w+"
    r"|yarn[ \t]+\w+|npm[ \t]+(?:run|ci|install|start)|npx|pm2[ \t]+\w+"
)
_SHELL = pattern(
    r"^[ \t]*(?:"
    r"(?:if|elif|while|until)[ \t]+(?:![ \t]*)?(?:\[|\(\(|test[ \t]|[^\n]*;[ \t]*(?:then|do)\b)"
    r"|(?:then|fi|do|done|esac)[ \t]*(?:[;#&|<>][^\n]*)?$"
    r"|for[ \t]+\w+[ \t]+in\b(?![^\n]*:[ \t]*$)|for[ \t]*\(\("
    r"|case[ \t][^\n]*[ \t]in[ \t]*$"
    r"|function[ \t]+[\w-]+[ \t]*\{|[A-Za-z_][\w-]*[ \t]*\([ \t]*\)[ \t]*(?:\{[^\n]*)?$"
    r"|set[ \t]+[-+](?!a[ \t]*$|o[ \t]+allexport[ \t]*$)[A-Za-z]"
    r"|\[\[?[ \t][^\n]*[ \t]\]\]?[ \t]*(?:&&|\|\|)"
    rf"|[\w./-]+[ \t][^|\n]*\|[ \t]*(?:{_FILTERS})\b"
    r"|(?:local|readonly)[ \t]+\w+=|node[ \t]+[^\n]*\.[cm]?js\b|exit(?:[ \t]+[0-9$]\S*)?[ \t]*$"
    rf"|(?:{_COMMANDS})[ \t]+[^\s=:][^\n]*"
    r"|(?:cd|echo|printf|mkdir)[ \t][^\n]*(?:&&|>)"
    r"|[\w./-]+[ \t][^=\n]*<<-?[ \t]*['\"]?\w"
    r")",
    re.MULTILINE,
)
"""A command, or a word of the language.

`set -a`, or an `echo` that is there to be seen, stands in an env file, too, for the shell that reads it.
"""
_LIGHT = pattern(r"[ \t]*(?:cd|echo|printf|mkdir)[ \t]")
"""What says little of a text alone, but much where it begins one with commands in it."""
_SHEBANG = pattern(r"\A#![^\n]*\b(?:ba|da|z|k|a)?sh\b")
_FIRST = pattern(r"\A(?:[ \t]*(?:#[^\n]*)?\n)*")


def script_line(text: str) -> int:
    """Return the line of the first command outside of assignments, from 1; 0 where there is none.

    What is further in counts only where the text begins as a script: in YAML a script may be a value.
    """
    if not _SHELL.search(text):
        return 0
    from wizard.formats.dotenv.grammar import ignored_lines

    begins = begins_as_script(text)
    lines = ((number, line) for number, line in ignored_lines(text) if begins or not line[0].isspace())
    return next((number for number, line in lines if _SHELL.match(line)), 0)


def begins_as_script(text: str) -> bool:
    """Whether a text says itself that it is for a shell, or begins with a command: what follows may be any file's."""
    found = _FIRST.match(text)
    start = found.end() if found else 0
    if _SHEBANG.match(text) or _SHELL.match(text, start):
        return True
    return bool(_LIGHT.match(text, start) and _SHELL.search(text, start))
