"""The commands of the README: how the nodes of this very plan are started, stopped, upgraded, added and removed."""
