"""Flask extensions, made bare. `webapp.app` ties them to an application. Imports nothing of ours."""

from __future__ import annotations

from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import Security
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf import CSRFProtect

babel = Babel()
compress = Compress()
csrf = CSRFProtect()
db = SQLAlchemy(session_options={"expire_on_commit": False})
limiter = Limiter(key_func=get_remote_address)
security = Security()
