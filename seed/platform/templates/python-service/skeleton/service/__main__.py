"""Runs the service for development; the container runs it with gunicorn."""

import os
from wsgiref.simple_server import make_server

from service.app import app

if __name__ == "__main__":
    with make_server("", int(os.environ.get("PORT", "${{ values.port }}")), app) as server:
        server.serve_forever()
