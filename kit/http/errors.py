"""What can go wrong with a remote address, by stable names; the cause goes to the log, never to a reader."""

from kit.errors import Refusal
from kit.i18n import lazy


class RemoteTrouble(Refusal):
    """The other side cannot be reached, or did not answer as it should."""

    name, status = "remote_trouble", 502
    default = lazy("The other node does not answer as expected.")


class AddressRefused(RemoteTrouble):
    """This address is never contacted: scheme, port, user name, or a place that is not public."""

    name, status = "address_refused", 422
    default = lazy("I cannot use this address.")


class Unreachable(RemoteTrouble):
    """No such name, nobody listens there, no trust in its certificate, or the line broke."""

    name, status = "unreachable", 502
    default = lazy("I cannot reach the other node.")


class LineEnded(Unreachable):
    """A line kept from an earlier exchange broke: whether the other side read the request, nothing says.

    Who knows that the request may be repeated can send it again at once, on another line.
    """


class TooSlow(RemoteTrouble):
    """The whole exchange did not end before its deadline."""

    name, status = "too_slow", 504
    default = lazy("The other node takes too long to answer.")


class AnswerTooLarge(RemoteTrouble):
    """The answer, as sent or once decompressed, passes the size asked for."""

    name, status = "too_large", 502
    default = lazy("The other node's answer is too large.")


class BadAnswer(RemoteTrouble):
    """What came back is not HTTP, not the kind of content asked for, or damaged."""

    name, status = "bad_answer", 502
    default = lazy("I do not understand the other node's answer.")


class RedirectedTooFar(RemoteTrouble):
    """More redirects than are followed, or one without a place to go."""

    name, status = "redirected_too_far", 502
    default = lazy("The other node sends me from address to address.")
