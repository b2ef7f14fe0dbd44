"""Loaded by schemathesis: what it does otherwise than by default."""

import zlib

import schemathesis

NAMES = [f"fuzz{n}" for n in range(6)]


def event_of(schema):
    """An event whose data is a value of the schema, in JSON."""
    data = {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": f"#/components/schemas/{schema}"},
    }
    return {
        "type": "object",
        "required": ["id", "event", "data"],
        "properties": {"id": {"type": "string"}, "event": {"const": "progress"}, "data": data},
    }


EVENTS = {
    "/events": event_of("ListedEnvironment"),
    "/environments/{name}/events": event_of("Environment"),
}


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """OpenAPI 3.1 can describe a stream as a text only. The item schema is that of OpenAPI 3.2."""
    for path, event in EVENTS.items():
        answer = raw_schema["paths"][path]["get"]["responses"]["200"]
        answer["content"]["text/event-stream"] = {"itemSchema": event}


def known(text):
    """One of a few names for most texts, so that requests meet environments in every state. Hypothesis repeats requests,
    so it is always the same for the same text."""
    number = zlib.crc32(text.encode("utf-8", "surrogatepass"))
    return NAMES[number % len(NAMES)] if number % 8 else text


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    if path_parameters and isinstance(path_parameters.get("name"), str):
        path_parameters["name"] = known(path_parameters["name"])
    return path_parameters


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict) and isinstance(body.get("name"), str):
        body["name"] = known(body["name"])
    return body
