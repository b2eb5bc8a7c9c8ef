"""The right to the commercial plug-ins: by an account, asked at the package service, or by a licence key."""
