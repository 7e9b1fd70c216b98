"""Which claims a process works with."""

from slackbot.work.claims import Claims, MemoryClaims


def open_claims(redis_url: str | None) -> Claims:
    """Claims of this process, shared with others where there is a Redis."""
    if not redis_url:
        return MemoryClaims()
    from slackbot.work.redis_claims import RedisClaims  # nobody else waits for redis, or pays its memory

    return RedisClaims(redis_url)
