"""Tests of leased work."""
