"""The one room that sends: signed in, paced, and repeated only where that is safe."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from importlib.metadata import version
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from zianalytics.clock import ServerClock
from zianalytics.errors import NotAnswered, RetriesExhausted
from zianalytics.settings import Settings
from zianalytics.transport import auth
from zianalytics.transport.answer import Answer
from zianalytics.transport.body import LARGEST_BYTES, PACKED, WHOLE_S, BodyUnfit, read_body
from zianalytics.transport.crowd import MOST, Crowd
from zianalytics.transport.log import RequestLog
from zianalytics.transport.quota import A_RETRY, A_SUCCESS, A_TIME_OUT, RetryQuota, quota_of
from zianalytics.transport.rate import Limiter
from zianalytics.transport.retry import retry_after, wait_before_retry
from zianalytics.transport.shared import SharedPace
from zianalytics.transport.tokens import TokenKeeper, cached_token
from zianalytics.transport.windows import SIGN_IN, STANDARD

CONNECT_S = 10.0
ANSWER_S = 60.0
# Raised before the first byte of a request is written.
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)

Kind = Literal["paid", "free", "sign-in"]
IN_DOUBT = {
    "paid": "It may have been carried out and charged. zi.usage() shows what the service counted",
    "free": "It costs no credits and no records. Run it again",
    "sign-in": "Signing in costs nothing, and what was to follow was not sent. Run it again",
}


class Session:
    """Sends requests to one account's service; any number of threads may share it.

    Signs in by itself before the first request and whenever the token has run out.

    Parameters
    ----------
    settings
        Where the service is, and who asks.
    clock, limiter, quota
        Server time, pace and retries. When they are not given, the pace is shared with all threads, processes and
        projects of the account, and the retries with all that this process sends to the host.
    answer_s
        Seconds to wait for each part of a reply.
    whole_s
        Seconds from sending a request to the last byte of its reply.
    largest_bytes
        How many bytes a reply may have, unpacked.
    sleep, chance
        How to wait some seconds, and a number between 0 and 1.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: ServerClock | None = None,
        limiter: Limiter | None = None,
        quota: RetryQuota | None = None,
        answer_s: float = ANSWER_S,
        whole_s: float = WHOLE_S,
        largest_bytes: int = LARGEST_BYTES,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._settings = settings
        self._clock = clock or ServerClock()
        place = settings.state_folder
        if self._clock.offset_s == 0.0 and (last := cached_token(place)):
            self._clock.offset_s = last.clock_offset_s  # what is written down before the first reply has its time, too
        self._limiter = limiter or Limiter(STANDARD, SharedPace(place / "pace.bin"))
        self._sign_in_limiter = Limiter(SIGN_IN, SharedPace(place / "sign-in-pace.bin"), sleep=sleep)
        self._quota = quota or quota_of(urlsplit(settings.base_url).netloc)
        self._crowd = Crowd()
        self._sleep, self._chance = sleep, chance
        self._whole_s, self._largest_bytes = whole_s, largest_bytes
        self._sign_in = auth.sign_in(settings)
        self._tokens = TokenKeeper(settings.state_folder, self._sign_in, self._clock, self._fetch_token)
        self._client = httpx.Client(
            base_url=settings.base_url,
            headers={
                "User-Agent": f"zianalytics/{version('zianalytics')}",
                "Accept": "application/json",
                "Accept-Encoding": PACKED,
            },
            timeout=httpx.Timeout(answer_s, connect=CONNECT_S),
            limits=httpx.Limits(max_connections=MOST, max_keepalive_connections=MOST),
            follow_redirects=False,
            trust_env=not settings.is_loopback,  # a company's proxy cannot reach this machine's sandbox
        )

    def __repr__(self) -> str:
        return f"<Session {self._settings.base_url} as {self._settings.username}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def clock(self) -> ServerClock:
        """Server time, as the replies so far have taught it."""
        return self._clock

    @property
    def per_minute(self) -> int:
        """How many requests a minute the account may make, as it was when last looked at."""
        return next((window.requests for window in self._limiter.windows if window.seconds >= 60), STANDARD[1].requests)

    @property
    def at_once(self) -> int:
        """How many requests are to be under way at a time, so that the pace is reached, as fast as replies come."""
        return self._crowd.at_once(self._limiter.windows)

    def send(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        query: Mapping[str, str] | None = None,
        may_pay: bool = False,
        operation: str = "",
    ) -> Answer:
        """The service's whole reply, whatever its status.

        Parameters
        ----------
        method, path, query, body
            The request; a body is JSON.
        may_pay
            The request could be charged a second time, be it as a request alone, if it were carried out twice. It is
            then repeated only when not a byte of it left, or when the service refused it for its token (401) or the
            pace (429).
        operation
            What it is for, for the log.

        Raises
        ------
        NotAnswered
            No whole reply came in time, or one larger than any should be; `outcome_known` is True when the request
            cannot have been carried out.
        AuthFailed
            The service does not accept who you say you are; the request was not carried out.
        """
        headers = {"Content-Type": "application/json"} if body is not None else None
        request = self._client.build_request(method, path, content=body, params=query, headers=headers)
        kind: Kind = "paid" if may_pay else "free"
        token = self._tokens.current()
        answer = self._asked(request, token.secret, self._limiter, kind, self._log(request, operation, token))
        if answer.status == 401:
            token = self._tokens.current(refused=token)
            answer = self._asked(request, token.secret, self._limiter, kind, self._log(request, operation, token))
        return answer

    def close(self) -> None:
        """Close the connections; the session cannot be used afterwards."""
        self._client.close()

    def _fetch_token(self) -> auth.Token:
        proof = self._sign_in.proof(self._clock.wall())
        request = self._client.build_request(
            "POST",
            auth.PATH,
            content=proof.body.get_secret_value() if proof.body else None,
            headers={"Content-Type": "application/json"} if proof.body else None,
        )
        log = self._log(request, "sign-in")
        return auth.token_in(self._asked(request, proof.bearer, self._sign_in_limiter, "sign-in", log))

    def _log(self, request: httpx.Request, operation: str, token: auth.Token | None = None) -> RequestLog:
        path = request.url.raw_path.partition(b"?")[0].decode("ascii")
        age_s = (self._clock.now() - token.since).total_seconds() if token else None
        return RequestLog(operation or path, request.method, path, age_s)

    def _asked(
        self, request: httpx.Request, bearer: SecretStr | None, limiter: Limiter, kind: Kind, log: RequestLog
    ) -> Answer:
        """Send, and send again as long as `wait_before_retry` and the quota say so."""
        attempt, taken = 0, 0
        while True:
            log.waits()
            limiter.wait()
            log.leaves()
            try:
                answer = self._sent(request, bearer, kind)
            except NotAnswered as exc:
                log.failed(exc)
                wait_s = wait_before_retry(
                    None, attempt=attempt, jitter=self._jitter(), may_pay=kind == "paid", sent=not exc.outcome_known
                )
                if wait_s is None or isinstance(exc.__cause__, BodyUnfit):
                    raise
                taken += self._take_retry(request, exc)
            else:
                log.answered(answer)
                limiter.learn(answer.headers)
                wait_s = wait_before_retry(
                    answer.status,
                    attempt=attempt,
                    jitter=self._jitter(),
                    may_pay=kind == "paid",
                    retry_after_s=retry_after(answer.headers.get("retry-after"), now=answer.received),
                )
                if wait_s is None:
                    if answer.status < 500 and answer.status != 429:
                        self._quota.give(taken or A_SUCCESS)
                    return answer
                if answer.status == 429:
                    limiter.refused(wait_s, answer.headers)  # the others need not find out one by one
                taken += self._take_retry(request, answer)
            log.again(wait_s)
            self._sleep(wait_s)
            attempt += 1

    def _take_retry(self, request: httpx.Request, failure: NotAnswered | Answer) -> int:
        """What one more try takes from the quota.

        Raises
        ------
        RetriesExhausted
            There is not as much left.
        """
        cause = None if isinstance(failure, Answer) else failure
        wanted = A_TIME_OUT if cause and isinstance(cause.__cause__, httpx.TimeoutException) else A_RETRY
        if self._quota.take(wanted):
            return wanted
        got = "no whole reply" if failure.status is None else f"HTTP {failure.status}"
        raise RetriesExhausted(
            f"{request.method} {request.url.path} got {got} and is not sent again: so much has failed at "
            f"{self._settings.base_url} that this process has used up its quota of retries. Nothing was charged for "
            "it. Wait until the service answers again, then run it again; what succeeds fills the quota up.",
            outcome_known=cause is None or cause.outcome_known,
            status=failure.status,
        ) from cause

    def _sent(self, request: httpx.Request, bearer: SecretStr | None, kind: Kind) -> Answer:
        """Send once."""
        began = time.monotonic()
        try:
            response = self._client.send(request, auth=_Bearer(bearer) if bearer is not None else None, stream=True)
            with closing(response):
                body = read_body(response, until=began + self._whole_s, largest=self._largest_bytes)
        except (httpx.HTTPError, BodyUnfit) as exc:
            raise _not_answered(exc, request, self._settings, kind) from _without_frames(exc)
        self._crowd.took(time.monotonic() - began)
        if date := response.headers.get("date"):
            self._clock.learn(date)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, body, self._clock.now())

    def _jitter(self) -> float:
        return 0.5 + self._chance() / 2


class _Bearer(httpx.Auth):
    """Puts the secret into the request, so that no variable of ours ever holds it."""

    def __init__(self, secret: SecretStr) -> None:
        self._secret = secret

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._secret.get_secret_value()}"
        yield request


def _without_frames(exc: BaseException) -> BaseException:
    """The error with its causes, without the frames of libraries below: their variables hold the bytes of requests."""
    chain: list[BaseException] = []
    following: BaseException | None = exc
    while following is not None and following not in chain:
        chain.append(following.with_traceback(None))
        following = following.__cause__ or following.__context__
    return exc


def _not_answered(
    exc: httpx.HTTPError | BodyUnfit, request: httpx.Request, settings: Settings, kind: Kind
) -> NotAnswered:
    """What happened, what it cost, what next."""
    reason = str(exc) or type(exc).__name__
    if isinstance(exc, NOT_SENT):
        then = "Check ZOOMINFO_BASE_URL, the network and the proxy settings, and run it again"
        if settings.is_loopback:
            port = urlsplit(settings.base_url).port or 80
            start = f"zia mock --port {port}, or python -m mockserver --port {port}"
            then = f"Start the sandbox there with: {start} - or use ZoomInfo.mock(), which starts its own"
        what = f"{settings.base_url} cannot be reached ({reason}). Nothing was sent and nothing was spent"
        return NotAnswered(f"{what}. {then}.", outcome_known=True)
    if isinstance(exc, BodyUnfit):
        what = f"{request.method} {request.url.path} was answered by {settings.base_url}"
        return NotAnswered(
            f"{what}, and the reply not taken: {reason}. {IN_DOUBT[kind]}.", outcome_known=kind == "sign-in"
        )
    what = f"{request.method} {request.url.path} was sent to {settings.base_url} and no whole reply came ({reason})"
    return NotAnswered(f"{what}. {IN_DOUBT[kind]}.", outcome_known=kind == "sign-in")
