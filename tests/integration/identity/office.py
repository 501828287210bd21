"""Operators at work, and those who come with the keys that operators gave them: everything by the real handlers."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote_plus, urlencode

from coffer.api.authorizer import authorize
from coffer.api.operators import Operator
from tests.support.world import Answer, World, event_of, find
from tools.endpoints import handler

TOKEN_PATH = "/api/v1/auth/token"
FORM = "application/x-www-form-urlencoded"
DOMAIN = "coffer.example"
SOURCE = "192.0.2.1"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What an operator hands out."""

    client_id: str
    key: str
    secret: str

    @property
    def headers(self) -> dict[str, str]:
        """The first dialect."""
        return {"X-API-Key": self.key, "X-API-Secret": self.secret}

    @property
    def basic(self) -> str:
        """HTTP Basic, form-encoded first as RFC 6749 §2.3.1 asks."""
        return basic(self.key, self.secret)


def basic(key: str, secret: str) -> str:
    """An Authorization header."""
    return "Basic " + b64encode(f"{quote_plus(key)}:{quote_plus(secret)}".encode()).decode()


@dataclass(frozen=True, slots=True)
class Office:
    """A world with operators; `seen` is every secret and token that it has given out, which no log may hold."""

    world: World
    seen: list[str] = field(default_factory=list)

    def operate(self, module: str, event: object = None, **fields: object) -> Mapping[str, Any]:
        """Invokes an operator's function with an event, or with one of these fields."""
        operator = cast("Operator[Any]", handler("operators", module))
        asked = fields if event is None else event
        answer = operator.serve(cast("Mapping[str, Any]", asked), self.world.runtime, self.world.countdown())
        if "api_secret" in answer:
            self.seen.append(str(answer["api_secret"]))
        return answer

    def client(self, name: str = "Acme") -> str:
        """The id of a new client."""
        return str(self.operate("create_client", client_name=name)["client_id"])

    def key(self, client_id: str | None = None, **fields: object) -> ApiKey:
        """A new API key, of a new client unless one is named."""
        answer = self.operate("create_api_key", client_id=client_id or self.client(), **fields)
        return ApiKey(answer["client_id"], answer["api_key"], answer["api_secret"])

    def publish(self, arn: str) -> str:
        """The kid of a KMS key that is published from now on."""
        return str(self.operate("publish_signing_key", kms_arn=arn)["kid"])

    def sign_with(self, arn: str) -> str:
        """The kid of a KMS key that signs from now on."""
        kid = self.publish(arn)
        self.operate("switch_signing_key", kid=kid)
        return kid

    def post(
        self,
        body: str | None = None,
        *,
        source: str = SOURCE,
        domain: str = DOMAIN,
        encoded: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A request to the token endpoint; `encoded` as HTTP APIs hand over a form."""
        endpoint, parameters = find("POST", TOKEN_PATH)
        text = b64encode(body.encode()).decode() if body is not None and encoded else body
        event = event_of(endpoint, "POST", TOKEN_PATH, parameters=parameters, body=text, headers=headers)
        event["isBase64Encoded"] = encoded
        event["requestContext"] |= {
            "domainName": domain,
            "http": {**event["requestContext"]["http"], "sourceIp": source},
        }
        answer = self.world.call(event, endpoint)
        if answer.status == 200:
            self.seen.append(answer.json["token"])
        return answer

    def ask(self, key: ApiKey, *, source: str = SOURCE, domain: str = DOMAIN) -> Answer:
        """The answer to a key and its secret in headers."""
        return self.post(source=source, domain=domain, headers=key.headers)

    def form(
        self,
        fields: Mapping[str, str] | str,
        *,
        authorization: str | None = None,
        content_type: str = FORM,
        source: str = SOURCE,
        encoded: bool = True,
    ) -> Answer:
        """The answer to a form, OAuth's dialect."""
        body = fields if isinstance(fields, str) else urlencode(fields)
        headers = {"Content-Type": content_type} | ({"Authorization": authorization} if authorization else {})
        return self.post(body, source=source, encoded=encoded, headers=headers)

    def token(self, key: ApiKey | None = None, *, domain: str = DOMAIN) -> str:
        """A token, of a new key unless one is given."""
        answer = self.ask(key or self.key(), domain=domain)
        assert answer.status == 200
        return str(answer.json["token"])

    def authorize(self, authorization: str, *, domain: str = DOMAIN) -> dict[str, str]:
        """The authorizer's verdict on an Authorization header."""
        event = {
            "version": "2.0",
            "type": "REQUEST",
            "identitySource": [authorization],
            "requestContext": {"domainName": domain, "requestId": "gateway-request"},
        }
        answer = authorize(event, self.world.runtime, self.world.countdown())
        assert answer["isAuthorized"] is True
        return cast("dict[str, str]", answer["context"])

    def get(self, path: str, verdict: Mapping[str, str]) -> Answer:
        """GET, with the authorizer's verdict."""
        endpoint, parameters = find("GET", path)
        return self.world.call(event_of(endpoint, "GET", path, parameters=parameters, verdict=verdict), endpoint)

    def open(self, path: str, *, domain: str = DOMAIN) -> Answer:
        """GET of what is open to everyone."""
        endpoint, parameters = find("GET", path)
        event = event_of(endpoint, "GET", path, parameters=parameters)
        event["requestContext"]["domainName"] = domain
        return self.world.call(event, endpoint)

    def visit(self, token: str, path: str = "/v1/organizations") -> Answer:
        """GET with a token: the authorizer, then the endpoint."""
        return self.get(path, self.authorize(f"Bearer {token}"))
