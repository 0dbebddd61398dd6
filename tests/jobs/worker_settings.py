"""The application's settings with the sample room added, for worker processes of tests."""

from config.settings import *
from config.settings import INSTALLED_APPS

INSTALLED_APPS += ["tests.jobs.sample_room.SampleRoomConfig"]
