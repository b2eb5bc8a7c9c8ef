"""A server that is stopped and started once more, with its folder as it is: for settings that count at a start."""

from wizard.demo.server import Server


def start_again(server: Server) -> None:
    """Stop the server, start it with what its folder now says, and wait until it answers."""
    assert server.process is not None
    server.process.stop()
    server.process.start()
    server.process.wait_until_ready(server.is_ready, server.start_within)


def append(server: Server, name: str, remedy: str) -> None:
    """Write what a remedy says for the file into the file of that name in the server's folder."""
    with (server.folder / name).open("a") as file:
        file.write(f"\n{remedy}\n")
