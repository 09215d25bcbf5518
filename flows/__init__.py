"""newsledger: articles in, a ledger of who reported what out."""

import os

# Prefect asks home for nothing unless the user says so.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
# Polars' allocator gives freed memory back after half a second by default and faults it in again: up to a third of the
# time of extraction. Ten seconds, longer than a batch, cost a tenth more memory. It is read when Polars is imported.
os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:10000")
