"""Faults: workers killed, frozen, raced and starved, and what must be true all the same."""
