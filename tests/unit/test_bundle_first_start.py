"""A bundle in the midst of its own first start, and with notes in its README, is told for what it is."""

import subprocess

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.bundle_files import beside, look_at
from wizard.app.export import export
from wizard.checks.plan import bundle_files
from wizard.checks.plan.bundle_files import State
from wizard.checks.plan.component import COMPONENT
from wizard.checks.registry import selection
from wizard.engine.component import Request
from wizard.formats.files import SecretsMode
from wizard.plan.finding import Severity
from wizard.plan.sections import Deployment
from wizard.plan.spec import Stage

COMMON, README = "env/cluster.env", "README.md"
LOCK = "LOCK_ADAPTER_DEFAULT"


@pytest.fixture(params=[SecretsMode.INLINE, SecretsMode.REFERENCE])
def bundle(request, tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", request.param)
    return tmp_path / "out"


def lock_set(bundle, adapter):
    """Run the command that the README has for that."""
    [line] = [one for one in (bundle / README).read_text().splitlines() if f"{LOCK}={adapter}/" in one]
    command = line.partition("sed ")[2].partition(" && ")[0]
    subprocess.run(["sh", "-c", f"sed {command}"], cwd=bundle / "compose", check=True)


def judged(bundle, stage, plan=None):
    """Return what is said of the env files that is no pass."""
    request = Request(selection=selection(stage=stage), beside=beside(bundle, edited=False))
    [check] = [one for one in COMPONENT.checks(plan or good_plan(), SECRETS, request) if one.part == "env"]
    facts = check.facts()
    check.probe(facts)
    return [one for one in check.judge(facts) if one.severity is not Severity.PASS]


def states(bundle):
    return {file.path: file.state for file in look_at(bundle) if file.state is not State.SAME}


def told_of_files(bundle):
    facts = bundle_files.checks(lambda: look_at(bundle), str(bundle))[0]
    found = facts.facts()
    facts.probe(found)
    return {one.subject: one for one in facts.judge(found)}


def test_the_local_lock_of_the_first_start_is_no_fault_before_it_and_one_on_a_running_cluster(bundle):
    lock_set(bundle, "local")
    [finding] = judged(bundle, Stage.START)
    assert (finding.id, finding.severity) == ("plan.value", Severity.INFO)
    assert finding.summary == f"{LOCK} is “local” in {COMMON}, as README.md sets it for the first start."
    assert "Set it back to redis once the lock's plug-in is enabled" in finding.detail
    assert [place.file for place in finding.places] == [COMMON]
    [finding] = judged(bundle, Stage.RUN)
    assert (finding.id, finding.severity) == ("plan.value", Severity.FAIL)
    assert states(bundle) == {COMMON: State.FIRST_START}
    assert told_of_files(bundle)[COMMON].severity is Severity.INFO
    lock_set(bundle, "redis")
    assert (judged(bundle, Stage.START), states(bundle)) == ([], {})


def test_a_lock_set_back_to_what_the_readme_has_beside_filled_in_secrets_is_the_first_start_too(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out")
    file = tmp_path / "out" / COMMON
    file.write_text(file.read_text().replace("#DB_PASSWORD=", "DB_PASSWORD=filled-in-by-hand"))
    lock_set(tmp_path / "out", "local")
    assert states(tmp_path / "out") == {COMMON: State.FIRST_START}


@pytest.mark.parametrize("line", [f"{LOCK}=memory", f"#{LOCK}=local", ""], ids=["other", "out", "gone"])
def test_a_lock_that_no_command_of_the_readme_leaves_so_fails_before_a_start_too(bundle, line):
    file = bundle / COMMON
    file.write_text(file.read_text().replace(f"\n{LOCK}=redis\n", f"\n{line}\n"))
    [finding] = judged(bundle, Stage.START)
    assert (finding.id, finding.severity) == ("plan.value", Severity.FAIL)
    assert states(bundle) == {COMMON: State.CHANGED}


def test_a_local_lock_beside_another_change_leaves_the_other_one_told(bundle):
    lock_set(bundle, "local")
    file = bundle / COMMON
    file.write_text(file.read_text().replace("\nTZ=", "\nTZ=Asia/Tokyo\n#"))
    found = judged(bundle, Stage.START)
    assert {(one.subject, one.severity) for one in found} == {
        (f"{COMMON} {LOCK}", Severity.INFO),
        (f"{COMMON} TZ", Severity.FAIL),
    }
    assert states(bundle) == {COMMON: State.CHANGED}


@pytest.mark.parametrize("how", ["bare", "node", "gone"])
def test_where_the_readme_tells_no_such_thing_the_local_lock_fails_before_a_start(tmp_path, how):
    plan = good_plan()
    if how == "bare":
        plan = plan.with_value("application.deployment", Deployment.BARE)
    export(plan, SECRETS, tmp_path / "out")
    bundle = tmp_path / "out"
    if how == "gone":
        (bundle / README).unlink()
    path = bundle / (COMMON if how != "node" else "env/node-node1.env")
    path.write_text(path.read_text().replace(f"\n{LOCK}=redis", "") + f"{LOCK}=local\n")
    assert Severity.FAIL in {one.severity for one in judged(bundle, Stage.START, plan)}
    assert State.FIRST_START not in states(bundle).values()


def added(text):
    return f"{text}\n## Notes\n\nBob has the licence.\n\n```sh\nssh bob@licences.example.com\n```\n"


def reworded(text):
    return text.replace("The first start wants an **empty database**.", "Empty the database first (asked Ann).")


@pytest.mark.parametrize("change", [added, reworded])
def test_a_note_in_the_readme_asks_for_nothing(bundle, change):
    file = bundle / README
    file.write_text(change(file.read_text()))
    finding = told_of_files(bundle)[README]
    assert finding.severity is Severity.INFO
    assert (
        finding.summary == "README.md was edited after the export and has all its commands; an export writes it anew."
    )
    assert "README.md line" in finding.detail


def other_command(text):
    return text.replace("--wait-timeout 1800 node1", "--wait-timeout 18 node1", 1)


def lost_command(text):
    return text.replace("nginx -t && nginx -s reload\n", "", 1)


def one_more_command(text):
    return text.replace("nginx -t && nginx -s reload\n", "nginx -t && nginx -s reload\nreboot\n", 1)


@pytest.mark.parametrize("change", [other_command, lost_command, one_more_command])
def test_a_changed_command_of_the_readme_is_a_warning(bundle, change):
    file = bundle / README
    file.write_text(change(file.read_text()))
    finding = told_of_files(bundle)[README]
    assert finding.severity is Severity.WARN
