"""The balancer: would it take its configuration, does the one in use fit, and does it pass on what NocoBase needs."""
