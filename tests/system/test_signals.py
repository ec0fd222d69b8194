import signal
import threading

import pytest

from artgan.system.signals import ended_politely, stopped_between_steps


def test_ctrl_c_waits_until_the_step_is_over():
    before = signal.getsignal(signal.SIGINT)
    with stopped_between_steps() as stop_if_asked:
        stop_if_asked("a step", "its losses")
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            stop_if_asked("a step", "its losses")
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_pressed_twice_does_not_wait():
    with stopped_between_steps():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_what_a_system_sends_waits_too_and_stays_polite():
    before = signal.getsignal(signal.SIGTERM)
    with ended_politely():
        with stopped_between_steps() as stop_if_asked:
            signal.raise_signal(signal.SIGTERM)
            with pytest.raises(KeyboardInterrupt):
                stop_if_asked()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)  # only the first ends the saving
    assert signal.getsignal(signal.SIGTERM) is before


def test_after_a_second_signal_in_a_step_no_third_ends_the_saving():
    with ended_politely():
        with pytest.raises(KeyboardInterrupt), stopped_between_steps():
            signal.raise_signal(signal.SIGTERM)
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)


def test_another_thread_has_no_signals_to_hold_back():
    def work():
        with stopped_between_steps() as stop_if_asked:
            stop_if_asked()
        done.append(True)

    done: list[bool] = []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done
