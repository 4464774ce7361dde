"""The desk API as it is published: OpenAPI 3.1 with an example of everything that is said and answered.

One document, served by every gateway at `/schema/openapi.json`, printed by `lienthong openapi`, and checked in as
`docs/protocol/desk.openapi.json` for generators of Java, .NET and other clients.
"""

import json
from importlib.resources import files
from typing import Any

from litestar import Litestar

TITLE = "Liên Thông – máy chủ bảo mật / gateway"
VERSION = "1"
DESCRIPTION = "Phần mềm của cơ quan gọi các địa chỉ này. Agencies' software calls these."
EXAMPLES = "examples.json"


def with_examples(app: Litestar) -> Litestar:
    """The application, whose published schemas have their examples: by the name of the schema, and of the parameter."""
    told = json.loads((files("lienthong.gateway") / EXAMPLES).read_bytes())
    document = app.openapi_schema
    for name, schema in (document.components.schemas or {}).items() if document.components else ():
        if name in told["schemas"]:
            schema.examples = [told["schemas"][name]]
    for path in (document.paths or {}).values():
        for operation in (path.get, path.put, path.post, path.delete, path.patch, path.head):
            for parameter in (operation.parameters or []) if operation else []:
                _show(parameter, told["parameters"])
    return app


def _show(parameter: Any, told: dict[str, Any]) -> None:
    if parameter.name in told and parameter.schema is not None:
        parameter.example = told[parameter.name]
