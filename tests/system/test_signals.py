import signal
import threading

import pytest

from artgan.system.signals import ended_politely, stopped_between_steps


def press(*names):
    """Send signals to this process, as a person or a system does."""
    for name in names:
        signal.raise_signal(getattr(signal, name, signal.SIGTERM))


def test_ctrl_c_waits_until_the_step_is_over_a_second_does_not():
    before = signal.getsignal(signal.SIGINT)
    with stopped_between_steps() as stop_if_asked:
        stop_if_asked("a step", "its losses")
        press("SIGINT")
        with pytest.raises(KeyboardInterrupt):
            stop_if_asked("a step", "its losses")
        with pytest.raises(KeyboardInterrupt):
            press("SIGINT")
        press("SIGINT", "SIGTERM")  # the end is being saved by now
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_what_a_system_sends_is_as_ctrl_c_once(name):
    before = signal.getsignal(signal.SIGTERM)
    with ended_politely():
        with pytest.raises(KeyboardInterrupt):
            press(name)
        press(name, "SIGTERM")
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")
def test_what_nohup_ignores_stays_ignored():
    old = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ended_politely(), stopped_between_steps() as stop_if_asked:
            press("SIGHUP")
            stop_if_asked()
    finally:
        signal.signal(signal.SIGHUP, old)


def test_another_thread_has_no_signals_to_hold_back():
    def work():
        with ended_politely(), stopped_between_steps() as stop_if_asked:
            stop_if_asked()
        done.append(True)

    done: list[bool] = []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done
