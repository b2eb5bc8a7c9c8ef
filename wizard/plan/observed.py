"""What a source says of how the nodes are run, beside the settings of a plan: for the rules to judge, never written."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from wizard.dataclass import dataclass
from wizard.plan.place import Place


class Topic(StrEnum):
    """What was seen; the value and the names of an observation mean something else for each."""

    UPDATE = "update"
    """How what runs is replaced (`RollingUpdate`, `Recreate`, `OnDelete`, Swarm's `start-first`).

    `names`: the kind of the workload or `service`, its replicas.
    """
    PATIENCE = "patience"
    """Seconds that a start may take before the pod is killed, empty for ever; `names`: the probe, the container."""
    PLAIN_SECRETS = "plain_secrets"
    """`names` are the variables with a secret that stand in an object which is none for secrets."""
    SERVICE_LINKS = "service_links"
    """`on`, `off`, or `given` where the container is given those variables itself.

    `names` are the variables of NocoBase's that a Service's name would set.
    """
    STORAGE = "storage"
    """What a node's storage is on (`Sharing`); `names` is what is mounted there."""
    HOST_NETWORK = "host_network"
    """The containers of all nodes have the network of their machine."""
    IMAGE = "image"
    """The value is the image that the containers of a node are made of."""
    TOGETHER = "together"
    """The nodes are services of one Compose file on one machine; `names` are those by which they find one another."""
    UPLOADS = "uploads"
    """What a folder for uploads that is none of the storage is on (`Sharing`); `names` is the folder."""
    PLUGIN_FOLDER = "plugin_folder"
    """What a folder for added plug-ins that is none of the storage is on (`Sharing`); `names` is the folder."""
    PORT = "port"
    """The port of the container that is published; `names` are those that the image listens on."""
    PUBLISHED = "published"
    """The port of the host that a service has for itself, with the address where it is at one.

    `names` are the profiles that start the service; with none it is always started.
    """
    DATABASE_FILES = "database_files"
    """The folder of a database's files, where that lies in the nodes' storage."""
    CONNECTIONS = "connections"
    """How many connections the database server is started with."""
    API_VERSION = "api_version"
    """The version of a kind of object."""
    WRITTEN = "written"
    """A value of an object that Kubernetes refuses for how it is written: `quoted`, or `unquoted` where a text is."""
    BODY_LIMIT = "body_limit"
    """The largest request that a path of an Ingress lets through, as it is written; empty for the default."""
    READ_TIMEOUT = "read_timeout"
    """Seconds that a path of an Ingress waits for an answer; empty for the default."""
    REWRITE = "rewrite"
    """What a path of an Ingress is made into, empty for nothing else; `names` of all three: its type and the path."""
    NAME = "name"
    """A name that the nodes find and other machines need not; the value is its address where the source says one."""
    UNSET = "unset"
    """The subject is a variable that is not set; the value is what NocoBase takes then."""
    START = "start"
    """The command that starts a node without a container."""
    SITE = "site"
    """The value is the text of a balancer's configuration that is a part of another file, or in an archive.

    Its lines are those of the place's file; where that cannot be, `names` has the words to call it by. `target` is the
    service of a Compose file that has it in itself.
    """
    BALANCER_SERVICE = "balancer_service"
    """The value is the service of a Compose file that is the balancer, where a file beside is its configuration."""
    IDLE = "idle"
    """A service that is NocoBase and not started, as none of its profiles (`names`) is active."""
    UNFOLLOWED = "unfollowed"
    """The subject is named in the source and was not followed; the value says why (`Unfollowed`)."""


class Sharing(StrEnum):
    """Who sees the same files in a node's storage."""

    EVERYBODY = "everybody"
    """Every node, on whatever machine."""
    MACHINE = "machine"
    """The nodes of one machine alone, and there are several machines or there may be."""
    ITSELF = "itself"
    """The node alone."""
    NOTHING = "nothing"
    """Nothing is mounted: the files are gone with the container."""
    PARTS = "parts"
    """Folders in it are mounted, and the rest is not."""
    UNKNOWN = "unknown"


class Unfollowed(StrEnum):
    """Why something that a source names was not followed."""

    MISSING = "missing"
    """There is no such file that can be read."""
    PATCH = "patch"
    """It changes objects in a way that is not followed here, or none of those that are there."""
    PROGRAM = "program"
    """It is a program's expression, and no program is run to be read."""
    FORM = "form"
    """It is in a form that is not read here."""
    BESIDE = "beside"
    """It is an env file that lies in the folder of others, and by its name is none of theirs."""
    MANY = "many"
    """It is a folder with more folders in it than are looked into."""
    INCLUDE = "include"
    """It is another file that a site of nginx includes; each file is read alone."""
    ANOTHER = "another"
    """It is a site of a balancer that leads elsewhere than the one that is read, and is as like NocoBase's."""
    IPV6 = "ipv6"
    """It is published at an IPv6 address, which no node has as its host."""
    APPLICATION = "application"
    """It is a service of another application of a multi-app, and no node of the cluster."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One thing that was seen: of which service, workload or object, and where.

    `target` are the words by which a command of the deployment's own names it (`deployment/crm -n shop`), if any do.
    """

    topic: Topic
    subject: str
    place: Place
    value: str = field(default="", repr=False)
    """May hold a secret, such as a password in a command or in a balancer's configuration."""
    names: tuple[str, ...] = ()
    target: str = ""


FOLDERS_APART = {Topic.UPLOADS: "LOCAL_STORAGE_DEST", Topic.PLUGIN_FOLDER: "PLUGIN_STORAGE_PATH"}
"""What leads a part of the storage to a folder of its own, by the variable that does."""
