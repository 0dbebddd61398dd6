"""Planning: from SKUs and a recipe to jobs and wants, before anything is asked of a provider."""
