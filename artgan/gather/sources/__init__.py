"""Where pictures come from: WikiArt, a museum, a pinned list."""
