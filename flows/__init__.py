"""newsledger: articles in, a ledger of who reported what out."""

import os

# Prefect asks home for nothing unless the user says so.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
