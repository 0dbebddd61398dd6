"""How values are written where a page says nothing of its own: see FORMAT_MODULE_PATH."""
