"""Stock: locations, levels and their movements, the file that sets them, and reading them."""
