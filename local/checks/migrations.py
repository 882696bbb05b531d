"""Refuses migrations that would break the release that is still running while they are applied.

A first migration makes new tables, which nobody uses yet, so it is not looked at.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
django.setup()  # before the linter, which reads the settings

from django_migration_linter.migration_linter import MigrationLinter  # noqa: E402

from local.services.processes import ROOT  # noqa: E402

# Looked at by hand. 0002_richer_catalog: the unique rules are weaker than those they replace, so
# the release that still runs cannot break them, and the tables it locks for them are small.
LOOKED_AT = ["0002_richer_catalog"]


def main() -> int:
    ours = [app.label for app in apps.get_app_configs() if is_ours(Path(app.path))]
    linter = MigrationLinter(
        str(ROOT),
        include_apps=ours,
        ignore_name=LOOKED_AT,
        no_cache=True,
        ignore_initial_migrations=True,
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return 1 if linter.has_errors else 0


def is_ours(app: Path) -> bool:
    return app.is_relative_to(ROOT) and "site-packages" not in app.parts


if __name__ == "__main__":
    sys.exit(main())
