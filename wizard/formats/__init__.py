"""Text both ways, without opinion: env files, cluster files, sites of nginx and HAProxy."""
