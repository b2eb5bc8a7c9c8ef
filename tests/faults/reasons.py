"""What stands beside the faults of several rows, as the tests' surroundings have it, and what follows of several."""

NAMES_OF_RABBITMQ = {
    "rabbitmq.variables": "Nobody published the names of RabbitMQ's variables, whatever a broker does.",
}
IN_USER_SPACE = {
    "storage.filesystem": "The test's folder is in user space, and nobody knows whether such a one is shared.",
    "storage.lock": "Nor does anybody know whether a file system in user space carries locks.",
}
NOT_KNOWN_TO_BE_SHARED = {"storage.filesystem": IN_USER_SPACE["storage.filesystem"]}
NO_DATABASE_BESIDE = {
    "cluster.database": "The test has no database beside its nodes to compare with.",
    "cluster.sync": "The test has no Redis beside its nodes.",
}
NO_BALANCER_RUNS = {"balancer.connect": "The test is about a file; no balancer runs with it."}
NOT_ALL_NODES = {"balancer.upstream": "The test's file is a piece of a site, without the nodes of the plan."}
A_PIECE_OF_A_SITE = {
    **NOT_ALL_NODES,
    "balancer.limits": "The test's file is a piece of a site, without the limits that NocoBase needs.",
}
_ENV = "An env file does not say it, or this one has a few lines alone."
A_FEW_LINES = dict.fromkeys(
    (
        "plan.required",
        "plan.redis_address",
        "plan.aes_key",
        "plan.root_password",
        "plan.version",
        "plan.nodes",
        "plan.environment",
        "plan.database_localhost",
    ),
    _ENV,
)
"""What an env file of a few lines leaves open beside the line that is broken."""

PIECES = dict.fromkeys(
    (
        *A_FEW_LINES,
        "plan.app_key",
        "plan.client_addresses",
        "plan.coverage",
        "plan.database_tls",
        "plan.followed",
        "plan.ingress_limits",
        "plan.own_paths",
        "plan.plugins",
        "plan.pool",
        "plan.public_url",
        "plan.rolling_update",
        "plan.shared_storage",
        "plan.time_zone",
        "plan.unknown_variables",
        "plan.value",
        "plan.worker_ids",
        "plan.worker_mode",
    ),
    "The test's file is a piece of a whole one, and lacks what others are about.",
)
"""What a piece of a manifest or of a Compose file leaves open beside what is wrong with it."""
