"""Start the console."""

from functools import partial

from counterstep.http.server import serve_web

from console.app import application
from console.settings import Settings

if __name__ == "__main__":
    settings = Settings.load()
    serve_web(
        "console", partial(application, settings), settings, grace_seconds=1
    )  # live pages never end by themselves
