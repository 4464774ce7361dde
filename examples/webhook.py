"""python webhook.py PORT NAME PUBLIC_URL COUNT: register a webhook and print what it is called for.

The gateway's operator must have named the address's host (`webhooks.hosts`).
"""

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from place import place

from lienthong.client import Desk
from lienthong.client.webhooks import opened
from lienthong.errors import LienThongError

port, name, url, count = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
with Desk(**place()) as desk:
    secret = desk.register_webhook(name, url).secret
seen: set[str] = set()


class Receiver(BaseHTTPRequestHandler):
    """Answers yes once the event is kept; what is not from the gateway is refused."""

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 1 << 16))
        try:
            event = opened(secret, self.headers, body)
        except LienThongError as error:
            self.send_error(error.kind.value)
            return
        if event.id not in seen:  # the same call may come twice
            seen.add(event.id)
            print(event.type, event.document, event.addressee, flush=True)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


print("ready", flush=True)
with HTTPServer(("127.0.0.1", port), Receiver) as server:
    while len(seen) < count:
        server.handle_request()
