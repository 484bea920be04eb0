"""A page on which a person tries the model in use: it sends what any client would send."""

from __future__ import annotations

import json
from pathlib import Path

from ..reporting.templates import templates_in
from .deployed import Deployed


def page(model: Deployed, *, with_key: bool) -> str:
    """Return the page as HTML text."""
    template = templates_in(Path(__file__).parent).get_template("page.html")
    asked = model.requests.form()
    note = "Numbers begin with the middle of the training rows." if "fields" in asked else ""
    form = json.dumps(asked).replace("<", "\\u003c")  # it stands in a script
    return template.render(model=model, form=form, note=note, with_key=with_key)
