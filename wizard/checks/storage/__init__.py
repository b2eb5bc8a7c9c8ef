"""The shared folder, looked at on the machine that this program runs on."""
