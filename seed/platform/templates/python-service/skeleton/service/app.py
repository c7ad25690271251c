"""The service, a WSGI application."""

import json
from http import HTTPStatus

from service import metrics


def hello():
    return {"message": "Hello from ${{ values.name }}"}


def health():
    return {"status": "ok"}


ROUTES = {"/api/hello": hello, "/health/live": health, "/health/ready": health}


def app(environ, start_response):
    path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
    if path == "/metrics":
        return _answer(start_response, HTTPStatus.OK, "text/plain; version=0.0.4", metrics.text())

    if path not in ROUTES:
        status, body = HTTPStatus.NOT_FOUND, {"error": f"{path} does not exist"}
    elif method != "GET":
        status, body = HTTPStatus.METHOD_NOT_ALLOWED, {"error": f"{path} takes GET, not {method}"}
    else:
        status, body = HTTPStatus.OK, ROUTES[path]()
    metrics.count_request(status)
    return _answer(start_response, status, "application/json", json.dumps(body))


def _answer(start_response, status, content_type, text):
    body = text.encode()
    start_response(f"{status.value} {status.phrase}", [("Content-Type", content_type), ("Content-Length", str(len(body)))])
    return [body]
