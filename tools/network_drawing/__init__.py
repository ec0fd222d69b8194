"""Read the stages of a Keras network and draw them as a row of slabs."""
