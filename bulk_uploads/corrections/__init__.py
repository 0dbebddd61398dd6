"""Correction files, retries and fixes: later uploads that settle rows which an earlier one left."""
