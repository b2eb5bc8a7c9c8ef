"""Which language is spoken: the one asked for, else the system's, as far as there is a catalogue; else English."""

from __future__ import annotations

import os
import sys
from functools import cache

from wizard import resources
from wizard.plan import i18n

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

DOMAIN = "wizard"
_SIMPLIFIED_CHINESE = "zh_CN"
_ALSO_SIMPLIFIED = ("zh", "zh_sg", "zh_hans")
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def folder() -> str:
    """Return the folder with a folder for each language: `<lang>/LC_MESSAGES/wizard.mo`."""
    return resources.location("locale")


def available() -> tuple[str, ...]:
    """Return the languages that can be spoken, as they are written on the command line: `en`, `fr`, `zh-CN`."""
    return _in(folder())


@cache
def _in(catalogues: str) -> tuple[str, ...]:
    names = os.listdir(catalogues) if os.path.isdir(catalogues) else []  # noqa: PTH112, PTH208 - pathlib is slow to load
    found = (name for name in names if os.path.isfile(f"{catalogues}/{name}/LC_MESSAGES/{DOMAIN}.mo"))  # noqa: PTH113
    return (i18n.ENGLISH, *sorted(name.replace("_", "-") for name in found))


class _Start:
    asked_for = False


def asked_for() -> bool:
    """Whether the language in force was asked for by its name."""
    return _Start.asked_for


def use(name: str | None = None) -> None:
    """Speak the language `name` from now on; without a name that of the system."""
    _Start.asked_for = bool(name)
    offered = available()
    chosen = next((fit for wished in ([name] if name else _of_system()) if (fit := _fitting(wished, offered))), "")
    if chosen in {"", i18n.ENGLISH}:
        i18n.install(i18n.ENGLISH, None)
        return
    i18n.install(_code(chosen), catalogue(chosen))


def catalogue(name: str) -> i18n.Catalogue | None:
    """Read the catalogue of a language on offer, None for English, which has none; OSError if it is damaged."""
    if name == i18n.ENGLISH:
        return None
    import gettext

    return gettext.translation(DOMAIN, folder(), [_code(name)])


def _code(name: str) -> str:
    return name.replace("-", "_")


def _fitting(wished: str, offered: tuple[str, ...]) -> str:
    """Return the language on offer that serves a reader of `wished` (`fr_CA.UTF-8`, `zh-Hans-SG`), or an empty text."""
    code = wished.partition(".")[0].partition("@")[0].replace("-", "_").casefold()
    if code in _ALSO_SIMPLIFIED or code.startswith("zh_hans"):
        code = _SIMPLIFIED_CHINESE.casefold()
    base = code.partition("_")[0]
    wanted = (code,) if base == "zh" else (code, base)  # a reader of traditional Chinese is better served in English
    if base in {"c", "posix"}:
        return i18n.ENGLISH
    return next((name for one in wanted for name in offered if name.replace("-", "_").casefold() == one), "")


def _of_system() -> list[str]:
    """Return what the system's settings say, the most wished first."""
    return wished_by(os.environ) or _outside_environment()


def wished_by(environment: Mapping[str, str]) -> list[str]:
    """Return the languages wished by the variables of GNU gettext, the most wished first.

    LANGUAGE is a list and comes first, but counts for nothing in the locale C.
    """
    locale = next((value for name in _VARIABLES if (value := environment.get(name))), "")
    if locale.partition(".")[0] in {"C", "POSIX"}:
        return [locale]
    return [one for one in (*environment.get("LANGUAGE", "").split(":"), locale) if one]


def _outside_environment() -> list[str]:
    """Return the language that Windows and macOS keep outside the environment."""
    import locale

    if sys.platform == "win32":
        import ctypes

        name = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage())
    else:
        name = locale.getlocale()[0]
    return [name] if name else []
