"""Write anew what is read out of each text, after a change that is wanted; then read the diff."""

from tests.unit.test_texts_read import READ
from tests.unit.texts_read import FOLDER


def main() -> None:
    for kind, read in READ.items():
        path = FOLDER / f"{kind}.txt"
        parts = [part.partition("\n") for part in path.read_text(encoding="utf-8").split("=== ")[1:]]
        cases = [(name, body.split("~~~\n")[0]) for name, _, body in parts]
        told = [f"=== {name}\n{text}~~~\n{read(text.replace('␍', chr(13)))}" for name, text in cases]
        path.write_text("".join(told), encoding="utf-8")


if __name__ == "__main__":
    main()
