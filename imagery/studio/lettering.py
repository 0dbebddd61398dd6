"""Words on pictures, in the font that comes with Pillow: broken into lines, and cut if too long."""

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def font_of(size: int) -> Font:
    return ImageFont.load_default(size)


def fitted_lines(text: str, font: Font, *, width: float, most: int) -> list[str]:
    """At most `most` lines no wider than `width` pixels; what is left out shows as an ellipsis."""
    lines: list[str] = []
    words = " ".join(text.split())[:500].split(" ")
    while words and len(lines) < most:
        line = _as_many_as_fit(words, font, width)
        lines.append(line)
    if words and lines:
        lines[-1] = _shortened(f"{lines[-1]} {words[0]}", font, width)
    return [line for line in lines if line]


def _as_many_as_fit(words: list[str], font: Font, width: float) -> str:
    """Takes the words it uses; a word too wide for a line is shortened."""
    line = words.pop(0)
    if font.getlength(line) > width:
        return _shortened(line, font, width)
    while words and font.getlength(f"{line} {words[0]}") <= width:
        line = f"{line} {words.pop(0)}"
    return line


def _shortened(text: str, font: Font, width: float) -> str:
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
