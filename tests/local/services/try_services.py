"""Starts both services once and tells who owns the database's files and how often this was done.

python try_services.py DIRECTORY
"""

import os
import pwd
import sys
from pathlib import Path

import psycopg

from local.services.services import running

with running(Path(sys.argv[1]), durable=True) as services:
    with psycopg.connect(services.database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS starts (at timestamptz DEFAULT now())")
        connection.execute("INSERT INTO starts DEFAULT VALUES")
        [(starts,)] = connection.execute("SELECT count(*) FROM starts").fetchall()
        [(data,)] = connection.execute("SHOW data_directory").fetchall()
    owner = Path(data).stat().st_uid
    name = str(owner) if owner == os.geteuid() else pwd.getpwuid(owner).pw_name
    print(f"owner {name}, starts {starts}")  # noqa: T201
