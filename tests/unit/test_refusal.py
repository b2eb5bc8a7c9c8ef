"""Why files cannot be written is said by the label of the setting, in a whole sentence."""

import pytest

from tests.unit.plans import good_plan
from wizard.app.export import ExportError
from wizard.guide.refusal import words


@pytest.mark.parametrize(
    ("message", "key", "said"),
    [
        (
            "balancer.certificate is empty.",
            "balancer.certificate",
            "“Certificate” (balancer.certificate) is empty.",
        ),
        ("database.host: “x y” is no host name.", "database.host", "“Host”: “x y” is no host name."),
        ("These are not at hand: nodes.0.host, b.", "nodes.0.host", "These are not at hand: nodes.0.host, b."),
        ("Node a has no host.", "nodes.0.host", "“Host”: Node a has no host."),
        ("A fault without a setting.", "", "A fault without a setting."),
    ],
)
def test_a_refusal_names_the_setting_by_its_label(message: str, key: str, said: str) -> None:
    assert words(good_plan(), ExportError(message, key)) == said
