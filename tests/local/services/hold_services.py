"""Runs both services in a directory, tells where they are as JSON, and stays until it is ended.

    python hold_services.py DIRECTORY

It has no handler for any signal: what is left behind when it is ended is what the test looks at.
"""

import json
import sys
import time
from pathlib import Path

from local.services.services import running

with running(Path(sys.argv[1]), durable=True) as services:
    print(json.dumps([services.database_url, services.redis_url]), flush=True)  # noqa: T201
    time.sleep(300)
