import json
import unittest
from wsgiref.util import setup_testing_defaults

from service.app import app


def get(path, method="GET"):
    environ = {}
    setup_testing_defaults(environ)
    environ |= {"PATH_INFO": path, "REQUEST_METHOD": method}
    answer = {}

    def start_response(status, headers):
        answer["status"] = status

    body = b"".join(app(environ, start_response)).decode()
    return answer["status"], body


class AppTests(unittest.TestCase):
    def test_says_hello(self):
        status, body = get("/api/hello")
        self.assertEqual(status, "200 OK")
        self.assertEqual(json.loads(body), {"message": "Hello from ${{ values.name }}"})

    def test_is_alive_and_ready(self):
        for path in ("/health/live", "/health/ready"):
            self.assertEqual(get(path)[0], "200 OK")

    def test_counts_requests(self):
        self.assertEqual(get("/nothing-here")[0], "404 Not Found")
        self.assertIn('http_requests_total{code="404"} 1', get("/metrics")[1])


if __name__ == "__main__":
    unittest.main()
