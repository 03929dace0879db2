"""Files of each type, as people send them; with what stands in them beside the picture."""

from io import BytesIO
from typing import Any

from PIL import Image, PngImagePlugin

SECRET = b"SECRETPLACE"
PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def picture(
    kind: str, *, size: tuple[int, int] = (60, 40), frames: int = 1, secret: bytes = b"", turned: bool = False
) -> bytes:
    """Return a small picture; with ``secret`` in every place that its format has, and after its end."""
    drawn = [Image.new("RGB", size, (20 * number, 90, 200)) for number in range(frames)]
    options: dict[str, Any] = {"save_all": True, "append_images": drawn[1:], "duration": 120} if frames > 1 else {}
    if secret or turned:
        exif = Image.Exif()
        exif[0x0112] = 6 if turned else 1
        exif[0x010E] = secret.decode()
        if kind != "GIF":
            options["exif"] = exif
    if secret and kind == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", secret.decode())
        words.add_itxt("XML:com.adobe.xmp", secret.decode())
        options["pnginfo"] = words
    elif secret:
        options |= {"JPEG": {"comment": secret, "xmp": secret}, "WEBP": {"xmp": secret}, "GIF": {"comment": secret}}[kind]
    written = BytesIO()
    drawn[0].save(written, kind, **options)
    return written.getvalue() + (b"<script>" + secret if secret else b"")
