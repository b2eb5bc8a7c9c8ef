"""How a Deployment of one node begins: with its container, to which a test says more."""

CRM = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: crm}
spec:
  template:
    spec:
      containers:
        - name: app
          image: nocobase/nocobase:2.1.0
"""
