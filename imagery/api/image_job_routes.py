"""The one router of image jobs: django-ninja joins the methods of a path only within a router."""

from ninja import Router

from imagery.api.access import READING

router = Router(auth=READING)
