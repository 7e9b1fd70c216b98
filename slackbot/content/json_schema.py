"""The data file's JSON Schema: by it an editor completes keys, says what each is for and underlines what is none."""

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import msgspec

from slackbot.content.schema import Content, Model


def json_schema() -> dict[str, Any]:
    """The schema of a whole data file; what stands below a field in the code is its description."""
    parts = msgspec.json.schema(Content)["$defs"]
    for part in _parts():
        properties = parts[part.__name__]["properties"]
        for name, description in _descriptions(part):
            properties[name]["description"] = description
    content: dict[str, Any] = parts.pop(Content.__name__)
    content["properties"]["review"]["type"] = ["array", "null"]  # empty until somebody has signed
    return content | {"$defs": parts}


def _parts() -> Iterator[type[Model]]:
    return (part for part in vars(inspect.getmodule(Content)).values() if _is_a_part(part))


def _is_a_part(value: object) -> bool:
    return inspect.isclass(value) and issubclass(value, Model) and value is not Model


def _descriptions(part: type[Model]) -> Iterator[tuple[str, str]]:
    """The fields of a part that have a text below them, as the file calls them, each with its text."""
    encoded = dict(zip(part.__struct_fields__, part.__struct_encode_fields__, strict=True))
    for base in part.__mro__:
        if _is_a_part(base):
            (definition,) = ast.parse(inspect.getsource(base)).body
            assert isinstance(definition, ast.ClassDef)  # noqa: S101  # as the source of any class
            for field, below in pairwise(definition.body):
                match field, below:
                    case ast.AnnAssign(target=ast.Name(name)), ast.Expr(ast.Constant(str(text))):
                        yield encoded[name], inspect.cleandoc(text)
