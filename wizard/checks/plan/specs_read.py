"""The ids of the rules on how values and variables are read."""

from __future__ import annotations

from wizard.plan import docs
from wizard.plan.action import Area
from wizard.plan.i18n import mark
from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec

READABLE = Spec(
    "plan.value",
    mark("Every value can be read as its setting's kind."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#env-files",
    severities=(PASS, INFO, WARN, FAIL),
    remedy=mark("Correct the value where it is named; the finding says what was expected."),
    empty_field=True,
    speaks_for_all=True,
    evidence=mark("The text of each setting and of some further variables, as it stands in the source."),
)
REQUIRED = Spec(
    "plan.required",
    mark("Every setting that a cluster needs has a value."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#deployment",
    severities=(PASS, FAIL),
    remedy=mark("Fill in the setting that is named."),
    empty_field=True,
    note=mark("A cluster needs a value here."),
    evidence=mark("The settings that no cluster can do without."),
)
ENV_TEXT = Spec(
    "plan.env_text",
    mark("Every value survives the readers of env files."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#env-files",
    severities=(PASS, INFO, WARN, FAIL),
    remedy=mark("Choose a value of letters, digits and _ . / : @ % + = , - only; the wizard can generate one."),
    effect=mark("Nodes read another value than the one that was written."),
    evidence=mark(
        "Each value as it is written into an env file, and as Docker, Compose, systemd, shells and NocoBase read it."
    ),
    symptom=mark("A password is refused although it is right"),
)
SOURCES = Spec(
    "plan.sources",
    mark("Where several sources speak of one setting, they say the same."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#env-files",
    severities=(PASS, FAIL),
    remedy=mark("Let both places say the same, or leave out the source that does not count."),
    effect=mark("What runs is not what was checked."),
    evidence=mark("What each source that was given says of the same setting."),
)
UNKNOWN_VARIABLES = Spec(
    "plan.unknown_variables",
    mark("NocoBase is known to read every further variable."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#env-files",
    severities=(PASS, INFO, WARN, FAIL),
    remedy=mark("Correct the name if it is misspelt; a variable for another program may stay."),
    area=Area.ADVICE,
    evidence=mark("The names of further variables, against those in NocoBase's source."),
    symptom=mark("A variable that was set changes nothing"),
)
UNFILLED = Spec(
    "plan.unfilled",
    mark("No secret and no account holds what a sample or an exported file has in its place."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#env-files",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Write the value itself in the place of what stands there."),
    effect=mark("Nodes take what stands there for the value, and everybody knows it."),
    evidence=mark("Secrets and accounts, against the texts of samples and of exported files."),
    speaks_for_all=True,
)
EXPRESSIONS = Spec(
    "plan.expressions",
    mark("No value of the env file is an expression that Compose replaces and NocoBase does not."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#env-files",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Write the value itself in the place of each expression."),
    effect=mark("Nodes get the expression itself as the value."),
    evidence=mark("Values with “$” in the env file."),
)
UNREAD_VARIABLES = Spec(
    "plan.unread_variables",
    mark("No variable stands where NocoBase reads another one."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#variables-it-ignores",
    severities=(PASS, INFO, WARN, FAIL),
    remedy=mark("Write what it says into the variables that NocoBase reads."),
    effect=mark("NocoBase goes by its default instead."),
    evidence=mark("The names of further variables, against those that people believe in and NocoBase does not read."),
    symptom=mark("A variable that was set changes nothing"),
)
CLIENT_ADDRESSES = Spec(
    "plan.client_addresses",
    mark("The browser asks the address it came by."),
    docs.ENVIRONMENT,
    source="packages/core/cli/src/util.js",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Leave API_BASE_URL and WEBSOCKET_URL empty: the browser then asks the address it came by."),
    effect=mark("The browser asks an address that does not answer."),
    evidence=mark("API_BASE_URL and WEBSOCKET_URL beside the public address."),
    symptom=mark("“Reconnecting …” does not go away"),
)
UPLOADS = Spec(
    "plan.uploads",
    mark("Uploads and added plug-ins lie in the folder that all nodes share."),
    docs.PREPARATIONS,
    source="packages/core/cli/src/util.js",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Take LOCAL_STORAGE_DEST out: uploads then lie in the shared folder."),
    area=Area.DATA,
    effect=mark("A file or a plug-in that one node was given is missing on the others."),
    evidence=mark("Where uploads and added plug-ins are kept, beside the mounted folder."),
    symptom=mark("Uploaded files are there one time and missing the next"),
)
OVERRIDDEN = Spec(
    "plan.overridden",
    mark("No further variable takes the place of what the plan decides for a node or for all."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#env-files",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Take the variable out of the further ones (“extras”), and let its setting decide."),
    effect=mark("A node does something else than the plan says."),
    evidence=mark("Further variables for all nodes and for each."),
)
