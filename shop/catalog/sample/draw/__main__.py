"""`python -m shop.catalog.sample.draw`: draw what has changed since the last time."""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from shop.catalog.sample.draw import brand
from shop.catalog.sample.draw.pictures import Picture, pictures
from shop.catalog.sample.draw.renditions import (
    FORMATS,
    TooHeavy,
    digest,
    file_name,
    rasterize,
    render,
    size_at,
    write,
)
from shop.catalog.sample.draw.sheet import Sheet

STATIC = Path(__file__).resolve().parents[2] / "static"
PICTURES = STATIC / "pictures"
BRAND = STATIC / "brand"
MANIFEST = PICTURES / "manifest.json"

Manifest = dict[str, dict[str, Any]]


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    BRAND.mkdir(parents=True, exist_ok=True)
    _draw_brand()
    wanted = pictures()
    manifest: Manifest = json.loads(MANIFEST.read_text()) if MANIFEST.exists() else {}
    changed = [picture for picture in wanted.values() if not _is_drawn(picture, manifest)]
    for count, picture in enumerate(_drawn(changed, manifest, wanted), start=1):
        weight = _weight(picture) / 1000
        print(f"{count:>3}/{len(changed)}  {picture.name:<34}{weight:>6.0f} kB", flush=True)
    _write_manifest(manifest, wanted)
    _remove_strangers(wanted)
    total = sum(file.stat().st_size for file in PICTURES.iterdir())
    print(f"{len(wanted)} pictures, {len(changed)} drawn anew, {total / 2**20:.2f} MiB.")
    if missing := sorted(wanted.keys() - manifest.keys()):
        sys.exit(f"Not drawn: {', '.join(missing)}.")


def _drawn(
    changed: list[Picture], manifest: Manifest, wanted: dict[str, Picture]
) -> Iterator[Picture]:
    """Draw on all cores, and note each picture as soon as its files lie there."""
    with ProcessPoolExecutor() as pool:
        running = {pool.submit(_draw, picture.name): picture for picture in changed}
        for done in as_completed(running):
            picture = running[done]
            try:
                manifest[picture.name] = done.result()
            except TooHeavy as heavy:
                manifest.pop(picture.name, None)
                print(heavy)
                continue
            _write_manifest(manifest, wanted)
            yield picture


def _draw(name: str) -> dict[str, Any]:
    """Runs in a process of its own: a name travels there, a drawing does not."""
    picture = pictures()[name]
    write(PICTURES, render(picture))
    width, height = size_at(picture, picture.widths[-1])
    return {
        "width": width,
        "height": height,
        "widths": list(picture.widths),
        "drawing": digest(picture),
    }


def _is_drawn(picture: Picture, manifest: Manifest) -> bool:
    same = manifest.get(picture.name, {}).get("drawing") == digest(picture)
    return same and all((PICTURES / name).exists() for name in _files(picture))


def _files(picture: Picture) -> list[str]:
    return [
        file_name(picture.name, width, suffix) for width in picture.widths for suffix in FORMATS
    ]


def _weight(picture: Picture) -> int:
    return sum((PICTURES / file).stat().st_size for file in _files(picture))


def _write_manifest(manifest: Manifest, wanted: dict[str, Picture]) -> None:
    names = sorted(manifest.keys() & wanted.keys())
    lines = [f"  {json.dumps(name)}: {json.dumps(manifest[name])}" for name in names]
    MANIFEST.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def _remove_strangers(wanted: dict[str, Picture]) -> None:
    """Files of pictures that are drawn no more."""
    known = {name for picture in wanted.values() for name in _files(picture)}
    for file in sorted(PICTURES.iterdir()):
        if file.name not in known and file != MANIFEST:
            file.unlink()
            print(f"removed {file.name}")


def _draw_brand() -> None:
    (BRAND / "mark.svg").write_text(brand.mark())
    (BRAND / "favicon.svg").write_text(brand.icon(corner=14) + "\n")
    small = rasterize(brand.icon(corner=14), 256)
    small.save(BRAND / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])
    touch = rasterize(brand.icon(corner=0), 180).convert("RGB")
    touch.save(BRAND / "apple-touch-icon.png", optimize=True)
    sheet = Sheet(1200, 630)
    brand.share(sheet)
    shared = rasterize(sheet.svg(), 1200).convert("RGB")
    shared.save(BRAND / "share.jpg", quality=82, optimize=True, progressive=True)


if __name__ == "__main__":
    main()
