"""The stock template: what stands where a picture is missing, and says so. Never a delivery."""

from typing import Final

from PIL import Image, ImageDraw

from imagery.studio.lettering import fitted_lines, font_of

SIDE: Final = 1200
_PAPER: Final = (240, 240, 236)
_FRAME: Final = (206, 206, 200)
_INK: Final = (62, 64, 68)
_FAINT: Final = (132, 134, 138)
_OVERSAMPLING: Final = 2


def placeholder(*, sku: str, title: str, side: int = SIDE) -> Image.Image:
    """RGB, `side` pixels square: a drawn picture frame, "No picture yet", the title and the SKU."""
    large = side * _OVERSAMPLING
    image = Image.new("RGB", (large, large), _PAPER)
    draw = ImageDraw.Draw(image)
    _draw_frame(draw, large)
    small, middle = font_of(round(0.03 * large)), font_of(round(0.044 * large))
    centre = large / 2
    draw.text((centre, 0.635 * large), "NO PICTURE YET", font=small, fill=_FAINT, anchor="mm")
    y = 0.71 * large
    for line in fitted_lines(title, middle, width=0.8 * large, most=2):
        draw.text((centre, y), line, font=middle, fill=_INK, anchor="mm")
        y += 0.058 * large
    for line in fitted_lines(sku, small, width=0.8 * large, most=1):
        draw.text((centre, y + 0.008 * large), line, font=small, fill=_FAINT, anchor="mm")
    return image.resize((side, side), Image.Resampling.LANCZOS)


def _draw_frame(draw: ImageDraw.ImageDraw, side: int) -> None:
    def place(*shares: float) -> list[float]:
        return [share * side for share in shares]

    line = round(0.009 * side)
    edge = 0.035
    draw.rounded_rectangle(
        place(edge, edge, 1 - edge, 1 - edge), radius=0.02 * side, outline=_FRAME, width=line // 3
    )
    draw.rounded_rectangle(
        place(0.34, 0.25, 0.66, 0.56), radius=0.025 * side, outline=_FRAME, width=line
    )
    draw.ellipse(place(0.405, 0.31, 0.465, 0.37), fill=_FRAME)
    draw.polygon(
        place(0.372, 0.53, 0.452, 0.425, 0.497, 0.475, 0.56, 0.385, 0.628, 0.53), fill=_FRAME
    )
