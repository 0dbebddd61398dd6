"""Taking an upload from its file to its end, in slices that any worker can resume."""
