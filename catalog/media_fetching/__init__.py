"""Fetching the pictures that variants name, into the account's own private storage.

What is due stands on the assets themselves (`due_at`), however they came to be; one leased job an
account does the work, so that a hundred thousand pictures are one bell, and no two workers ever
ask for the same one.
"""
