"""WSGI entry of the site."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanglao.settings")
application = get_wsgi_application()

# What is loaded now stays for good: without this every full collection walks it again, and a page waits for it.
gc.collect()
gc.freeze()
