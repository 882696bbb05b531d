"""Where a sentence says "write to us", it is a way to do so. # S-9"""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.template import Context, Template
from django.test import Client
from django.utils.safestring import mark_safe

from shop.settings import BASE_DIR
from shop.templatetags.contact import contact_link, unlinked

SAYS_SO = re.compile("write to us", re.IGNORECASE)
# The words of the link itself or of a heading, what has an address beside it, and what is told of.
NO_INVITATION = {
    "Write to us",
    "Write to us here",
    (
        "Questions, or something not right? Write to us at"
        ' <a href="mailto:%(support_email)s">%(support_email)s</a>.'
    ),
    (
        "Where you ask to be told when a thing is back, we keep your e-mail address for that; what"
        " you write to us by the form, too."
    ),
}


def test_what_is_marked_leads_to_the_form_and_all_else_is_escaped() -> None:
    sentence = "<b> & Co? <contact>Write to us</contact>."

    assert contact_link(sentence) == '&lt;b&gt; &amp; Co? <a href="/contact/">Write to us</a>.'
    assert unlinked(sentence) == "<b> & Co? Write to us."


def test_what_is_safe_already_stays_as_it_is() -> None:
    shown = contact_link(mark_safe("<b>New:</b> <contact>write</contact>, &lt;contact&gt;"))

    assert shown == '<b>New:</b> <a href="/contact/">write</a>, &lt;contact&gt;'


def test_a_sentence_of_a_template_is_linked_too() -> None:
    template = Template(
        "{% load contact i18n %}{% filter contact_link %}{% blocktranslate %}"
        "{{ what }} broken? <contact>Write to us</contact>.{% endblocktranslate %}{% endfilter %}"
    )

    shown = template.render(Context({"what": "<Cup>"}))

    assert shown == '&lt;Cup&gt; broken? <a href="/contact/">Write to us</a>.'


def test_every_sentence_that_says_so_is_marked_in_every_language() -> None:
    for path in Path(BASE_DIR, "locale").glob("*/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            said = [message for message in read_po(file) if message.id]
        ids = [(one.id if isinstance(one.id, str) else one.id[0], one.string) for one in said]
        unmarked = [each for each, _ in ids if SAYS_SO.search(each) and "<contact>" not in each]

        assert set(unmarked) == NO_INVITATION, path
        assert all(
            unlinked(translation) != translation for each, translation in ids if "<contact>" in each
        ), path


@pytest.mark.django_db
def test_an_error_page_has_one_way_to_write(client: Client) -> None:
    """Beside the footer, which every page has."""
    answer = client.get("/no/such/page/")
    html = answer.content.decode()

    main = html[html.index("<main") : html.index("</main>")]
    assert answer.status_code == 404
    assert re.findall(r'<a href="([^"]*contact[^"]*)"', main) == ["/contact/"]
