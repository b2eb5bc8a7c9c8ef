"""What probes of several components share: HTTP, trust, certificates, clocks, and the clean-up of what a probe made."""
