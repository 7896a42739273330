"""Hosts that never answer, beside hosts that do."""

from collections import Counter

from tests.end_to_end.daemons import starting
from tests.world import program
from tests.world.web import fake_web

SILENT, FAST, POLLS = 12, 4, 4


def test_silent_hosts_hold_up_nobody(tmp_path):
    """While twelve hosts keep their first request open, four others are polled again and again."""
    with fake_web(outlets=SILENT + FAST, items=1) as web, starting(tmp_path) as begin:
        hosts = [outlet.base.removeprefix("http://").partition(":")[0] for outlet in web.outlets]
        web.delays.update(dict.fromkeys(hosts[:SILENT], 600))
        url = f"sqlite:///{tmp_path}/monitor.sqlite"
        program.prepare(url, web)
        daemon = begin(
            url,
            "-vv",
            MONITOR_FETCH__TIMEOUT="600",
            MONITOR_SCHEDULE__MIN_INTERVAL="1",
            MONITOR_SCHEDULE__DEFAULT_INTERVAL="1",
            MONITOR_SCHEDULE__MAX_INTERVAL="1",
            MONITOR_SCHEDULE__TICK="0.2",
        )
        polls = Counter()
        while min((polls[n] for n in range(SILENT, SILENT + FAST)), default=0) < POLLS:
            line = daemon.wait_for(r"polled outlet \d+: ")
            polls[int(line.partition("polled outlet ")[2].partition(":")[0])] += 1
        asked = Counter(host for _, host, path in tuple(web.asked))
        daemon.kill()
    assert all(polls[n] == 0 for n in range(SILENT))
    assert all(asked[host] == 1 for host in hosts[:SILENT])
