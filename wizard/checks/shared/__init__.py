"""Judgements that several components word alike: the health check's answer, and why a certificate is not believed."""
