"""The operators' REST API as one Litestar application, with one format for every error."""

from __future__ import annotations

import logging
import re
from typing import Any

import msgspec
from litestar import Litestar, MediaType, Request, Response
from litestar.config.app import AppConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin

from server_stub.api.http import ClientGone, internal, problem_of, unavailable
from server_stub.api.rest.dialogs import Dialogs
from server_stub.api.rest.house import House
from server_stub.api.rest.office import Office, sign_in, the_operator
from server_stub.api.rest.visitors import Visitors
from server_stub.protocol import MAX_FILE_BYTES
from server_stub.store.base import StoreError
from server_stub.work import Rejected

MAX_BODY_BYTES = MAX_FILE_BYTES + 1024
_WORDS = {
    400: "invalid",
    401: "no_token",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_type",
}
_PLACE = re.compile(r" - at `([^`]*)`$")

log = logging.getLogger("server_stub.api")
AnyRequest = Request[Any, Any, Any]


def build_rest(office: Office) -> Litestar:
    """Every route below /api/, and the OpenAPI document at /schema."""
    return Litestar(
        route_handlers=[Dialogs, Visitors, House],
        guards=[sign_in],
        dependencies={
            "office": Provide(lambda: office, sync_to_thread=False),
            "operator": Provide(the_operator, sync_to_thread=False),
        },
        state=State({"office": office}),
        exception_handlers={
            Rejected: _rejected,
            StoreError: _store_error,
            HTTPException: _http_error,
            Exception: _mistake,
        },
        openapi_config=OpenAPIConfig(
            title="Operator desk",
            version=office.version,
            path="/schema",
            render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"]), YamlRenderPlugin()],
        ),
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
        on_app_init=[_plain],
    )


def _plain(config: AppConfig) -> AppConfig:
    config.debug = False
    return config


def _answer(rejected: Rejected) -> Response[bytes]:
    headers = {"x-content-type-options": "nosniff"}
    if rejected.status == 401:
        headers["www-authenticate"] = "Bearer"
    if rejected.status == 503:
        headers["retry-after"] = "2"
    body = msgspec.json.encode(problem_of(rejected))
    return Response(body, media_type=MediaType.JSON, status_code=rejected.status, headers=headers)


def _rejected(_request: AnyRequest, error: Rejected) -> Response[bytes]:
    return _answer(error)


def _store_error(request: AnyRequest, error: StoreError) -> Response[bytes]:
    log.error("%s %s: %s", request.method, request.url.path, error)
    return _answer(unavailable())


def _http_error(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """What Litestar itself finds wrong with a request."""
    status = error.status_code
    if status >= 500:
        return _mistake(request, error)
    if isinstance(error, ValidationException) or status in (400, 422):
        return _answer(_invalid(error))
    detail, hint = error.detail, ""
    if status == 404:
        detail, hint = f"There is nothing at {request.url.path[:200]}.", "The paths stand in /schema."
    elif status == 405:
        detail = f"{request.method} is not possible here."
    elif status == 413:
        detail = f"The body is larger than {MAX_BODY_BYTES // 1024} KB."
    return _answer(Rejected(_WORDS.get(status, "refused"), detail, status=status, hint=hint))


def _invalid(error: HTTPException) -> Rejected:
    """The first thing that is wrong, with its place."""
    found = error.extra[0] if isinstance(error.extra, list) and error.extra else {}
    text = (
        str(found.get("message") or error.__cause__ or error.detail)
        if isinstance(found, dict)
        else error.detail
    )
    field = str(found.get("key") or "") if isinstance(found, dict) else ""
    place = _PLACE.search(text)
    if place:
        text = text[: place.start()]
        field = field or place[1].removeprefix("$").lstrip(".")
    return Rejected("invalid", text.rstrip(".") + ".", field=field)


def _mistake(request: AnyRequest, error: Exception) -> Response[bytes]:
    if isinstance(error, ClientGone):
        return _answer(Rejected("gone", "The client hung up.", status=400))
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _answer(internal())
