"""A setting that nobody has declared yet: a field in its section and a place in a layout, as CONTRIBUTING.md says.

A plug-in of pytest (`-p tests.made_up_setting`): the two modules are imported with a line more each.
"""

import importlib.abc
import importlib.machinery
import sys
from pathlib import Path
from types import CodeType

KEY, VARIABLE = "application.motto", "APP_MOTTO"
EDITS = {
    "wizard.plan.sections.application": (
        "    version: str = setting(\n",
        f'    motto: str = setting("", Text(), mark("Motto"), "{VARIABLE}", help=mark("What is on each page."))\n',
    ),
    "wizard.guide.layouts": ('            "application.public_path",\n', f'            "{KEY}",\n'),
}
"""By module the line before which another one is put, and that one."""


class _Edited(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        before, more = EDITS[fullname]
        text = Path(self.path).read_text(encoding="utf-8")
        assert text.count(before) == 1
        return compile(text.replace(before, more + before), self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path, target=None):
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target) if fullname in EDITS else None
        if spec and spec.origin:
            spec.loader = _Edited(fullname, spec.origin)
        return spec


assert not EDITS.keys() & sys.modules.keys()
sys.meta_path.insert(0, _Finder())
