"""The addresses: ``path("engage-api/", include("oscar_engage.api.urls"))``."""

from django.urls import path

from oscar_engage.api import conversations, others, schema

app_name = "engage_api"

urlpatterns = [
    path("v1/schema/", schema.show_schema, name="schema"),
    path("v1/conversations/", conversations.ConversationsView.as_view(), name="conversations"),
    path("v1/conversations/<slug:public_id>/", conversations.ConversationView.as_view(), name="conversation"),
    path("v1/conversations/<slug:public_id>/messages/", conversations.MessagesView.as_view(), name="messages"),
    path("v1/conversations/<slug:public_id>/close/", conversations.CloseView.as_view(), name="close"),
    path("v1/conversations/<slug:public_id>/assign/", conversations.AssignView.as_view(), name="assign"),
    path("v1/rules/", others.RulesView.as_view(), name="rules"),
    path("v1/offers/", others.OffersView.as_view(), name="offers"),
    path("v1/signals/", others.SignalsView.as_view(), name="signals"),
]
