"""newsledger: articles in, a ledger of who reported what out."""

import os

# Prefect asks home for nothing unless the user says so.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
# Prefect's own server takes 8 s to start and on a busy machine three times as long; Prefect gives up after 20.
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
