"""What no single subject shows: clocks, the plan's database against the nodes', one session shown to all nodes."""
