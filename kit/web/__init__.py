"""Doors, calls and answers: how a request becomes one function call and one answer."""

from kit.web.answers import json_answer, problem
from kit.web.call import Call, UploadedFile
from kit.web.doors import Answer, Door, Handler, api, file, flow, page, protocol, read, write

__all__ = [
    "Answer",
    "Call",
    "Door",
    "Handler",
    "UploadedFile",
    "api",
    "file",
    "flow",
    "json_answer",
    "page",
    "problem",
    "protocol",
    "read",
    "write",
]
