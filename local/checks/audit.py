"""`make audit`: known weaknesses of the packages that the lock files name.

Exits 0 where none is known, 1 where one is, and 2 where nobody could be asked about some of them:
what was not looked at is no good news.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from local.services.processes import ROOT

LOCKED = ["requirements/production.txt", "requirements/dev.txt"]


def main() -> int:
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    command += ["--disable-pip", "--require-hashes"]
    for path in LOCKED:
        command += ["--requirement", path]
    done = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    sentences, code = verdict(done.stdout, done.stderr)
    print("\n".join(sentences))
    return code


def verdict(answer: str, complaint: str) -> tuple[list[str], int]:
    """What there is to say of pip-audit's JSON, and the exit code.

    Without JSON the source did not answer, and the last line of `complaint` says why.
    """
    try:
        packages = json.loads(answer)["dependencies"]
    except ValueError:
        why = (complaint.strip().splitlines() or ["it said nothing"])[-1]
        return [f"Nothing was audited: the list of known weaknesses cannot be reached ({why})."], 2
    weak = [sentence for package in packages for sentence in weaknesses(package)]
    unknown = sorted({package["name"] for package in packages if "skip_reason" in package})
    looked_at = len({package["name"] for package in packages}) - len(unknown)
    if not looked_at:
        return ["Nothing was audited: the list of known weaknesses cannot be reached from here."], 2
    sentences = [*weak, f"{looked_at} packages audited, {len(weak)} known weaknesses."]
    if unknown:
        sentences.append(f"Nothing could be learned about {', '.join(unknown)}.")
    return sentences, 1 if weak else 2 if unknown else 0


def weaknesses(package: dict[str, Any]) -> list[str]:
    return [
        f"{package['name']} {package['version']}: {known['id']}, mended in "
        f"{', '.join(known['fix_versions']) or 'no version yet'}"
        for known in package.get("vulns", [])
    ]


if __name__ == "__main__":
    sys.exit(main())
