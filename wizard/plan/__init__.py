"""What a cluster is: sections, settings, secret references, and the rules that need no network."""
