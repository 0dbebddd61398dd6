"""Template filters of the bulk uploads pages."""
