"""Every node looked at from inside: what its process was given, what it runs, and what it reaches from there."""
