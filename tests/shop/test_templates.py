"""Every template is there: one that another names and nobody has is found before a page asks it."""

import re

import pytest
from django.conf import settings
from django.template.loader import get_template

TEMPLATES = settings.BASE_DIR / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))
NAMED = re.compile(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")


@pytest.mark.parametrize("name", NAMES)
def test_what_a_template_names_is_there(name: str) -> None:
    source = (TEMPLATES / name).read_text()

    assert get_template(name)
    assert [part for part in NAMED.findall(source) if get_template(part) is None] == []
