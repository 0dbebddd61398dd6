"""The application as a browser sees it."""
