"""Taking a catalog upload back: what nobody has touched since, and a reason for all the rest."""
