"""The painter of the bundled villas: sky, hills, gardens, facades and paper."""
