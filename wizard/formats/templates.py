"""Templates of exported files: a name that a template uses and nobody gives is an error, not an empty text."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from wizard import resources
from wizard.formats import markdown, shell
from wizard.plan.i18n import tr, trn
from wizard.plan.kinds import INVISIBLE


def fill(template: str, /, **values: Any) -> str:
    """Return the text of the template `resources/templates/NAME` with the values in it."""
    text: str = _compiled(template).render(values)
    return text


@cache
def _compiled(template: str) -> Any:
    from jinja2 import Environment, StrictUndefined

    # what is written is no HTML but for a page: a value is checked against the grammar of its file before it comes here
    environment = Environment(
        undefined=StrictUndefined,
        autoescape=template.endswith(".html.j2"),
        trim_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    # "newstyle" puts the values in after the translation
    environment.install_gettext_callables(tr, trn, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["oneline"] = one_line
    environment.filters["shell"] = shell.literal
    environment.filters["markdown"] = markdown.text
    environment.filters["code"] = markdown.code
    environment.filters["yaml"] = yaml_string
    environment.filters["systemd"] = systemd_word
    environment.filters["prometheus"] = lambda text: str(text).replace("{", '{{"{"}}')
    environment.filters["compose"] = lambda text: yaml_string(str(text).replace("$", "$$"))
    return environment.from_string(resources.text(f"templates/{template}"))


def one_line(text: object) -> str:
    """Return a text on one line, so that it cannot leave the comment it stands in and no terminal obeys it."""
    return INVISIBLE.sub("\N{REPLACEMENT CHARACTER}", " ".join(str(text).split()))


def systemd_word(text: object) -> str:
    """Return `text` as one quoted word of a systemd unit: no sign in it is a specifier or ends the word."""
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return INVISIBLE.sub(lambda found: _of_bytes(found[0]), f'"{escaped}"')


def _of_bytes(sign: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in sign.encode("utf-8", "surrogatepass"))


def yaml_string(text: object) -> str:
    """Return `text` as a string of YAML in double quotes: never a number, a boolean or an anchor."""
    return INVISIBLE.sub(_escaped, json.dumps(str(text), ensure_ascii=False))


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code > 0xFFFF:  # noqa: PLR2004 - two bytes
        return f"\\U{code:08x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004 - one byte
