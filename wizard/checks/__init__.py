"""What is true out there: a package for each component, and their registry."""
