"""The scripts that every figure comes from; named, as old Keras has such a folder."""
