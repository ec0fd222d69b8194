"""The page is served to this machine only, with a policy, and says why it is not."""

import socket
import sys

import pytest

from artgan.commands import demo
from artgan.system.errors import ArtganError


@pytest.fixture
def client(models, tmp_path):
    """A client of the page as a web application."""
    pytest.importorskip("gradio")
    from starlette.testclient import TestClient

    from artgan.demo.page import make_page
    from artgan.demo.server import make_app

    made = tmp_path / "made"
    made.mkdir()
    (made / "walk.gif").write_bytes(b"GIF89a")
    app = make_app(make_page(models, made), made)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


def test_the_page_asks_nothing_of_other_machines(client):
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "fonts.googleapis.com" not in answer.text
    assert client.get("/made/walk.gif").content == b"GIF89a"
    assert client.get("/made/../photo.png").status_code == 404


def test_another_name_for_this_machine_is_refused(client):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_a_port_in_use_is_a_sentence():
    pytest.importorskip("gradio")
    from artgan.demo.server import listen

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        with pytest.raises(ArtganError, match=f"Port {number} cannot be used"):
            listen(number)
    with listen() as server:
        assert server.getsockname()[0] == "127.0.0.1"


def test_a_missing_gradio_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "gradio", None)
    with pytest.raises(ArtganError, match=r"pip install 'artgan\[demo\]'"):
        demo.run(None)
