"""Incoming hooks: a shop or PIM announces products, signed, and their pictures are made."""
