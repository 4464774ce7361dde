"""Finding documents: the words they are looked for by, the language of the box, saved views."""
