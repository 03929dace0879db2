"""Is a picture nothing but a picture, once we have it?"""

from io import BytesIO

import pytest
from PIL import Image

from oscar_engage.desk.carry import picture as redrawing
from oscar_engage.desk.carry.filetype import Refusal, RefusedFileError, sniff
from oscar_engage.desk.carry.picture import redraw
from tests.desk.carry.contents import SECRET, picture

FORMATS = {"JPEG": "jpeg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}


@pytest.mark.attack("A16")
@pytest.mark.parametrize(("name", "frames"), [*((name, 1) for name in FORMATS), ("PNG", 3), ("WEBP", 3), ("GIF", 3)])
def test_redraw__place_camera_comments_and_what_follows_the_end__are_gone(name: str, frames: int) -> None:
    before = picture(name, frames=frames, secret=SECRET)

    after = redraw(before, FORMATS[name], name="x")

    assert SECRET in before
    assert SECRET not in after
    assert b"<script>" not in after
    with Image.open(BytesIO(after)) as drawn:
        assert (sniff(after), drawn.size, getattr(drawn, "n_frames", 1)) == (FORMATS[name], (60, 40), frames)
        assert not drawn.getexif()


@pytest.mark.parametrize("name", ["WEBP", "GIF", "PNG"])
def test_redraw__animation__keeps_its_pace(name: str) -> None:
    with Image.open(BytesIO(redraw(picture(name, frames=3), FORMATS[name], name="x"))) as drawn:
        drawn.load()
        assert drawn.info["duration"] == 120


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_redraw__turned_by_its_exif__is_upright_without_it(name: str) -> None:
    with Image.open(BytesIO(redraw(picture(name, turned=True), FORMATS[name], name="x"))) as drawn:
        assert drawn.size == (40, 60)


@pytest.mark.parametrize("name", FORMATS)
def test_redraw__cut_off__is_damaged(name: str) -> None:
    with pytest.raises(RefusedFileError) as refused:
        redraw(picture(name)[:40], FORMATS[name], name="x")

    assert refused.value.reason is Refusal.DAMAGED


def test_redraw__type_that_it_is_not__is_damaged() -> None:
    with pytest.raises(RefusedFileError):
        redraw(picture("PNG"), "jpeg", name="x")


@pytest.mark.parametrize(("size", "frames"), [((60, 40), 3), ((200, 100), 1)])
def test_redraw__more_pixels_than_a_photo_has__is_refused_before_it_is_unpacked(
    size: tuple[int, int], frames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redrawing, "MOST_PIXELS", 7_000)
    monkeypatch.setattr(redrawing, "MOST_ANIMATED", 7_000)

    with pytest.raises(RefusedFileError) as refused:
        redraw(picture("GIF", size=size, frames=frames), "gif", name="x")

    assert refused.value.reason is Refusal.PIXELS


def test_redraw__bomb_by_pillows_own_measure__is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)

    for size in ((15, 10), (60, 40)):  # what Pillow only warns of, and what it refuses itself
        with pytest.raises(RefusedFileError) as refused:
            redraw(picture("PNG", size=size), "png", name="x")
        assert refused.value.reason is Refusal.PIXELS


@pytest.mark.parametrize("name", ["GIF", "WEBP", "PNG"])
def test_redraw__more_frames_than_anybody_looks_at__is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redrawing, "MOST_FRAMES", 2)

    redraw(picture(name, frames=2), FORMATS[name], name="x")
    with pytest.raises(RefusedFileError) as refused:
        redraw(picture(name, frames=3), FORMATS[name], name="x")

    assert refused.value.reason is Refusal.PIXELS
