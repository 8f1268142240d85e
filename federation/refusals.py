"""Every "no" said to another node: a stable name, a status, a sentence that gives nothing away."""

from kit.errors import BadRequest, Invalid, Refusal, TooLarge, UnsupportedMedia
from kit.i18n import lazy


class SignatureRefused(Refusal):
    """Children say why a signature or a proof is not believed."""

    name, status = "bad_signature", 401
    default = lazy("The signature does not match this message.")


class Unsigned(SignatureRefused):
    name = "unsigned"
    default = lazy("This message is not signed.")


class BadSignature(SignatureRefused):
    name = "bad_signature"


class MissingCoverage(SignatureRefused):
    name = "missing_coverage"
    default = lazy("The signature leaves out a part of this message.")


class WrongDigest(SignatureRefused):
    name = "wrong_digest"
    default = lazy("The content of this message was changed on the way.")


class WrongHost(SignatureRefused):
    name = "wrong_host"
    default = lazy("This message was signed for another node.")


class OutsideClock(SignatureRefused):
    name = "outside_clock"
    default = lazy("The date of this message is too far from the present time.")


class UnknownAlgorithm(SignatureRefused):
    name = "unknown_algorithm"
    default = lazy("I do not know this way of signing.")


class UnknownKey(SignatureRefused):
    name = "unknown_key"
    default = lazy("I cannot use the key that signed this message.")


class OtherActor(SignatureRefused):
    name = "other_actor"
    default = lazy("This message was signed by someone else than its author.")


class UnparsableSignature(SignatureRefused):
    name, status = "unparsable_signature", 400
    default = lazy("I cannot read the signature of this message.")


class DuplicateHeader(SignatureRefused):
    name, status = "duplicate_header", 400
    default = lazy("A signed header appears twice in this message.")


class SeveralSignatures(SignatureRefused):
    name, status = "several_signatures", 400
    default = lazy("This message carries several signatures. I accept one.")


class MessageRefused(BadRequest):
    """Children say why the content of a message is not read."""

    name = "unreadable_message"
    default = lazy("I cannot read the content of this message.")


class UnreadableJson(MessageRefused):
    name = "unreadable_json"


class DuplicateKey(MessageRefused):
    name = "duplicate_key"
    default = lazy("A word appears twice in the same part of this message.")


class TooDeep(MessageRefused):
    name = "too_deep"
    default = lazy("This message has too many levels.")


class TooManyKeys(MessageRefused):
    name = "too_many_keys"
    default = lazy("This message has too many parts.")


class TextTooLong(MessageRefused):
    name = "text_too_long"
    default = lazy("A text of this message is too long.")


class TooManyRecipients(MessageRefused):
    name = "too_many_recipients"
    default = lazy("This message has too many recipients.")


class NumberOutOfRange(MessageRefused):
    name = "number_out_of_range"
    default = lazy("A number of this message is too large.")


class ForbiddenKeyword(MessageRefused):
    name = "forbidden_keyword"
    default = lazy("This message is written in a form that I do not read.")


class MessageTooLarge(TooLarge):
    name = "message_too_large"
    default = lazy("This message is too large.")


class WrongContentType(UnsupportedMedia):
    name = "wrong_content_type"
    default = lazy("This address reads ActivityPub messages only.")


class NotUnderstood(Invalid):
    name = "not_understood"
    default = lazy("This message asks for something that I do not know.")
