"""Face two: the window. Qt lives here alone."""
