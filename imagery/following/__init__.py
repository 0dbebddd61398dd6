"""Following the catalog: what changes there is asked for again here, as far as pictures show it."""
