"""Deciding about generated images: one at a time wins, everything is written down.

Nothing is public before it was approved here; an approval holds for the bytes that were seen.
"""
