"""Tests of settings, assembly and the command that runs everything."""
