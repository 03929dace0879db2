"""How do the pages of this folder become a site? ``make site`` builds it with Sphinx; a warning is an error there."""

from importlib.metadata import version as version_of

project = "django-oscar-engage"
author = "The django-oscar-engage contributors"
project_copyright = author
release = version = version_of("django-oscar-engage")

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns = ["_build"]

# Pages link to headings of each other, as they do where the repository is read in a browser.
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]

html_theme = "furo"
html_title = f"{project} {release}"
html_copy_source = False
html_show_sphinx = False
# What a page shows is all that it loads: no web fonts, no counters.
html_theme_options = {"source_repository": "", "navigation_with_keys": True}
