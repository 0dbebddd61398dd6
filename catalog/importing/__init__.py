"""Catalog files on their way into the catalog: judged row by row, written set by set."""
