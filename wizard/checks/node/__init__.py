"""Every node of the plan, asked over HTTP as the balancer reaches it: does it answer, is it ready, which version."""
