"""Paint small pictures of villas: sky, hills, gardens, facades and paper."""
