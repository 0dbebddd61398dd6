"""The admin pages of bulk uploads."""
