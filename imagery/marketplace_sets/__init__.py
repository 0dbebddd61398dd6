"""Marketplace sets: a channel's pictures of many SKUs, as one archive with names it understands."""
