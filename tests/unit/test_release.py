"""What is shipped and how it is packed, as far as that can be told without building anything."""

import gzip
import hashlib
import json
import re
import subprocess
import tarfile
import tomllib
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from release import __main__ as build
from release import archive, audit, bill, deb, embedded, licences, pages, qt_parts, shell, shipped
from release.component import Component
from wizard import __version__

PARTS = [
    Component("left", "1.0", "pypi", "MIT", ("Do what you like.",)),
    Component("libright1", "2:3-4", "deb", "see its text", ("The whole is in /usr/share/common-licenses/GPL-3.",)),
]


def test_an_archive_is_the_same_whenever_and_by_whomever_it_is_made(tmp_path):
    digests = []
    for name, order in (("a", ("x", "y")), ("b", ("y", "x"))):
        folder = tmp_path / name / "program"
        folder.mkdir(parents=True)
        for file in order:
            (folder / file).write_text(file)
        (folder / "x").chmod(0o700 if name == "a" else 0o755)
        archive.write(folder, tmp_path / f"{name}.tar.xz", 1_700_000_000, preset=0)
        digests.append(hashlib.sha256((tmp_path / f"{name}.tar.xz").read_bytes()).hexdigest())
    assert digests[0] == digests[1]
    assert (tmp_path / "a.tar.xz.sha256").read_text() == f"{digests[0]}  a.tar.xz\n"
    with tarfile.open(tmp_path / "a.tar.xz") as packed:
        assert [(one.name, one.mode, one.uname, one.mtime) for one in packed] == [
            ("program", 0o755, "root", 1_700_000_000),
            ("program/x", 0o755, "root", 1_700_000_000),
            ("program/y", 0o644, "root", 1_700_000_000),
        ]


def test_the_bill_names_each_part_with_version_and_licence_and_repeats():
    text = bill.bill(PARTS)
    assert text == bill.bill(PARTS)
    read = json.loads(text)
    assert [(one["purl"], one["licenses"]) for one in read["components"]] == [
        ("pkg:pypi/left@1.0", [{"license": {"id": "MIT"}}]),
        ("pkg:deb/debian/libright1@2:3-4", [{"license": {"name": "see its text"}}]),
    ]
    assert read["metadata"]["component"]["name"] == "nocobase-cluster-wizard"


def test_the_bill_is_valid_by_the_schema_of_its_format():
    whole = [*PARTS, Component("no-version", "", "generic", "MIT OR Apache-2.0", (), "left 1.0")]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill.bill(whole)) is None


def test_the_licences_are_a_table_and_each_text_once():
    text = bill.licences_text([*PARTS, Component("other", "2", "pypi", "MIT", PARTS[0].texts)])
    table, _, texts = text.partition("\n\n")
    assert table.splitlines()[1:] == ["left 1.0: MIT", "libright1 2:3-4: see its text", "other 2: MIT"]
    assert texts.count("Do what you like.") == 1
    assert "left 1.0, other 2\n" in texts


def test_what_is_within_another_stands_below_it_and_hangs_on_it():
    inside = Component("zlib", "1.3", "generic", "Zlib", ("Use it.",), "left 1.0")
    parts = [*PARTS, inside]
    assert bill.licences_text(parts).partition("\n\n")[0].splitlines()[1:] == [
        "left 1.0: MIT",
        "  zlib 1.3: Zlib",
        "libright1 2:3-4: see its text",
    ]
    read = json.loads(bill.bill(parts))
    hangs = {one["ref"]: one.get("dependsOn", []) for one in read["dependencies"]}
    assert hangs["pkg:pypi/nocobase-cluster-wizard@" + __version__] == [
        "pkg:deb/debian/libright1@2:3-4",
        "pkg:pypi/left@1.0",
    ]
    assert hangs["pkg:pypi/left@1.0"] == ["left 1.0: pkg:generic/zlib@1.3"]


LISTED = [
    {
        "name": "aes",
        "version": "0.8",
        "purl": "pkg:cargo/aes@0.8",
        "author": "Ann",
        "licenses": [{"expression": "MIT"}],
    },
    {"name": "cc", "version": "1", "purl": "pkg:cargo/cc@1", "scope": "excluded"},
    {"name": "winapi", "version": "0.3", "purl": "pkg:cargo/winapi@0.3"},
    {"name": "tool", "version": "9", "purl": "pkg:pypi/tool@9"},
    {"name": "odd", "version": "2", "purl": "pkg:cargo/odd@2"},
    {"name": "openssl", "version": "4.0.3", "purl": "pkg:generic/openssl@4.0.3?x=y"},
    {"name": "cyrus-sasl-lib", "version": "2.1.26", "purl": "pkg:rpm/centos/cyrus-sasl-lib@2.1.26"},
]


@pytest.fixture
def wheel(tmp_path):
    """Return an installed wheel with a list of what is compiled into it, and shared libraries of others."""
    info, libs = tmp_path / "tool-9.dist-info", tmp_path / "tool.libs"
    (info / "sboms").mkdir(parents=True)
    libs.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.4\nName: tool\nVersion: 9\n")
    (info / "sboms" / "it.cdx.json").write_text(json.dumps({"bomFormat": "CycloneDX", "components": LISTED}))
    (info / "sboms" / "it.spdx.json").write_text(json.dumps({"spdxVersion": "SPDX-2.3"}))
    (info / "RECORD").write_text(
        "".join(f"{path.relative_to(tmp_path)},,\n" for path in tmp_path.rglob("*") if path.is_file())
    )
    (libs / "libcrypto-12.so.3").write_bytes(b"\0OpenSSL 3.5.9 1 Jan 2026\0")
    (libs / "libssl-12.so.3").write_bytes(b"\0nothing\0")
    (libs / "libsasl2-12.so.3").write_bytes(b"")
    (libs / "libpq-12.so.5.18").write_bytes(b"")
    (libs / "libcrypt-12.so.1").write_bytes(b"")
    return PathDistribution(info)


def test_what_a_wheel_lists_as_compiled_into_it_is_named_with_its_licence(wheel, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    found = {(one.name, one.version, one.kind, one.licence): one for one in embedded.of_wheel(wheel)}
    assert found.keys() == {
        ("aes", "0.8", "cargo", "MIT"),
        ("odd", "2", "cargo", "unknown"),
        ("OpenSSL", "4.0.3", "generic", "Apache-2.0"),
    }
    [text] = found["aes", "0.8", "cargo", "MIT"].texts
    assert "aes 0.8, by Ann: MIT\n" in text
    assert "Permission is hereby granted" in text
    assert {one.within for one in found.values()} == {"tool 9"}


def test_the_version_of_a_library_is_told_by_itself_its_name_or_the_wheels_list(wheel, tmp_path):
    files = dict.fromkeys((tmp_path / "tool.libs").iterdir(), wheel)
    assert sorted((one.name, one.version) for one in embedded.of_files(files)) == [
        ("Cyrus SASL", "2.1.26"),
        ("OpenSSL", "3.5.9"),
        ("PostgreSQL libpq", "18"),
        ("libxcrypt", ""),
    ]


def test_what_is_said_to_be_embedded_has_a_text():
    table = tomllib.loads((shipped.ROOT / "release" / "embedded.toml").read_text())
    rows = [*table["library"], *table["inside"], *table["listed"].values()]
    assert [row["name"] for row in rows if ("text" in row) == ("debian" in row)] == []
    texts = {row["text"] for row in rows if "text" in row}
    assert {name for name in texts if not (shipped.ROOT / "release" / "texts" / name).is_file()} == set()


def test_the_manual_page_and_each_completion_go_where_a_system_looks_for_them(tmp_path):
    shell.write(tmp_path, 1_700_000_000)
    made = {path.name for path in (shipped.ROOT / "resources" / "shell").iterdir()}
    assert {*shell.PLACES} == made
    places = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert places == {*shell.PLACES.values()}
    page = tmp_path / shell.PLACES["nocobase-cluster-wizard.1"]
    first = gzip.decompress(page.read_bytes()).splitlines()[0]
    assert first.startswith(rb'.TH NOCOBASE\-CLUSTER\-WIZARD "1" "2023-11-14" ')


def test_the_package_has_a_changelog_in_the_form_of_debian():
    first, _, change, _, last = deb.changelog(1_700_000_000).splitlines()
    assert first == f"nocobase-cluster-wizard ({__version__}) unstable; urgency=medium"
    assert change.startswith("  * ")
    assert re.fullmatch(r" -- .+ <\S+@\S+>  Tue, 14 Nov 2023 22:13:20 \+0000", last)


def test_the_pages_that_findings_name_go_along_with_all_to_which_they_lead(tmp_path):
    pages.write(tmp_path)
    for page in (tmp_path / "docs").glob("*.md"):
        links = re.findall(r"\]\(([\w./-]+)(?:#[^)]*)?\)", page.read_text())
        assert [link for link in links if not (page.parent / link).exists()] == [], page.name


def test_a_library_in_a_wheel_that_nobody_knows_stops_the_build():
    path = Path("/venv/site-packages/psycopg_binary.libs/libodd-1234.so.1")
    with pytest.raises(LookupError, match="libodd"):
        shipped.components([("libodd-1234.so.1", str(path), "BINARY")])


def test_what_tests_brought_is_not_shipped_and_what_the_program_asks_for_is():
    strangers = set(shipped.strangers())
    assert {"pytest", "mypy", "PyInstaller", "cyclonedx"} <= strangers
    assert not strangers & {"PySide6", "psycopg", "keyring", "jeepney", "anyio", "socksio", "wizard"}


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("/x/Qt/plugins/platforms/libqxcb.so", True),
        ("/x/plugins/platforms/qwindows.dll", True),
        ("/x/Qt/plugins/platforms/libqvnc.so", False),
        ("/x/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("/x/Qt/plugins/tls/libqopensslbackend.so", False),
        ("/x/Qt/lib/libQt6Core.so.6", True),
    ],
)
def test_of_qts_plug_ins_those_are_taken_that_the_window_uses(source, kept):
    assert qt_parts.used(([], [(source, "there")], []))[1] == ([(source, "there")] if kept else [])


@pytest.mark.parametrize(
    ("source", "kept"),
    [("qtbase_fr.qm", True), ("qtbase_zh_CN.qm", True), ("qtbase_de.qm", False), ("qt_help_fr.qm", False), ("x", True)],
)
def test_of_qts_translations_those_into_our_languages_are_taken(source, kept):
    assert qt_parts.used(([], [], [(source, "there")]))[2] == ([(source, "there")] if kept else [])


ASKED = {"name": "a", "version": "1", "vulns": []}


def answered(monkeypatch, out, err=""):
    done = subprocess.CompletedProcess([], 1, out, err)
    monkeypatch.setattr(audit.subprocess, "run", lambda *_args, **_more: done)


def test_a_known_vulnerability_is_named_with_its_package(monkeypatch):
    found = {"name": "left", "version": "1.0", "vulns": [{"id": "PYSEC-1"}, {"id": "PYSEC-2"}]}
    answered(monkeypatch, json.dumps({"dependencies": [found, {"name": "b", "version": "1", "vulns": []}]}))
    assert audit.known_vulnerabilities() == ["left 1.0: PYSEC-1", "left 1.0: PYSEC-2"]


@pytest.mark.parametrize(
    "out", ["", "[]", '{"dependencies": []}', '{"dependencies": [{"name": "a", "skip_reason": "?"}]}']
)
def test_where_nobody_could_be_asked_that_is_said_and_is_no_pass(monkeypatch, out):
    answered(monkeypatch, out, "Traceback\nrequests.ConnectionError: no way there")
    with pytest.raises(audit.NoDataError):
        audit.known_vulnerabilities()


def test_what_was_asked_only_in_part_is_no_pass_unless_something_is_known(monkeypatch):
    left = {"name": "b", "skip_reason": "?"}
    answered(monkeypatch, json.dumps({"dependencies": [ASKED, left]}))
    with pytest.raises(audit.NoDataError, match="it does not know b"):
        audit.known_vulnerabilities()
    answered(monkeypatch, json.dumps({"dependencies": [{**ASKED, "vulns": [{"id": "PYSEC-1"}]}, left]}))
    assert audit.known_vulnerabilities() == ["a 1: PYSEC-1"]


@pytest.mark.parametrize(
    ("vulns", "code", "says"),
    [([], 0, "none"), ([{"id": "PYSEC-1"}], 1, "PYSEC-1"), (None, 4, "could not be found out")],
)
def test_a_build_ends_with_a_code_of_its_own_where_vulnerabilities_could_not_be_asked_for(
    monkeypatch, capsys, tmp_path, vulns, code, says
):
    answered(monkeypatch, "" if vulns is None else json.dumps({"dependencies": [{**ASKED, "vulns": vulns}]}))
    monkeypatch.setattr(build, "_make", lambda *_args, **_more: None)
    monkeypatch.setattr("sys.argv", ["release", "--output", str(tmp_path)])
    assert build.main() == code
    assert says in capsys.readouterr().out


@pytest.mark.parametrize(("code", "says"), [(0, ""), (1, ""), (4, "4: made, but")])
def test_the_script_says_what_its_code_means_where_it_could_not_find_out(tmp_path, code, says):
    script = (shipped.ROOT / "scripts" / "build").read_text()
    ending = script[script.index("code=0") :]
    stand_in = tmp_path / "bin" / "python"
    stand_in.parent.mkdir()
    stand_in.write_text(f"#!/bin/sh\nexit {code}\n")
    stand_in.chmod(0o755)
    done = subprocess.run(["bash", "-ec", f"venv={tmp_path}\n{ending}"], capture_output=True, text=True, check=False)
    assert (done.returncode, says in done.stderr) == (code, True)
    assert says or not done.stderr


def test_the_licence_that_a_package_names_is_found():
    assert licences.of_distribution(shipped.distribution("httpx")) == "BSD-3-Clause"
    assert licences.of_distribution(shipped.distribution("PySide6_Essentials")) == "LGPL-3.0-only"
    assert len(licences.texts_of(shipped.distribution("httpx"))) == 1
