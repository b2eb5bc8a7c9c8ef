"""What several files of live tests begin with."""

import pytest

from tests.live.inside import Cluster
from tests.servers import inside
from tests.servers.fixtures import give_up
from wizard.demo.process import Missing


@pytest.fixture
def cluster(tmp_path, silent_port):
    """Return a cluster whose nodes can be looked into; given up where there is no Node.js."""
    try:
        inside.node_program()
    except Missing as missing:
        give_up(str(missing))
    return Cluster(tmp_path, silent_port.port)
