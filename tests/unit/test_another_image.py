"""What is opened runs another packing of NocoBase than an export names: that is told once, and no other image is."""

import pytest

from wizard.app.export import export
from wizard.app.open_source import open_source
from wizard.export.containers import other_images

COMPOSE = "services:\n  app:\n    image: {image}\n    environment: {{DB_DIALECT: postgres, APP_KEY: x, DB_HOST: db}}\n"
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: crm}}
spec: {{replicas: 2, template: {{spec: {{containers: [{{name: app, image: '{image}'}}]}}}}}}
"""


def _plan(tmp_path, text, image):
    (tmp_path / "source.yaml").write_text(text.format(image=image))
    return open_source(str(tmp_path / "source.yaml")).plan


@pytest.mark.parametrize(
    ("image", "told"),
    [
        ("nocobase/nocobase:2.2.15", False),
        ("docker.io/nocobase/nocobase:2.2.15", False),
        ("nocobase/nocobase:2.3.0-beta.2", False),
        ("nocobase/nocobase:latest", False),
        ("nocobase/nocobase:2.2.15-full", True),
        ("nocobase/nocobase:2.2.15-no-nginx", True),
        ("nocobase/nocobase:latest-full", True),
        ("registry.cn-shanghai.aliyuncs.com/nocobase/nocobase:2.2.15", True),
        ("registry.example.com:5000/crm/nocobase:7", True),
    ],
)
@pytest.mark.parametrize("text", [COMPOSE, MANIFEST], ids=["compose", "manifest"])
def test_only_another_packing_or_registry_is_another_image(tmp_path, text, image, told):
    assert other_images(_plan(tmp_path, text, image)) == ((image,) if told else ())


def test_what_an_export_wrote_names_it_too(tmp_path):
    plan = _plan(tmp_path, COMPOSE, "nocobase/nocobase:2.2.15-full")
    assert export(plan, {}, tmp_path / "bundle", targets=["compose"]).images == ("nocobase/nocobase:2.2.15-full",)
    assert export(plan, {}, tmp_path / "env", targets=["env"]).images == ()
    plan = _plan(tmp_path, COMPOSE, "nocobase/nocobase:2.2.15")
    assert export(plan, {}, tmp_path / "other", targets=["compose"]).images == ()
