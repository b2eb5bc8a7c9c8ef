"""`python -m tests.protections [WORDS]` removes each protection whose row has the words, and says what became of it."""

import sys
import tempfile
import time
from pathlib import Path

from tests.protections.listed import protections
from tests.protections.removing import Copy


def main() -> int:
    asked = [one for one in protections() if all(word in str(one) for word in sys.argv[1:])]
    missed = 0
    with tempfile.TemporaryDirectory(prefix="ncw-protections-") as folder:
        copy = Copy(Path(folder, "copy"))
        for one in asked:
            began = time.monotonic()
            problem = "\n".join(one.problems()) or copy.without(one)
            missed += bool(problem)
            print(f"{'missed' if problem else 'seen'} in {time.monotonic() - began:.0f} s: {one.what}", flush=True)
            print(problem or f"  {one.test}: {one.fails}", flush=True)
    print(f"{len(asked) - missed} of {len(asked)} removals were seen")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
