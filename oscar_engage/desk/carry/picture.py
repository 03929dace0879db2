"""What is in a picture beside the picture? Nothing, afterwards: it is drawn anew, without place, camera or hidden pages."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

from oscar_engage.desk.carry.filetype import Refusal, RefusedFileError

MOST_PIXELS = 30_000_000
"""Pixels of a picture: a phone's photo of 24 megapixels passes, what unpacks to gigabytes does not."""

MOST_ANIMATED = 4_000_000
"""Pixels of all frames of a moving picture together, each of which takes twenty to fifty times as long."""

MOST_FRAMES = 300

_FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
_QUALITY = 90
_NEEDED = frozenset({"transparency", "background", "duration", "loop"})


def redraw(content: bytes, kind: str, *, name: str) -> bytes:
    """Return the picture anew: turned upright, its colour profile kept, all else that stood in the file gone.

    Raises :class:`RefusedFileError` for what cannot be read to its end, or is more than a process should draw.
    """
    try:
        with Image.open(BytesIO(content), formats=[_FORMATS[kind]]) as picture:
            frames = _count_frames(picture, kind)
            drawn = _save(picture, kind, is_animated=frames > 1) if _is_bearable(picture, frames) else None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        drawn = None
    except Exception as error:
        raise RefusedFileError(Refusal.DAMAGED, name) from error  # Pillow's readers raise whatever a damaged file makes them
    if drawn is None:
        raise RefusedFileError(Refusal.PIXELS, name)
    return drawn


def _count_frames(picture: Any, kind: str) -> int:
    """Return how many frames there are, without walking through more of a GIF than :data:`MOST_FRAMES`."""
    if kind == "jpeg":  # of several pictures in one, the first
        return 1
    if kind == "gif":
        try:
            picture.seek(MOST_FRAMES)
        except EOFError:
            picture.seek(0)
        else:
            return MOST_FRAMES + 1
    return int(getattr(picture, "n_frames", 1))


def _is_bearable(picture: Image.Image, frames: int) -> bool:
    most = MOST_PIXELS if frames == 1 else MOST_ANIMATED
    return frames <= MOST_FRAMES and picture.width * picture.height * frames <= most


def _save(picture: Any, kind: str, *, is_animated: bool) -> bytes:
    picture.load()  # how long the first frame stands is known only now
    written = BytesIO()
    options: dict[str, Any] = {"quality": _QUALITY} if kind in {"jpeg", "webp"} else {}
    if kind == "gif":
        options["comment"] = b""
    elif picture.info.get("icc_profile"):
        options["icc_profile"] = picture.info["icc_profile"]
    if is_animated:
        options |= {name: picture.info[name] for name in ("duration", "loop") if name in picture.info} | {"save_all": True}
    else:
        picture = ImageOps.exif_transpose(picture)
    picture.info = {name: value for name, value in picture.info.items() if name in _NEEDED}
    picture.save(written, format=_FORMATS[kind], exif=b"", **options)
    return written.getvalue()
