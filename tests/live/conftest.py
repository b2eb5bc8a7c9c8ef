"""What several files of live tests begin with."""

import pytest

from tests.live.inside import Cluster
from tests.patience import factor
from tests.servers import inside
from tests.servers.fixtures import give_up
from wizard.checks.inside import judge_machine
from wizard.demo.process import Missing


@pytest.fixture
def cluster(tmp_path, silent_port, monkeypatch):
    """Return a cluster whose nodes can be looked into; given up where there is no Node.js.

    Beside much other work the way to a node takes longer, and clocks may be compared all the same.
    """
    monkeypatch.setattr(judge_machine, "LOOSEST", judge_machine.LOOSEST * factor())
    try:
        inside.node_program()
    except Missing as missing:
        give_up(str(missing))
    return Cluster(tmp_path, silent_port.port)
