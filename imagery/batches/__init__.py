"""Image batches: files whose rows ask for images, and the manifest of what came of them."""
