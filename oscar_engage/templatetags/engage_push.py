"""Tags for our own templates: where the streams are that wake a conversation, if the shop pushes."""

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.modules import has_feature
from oscar_engage.templatetags.engage_scripts import engage_nonce

register = template.Library()

SCRIPT = "oscar_engage/dist/push.js"
SHARE_SCRIPT = "oscar_engage/dist/share.js"
VOICE_SCRIPT = "oscar_engage/dist/voices.js"
DESK_SCRIPT = "oscar_engage/dist/desk_push.js"


@register.simple_tag
def engage_push(conversation: Conversation) -> str:
    """Write the attributes by which a chat's script finds its stream; nothing where there is none, and none is needed."""
    push = get_settings().push
    if push is None or conversation.status == ConversationStatus.CLOSED:
        return ""
    return format_html(
        ' data-engage-push="{}" data-engage-push-id="{}" data-engage-push-script="{}"',
        push.url,
        conversation.public_id,
        static(SCRIPT),
    )


@register.simple_tag
def engage_share() -> str:
    """Write where the script is by which a shopper shares the page; nothing where the shop has it off."""
    return format_html(' data-engage-share="{}"', static(SHARE_SCRIPT)) if has_feature("shared_page") else ""


@register.simple_tag
def engage_voice() -> str:
    """Write where the script is by which a shopper talks; nothing where the shop has it off, which is the default."""
    return format_html(' data-engage-voice="{}"', static(VOICE_SCRIPT)) if has_feature("voices") else ""


@register.simple_tag(takes_context=True)
def engage_desk_push(context: Context) -> str:
    """Write the script by which the desk's pages are woken; nothing where the shop does not push."""
    push = get_settings().push
    if push is None:
        return ""
    tag = '<script{} src="{}" data-engage-push="{}" defer></script>'
    return format_html(tag, engage_nonce(context), static(DESK_SCRIPT), push.url)
