"""A file whose name is another kind's, or an env file's, is read as what it holds."""

import pytest

from wizard.app.open_source import open_source
from wizard.formats.files import SourceError


def read(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    return open_source(str(tmp_path / name)).plan


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('terraform {\n}\nvariable "db_host" {\n  default = "db"\n}\n', "is for Terraform"),
        ("FROM nocobase/nocobase\nENV DB_HOST=db\n", "is a Dockerfile"),
        ('{"kind": "Deployment", "apiVersion": "apps/v1"}', "x.env"),
    ],
)
def test_an_env_file_by_name_alone_is_refused_for_what_it_is(tmp_path, text, says):
    with pytest.raises(SourceError, match=says):
        read(tmp_path, "x.env", text)


@pytest.mark.parametrize(
    "name",
    ["x.service", "ecosystem.config.js", "main.tf", "Dockerfile", "nginx.conf", "haproxy.cfg", "a.yaml", "compose.yml"],
)
@pytest.mark.parametrize("before", ["", "# of node 1\n\n", "export "])
def test_an_env_file_by_its_contents_is_read_whatever_it_is_called(tmp_path, name, before):
    plan = read(tmp_path, name, f"{before}DB_HOST=db\nMY_OWN=kept\n")
    assert plan.database.host == "db"
    assert [extra.name for extra in plan.extras] == ["MY_OWN"]


@pytest.mark.parametrize(
    "text",
    [
        "DB_HOST=db\nMY_OWN='\n[Unit]\n[Service]\n'\n",
        "DB_HOST=db\nMY_OWN='\nserver {\nlisten 80;\n'\n",
        "[database]\nDB_HOST=db\nMY_OWN=x\n",
    ],
)
def test_an_env_file_with_words_of_another_kind_in_it_stays_one(tmp_path, text):
    assert read(tmp_path, "x.env", text).database.host == "db"
