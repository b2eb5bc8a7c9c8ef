"""Write anew what each decision changes in the texts, after a change that is wanted; then read the diff."""

from tests.unit import test_env_written as env
from tests.unit import test_sites_written as sites
from tests.unit.plans import good_plan
from tests.unit.texts_written import FOLDER, difference, plan_with
from wizard.formats import cluster_file
from wizard.formats.files import SecretsMode
from wizard.formats.sites import haproxy, nginx


def main() -> None:
    for kind, texts in (("nginx", _nginx()), ("haproxy", _haproxy()), ("env", _env()), ("cluster", _cluster())):
        (FOLDER / f"{kind}.txt").write_text("".join(f"=== {name}\n{text}" for name, text in texts.items()), "utf-8")


def _nginx():
    whole, test = nginx.render(good_plan()), nginx.render_for_test(good_plan())
    high = {"balancer.port": 1023, "balancer.tls_port": 1024}
    certificate = {"certificate": "/t/a.pem", "certificate_key": "/t/a.key"}
    named = nginx.render_for_test(plan_with(sites.CHANGES["a node for tasks alone"]))
    return {
        "the whole": whole,
        **{name: difference(whole, nginx.render(plan_with(more))) for name, more in sites.CHANGES.items()},
        "one address to listen on": difference(whole, nginx.render(good_plan(), host="10.0.0.5")),
        "for a test": difference(whole, test),
        "for a test with a certificate": difference(test, nginx.render_for_test(good_plan(), **certificate)),
        "for a test on high ports": difference(test, nginx.render_for_test(plan_with(high))),
        "for a test of a named node": difference(test, named),
        "around": nginx.render_around(good_plan()),
    }


def _haproxy():
    whole = haproxy.render(good_plan())
    named = haproxy.render_for_test(plan_with(sites.CHANGES["a node for tasks alone"]))
    return {
        "the whole": whole,
        **{name: difference(whole, haproxy.render(plan_with(more))) for name, more in sites.CHANGES.items()},
        **{name: difference(whole, haproxy.render(good_plan(), **how)) for name, how in sites.RUN.items()},
        "for a test": difference(whole, named),
    }


def _env():
    whole = env.env_files({}, SecretsMode.INLINE)
    return {
        **{f"the whole, {mode.value}": env.env_files({}, mode) for mode in SecretsMode},
        **{name: difference(whole, env.env_files(more, SecretsMode.INLINE)) for name, more in env.CHANGES.items()},
        **{
            f"{name}, {mode.value}": difference(env.env_files({}, mode), env.env_files(env.CHANGES[name], mode))
            for name in env.WITHOUT_SECRETS
            for mode in (SecretsMode.REFERENCE, SecretsMode.MASKED)
        },
    }


def _cluster():
    whole = cluster_file.write(good_plan())
    changed = {name: cluster_file.write(plan_with(more)) for name, more in env.CHANGES.items()}
    return {"the whole": whole, **{name: difference(whole, text) for name, text in changed.items()}}


if __name__ == "__main__":
    main()
