"""Image sets: which pictures a SKU needs, how it stands with them, and how to get the rest."""
