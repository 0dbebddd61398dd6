"""The one write path: every write to a product or variant, from file, admin or API, goes through
here, is logged as a change, and stamps the object with it."""
