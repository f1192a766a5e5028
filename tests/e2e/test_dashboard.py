"""`lightspeed dashboard`: the page and the current snapshot on loopback, whatever clients do."""

import http.client
import json
import os
import re
import selectors
import signal
import socket
import subprocess
import threading
import time
import unittest

from fixture import INTERRUPTED, QUICK, SuiteCase, support
from test_export import has_page

SLOWER = ("        total += i\n", "        total += sum(range(400))\n")
POLICIES = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
# As the program has it, with room.
STALLED_FOR, CONNECTIONS = 5 + 3, 64


class DashboardCase(SuiteCase):
    def setUp(self):
        if not has_page():
            self.skipTest("the program under test was built without a page: set LIGHTSPEED_DASHBOARD where it is built")
        super().setUp()

    def serve(self, *arguments):
        """A server of the suite's database, surveyed before."""
        argv = [support.program(), "dashboard", *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
        self.server = subprocess.Popen(argv, cwd=self.folder, env=support.environment(), text=True, **pipes)
        self.addCleanup(self.end)
        with selectors.DefaultSelector() as selector:
            selector.register(self.server.stdout, selectors.EVENT_READ)
            self.assertTrue(selector.select(30), "no address was printed")
        line = self.server.stdout.readline().strip()
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/", line)
        self.assertTrue(found, line)
        self.port = int(found[1])

    def end(self, number=signal.SIGINT):
        """Ends the server as a user would; its exit code and what it said on standard error."""
        if self.server.poll() is None:
            self.server.send_signal(number)
        try:
            errors = self.server.communicate(timeout=10)[1]
        except subprocess.TimeoutExpired:
            self.server.kill()
            raise
        return self.server.returncode, errors

    def ask(self, path, method="GET", **headers):
        """Status, headers and body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, path, skip_host="Host" in headers)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def raw(self, sent, timeout=30):
        """What comes back for these bytes, up to the end."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as client:
            client.sendall(sent)
            return b"".join(iter(lambda: client.recv(65536), b""))

    def stalled(self, sent=b"GET / HTT"):
        """A connection that sent the beginning of a request."""
        client = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.addCleanup(client.close)
        client.sendall(sent)
        return client


class Served(DashboardCase):
    def test_the_page_and_its_headers(self):
        self.init()
        self.serve()
        status, headers, body = self.ask("/?view=map")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        page = re.search(rb'id="lightspeed-page"[^>]*>(.*?)</script>', body)[1]
        self.assertEqual(json.loads(page), {"mode": "served", "title": "pkg", "step": None})
        self.assertIsNone(re.search(rb'<script[^>]*id="lightspeed-snapshot"[^>]*>[^<]', body))
        for name, value in POLICIES.items():
            self.assertEqual(headers[name], value)
        rules = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
        self.assertEqual((rules["default-src"], rules["frame-ancestors"]), ("'none'", "'none'"))
        self.assertEqual(rules["connect-src"], "'self' data: blob:")
        for word in ("'unsafe-inline'", "'wasm-unsafe-eval'"):
            self.assertIn(word, rules["script-src"])
        self.assertIn("blob:", rules["worker-src"])
        # Everything that is sent has them.
        for path in ("/snapshot", "/absent"):
            self.assertEqual(self.ask(path)[1]["Content-Security-Policy"], headers["Content-Security-Policy"])
        _, head, nothing = self.ask("/", method="HEAD")
        self.assertEqual((nothing, head["Content-Length"]), (b"", str(len(body))))

    def test_the_snapshot_is_that_of_export_and_follows_the_database(self):
        self.init(*QUICK)
        self.serve()
        status, headers, first = self.ask("/snapshot")
        self.assertEqual((status, headers["Content-Type"]), (200, "application/octet-stream"))
        self.assertEqual(first, self.exported())
        tag = headers["ETag"]
        for known in (tag, f'"other", W/{tag}', "*"):
            status, headers, body = self.ask("/snapshot", If_None_Match=known)
            self.assertEqual((status, headers["ETag"], body), (304, tag, b""))
        status, headers, body = self.ask("/snapshot", method="HEAD")
        self.assertEqual((status, headers["Content-Length"], body), (200, str(len(first)), b""))
        tags = {tag}
        for change in (self.step, self.again, self.edited, self.deleted, self.undone):
            change()
            status, headers, body = self.ask("/snapshot", If_None_Match=tag)
            self.assertEqual((status, body), (200, self.exported()), change)
            self.assertNotIn(headers["ETag"], tags)
            tags.add(tag := headers["ETag"])
        self.assertEqual(self.ask("/snapshot", If_None_Match=tag)[0], 304)

    def exported(self):
        self.expect(0, self.lightspeed("export", "--snapshot", "it.snapshot"))
        with open(os.path.join(self.folder, "it.snapshot"), "rb") as file:
            return file.read()

    def step(self):
        self.edit("pkg/core.py", *SLOWER)
        self.measure("--step-id", "one")

    def again(self):
        self.measure("--step-id", "one")

    def edited(self):
        self.init(*QUICK)

    def deleted(self):
        self.change("DELETE FROM baseline WHERE benchmark_id = 'bench.time_beta'")

    def undone(self):
        self.change("DELETE FROM benchmark_dep WHERE benchmark_id = 'bench.time_beta'")

    def change(self, statement):
        with self.sqlite() as connection:
            connection.execute(statement)
            connection.commit()

    def test_nothing_else_is_answered(self):
        self.init()
        self.serve()
        for path in ("/absent", "/snapshot/", "/../asv.conf.json", "//", "/%2e%2e/asv.conf.json", f"http://127.0.0.1:{self.port}/"):
            self.assertEqual(self.ask(path)[0], 404, path)
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            status, headers, _ = self.ask("/snapshot", method=method)
            self.assertEqual((status, headers["Allow"]), (405, "GET, HEAD"), method)

    def test_only_who_knows_the_address_is_answered(self):
        self.init()
        self.serve()
        for host in ("127.0.0.1", "localhost", "LocalHost", "[::1]"):
            self.assertEqual(self.ask("/snapshot", Host=f"{host}:{self.port}")[0], 200, host)
        port = self.port
        others = [f"{host}:{port}" for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "0.0.0.0")]
        for host in (*others, "evil.example", "127.0.0.1", f"localhost:{port + 1}", f"localhost:{port}x", "", "é"):
            status, _, body = self.ask("/snapshot", Host=host.encode())
            self.assertEqual(status, 421, host)
            self.assertNotIn(b"LSSV", body)
        own = b"Host: localhost:%d\r\n" % self.port
        for hosts in (b"", own + own, own + b"Host: evil.example\r\n"):
            answer = self.raw(b"GET /snapshot HTTP/1.1\r\n" + hosts + b"\r\n")
            self.assertTrue(answer.startswith(b"HTTP/1.1 421 "), answer[:40])

    def test_no_other_machine_reaches_it(self):
        table = "/proc/net/tcp"
        if not os.path.exists(table):
            self.skipTest(f"there is no {table}")
        self.init()
        self.serve()
        with open(table, encoding="ascii") as file:
            addresses = [line.split()[1] for line in file if line.split()[3] == "0A"]
        self.assertEqual([a for a in addresses if int(a.split(":")[1], 16) == self.port], [f"0100007F:{self.port:04X}"])


class Clients(DashboardCase):
    """Clients that do what they should not, and others beside them."""

    def alive(self):
        began = time.monotonic()
        self.assertEqual(self.ask("/snapshot")[0], 200)
        self.assertLess(time.monotonic() - began, 3)

    def test_garbage(self):
        self.init()
        self.serve()
        cases = {
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03": 400,
            b"\0" * 100: 400,
            b"GET / HTTP/9.9\r\n\r\n": 400,
            b"GET /\r\n\r\n": 400,
            b"GET / HTTP/1.1\r\nno colon\r\n\r\n": 400,
            b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n": 431,
            b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n": 431,
            b"GET / HTTP/1.1\r\nx: " + b"y" * 1_000_000: 431,
        }
        for sent, status in cases.items():
            with self.subTest(sent[:30]):
                try:
                    answer = self.raw(sent)
                except ConnectionError:
                    # What is longer than anybody reads is cut off.
                    self.assertGreater(len(sent), 64 << 10)
                else:
                    self.assertTrue(answer.startswith(b"HTTP/1.1 %d " % status), answer[:60])
        for sent in (b"", b"GET"):
            self.stalled(sent).close()
        self.alive()

    def test_who_stalls_is_sent_away_and_hinders_nobody(self):
        self.init()
        self.serve()
        began = time.monotonic()
        clients = [self.stalled() for _ in range(20)]
        slow = self.stalled(b"GET /snapshot HTTP/1.1\r\nHost: ")
        self.alive()
        self.ended = threading.Event()
        threading.Thread(target=self.drip, args=(slow,), daemon=True).start()
        for client in clients:
            self.assertTrue(client.recv(100).startswith(b"HTTP/1.1 408 "))
        self.assertLess(time.monotonic() - began, STALLED_FOR)
        self.assertTrue(slow.recv(100).startswith(b"HTTP/1.1 408 "), "a byte now and then is no request either")
        self.ended.set()
        self.alive()

    def drip(self, client):
        while not self.ended.wait(0.2):
            try:
                client.sendall(b"x")
            except OSError:
                return

    def test_too_many_at_once_are_told_to_come_again(self):
        self.init()
        self.serve()
        clients = [self.stalled() for _ in range(CONNECTIONS)]
        answer = self.raw(b"GET / HTTP/1.1\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 503 "), answer[:60])
        for client in clients:
            client.close()
        time.sleep(0.5)
        self.alive()

    def test_several_at_once(self):
        self.init()
        self.serve()
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(self.ask("/snapshot"))) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual([status for status, _, _ in answers], [200] * 16)
        self.assertEqual(len({body for _, _, body in answers}), 1)

    def test_a_database_that_goes_away_is_said_and_may_come_back(self):
        self.init()
        self.serve()
        self.alive()
        kept = self.database + ".kept"
        os.rename(self.database, kept)
        status, _, body = self.ask("/snapshot")
        self.assertEqual(status, 500)
        self.assertIn(b"lightspeed init", body)
        os.rename(kept, self.database)
        self.alive()


class Ends(DashboardCase):
    def test_an_interrupt_ends_it_whoever_is_connected(self):
        self.init()
        for number in (signal.SIGINT, signal.SIGTERM):
            self.serve()
            self.stalled()
            began = time.monotonic()
            code, errors = self.end(number)
            self.assertEqual(code, INTERRUPTED)
            self.assertLess(time.monotonic() - began, 2)
            self.assertEqual(errors, "the dashboard is served there, to this machine alone; Ctrl-C ends it\n")

    def test_what_cannot_be_served_is_refused(self):
        self.refused(self.lightspeed("dashboard"), "lightspeed init")
        self.init()
        self.serve()
        self.refused(self.lightspeed("dashboard", "--port", str(self.port)), f"port {self.port} is taken", "--port")
        self.refused(self.lightspeed("dashboard", "--port", "99999"), "--port")

    def test_the_port_that_was_asked_for(self):
        self.init()
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
        self.serve("--port", str(port), "--no-browser", "--quiet")
        self.assertEqual(self.port, port)
        self.assertEqual(self.end(), (INTERRUPTED, ""))


if __name__ == "__main__":
    unittest.main()
