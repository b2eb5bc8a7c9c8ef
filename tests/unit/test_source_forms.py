"""Every kind of source is read in several forms: the table in `source_shapes`, and those that an export makes."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.source_shapes import SHAPES, SITES, written
from wizard.app.export import export
from wizard.app.open_source import open_source
from wizard.formats import cluster_file
from wizard.formats.files import SecretsMode
from wizard.sources import registry
from wizard.sources.material import material

FORMS = SHAPES | SITES
NODES = {
    "folder of env files by their endings": ["a", "b"],
    "folder of folders, each with an env file": ["a", "b"],
    "Compose with profiles": ["one", "jobs"],
    "podman inspect": ["crm"],
    "docker inspect of all that runs": ["crm-1"],
    "kubectl get as JSON with its noise": ["crm-0", "crm-1"],
    "two answers of kubectl, one behind the other": ["crm-0", "crm-1"],
    "pods, one of them ended": ["crm-0"],
    "PM2 with constants": ["crm"],
    "values of the chart as JSON": ["nocobase-0", "nocobase-1"],
    "kustomization with replacements": ["crm-0", "crm-1"],
    "nginx, the whole configuration": ["node1", "node2"],
    "nginx, servers at IPv6 addresses": ["node1", "node2"],
    "HAProxy, a template": ["n2", "t1", "t2"],
    "HAProxy, listen alone": ["n1", "n2"],
}
"""The nodes of forms in which it is easy to take too many or too few."""


def kind_of(path):
    """Return the kind that reads what lies at a path: the surest one."""
    with material(Path(path), path) as found:
        return type(max(registry.all_sources(), key=lambda source: source.likeness(found))).__name__


def exported(folder):
    """Write one cluster in the forms that this program makes itself; return their paths."""
    plan, made = good_plan(), folder / "bundle"
    export(plan, SECRETS, made, SecretsMode.INLINE)
    export(plan, SECRETS, folder / "bundle.zip", SecretsMode.INLINE)
    found = [str(made), str(made / "cluster.yaml"), str(folder / "bundle.zip")]
    found.append(shutil.make_archive(str(folder / "whole"), "zip", folder, "bundle"))
    (folder / "plan.yml").write_text(f"# ours\n{cluster_file.write(plan)}")
    (folder / "hand").mkdir()
    (folder / "hand/cluster.yaml").write_text(cluster_file.write(plan))
    return [*found, str(folder / "plan.yml"), str(folder / "hand")]


def test_each_kind_is_read_in_two_forms_and_more(tmp_path):
    paths = exported(tmp_path)
    for at, form in enumerate(FORMS.values()):
        (tmp_path / str(at)).mkdir()
        paths.append(written(tmp_path / str(at), form))
    kinds = {type(source).__name__ for source in registry.all_sources()} - {"Foreign"}
    counts = Counter(map(kind_of, paths))
    assert {kind for kind in kinds if counts[kind] < 2} == set()
    assert set(counts) == kinds


def test_what_is_exported_is_one_plan_in_every_form(tmp_path):
    for path in exported(tmp_path):
        assert open_source(path).plan == good_plan(), path


@pytest.mark.parametrize("form", NODES)
def test_nodes_are_as_many_as_the_form_says(tmp_path, form):
    assert [node.name for node in open_source(written(tmp_path, FORMS[form])).plan.nodes] == NODES[form]


FOLDER = "/app/nocobase/storage"
HERE = f"STORAGE_PATH={FOLDER}"
INSPECTED = f'[{{"Id": "0", "Name": "/a", "Config": {{"Image": "nocobase/nocobase:2.2.15", "Env": ["{HERE}"]}}}}]'


@pytest.mark.parametrize(
    ("name", "text", "path"),
    [
        ("crm.service", f"[Service]\nWorkingDirectory=/app/nocobase\nEnvironment=APP_KEY=k {HERE}\n", FOLDER),
        ("crm.env", f"APP_KEY=k\n{HERE}\n", FOLDER),
        (
            "ecosystem.config.js",
            f"module.exports = {{apps: [{{name: 'a', cwd: '/app/nocobase', env: {{STORAGE_PATH: '{FOLDER}'}}}}]}}\n",
            FOLDER,
        ),
        ("inspect.json", INSPECTED, ""),
        ("crm.container", f"[Container]\nImage=nocobase/nocobase:2.2.15\nEnvironment=APP_KEY=k {HERE}\n", ""),
        ("compose.yaml", f"services: {{a: {{image: 'nocobase/nocobase:2.2.15', environment: [{HERE}]}}}}\n", ""),
    ],
    ids=["unit", "env", "PM2", "inspect", "podman", "compose"],
)
def test_the_folder_of_the_image_is_left_out_where_a_container_gets_it(tmp_path, name, text, path):
    (tmp_path / name).write_text(text)
    assert open_source(str(tmp_path / name)).plan.storage.path == path


def test_a_kind_of_source_is_asked_once_whether_it_is_one(tmp_path, monkeypatch):
    """A folder of env files was read once more for the same answer."""
    asked = []

    class Asked:
        def likeness(self, found):
            asked.append(found.path.name)
            return registry.Likeness.LIKELY

    monkeypatch.setattr(registry, "all_sources", lambda: [Asked()])
    (tmp_path / "notes.txt").write_text("words\n")
    with material(tmp_path / "notes.txt", "notes.txt") as found:
        assert registry._likest(found)[1] is registry.Likeness.LIKELY
    assert asked == ["notes.txt"]


def test_what_a_file_looks_like_is_found_out_once_for_all_kinds(tmp_path, monkeypatch):
    """Searched for anew by each of them, 64 KiB of empty lines took more than a second."""
    asked = []
    monkeypatch.setattr("wizard.sources.material.recognise", lambda text, file: asked.append((text, file)))
    (tmp_path / "notes.txt").write_text("words\n")
    assert kind_of(tmp_path / "notes.txt")
    assert asked == [("words\n", "notes.txt")]
