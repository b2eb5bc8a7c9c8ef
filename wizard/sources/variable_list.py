"""Variables in JSON: names with their values, or a list of `name` and `value`, as other programs write them."""

from __future__ import annotations

from wizard.formats import dotenv, variable_lists
from wizard.formats.dotenv.expressions import Expanded
from wizard.formats.dotenv.grammar import LARGEST, Assignment
from wizard.formats.files import SourceError
from wizard.formats.recognise import Form
from wizard.plan.i18n import mark, tr
from wizard.sources.contract import Likeness, OpenedSource
from wizard.sources.env_file import named
from wizard.sources.foreign import refused
from wizard.sources.material import Material


class VariableList:
    """Reads the variables of one file in JSON as those that each node gets."""

    title = mark("Variables in JSON")
    description = mark("The variables that nodes get, as names with their values or as a list of “name” and “value”.")

    def likeness(self, material: Material) -> Likeness:
        if material.holds_files or material.form is not Form.VARIABLES:
            return Likeness.NO
        return Likeness.SURE

    def read(self, material: Material) -> OpenedSource:
        if len(material.text) > LARGEST:
            raise SourceError(tr("{name}: it has more than {most} characters.", name=material.title, most=LARGEST))
        given = variable_lists.in_json(material.text)
        if given is None and (line := variable_lists.broken_line(material.text)):
            raise SourceError(
                tr("{name}, line {line}: its JSON is cut off or broken there.", name=material.title, line=line)
            )
        if given is None or not given.variables:
            raise refused(Form.VARIABLES, material.title, material.looks)
        found = {one.name: Assignment(one.name, one.value or "", one.line, quote="'") for one in given.variables}
        away = {one.name: Expanded(None, (one.name,), (one.name,)) for one in given.variables if one.value is None}
        plan, secrets = dotenv.read_given(found, away, material.title)
        return OpenedSource(named(plan, material.path), secrets, material.title)


SOURCE = VariableList()
