"""Other shop systems' catalog files, recognised by their header and read without being asked."""

from catalog.layouts.base import LayoutContext
from catalog.layouts.recognition import recognise

__all__ = ["LayoutContext", "recognise"]
