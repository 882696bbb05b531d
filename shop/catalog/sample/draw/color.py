"""The paints of the range, and how a paint looks in light and in shade."""

PAINTS = {
    "Kelp": "#566b3d",
    "Sea Glass": "#a5c9ba",
    "Deep Sea": "#23485a",
    "Sand": "#d9c09a",
    "Fog": "#b3bec1",
    "Rust": "#b45f38",
    "Ink": "#27343f",
    "Oat": "#e6dac2",
    "Chalk": "#f2ece0",
    "Natural": "#ece1c8",
    "Buoy Red": "#c2462f",
    "Signal Yellow": "#e3a92f",
    "Clay": "#b98c68",
    "Oak": "#c79a63",
    "Olive Wood": "#b9854a",
    "Walnut": "#75492d",
    "Beech": "#dcb583",
    "Leather": "#a9683a",
    "Hemp": "#c9a873",
    "Cotton": "#efe6d3",
    "Brass": "#c9993f",
    "Steel": "#aeb8bc",
    "Iron": "#343a3d",
    "Granite": "#8d9291",
    "Beeswax": "#e2ad4c",
}

# Light is warm and shade is cool everywhere, which is what makes the pictures one family.
LIGHT = "#fff8ea"
SHADE = "#0d2733"


def mix(first: str, second: str, share: float) -> str:
    """`first`, with `share` (0 to 1) of it replaced by `second`."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def lit(paint: str, share: float) -> str:
    return mix(paint, LIGHT, share)


def shaded(paint: str, share: float) -> str:
    return mix(paint, SHADE, share)


def _channels(paint: str) -> tuple[int, ...]:
    return tuple(int(paint[place : place + 2], 16) for place in (1, 3, 5))
