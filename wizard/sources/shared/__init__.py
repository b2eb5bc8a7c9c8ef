"""What several kinds of sources share; the registry loads none of it."""
