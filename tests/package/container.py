"""The steps of the Containerfile, without a builder: each stage is a bare Debian, as its image is one, too."""

import json
import shlex
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tests.patience import patience
from tests.servers.bare import BareMachine

ROOT = Path(__file__).parents[2]
_SECONDS = 300


@dataclass
class Stage:
    """What the Containerfile says between one FROM and the next."""

    name: str
    image: str
    steps: list[tuple[str, str]]
    settings: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    command: list[str] = field(default_factory=list)

    def wanted_of(self, other: str) -> list[str]:
        """Return what this stage copies from another one."""
        rows = [shlex.split(rest) for word, rest in self.steps if word == "COPY"]
        return [name for row in rows if row[0] == f"--from={other}" for name in row[1:-1]]


def stages() -> list[Stage]:
    """Read the Containerfile."""
    found: list[Stage] = []
    lines = (ROOT / "Containerfile").read_text().replace("\\\n", " ").splitlines()
    for line in (line for line in lines if line and not line.startswith("#")):
        word, _, rest = line.partition(" ")
        match word:
            case "FROM":
                image, _, name = rest.partition(" AS ")
                found.append(Stage(name, image, []))
            case "ENV":
                found[-1].settings |= dict(one.split("=", 1) for one in shlex.split(rest))
            case "USER":
                found[-1].user = rest
            case "ENTRYPOINT":
                found[-1].command = json.loads(rest)
            case "RUN" | "COPY" | "WORKDIR":
                found[-1].steps.append((word, rest))
            case "CMD":
                pass
            case _:
                raise AssertionError(f"these tests do not know {word}")
    return found


def follow(stage: Stage, machine: BareMachine, stages_before: dict[str, Path]) -> None:
    """Do the steps of a stage on a machine; `stages_before` are folders with what former stages left."""
    folder = "/"
    for word, rest in stage.steps:
        if word == "WORKDIR":
            folder = rest
            (machine.root / folder[1:]).mkdir(parents=True)
        elif word == "COPY":
            _copy(shlex.split(rest), machine.root, folder, stages_before)
        else:
            words = ["/bin/sh", "-ec", f"cd {folder}; {rest}"]
            done = machine.run(*words, as_root=True, seconds=patience(_SECONDS), DEBIAN_FRONTEND="noninteractive")
            assert done.returncode == 0, f"{rest}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def _copy(words: list[str], root: Path, folder: str, stages_before: dict[str, Path]) -> None:
    source = ROOT
    if words[0].startswith("--from="):
        source = stages_before[words.pop(0).partition("=")[2]]
    *names, target = words
    place = root / str(Path(folder, target))[1:]
    for name in names:
        path = source / name.lstrip("/")
        if path.is_dir():
            shutil.copytree(path, place, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            into = place / path.name if target.endswith("/") or len(names) > 1 else place
            into.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, into)
