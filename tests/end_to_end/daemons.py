"""A running `monitor run` for tests: its log line by line, its signals, its status pages."""

import json
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from contextlib import contextmanager

from tests.world import program


class Daemon:
    """A running `monitor run` whose log is read line by line."""

    def __init__(self, url, folder, *words, **environ):
        self.said = []
        self.process = subprocess.Popen(
            program.command(url, *words, "run"),
            cwd=folder,
            env=program.environment(folder, **environ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_for(self, words):
        """Read the log until a line holds these words; the line."""
        for line in self.process.stderr:
            self.said.append(line)
            if re.search(words, line):
                return line
        raise AssertionError(f"{words!r} was never said:\n{''.join(self.said)}")

    def end(self, *numbers):
        """Ask it to end by these signals; exit status and the whole log."""
        for number in numbers or (signal.SIGTERM,):
            self.process.send_signal(number)
        return self.ended()

    def ended(self):
        """Wait for its end; exit status and the whole log."""
        _, rest = self.process.communicate(timeout=60)
        return self.process.returncode, "".join(self.said) + rest

    def kill(self):
        """End it as a power cut would."""
        self.process.kill()
        self.process.communicate()


@contextmanager
def starting(folder):
    """Starts daemons and ends those that a failed test left behind."""
    running = []

    def begin(url, *words, **environ):
        running.append(Daemon(url, folder, *words, **environ))
        return running[-1]

    try:
        yield begin
    finally:
        for daemon in running:
            if daemon.process.poll() is None:
                daemon.kill()
            daemon.process.stderr.close()


def free_port():
    """A port that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def asked(port, path):
    """Status, headers and text of a status page."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def metrics(port, name):
    """Label text -> value of all series of one metric."""
    _, _, text = asked(port, "/metrics")
    found = re.findall(rf"^{re.escape(name)}(\{{.*\}})? (\S+)$", text, re.MULTILINE)
    return {labels: float(value) for labels, value in found}


def metric(port, name):
    """The value of one series, with its labels if it has some."""
    name, brace, labels = name.partition("{")
    return metrics(port, name)[brace + labels]


def asked_json(port, path):
    """Status and content of a status page."""
    status, _, text = asked(port, path)
    return status, json.loads(text)
