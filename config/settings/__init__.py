"""Settings, by concern; every value comes from the environment and is checked at the start."""

from config.settings.environment import stop_on_wrong_value

with stop_on_wrong_value():
    from config.settings.admin import *
    from config.settings.application import *
    from config.settings.cache import *
    from config.settings.database import *
    from config.settings.limits import *
    from config.settings.logs import *
    from config.settings.mail import *
    from config.settings.paths import *
    from config.settings.providers import *
    from config.settings.queue import *
    from config.settings.security import *
    from config.settings.storage import *
