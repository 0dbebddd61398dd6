"""Renditions: an approved picture in the sizes and formats that shops and marketplaces ask for."""
