"""The shopper's addresses: ``path("engage/", include("oscar_engage.storefront.urls"))``."""

from django.urls import path

from oscar_engage.modules import guarded
from oscar_engage.storefront import (
    views,
    views_act,
    views_automatic,
    views_away,
    views_basket,
    views_call,
    views_conversation,
    views_files,
    views_instead,
    views_kept,
    views_live,
    views_mail,
    views_outside,
    views_questions,
    views_rating,
    views_segment,
    views_sharing,
    views_survey,
    views_transcript,
    views_voucher,
    views_why,
)
from oscar_engage.storefront.beat_view import beat
from oscar_engage.storefront.field_help import field_help
from oscar_engage.storefront.in_time import in_time
from oscar_engage.storefront.joined import joined_patterns
from oscar_engage.storefront.views_sharing import PAGE
from oscar_engage.storefront.views_voices import VOICE

app_name = "engage"
_PAGE, _VOICE = {"live": PAGE}, {"live": VOICE}
_patterns = [
    path("beat/", beat, name="beat"),
    path("fields/<slug:language>/", field_help, name="field-help"),
    path("help/", views.help_page, name="help"),
    path("note/new/", views.note_new, name="note-new"),
    path("note/", views.note_create, name="note"),
    path("suggest/", views_automatic.suggest, name="suggest"),
    path("suggest/helped/", views_automatic.self_served, name="self-served"),
    path("note/<slug:public_id>/automatic/", views_automatic.settle, name="note-automatic"),
    path("note/<slug:public_id>/", views_conversation.conversation, name="note-detail"),
    path("note/<slug:public_id>/put-away/", views_away.put_answer_away, name="note-put-away"),
    path("chat/new/", views.chat_new, name="chat-new"),
    path("chat/", views.chat_create, name="chat"),
    path("chat/<slug:public_id>/", views_conversation.conversation, name="chat-detail"),
    path("chat/<slug:public_id>/messages/", views_conversation.post, name="chat-messages"),
    path("chat/<slug:public_id>/events/", views_conversation.events, name="chat-events"),
    path("chat/<slug:public_id>/close/", views_conversation.close_conversation, name="chat-close"),
    path("chat/<slug:public_id>/message/", views_instead.leave_message, name="chat-instead"),
    path("chat/<slug:public_id>/rating/", views_rating.rate_own, name="chat-rating"),
    path("chat/<slug:public_id>/acts/<slug:proposal_id>/", views_act.answer_act, name="act"),
    path("chat/<slug:public_id>/live/", views_live.begin_live, _PAGE, name="live-new"),
    path("chat/<slug:public_id>/voice/", views_live.begin_live, _VOICE, name="voice-new"),
    path("voice/<slug:live_id>/", views_live.show_live, _VOICE, name="voice"),
    path("voice/<slug:live_id>/answer/", views_live.answer_live, _VOICE, name="voice-answer"),
    path("voice/<slug:live_id>/talk/", views_live.talk, _VOICE, name="voice-talk"),
    path("voice/<slug:live_id>/end/", views_live.end_live, _VOICE, name="voice-end"),
    path("live/code/", views_sharing.live_code, name="live-code"),
    path("live/<slug:live_id>/", views_live.show_live, _PAGE, name="live"),
    path("live/<slug:live_id>/answer/", views_live.answer_live, _PAGE, name="live-answer"),
    path("live/<slug:live_id>/talk/", views_live.talk, _PAGE, name="live-talk"),
    path("live/<slug:live_id>/end/", views_live.end_live, _PAGE, name="live-end"),
    path("files/<slug:public_id>/", views_files.attachment, name="attachment"),
    path("chat/<slug:public_id>/transcript/", views_transcript.transcript, name="chat-transcript"),
    path("call/new/", views_call.call_new, name="call-new"),
    path("call/cancel/", views_call.call_cancel, name="call-cancel"),
    path("call/confirm/", views_call.call_confirm, name="call-confirm"),
    path("call/", views_call.call_create, name="call"),
    path("call/<slug:public_id>/", views_conversation.conversation, name="call-detail"),
    path("call/<slug:public_id>/cancel/", views_call.call_cancel_own, name="call-cancel-own"),
    path("survey/<uuid:decision_id>/", views_survey.survey, name="survey"),
    path("why/<uuid:decision_id>/", views_why.why, name="why"),
    path("questions/", views_questions.questions, name="questions"),
    path("questions/find/", views_questions.find, name="find"),
    path("questions/found/", views_questions.found, name="found"),
    path("voucher/", views_voucher.own_voucher, name="own-voucher"),
    path("basket/", views_basket.kept_basket, name="basket"),
    path("basket/restore/", views_basket.restore_basket, name="basket-restore"),
    path("basket/left/", views_mail.left_basket, name="left-basket"),
    path("kept/", views_kept.kept, name="kept"),
    path("segments/", views_segment.segments, name="segments"),
    path("mails/", views_mail.mails, name="mails"),
    path("mails/confirm/", views_mail.confirm_mails, name="mails-confirm"),
    path("mails/stop/", views_mail.stop_mails, name="unsubscribe"),
    path("answer/", views_conversation.answer, name="answer"),
    path("outside/", views_outside.outside_desk, name="outside-desk"),
    path("answer/rating/", views_rating.rate_linked, name="answer-rating"),
    *joined_patterns(),
]
urlpatterns = guarded("addresses", in_time(_patterns))
