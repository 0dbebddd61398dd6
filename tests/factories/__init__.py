"""Makers of stored rows for tests, one module for each room."""
