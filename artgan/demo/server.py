"""Serving the page on this machine only, with nothing that comes from elsewhere."""

import os
import socket
import threading
import webbrowser
from contextlib import suppress
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from artgan.demo.style import STYLE
from artgan.demo.walking import MADE
from artgan.system.errors import ArtganError
from artgan.system.printing import say

HOST, FIRST_PORT, TRIED = "127.0.0.1", 7860, 20
LARGEST_UPLOAD = "50mb"
# Even if a library asked for a font or a script from elsewhere, the browser would not.
POLICY = (
    "default-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' blob: 'unsafe-inline' 'unsafe-eval'; frame-ancestors 'self'"
)


def make_app(page: gr.Blocks, folder: Path) -> FastAPI:
    """The page and the files in `folder` as a web application."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.mount(MADE, StaticFiles(directory=folder))
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])

    @app.middleware("http")
    async def add_policy(request, call_next):
        answer = await call_next(request)
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    return gr.mount_gradio_app(
        app,
        page,
        "/",
        server_name=HOST,
        footer_links=[],
        ssr_mode=False,
        max_file_size=LARGEST_UPLOAD,
        theme=make_theme(),
        css=STYLE,
    )


def make_theme() -> gr.themes.Base:
    """Gradio's theme with the machine's own fonts, and colours that can be read.

    Its usual greys and blues are too pale beside white for WCAG's contrast of 4.5.
    """
    theme = gr.themes.Default(
        primary_hue="sky",
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
    return theme.set(
        body_text_color_subdued="*neutral_600",
        block_info_text_color="*neutral_600",
        block_label_text_color="*neutral_700",
        block_title_text_color="*neutral_800",
        color_accent="*primary_700",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_text_color="white",
        slider_color="*primary_700",
        slider_color_dark="*primary_500",
        checkbox_background_color_selected="*primary_700",
        checkbox_border_color_selected="*primary_700",
        link_text_color="*primary_700",
        link_text_color_hover="*primary_800",
        link_text_color_visited="*primary_700",
    )


def listen(port: int | None = None) -> socket.socket:
    """A socket that only this machine reaches, at a port or the first free one.

    Raises ArtganError if the port, or each of the usual ones, is in use.
    """
    ports = [port] if port else range(FIRST_PORT, FIRST_PORT + TRIED)
    for number in ports:
        server = socket.socket()
        if os.name == "posix":  # a port is free as soon as its last server has ended
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind((HOST, number))
            server.listen()
            return server
        except OSError:
            server.close()
    raise ArtganError(
        f"Port {ports[0]} cannot be used; perhaps another page is served there. Name "
        "another with --port."
    )


def serve(app: FastAPI, server: socket.socket, open_browser: bool = True) -> None:
    """Serve until Ctrl-C; prints the address, and opens it in a browser if wanted."""
    address = f"http://{HOST}:{server.getsockname()[1]}"
    say(f"The page is at {address} on this machine only. Ctrl-C ends it.")
    if open_browser:
        threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[server])
