"""Pages of NocoBase's documentation that findings link to."""

_SITE = "https://docs.nocobase.com"
PREPARATIONS = f"{_SITE}/cluster-mode/preparations"
SPLITTING = f"{_SITE}/cluster-mode/services-splitting"
OPERATIONS = f"{_SITE}/cluster-mode/operations"
KUBERNETES = f"{_SITE}/cluster-mode/kubernetes"
ENVIRONMENT = f"{_SITE}/get-started/installation/env"
