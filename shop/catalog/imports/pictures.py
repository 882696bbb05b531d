"""Which renditions of a picture the shop carries, as its manifest says."""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).resolve().parents[1] / "static" / "pictures" / "manifest.json"
OWN = "pictures/"


class Renditions:
    """The pictures that are drawn and cut to size: `pictures/<name>-<width>.<format>`."""

    @cached_property
    def _manifest(self) -> dict[str, dict[str, Any]]:
        if not MANIFEST.exists():
            return {}
        found: dict[str, dict[str, Any]] = json.loads(MANIFEST.read_text(encoding="utf-8"))
        return found

    def of(self, source: str) -> dict[str, Any]:
        """What an Image row keeps of its renditions; empty values for a foreign picture."""
        name = source.removeprefix(OWN) if source.startswith(OWN) else ""
        entry = self._manifest.get(name)
        if entry is None:
            return {"name": "", "width": 0, "height": 0, "widths": []}
        sizes = {key: entry[key] for key in ("width", "height", "widths")}
        return {"name": name, **sizes}
