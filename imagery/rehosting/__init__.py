"""Bringing home what providers delivered: fetched, marked, stored, and rescued where late."""
