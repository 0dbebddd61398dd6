"""Recipes: how they are written, what their prompts are filled with, and the two everyone has."""
