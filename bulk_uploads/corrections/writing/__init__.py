"""Writing a correction file in the format the uploader's own file has."""
