"""How fast the import and the catalog are, against peers and a floor; see README.md."""
