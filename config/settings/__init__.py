"""Settings, by concern; every value comes from the environment and is checked at the start."""

import django_stubs_ext

from config.settings.environment import stop_on_wrong_value

# Lets `ModelAdmin[Product]` and the like be written where Django itself cannot be subscripted.
django_stubs_ext.monkeypatch()

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
