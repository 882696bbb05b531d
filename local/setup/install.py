"""Brings `.venv` to what a set of requirements says: `python local/setup/install.py local|dev`.

Run by the system's Python before anything is installed, so it uses the standard library alone. What
was installed is noted in `.venv`, and a second run does nothing. `dev` includes `local`.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INCLUDED_IN = {"local": ("local", "dev"), "dev": ("dev",)}

ENVIRONMENT = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PYTHONPATH": ""}


def main(requirements: str) -> int:
    if any(is_installed(name) for name in INCLUDED_IN[requirements]):
        return 0
    if not works(PYTHON):
        make_venv()
    print(f"Installing requirements/{requirements}.txt into .venv (once; a minute or two) …")
    if install(requirements).returncode:
        print("\nNot everything could be installed; pip says above what is missing.")
        return 1
    note(requirements).write_text(digest(requirements))
    return 0


def is_installed(requirements: str) -> bool:
    """Whether these very requirements were installed into a `.venv` that still works."""
    noted = note(requirements)
    if not noted.exists() or noted.read_text() != digest(requirements):
        return False
    return works(PYTHON)


def works(python: Path) -> bool:
    """Whether it is there, runs, and is new enough."""
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    if not python.exists():
        return False
    return subprocess.run([python, "-c", check], stderr=subprocess.DEVNULL).returncode == 0


def make_venv() -> None:
    """Debian's Python makes one without pip unless another package is there; ours serves then."""
    print(f"Making .venv with Python {sys.version.split()[0]} …")
    shutil.rmtree(VENV, ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(VENV)]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode:
        subprocess.run([*command, "--clear", "--without-pip"], check=True)


def install(requirements: str) -> "subprocess.CompletedProcess[bytes]":
    pip = [str(PYTHON), "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True).returncode:
        pip = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    command = [*pip, "install", "--quiet", "--require-hashes", "--no-deps", "--no-compile"]
    command += ["-r", str(ROOT / "requirements" / f"{requirements}.txt")]
    return subprocess.run(command, env={**os.environ, **ENVIRONMENT}, cwd=ROOT)


def note(requirements: str) -> Path:
    return VENV / f"installed-{requirements}"


def digest(requirements: str) -> str:
    text = (ROOT / "requirements" / f"{requirements}.txt").read_bytes()
    return hashlib.sha256(text).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
