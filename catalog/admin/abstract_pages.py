"""Pages that several models share, each with hooks of its own."""

from abc import ABCMeta

from django.forms import MediaDefiningClass


class AbstractPages(MediaDefiningClass, ABCMeta):
    """The metaclass of model admins whose abstract methods are held to: one that lacks a hook
    cannot be registered, so that the application does not start."""
