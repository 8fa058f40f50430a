"""Puts tables into a document, between a line `<!-- bench: NAME -->` and the next `<!-- end -->`."""
import re


def with_tables(text, sections):
    """The text with each table that has a place in it. A place without a table stays as it is."""

    def fill(found):
        made = sections.get(found[1])
        return f'<!-- bench: {found[1]} -->\n{made}<!-- end -->' if made else found[0]

    return re.sub(r'<!-- bench: (\w+) -->\n.*?<!-- end -->', fill, text, flags=re.S)
