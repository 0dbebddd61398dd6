"""The engine that takes an upload from its file to its end, in slices that any worker can resume."""
