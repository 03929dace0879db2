"""Where are articles written? The help centre's pages in Oscar's dashboard: for merchandisers, with no right of Wagtail's."""
