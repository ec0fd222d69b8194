"""Random numbers of a step: on several devices, each takes its rows of the same draw.

So what is drawn for a batch does not depend on how many devices share it.
"""

import tensorflow as tf


def replicas() -> int:
    """How many devices share the step that is being computed; 1 outside of one."""
    context = tf.distribute.get_replica_context()
    return context.num_replicas_in_sync if context else 1


def drawn_for_all(draw):
    """Let a function (shape, seed, ...) draw for all devices and return our rows."""

    def own_rows(shape, seed, *arguments, **options):
        if replicas() == 1:
            return draw(shape, seed, *arguments, **options)
        rows, *others = shape
        everything = draw([rows * replicas(), *others], seed, *arguments, **options)
        first = rows * tf.distribute.get_replica_context().replica_id_in_sync_group
        return everything[first : first + rows]

    return own_rows


stateless_uniform = drawn_for_all(tf.random.stateless_uniform)
stateless_normal = drawn_for_all(tf.random.stateless_normal)
