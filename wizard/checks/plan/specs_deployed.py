"""The ids of the rules on how nodes are run, as far as a source says it (docs/nocobase.md, “Deployment”)."""

from __future__ import annotations

from wizard.plan import docs
from wizard.plan.action import Area
from wizard.plan.i18n import mark
from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec

_DEPLOYMENT = "docs/nocobase.md#deployment"
_BALANCER = "docs/nocobase.md#balancer"

FOLLOWED = Spec(
    "plan.followed",
    mark("All that the source names beside itself was there and was read."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#env-files",
    severities=(PASS, INFO),
    remedy=mark("Give what the program makes of it, or name the file as a second source."),
    evidence=mark("The files and parts that the source names."),
)
ROLLING_UPDATE = Spec(
    "plan.rolling_update",
    mark("No update runs two versions of NocoBase at once."),
    docs.PREPARATIONS,
    source=_DEPLOYMENT,
    severities=(PASS, FAIL),
    remedy=mark("Set spec.strategy.type to Recreate."),
    area=Area.DATA,
    effect=mark("At an upgrade two versions work on one database."),
    evidence=mark("The update strategy of each workload."),
    symptom=mark("Errors on some nodes after an upgrade"),
)
STARTUP_PROBE = Spec(
    "plan.startup_probe",
    mark("No probe ends a node that is installing or migrating."),
    docs.PREPARATIONS,
    source=_DEPLOYMENT,
    severities=(PASS, FAIL),
    remedy=mark("Add a startupProbe with periodSeconds 10 and failureThreshold 90."),
    area=Area.DATA,
    effect=mark("A node is killed in the middle of a migration."),
    evidence=mark("The startup and liveness probes of each workload."),
    symptom=mark("A node starts again and again after an upgrade"),
)
SECRET_OBJECTS = Spec(
    "plan.secret_objects",
    mark("Secrets stand in Secrets, not in ConfigMaps or in a workload."),
    docs.PREPARATIONS,
    source=_DEPLOYMENT,
    severities=(PASS, WARN),
    remedy=mark("Put them into a Secret, and name that with secretRef or secretKeyRef."),
    area=Area.ADVICE,
    evidence=mark("Which variables with secrets stand in which object."),
)
SERVICE_LINKS = Spec(
    "plan.service_links",
    mark("No Service's name takes the place of a variable of NocoBase's."),
    docs.PREPARATIONS,
    source=_DEPLOYMENT,
    severities=(PASS, INFO, FAIL),
    remedy=mark("Set enableServiceLinks: false in the pod's spec."),
    effect=mark("Nodes take the address of a Service for a port number."),
    evidence=mark("The pod's enableServiceLinks, and the names of Services."),
    symptom=mark("A node does not start: its port is “tcp://…”"),
)
API_VERSIONS = Spec(
    "plan.api_versions",
    mark("Kubernetes still knows the versions of all objects, and takes their values."),
    docs.PREPARATIONS,
    source=_DEPLOYMENT,
    severities=(PASS, FAIL),
    remedy=mark("Write the object in the version that Kubernetes has today."),
    effect=mark("Kubernetes refuses the object."),
    evidence=mark("The apiVersion of each object, and which of its values stand in quotes."),
)
INGRESS_LIMITS = Spec(
    "plan.ingress_limits",
    mark("The Ingress lets large uploads and slow answers pass."),
    docs.PREPARATIONS,
    source=_BALANCER,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Set the annotations proxy-body-size and proxy-read-timeout of ingress-nginx."),
    effect=mark("Uploads end with “413 Request Entity Too Large”."),
    evidence=mark("The annotations of ingress-nginx."),
    symptom=mark("A large file cannot be uploaded"),
)
INGRESS_PATHS = Spec(
    "plan.ingress_paths",
    mark("The Ingress passes paths on as users ask for them."),
    docs.PREPARATIONS,
    source=_BALANCER,
    severities=(PASS, FAIL),
    remedy=mark("Take the annotation rewrite-target out, and set APP_PUBLIC_PATH to the sub-path."),
    effect=mark("Pages below a sub-path stay white."),
    evidence=mark("The annotation rewrite-target beside the paths of the Ingress."),
    symptom=mark("The page stays white, or asks for another address"),
)
PORTS = Spec(
    "plan.ports",
    mark("Each port that is published leads to one that the node listens on, and no two services want one."),
    docs.PREPARATIONS,
    source=_DEPLOYMENT,
    severities=(PASS, FAIL),
    remedy=mark("Publish the port that the image listens on."),
    effect=mark("Nobody reaches the node."),
    evidence=mark("The published ports beside those that the image listens on, and beside one another."),
    symptom=mark("“Connection reset” at a node's port"),
)

START_COMMAND = Spec(
    "plan.start_command",
    mark("NocoBase is started so that it installs and upgrades itself."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#first-start",
    severities=(PASS, WARN),
    remedy=mark("Start it with “yarn start --quickstart”, as the image does."),
    effect=mark("On an empty database a node answers 503 for ever."),
    evidence=mark("The command that a unit of systemd or PM2 starts."),
    symptom=mark("A new node answers 503 “APP_NOT_INSTALLED_ERROR”"),
)

RULES: tuple[Spec, ...] = (
    FOLLOWED,
    ROLLING_UPDATE,
    STARTUP_PROBE,
    SECRET_OBJECTS,
    SERVICE_LINKS,
    API_VERSIONS,
    INGRESS_LIMITS,
    INGRESS_PATHS,
    PORTS,
    START_COMMAND,
)
