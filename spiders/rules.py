"""What the operator decided about fetching."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.addresses import AddressPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRules:
    """The rules of one batch."""

    #: Product token with version, `critical-minerals-monitor/0.1`.
    user_agent: str
    #: Where a publisher reaches the operator (URL or mail address); empty = not given.
    contact: str = ""
    #: For one request, from connecting to the last byte.
    timeout_s: float = 30.0
    #: Largest body, both as sent and unpacked.
    max_bytes: int = 10_000_000
    #: Between the end of one request to a host and the start of the next.
    host_gap_s: float = 1.0
    #: Requests in flight over all hosts.
    concurrency: int = 64
    #: Which otherwise forbidden addresses may be reached.
    allow_private: AddressPolicy = field(default_factory=AddressPolicy)
    obey_robots: bool = True
    #: How often a passing failure is tried again within the batch.
    retries: int = 0

    @property
    def agent_header(self) -> str:
        """The User-Agent header: who we are and how to reach the operator."""
        if not self.contact or self.contact in self.user_agent:
            return self.user_agent
        return f"{self.user_agent} (+{self.contact})"

    @property
    def robots_token(self) -> str:
        """The product token that robots.txt groups are matched with (RFC 9309, 2.2.1)."""
        return self.user_agent.partition("/")[0].strip() or "*"
