"""What is true out there: one place a component, with probe and judge; and the runner that owns their time."""
