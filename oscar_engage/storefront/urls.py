"""The shopper's addresses: ``path("engage/", include("oscar_engage.storefront.urls"))``."""

from django.urls import path

from oscar_engage.storefront import (
    views,
    views_act,
    views_basket,
    views_conversation,
    views_files,
    views_instead,
    views_mail,
    views_rating,
    views_transcript,
)
from oscar_engage.storefront.beat_view import beat

app_name = "engage"
urlpatterns = [
    path("beat/", beat, name="beat"),
    path("help/", views.help_page, name="help"),
    path("note/new/", views.note_new, name="note-new"),
    path("note/", views.note_create, name="note"),
    path("note/<slug:public_id>/", views_conversation.conversation, name="note-detail"),
    path("chat/new/", views.chat_new, name="chat-new"),
    path("chat/", views.chat_create, name="chat"),
    path("chat/<slug:public_id>/", views_conversation.conversation, name="chat-detail"),
    path("chat/<slug:public_id>/messages/", views_conversation.post, name="chat-messages"),
    path("chat/<slug:public_id>/events/", views_conversation.events, name="chat-events"),
    path("chat/<slug:public_id>/close/", views_conversation.close_conversation, name="chat-close"),
    path("chat/<slug:public_id>/message/", views_instead.leave_message, name="chat-instead"),
    path("chat/<slug:public_id>/rating/", views_rating.rate_own, name="chat-rating"),
    path("chat/<slug:public_id>/acts/<slug:proposal_id>/", views_act.answer_act, name="act"),
    path("files/<slug:public_id>/", views_files.attachment, name="attachment"),
    path("chat/<slug:public_id>/transcript/", views_transcript.transcript, name="chat-transcript"),
    path("questions/", views_conversation.questions, name="questions"),
    path("basket/", views_basket.kept_basket, name="basket"),
    path("basket/restore/", views_basket.restore_basket, name="basket-restore"),
    path("basket/left/", views_mail.left_basket, name="left-basket"),
    path("mails/", views_mail.mails, name="mails"),
    path("mails/confirm/", views_mail.confirm_mails, name="mails-confirm"),
    path("mails/stop/", views_mail.stop_mails, name="unsubscribe"),
    path("answer/", views_conversation.answer, name="answer"),
    path("answer/rating/", views_rating.rate_linked, name="answer-rating"),
]
