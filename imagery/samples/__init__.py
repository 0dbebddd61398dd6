"""Product photos the project draws itself: for the demo, and with their true outlines for tests."""

from imagery.samples.canvas import Backdrop, Sample
from imagery.samples.products import SAMPLE_NAMES, draw_sample

__all__ = ["SAMPLE_NAMES", "Backdrop", "Sample", "draw_sample"]
