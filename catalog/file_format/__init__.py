"""The catalog file format: what its headers and cells mean, apart from any database."""
