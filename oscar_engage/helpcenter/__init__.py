"""Where do shoppers read for themselves? An app of its own: articles by topic, written in the dashboard, kept by Wagtail.

It joins itself to the shopper's pages, to the dashboard and to the sources of answers; nothing imports it, and without it all
else works.
"""
