"""Puts values that depend on the time or on an earlier answer in the place of generated ones, where the generated request is valid."""

from datetime import datetime, timedelta, timezone
from uuid import uuid4

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    if not case.meta.generation.mode.is_positive:
        return
    # A cursor is one that the page before has answered.
    if case.query:
        case.query.pop("cursor", None)
    # A new upload has a new key.
    if case.headers and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid4())
    # A link ends within the bounds of the stack, counted from now, and begins before it ends.
    if isinstance(case.body, dict):
        now = datetime.now(timezone.utc)
        for field, minutes in (("expires", 60), ("notBefore", -60)):
            if field in case.body:
                case.body[field] = (now + timedelta(minutes=minutes)).isoformat()
