"""The fuzzer: `python -m tests.fuzz NAME --seconds N` looks for contents on which a reader breaks, guided by coverage.

With atheris (`pip install --group fuzz`) it is libFuzzer's; without, or for `all` readers one after the other, a plain
loop that changes what is kept in the repository at random, which finds less. What a reader raises beyond its refusals
ends the run with a traceback and leaves the content in a file; so does one that takes more than two seconds.
"""

import argparse
import contextlib
import sys
import tempfile
from pathlib import Path

try:
    import atheris
except ImportError:
    atheris = None


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("name", help="the reader, or “all”; a wrong one tells all names")
    parser.add_argument("--seconds", type=float, default=600, help="for each reader")
    parser.add_argument("--seed", type=int, default=0, help="of the plain loop")
    asked = parser.parse_args()
    with contextlib.ExitStack() as stack:
        guided = atheris is not None and asked.name != "all"
        if guided:  # for good: much is imported where it is used
            stack.enter_context(atheris.instrument_imports(include=["wizard"]))
        from tests.fuzz import loop
        from tests.fuzz.readers import READERS

        if asked.name not in {*READERS, "all"}:
            parser.error(", ".join(["all", *READERS]))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ncw-fuzz-")))
        if guided:
            _guided(asked.name, asked.seconds, folder)
        for name in READERS if asked.name == "all" else [asked.name]:
            contents = loop.random_changes(name, asked.seconds, asked.seed)
            print(f"{name}: {loop.tried(name, contents, folder)} contents")


def _guided(name: str, seconds: float, folder: Path) -> None:
    """Let libFuzzer look for contents that reach new code; it ends the process."""
    from tests.fuzz.corpus import kept
    from tests.fuzz.loop import LONGEST, target

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, data in enumerate(kept(name)):
        (corpus / str(number)).write_bytes(data)
    words = [sys.argv[0], str(corpus), f"-max_total_time={seconds:.0f}", f"-max_len={LONGEST}", "-rss_limit_mb=2048"]
    atheris.Setup([*words, f"-artifact_prefix=crash-{name}-"], target(name, folder))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
