"""ZoomInfo's own Python client for signing in, pointed at the sandbox."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import jwt
import pytest
import requests
from zi_api_auth_client.zi_api_auth_client import AuthClient

from mockserver import serve
from mockserver.sandbox import Options, Sandbox

# It asks for the time with utcnow(), which Python 3.12 and later warn of.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


@dataclass
class Served:
    base_url: str
    username: str
    password: str
    client_id: str
    private_key: str

    def vendor(self) -> AuthClient:
        client = AuthClient(self.username)
        client.authenticate_url = f"{self.base_url}/authenticate"
        return client

    def usage(self, token: str) -> int:
        request = urllib.request.Request(f"{self.base_url}/lookup/usage", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)


@pytest.fixture
def served() -> Iterator[Served]:
    sandbox = Sandbox(Options(companies=60))
    held = sandbox.credentials()
    with serve(sandbox) as where:
        yield Served(where.base_url, held["username"], held["password"], held["client_id"], held["private_key_pem"])
    sandbox.close()


def test_it_obtains_a_token_by_password(served: Served) -> None:
    token = served.vendor().user_name_pwd_authentication(served.password)
    assert jwt.get_unverified_header(token)["typ"] == "JWT"
    assert served.usage(token) == 200


def test_it_obtains_a_token_by_private_key(served: Served) -> None:
    token = served.vendor().pki_authentication(served.client_id, served.private_key)
    assert jwt.get_unverified_header(token)["typ"] == "JWT"
    assert served.usage(token) == 200


def test_a_wrong_password_is_refused(served: Served) -> None:
    with pytest.raises(requests.HTTPError, match="401"):
        served.vendor().user_name_pwd_authentication("wrong")


def test_an_unknown_client_id_is_refused(served: Served) -> None:
    with pytest.raises(requests.HTTPError, match="401"):
        served.vendor().pki_authentication("nobody", served.private_key)
