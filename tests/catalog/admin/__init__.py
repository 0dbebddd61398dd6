"""The admin pages of the catalog."""
