"""How much processor time and memory a reader takes for one content, measured on a process of its own.

`python -m tests.fuzz.bounds` reads cases from standard input, a line of JSON each (`[reader, file with the content]`),
and answers each with `[exit code, seconds, bytes, what was raised]`. The processes are forks of one that has all
imported, so a case costs what it reads.
"""

import contextlib
import json
import os
import resource
import sys
import tempfile
import traceback
from pathlib import Path

from tests.fuzz.readers import read
from wizard.app.open_source import open_source
from wizard.formats.files import SourceError

FOLDER = "folder"
"""The reader by which a case is a source that lies somewhere, not a content."""

ENOUGH_SECONDS = 8
ENOUGH_MEMORY = 3 * 1024**3


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ncw-warm-") as folder:
        for number, name in enumerate(("compose", "manifests", "nginx", "run", "certificates", "pasted")):
            (Path(folder) / str(number)).mkdir()
            read(name, b"services: {a: {image: nocobase/nocobase}}\n", Path(folder) / str(number))
    for line in sys.stdin:
        print(json.dumps(_measured(*json.loads(line))), flush=True)


def _measured(name: str, content: str) -> tuple[int, float, int, str]:
    with tempfile.TemporaryDirectory(prefix="ncw-bounds-") as folder:
        said = Path(folder, "said")
        child = os.fork()
        if not child:
            _run(name, Path(content), Path(folder, "work"), said)
        _pid, status, used = os.wait4(child, 0)
        words = said.read_text(errors="replace") if said.exists() else ""
    return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, words


def _run(name: str, content: Path, folder: Path, said: Path) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (ENOUGH_SECONDS, ENOUGH_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (ENOUGH_MEMORY, ENOUGH_MEMORY))
    folder.mkdir()
    try:
        if name == FOLDER:
            with contextlib.suppress(SourceError):
                open_source(str(content))
        else:
            read(name, content.read_bytes(), folder)
    except BaseException:  # noqa: BLE001 - told to the one who asked
        said.write_text(traceback.format_exc())
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
