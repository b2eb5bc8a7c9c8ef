"""The words of `docker run`, each where it stands alone or takes the next word, as Docker's reference has them."""

import pytest

from wizard.formats.compose.run_lines import COMMAND, has_branches, read
from wizard.formats.files import SourceError


def _services(text, files=None):
    def beside(path):
        return (files or {}).get(path)

    return read(text, "start.sh", beside).services


def _service(options, **more):
    [service] = _services(f"docker run {options} nocobase/nocobase:2.2.15 yarn start", **more).values()
    assert (service.image, service.arguments) == ("nocobase/nocobase:2.2.15", "yarn start"), options
    return service


@pytest.mark.parametrize(
    "option",
    [
        *["--detach", "--interactive", "--tty", "--rm", "--init", "--privileged", "--read-only", "--publish-all"],
        *["--no-healthcheck", "--oom-kill-disable", "--sig-proxy", "--quiet", "--disable-content-trust", "--replace"],
        *[
            "-d",
            "-i",
            "-t",
            "-P",
            "-q",
            "-dit",
            "-itdPq",
            "--restart always",
            "--restart=always",
            "-m 2g",
            "-m2g",
            "-u=1000",
        ],
    ],
)
def test_the_image_stands_behind_the_options_and_their_words(option):
    assert _service(f"{option} --name app").name == "app"


@pytest.mark.parametrize("option", ["-e A=b", "--env A=b", "--env=A=b", "-eA=b", "-e=A=b"])
def test_a_variable_has_its_value_and_its_place(option):
    found = _service(option).from_environment["A"]
    assert (found.value, found.line, found.quote, found.file) == ("b", 1, "'", "start.sh")


@pytest.mark.parametrize(
    ("option", "mounts"),
    [
        ("-v /srv/a:/app/storage/", {"/app/storage": ("/srv/a", "")}),
        ("-v /srv/a:/app/storage:ro", {"/app/storage": ("/srv/a", "")}),
        ("--volume=/app/storage", {"/app/storage": ("/app/storage", "")}),
        ("--mount type=bind,source=/srv/a,target=/app/storage/", {"/app/storage": ("/srv/a", "bind")}),
        ("--mount type=volume,src=a,destination=/app/storage", {"/app/storage": ("a", "volume")}),
        ("--mount src=a,dst=/app/storage,readonly", {"/app/storage": ("a", "")}),
        ("--mount type=tmpfs,src=a", {}),
    ],
)
def test_a_mount_has_its_source_and_its_target(option, mounts):
    assert {target: (one.source, one.kind) for target, one in _service(option).mounts.items()} == mounts


@pytest.mark.parametrize("option", ["-p 127.0.0.1:13001:13000", "--publish 127.0.0.1:13001:13000"])
def test_a_port_has_its_host(option):
    assert [*_service(option).ports] == [("127.0.0.1", "13001", "13000")]


def test_a_port_that_is_none_is_kept_with_its_place():
    [(text, place)] = _service("-p ${PORT:?}").unread
    assert (text, place.line) == ("${PORT:?}", 1)


def test_names_are_the_containers_its_host_and_its_aliases():
    assert _service("--name app -h one --hostname two --network-alias three").names == {"app", "one", "two", "three"}


def test_a_host_that_is_added_and_an_entrypoint_are_read():
    service = _service("--add-host db:[2001:db8::1] --entrypoint /bin/sh")
    assert (service.hosts["db"][0], service.entrypoint) == ("2001:db8::1", "/bin/sh")


def test_an_env_file_lies_beside_the_script_and_one_that_is_lost_is_named():
    service = _service("--env-file a.env --env-file b.env", files={"a.env": "A=b\nC='d'\n"})
    assert {name: (one.value, one.line, one.file) for name, one in service.from_files.items()} == {
        "A": ("b", 1, "a.env"),
        "C": ("'d'", 2, "a.env"),
    }
    assert [(one.line, one.name) for one in service.lost] == [(1, "b.env")]


@pytest.mark.parametrize(
    ("before", "value"),
    [
        ("KEY=word\n", "word"),
        ("export KEY=word OTHER=x\n", "word"),
        ("KEY='$word'\n", "$word"),
        ('KEY="\\$word"\n', "$word"),
        ("KEY=word # said\n", "word"),
        ("KEY=$(pass show key)\n", None),
        ("KEY=`pass show key`\n", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("written", ["-e A=$KEY", '-e "A=${KEY}"', "-e KEY"])
def test_what_the_script_sets_before_is_put_in(before, value, written):
    [service] = _services(f"{before}docker run {written} image").values()
    name = "KEY" if written == "-e KEY" else "A"
    assert service.from_environment[name].value == (value or "")
    assert (name in service.made_of_environment) == (value is None)


def test_lines_that_go_on_keep_their_numbers():
    run = "docker run \\\n  -e A=b \\\n  -e C=d \\\n  image  # the end\n"
    text = f"#!/bin/sh\n# docker run -e X=y image\n{run}docker run image\n"
    one, two = _services(text).values()
    assert [found.line for found in one.from_environment.values()] == [4, 5]
    assert (one.place.line, one.image_place.line, one.arguments) == (4, 6, "")
    assert (one.name, two.name, two.place.line) == ("node1", "node2", 7)


@pytest.mark.parametrize("command", ["docker run", "sudo docker run", "podman create", "nerdctl container run"])
def test_each_command_that_starts_a_container_is_one(command):
    assert COMMAND.search(f"set -e\n  {command} image")
    assert [one.image for one in _services(f"{command} image").values()] == ["image"]


@pytest.mark.parametrize("command", ["docker pull", "docker container rm", "echo docker run", "docker-compose run"])
def test_other_commands_start_none(command):
    assert _services(f"{command} image") == {}


@pytest.mark.parametrize("word", ["for", "while", "until", "case", "if", "select", "function"])
def test_a_script_that_decides_or_repeats_is_told(word):
    assert has_branches(f"  {word} something")
    assert not has_branches(f"echo {word}")
    assert not has_branches(f"{word}ward something")


def test_a_function_is_one_too():
    assert has_branches("start_node() {")
    assert not has_branches("docker run image sh -c 'start() { :; }'")


def test_a_quote_without_an_end_names_its_line():
    with pytest.raises(SourceError, match=r"start\.sh, line 2: a quote is not closed"):
        _services("A=b\ndocker run -e 'A=b image\n")


@pytest.mark.parametrize(("length", "is_read"), [(128 * 1024, True), (128 * 1024 + 1, False)])
def test_a_script_of_more_than_128_kibibytes_is_refused(length, is_read):
    text = "docker run image\n"
    text += "#" * (length - len(text))
    if is_read:
        assert len(_services(text)) == 1
    else:
        with pytest.raises(SourceError, match="more than 131072 characters"):
            _services(text)


def test_five_hundred_containers_are_read_and_no_more():
    assert len(_services("docker run image\n" * 501)) == 500
