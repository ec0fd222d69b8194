"""Where pictures come from: WikiArt, a museum, a pinned list, a folder of your own."""
