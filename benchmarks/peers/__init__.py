"""What is measured: each module here is one task that runs in a process of its own."""
