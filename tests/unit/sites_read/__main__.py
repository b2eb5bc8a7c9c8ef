"""Write anew what is read out of each configuration, after a change that is wanted; then read the diff."""

from tests.unit.sites_read import FOLDER, cases, told, wanted
from wizard.formats.sites import haproxy_site, nginx_site
from wizard.plan.sections import BalancerKind


def main() -> None:
    for kind, reader in ((BalancerKind.NGINX, nginx_site), (BalancerKind.HAPROXY, haproxy_site)):
        found = cases(kind.value)
        texts = [f"=== {name}\n{text}---\n{told(reader.read, text, wanted(kind))}" for name, (text, _) in found.items()]
        (FOLDER / f"{kind.value}.txt").write_text("".join(texts), encoding="utf-8")


if __name__ == "__main__":
    main()
