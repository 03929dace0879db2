"""Product pictures drawn with Pillow: a thing in front of hills, the same for the same name."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

#: Finished edge in pixels. Drawn at twice the size, which smooths the edges.
EDGE = 600
_SCALE = EDGE * 2 / 100

Colour = tuple[int, int, int]
Point = tuple[float, float]

PALETTE: dict[str, Colour] = {
    "moss": (96, 125, 74),
    "sand": (201, 172, 124),
    "slate": (84, 98, 115),
    "rust": (186, 87, 55),
    "lake": (54, 122, 150),
    "sun": (235, 176, 62),
}
_SKIES: tuple[Colour, ...] = ((232, 240, 240), (247, 238, 222), (230, 236, 246), (243, 232, 228))
INK: Colour = (38, 48, 50)


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """``colour`` moved towards ``other`` by ``share`` (0 to 1)."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws in units of a hundredth of the edge, with three shades of one colour."""

    draw: ImageDraw.ImageDraw
    main: Colour
    seed: bytes

    @property
    def dark(self) -> Colour:
        """The shade for shadows and soles."""
        return mix(self.main, INK, 0.45)

    @property
    def light(self) -> Colour:
        """The shade for highlights and linings."""
        return mix(self.main, (255, 255, 255), 0.45)

    def chance(self, position: int, *, low: float, high: float) -> float:
        """A number between ``low`` and ``high`` that depends only on the picture's name."""
        return low + (high - low) * self.seed[position] / 255

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled polygon."""
        self.draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=colour)

    def oval(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """A filled ellipse in a box."""
        self.draw.ellipse([left * _SCALE, top * _SCALE, right * _SCALE, bottom * _SCALE], fill=colour)

    def slab(self, left: float, top: float, right: float, bottom: float, colour: Colour, *, round_: float = 3) -> None:
        """A rectangle with round corners."""
        self.draw.rounded_rectangle(
            [left * _SCALE, top * _SCALE, right * _SCALE, bottom * _SCALE], radius=round_ * _SCALE, fill=colour
        )

    def line(self, points: Sequence[Point], colour: Colour, width: float = 1.2) -> None:
        """A line through points."""
        self.draw.line([(x * _SCALE, y * _SCALE) for x, y in points], fill=colour, width=round(width * _SCALE), joint="curve")

    def ring(self, left: float, top: float, right: float, bottom: float, colour: Colour, *, width: float) -> None:
        """An ellipse's outline."""
        self.draw.ellipse(
            [left * _SCALE, top * _SCALE, right * _SCALE, bottom * _SCALE], outline=colour, width=round(width * _SCALE)
        )


def _scene(pen: Pen) -> None:
    sky = _SKIES[pen.seed[0] % len(_SKIES)]
    pen.slab(0, 0, 100, 100, sky, round_=0)
    sun = pen.chance(1, low=14, high=80)
    pen.oval(sun, 12, sun + 13, 25, mix(sky, (242, 190, 90), 0.55))
    for position, (base, share) in enumerate([(58, 0.12), (68, 0.22)]):
        peak = pen.chance(2 + position, low=20, high=75)
        height = pen.chance(4 + position, low=16, high=26)
        colour = mix(sky, (70, 110, 112), share * 1.6)
        pen.shape([(-30, 80), (peak - 12, base - height + 6), (peak, base - height), (peak + 40, base), (130, 80)], colour)
    pen.slab(0, 76, 100, 100, mix(sky, (88, 112, 84), 0.5), round_=0)
    pen.oval(16, 79, 84, 87, mix(sky, (58, 80, 62), 0.62))


def _tent(pen: Pen) -> None:
    top = pen.chance(6, low=34, high=42)
    pen.shape([(12, 82), (46, top), (62, top + 3), (90, 82)], pen.main)
    pen.shape([(12, 82), (46, top), (40, 82)], pen.light)
    pen.shape([(28, 82), (45, top + 8), (52, 82)], pen.dark)
    pen.shape([(45, top + 8), (52, 82), (58, 82)], pen.light)
    pen.line([(46, top), (40, top - 5)], INK, 0.8)
    pen.line([(12, 82), (5, 84)], INK, 0.6)
    pen.line([(90, 82), (96, 84)], INK, 0.6)


def _sleeping_bag(pen: Pen) -> None:
    pen.slab(20, 60, 88, 82, pen.main, round_=11)
    for x in range(38, 84, 9):
        pen.line([(x, 60.5), (x - 2, 81.5)], pen.dark, 0.7)
    pen.oval(14, 56, 40, 84, pen.dark)
    pen.oval(18, 61, 37, 80, pen.light)
    pen.slab(20, 66, 34, 76, (250, 248, 242), round_=4)
    pen.line([(40, 66), (84, 66)], pen.light, 0.9)


def _mat(pen: Pen) -> None:
    pen.shape([(14, 80), (34, 62), (92, 66), (76, 86)], pen.main)
    for step in range(1, 6):
        share = step / 6
        pen.line([(14 + 62 * share, 80 + 6 * share), (34 + 58 * share, 62 + 4 * share)], pen.dark, 0.8)
    pen.oval(10, 56, 36, 82, pen.dark)
    for inset in (3, 6.5, 10):
        pen.ring(10 + inset, 56 + inset, 36 - inset, 82 - inset, pen.light, width=1)


def _stove(pen: Pen) -> None:
    pen.slab(36, 62, 66, 84, pen.main, round_=5)
    pen.slab(36, 69, 66, 76, pen.light, round_=0)
    pen.slab(48, 54, 54, 63, INK, round_=1)
    pen.slab(41, 49, 61, 54, (150, 156, 160), round_=2)
    pen.line([(41, 49), (32, 42)], INK, 1.2)
    pen.line([(61, 49), (70, 42)], INK, 1.2)
    for x, height in ((44, 7), (51, 11), (58, 7)):
        pen.shape([(x - 2.5, 48), (x, 48 - height), (x + 2.5, 48)], (240, 150, 60))
        pen.shape([(x - 1.3, 48), (x, 50 - height), (x + 1.3, 48)], (252, 214, 120))


def _pot(pen: Pen) -> None:
    pen.slab(28, 50, 70, 82, pen.main, round_=7)
    pen.slab(28, 50, 40, 82, pen.light, round_=7)
    pen.slab(25, 46, 73, 52, pen.dark, round_=2)
    pen.slab(46, 40, 52, 47, INK, round_=2)
    pen.ring(66, 54, 84, 74, pen.dark, width=2.4)
    pen.slab(52, 53, 68, 81, pen.main, round_=4)


def _lamp(pen: Pen) -> None:
    pen.oval(26, 34, 74, 86, (250, 232, 176))
    pen.ring(38, 24, 62, 46, INK, width=1.4)
    pen.slab(37, 38, 63, 45, pen.dark, round_=2)
    pen.slab(38, 45, 62, 74, (255, 246, 214), round_=4)
    pen.oval(44, 50, 56, 68, (247, 197, 86))
    pen.slab(35, 74, 65, 84, pen.main, round_=3)
    for x in (40, 50, 60):
        pen.line([(x, 45), (x, 74)], pen.dark, 0.9)


def _jacket(pen: Pen) -> None:
    pen.shape([(33, 38), (20, 48), (13, 76), (23, 79), (32, 58)], pen.dark)
    pen.shape([(67, 38), (80, 48), (87, 76), (77, 79), (68, 58)], pen.dark)
    pen.shape([(34, 36), (66, 36), (71, 50), (70, 85), (30, 85), (29, 50)], pen.main)
    pen.oval(37, 24, 63, 46, pen.dark)
    pen.oval(41, 29, 59, 45, pen.light)
    pen.line([(50, 44), (50, 85)], pen.light, 1.4)
    pen.line([(35, 66), (44, 70)], pen.dark, 1)
    pen.line([(65, 66), (56, 70)], pen.dark, 1)


def _pullover(pen: Pen) -> None:
    pen.shape([(34, 37), (21, 46), (14, 78), (24, 80), (33, 57)], pen.main)
    pen.shape([(66, 37), (79, 46), (86, 78), (76, 80), (67, 57)], pen.main)
    pen.shape([(36, 35), (64, 35), (70, 46), (69, 83), (31, 83), (30, 46)], pen.main)
    pen.oval(41, 29, 59, 41, pen.dark)
    pen.oval(43, 32, 57, 40, pen.light)
    for x in range(32, 68, 6):
        pen.shape([(x, 54), (x + 3, 49), (x + 6, 54), (x + 3, 59)], pen.light)
    pen.slab(31, 79, 69, 84, pen.dark, round_=1)
    pen.line([(33, 57), (34, 79)], pen.dark, 0.7)
    pen.line([(67, 57), (66, 79)], pen.dark, 0.7)


def _trousers(pen: Pen) -> None:
    pen.shape([(33, 30), (67, 30), (72, 85), (56, 85), (50, 50), (44, 85), (28, 85)], pen.main)
    pen.slab(32.5, 28, 67.5, 34, pen.dark, round_=1)
    pen.line([(50, 34), (50, 50)], pen.dark, 0.9)
    pen.line([(35, 38), (42, 42)], pen.dark, 0.9)
    pen.line([(65, 38), (58, 42)], pen.dark, 0.9)
    pen.slab(56, 54, 66, 64, pen.light, round_=1.5)
    pen.slab(56, 54, 66, 57, pen.dark, round_=1)


def _boot(pen: Pen) -> None:
    pen.shape([(34, 34), (56, 34), (57, 56), (78, 64), (84, 76), (32, 76)], pen.main)
    pen.slab(32, 31, 58, 39, pen.dark, round_=3)
    pen.shape([(66, 60), (78, 64), (84, 76), (66, 76)], pen.dark)
    pen.slab(29, 75, 87, 82, INK, round_=3)
    for x in range(32, 84, 8):
        pen.slab(x, 81, x + 5, 85, INK, round_=1)
    for y in (43, 49, 55):
        pen.line([(45, y), (57, y + 2)], (250, 246, 236), 1.3)


def _shoe(pen: Pen) -> None:
    pen.shape([(22, 58), (38, 56), (50, 60), (76, 68), (86, 78), (22, 78)], pen.main)
    pen.oval(22, 52, 42, 62, pen.dark)
    pen.shape([(70, 66), (76, 68), (86, 78), (68, 78)], pen.dark)
    pen.shape([(19, 76), (88, 77), (86, 84), (22, 84)], (250, 248, 242))
    pen.shape([(19, 80), (88, 81), (86, 85), (22, 85)], INK)
    for x in (46, 52, 58):
        pen.line([(x, 61 + (x - 46) * 0.25), (x - 5, 68)], (250, 246, 236), 1.3)


def _backpack(pen: Pen) -> None:
    pen.ring(42, 24, 58, 42, pen.dark, width=2)
    pen.slab(30, 34, 70, 85, pen.main, round_=9)
    pen.slab(28, 32, 72, 48, pen.dark, round_=7)
    pen.slab(36, 58, 64, 80, pen.light, round_=4)
    pen.line([(38, 63), (62, 63)], pen.dark, 1)
    pen.slab(24, 58, 31, 80, pen.dark, round_=3)
    pen.slab(69, 58, 76, 80, pen.dark, round_=3)
    for x in (41, 57):
        pen.slab(x, 42, x + 3, 56, INK, round_=1)


def _bottle(pen: Pen) -> None:
    pen.slab(44, 24, 56, 36, INK, round_=3)
    pen.slab(42, 34, 58, 42, pen.dark, round_=3)
    pen.slab(36, 39, 64, 85, pen.main, round_=8)
    pen.slab(39, 44, 44, 80, pen.light, round_=2)
    pen.shape([(46, 68), (52, 57), (56, 63), (58, 60), (62, 68)], (250, 248, 242))


def _pole(pen: Pen) -> None:
    for lean, x in ((-1, 38), (1, 62)):
        pen.line([(x, 24), (x + lean * 12, 84)], (160, 166, 170), 1.5)
        pen.line([(x, 24), (x + lean * 3, 39)], pen.dark, 4)
        pen.ring(x - 5, 34, x + 5, 48, INK, width=0.9)
        pen.oval(x + lean * 11 - 5, 78, x + lean * 11 + 5, 81, pen.main)
    pen.oval(40, 56, 60, 76, pen.main)
    pen.oval(43, 59, 57, 73, (250, 248, 242))
    pen.shape([(50, 60), (52.5, 66), (50, 67), (47.5, 66)], (186, 60, 50))
    pen.shape([(50, 72), (52.5, 66), (50, 65), (47.5, 66)], INK)


DRAWINGS: dict[str, Callable[[Pen], None]] = {
    "tent": _tent,
    "sleeping_bag": _sleeping_bag,
    "mat": _mat,
    "stove": _stove,
    "pot": _pot,
    "lamp": _lamp,
    "jacket": _jacket,
    "pullover": _pullover,
    "trousers": _trousers,
    "boot": _boot,
    "shoe": _shoe,
    "backpack": _backpack,
    "bottle": _bottle,
    "pole": _pole,
}


def draw_picture(path: Path, *, drawing: str, colour: str, name: str) -> None:
    """Write the JPEG for one thing; ``name`` decides the weather and the hills."""
    canvas = Image.new("RGB", (EDGE * 2, EDGE * 2))
    pen = Pen(ImageDraw.Draw(canvas), PALETTE[colour], hashlib.sha256(name.encode()).digest())
    _scene(pen)
    DRAWINGS[drawing](pen)
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas.reduce(2).save(path, quality=88)
