"""The sections of a plan, one file each, in the order an admin meets them."""

from wizard.plan.sections.application import Application, Deployment
from wizard.plan.sections.balancer import Balancer, BalancerKind, Distribution
from wizard.plan.sections.database import Database, Dialect, Tls
from wizard.plan.sections.licence import Licence, LicenceMethod
from wizard.plan.sections.nodes import BARE_ONLY, WORKER_ID_COUNT, Node, usual_paths
from wizard.plan.sections.queue import Queue, QueueKind
from wizard.plan.sections.reach import Reach, Transport
from wizard.plan.sections.redis import Layout, Redis, RedisEndpoint, RedisRole
from wizard.plan.sections.storage import Storage, StorageKind

__all__ = [
    "BARE_ONLY",
    "WORKER_ID_COUNT",
    "Application",
    "Balancer",
    "BalancerKind",
    "Database",
    "Deployment",
    "Dialect",
    "Distribution",
    "Layout",
    "Licence",
    "LicenceMethod",
    "Node",
    "Queue",
    "QueueKind",
    "Reach",
    "Redis",
    "RedisEndpoint",
    "RedisRole",
    "Storage",
    "StorageKind",
    "Tls",
    "Transport",
    "usual_paths",
]
