"""Prometheus' text format, for the little that this service counts."""

import threading
from collections import Counter

_lock = threading.Lock()
_requests = Counter()


def count_request(status):
    with _lock:
        _requests[int(status)] += 1


def text():
    with _lock:
        counts = sorted(_requests.items())
    lines = ["# HELP http_requests_total Requests that were answered.", "# TYPE http_requests_total counter"]
    lines += [f'http_requests_total{{code="{code}"}} {count}' for code, count in counts]
    return "\n".join(lines) + "\n"
