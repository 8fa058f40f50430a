# Sphinx, for the pages in a package: they are read from a folder, without a server, so nothing is asked of a network.
import os

project = 'NamedPipeServer'
version = release = os.environ['PACKAGE_VERSION']
copyright = 'the NamedPipeServer authors'  # noqa: A001
extensions = ['myst_parser']
source_suffix = {'.md': 'markdown'}
master_doc = 'index'
myst_heading_anchors = 4
html_theme = 'alabaster'
html_theme_options = {
    'description': f'Version {version}',
    'font_family': 'Segoe UI, sans-serif',
    'font_size': '15px',
    'page_width': '1100px',
    'sidebar_width': '260px',
    'show_powered_by': False,
}
html_sidebars = {'**': ['about.html', 'searchbox.html', 'globaltoc.html']}
html_copy_source = False
html_show_sourcelink = False
html_show_search_summary = False  # a browser does not let a page from a folder read others
html_use_index = False
