"""A made-up language: each letter accented, texts 40 % longer. What stays plain was not passed through `tr`."""

import re

from tests import texts

LANGUAGE = "made-up"
_ACCENTED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "áƀćďéƒǵĥíĵķĺḿńóṕɋŕśťúṽẃẋýźÁɃĆĎÉƑǴĤÍĴḰĹḾŃÓṔɊŔŚŤÚṼẂẊÝŹ"
)
_PLACE = re.compile(r"\{[^}]*\}|%\(\w+\)[sr]|%[sr]|`[^`]*`")
_LONGER = 0.4


def accented(text: str) -> str:
    """Return the text in the made-up language; places and what stands in backticks stay as they are."""
    body = text.rstrip(".:\n …")
    told, at = [], 0
    for place in _PLACE.finditer(body):
        told += [body[at : place.start()].translate(_ACCENTED), place[0]]
        at = place.end()
    told.append(body[at:].translate(_ACCENTED))
    words = max(1, round(_LONGER * len(body) / 6))
    return "".join(told) + " ýŷỳÿý" * words + text[len(body) :]


class MadeUp:
    """The catalogue. It has what can be extracted, and nothing else."""

    def gettext(self, message: str, /) -> str:
        return accented(message) if message in texts.known() else message

    def ngettext(self, one: str, many: str, count: int, /) -> str:
        return self.gettext(one if count == 1 else many)


_CODE = re.compile(r"^( *)```.*?^\1```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_NO_TEXT = re.compile(
    r"https?://\S+"
    r"|\S*[/\\@=]\S*"  # paths, addresses, assignments
    r"|--?[a-z][\w-]*"  # options
    r"|\b\w+(?:[._-]\w+)+\b"  # ids, keys, host names, files
    r"|\b[A-Z0-9_]{2,}\b"  # variables, placeholders of the usage
)

_WORD = re.compile(r"\b[A-Za-z]{2,}\b")


def plain_words(text: str, *values: str) -> list[str]:
    """Return the plain words of a text that are neither code nor one of `values`: what was not passed through."""
    known = {word for value in values for word in _WORD.findall(value)}
    return [word for word in _WORD.findall(_NO_TEXT.sub(" ", _CODE.sub(" ", text))) if word not in known]
