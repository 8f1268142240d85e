"""The named refusals of this room."""

from kit.errors import Conflict, Forbidden, Gone, Invalid, NotFound, Refusal, TooManyRequests
from kit.i18n import lazy


class PairingOver(Gone):
    name = "pairing_over"
    default = lazy("This code pairs no till: it is wrong, too old, or was already used. I make a new one.")


class DeviceUnknown(NotFound):
    name = "device_unknown"
    default = lazy("I do not know this till.")


class DeviceRevoked(Conflict):
    name = "device_revoked"
    default = lazy("This till was taken out of service. I pair it again to use it.")


class MoreWaits(Conflict):
    name = "more_waits"
    default = lazy("More operations wait in this till than I was told. I read it again.")


class OperatorUnknown(NotFound):
    name = "operator_unknown"
    default = lazy("I do not know this operator.")


class OperatorNeeded(Refusal):
    name, status = "operator_needed", 401
    default = lazy("Who sells? I give my PIN or hold my staff card to the reader.")


class RightMissing(Forbidden):
    name = "right_missing"
    default = lazy("This needs a manager of the till.")


class WrongPin(Forbidden):
    name = "wrong_pin"
    default = lazy("No operator has this PIN. I try again.")


class TooManyPins(TooManyRequests):
    name = "too_many_pins"
    default = lazy("Too many wrong PINs. I wait a little and try again.")


class BadPin(Invalid):
    name = "bad_pin"
    default = lazy("A PIN has 4 to 8 digits.")


class PinTaken(Conflict):
    name = "pin_taken"
    default = lazy("I choose another PIN: this one cannot be used.")


class CodeTaken(Conflict):
    name = "code_taken"
    default = lazy("Another operator has this code.")


class NotStaffCard(Forbidden):
    name = "not_staff_card"
    default = lazy("This card opens no till. I use a staff card or my PIN.")


class StaffCardTaken(Conflict):
    name = "staff_card_taken"
    default = lazy("This staff card opens the till for another operator.")


class TapOver(Gone):
    name = "tap_over"
    default = lazy("This tap is too old. I hold the Pass to the reader again.")


class TapElsewhere(Gone):
    name = "tap_elsewhere"
    default = lazy("This Pass was not read at this till. I hold it to the reader here.")


class CardUnusable(Conflict):
    name = "card_unusable"
    default = lazy("This card cannot be used: its tap said why. I ask for another card.")


class BadSignature(Forbidden):
    name = "bad_signature"
    default = lazy("The signature of this till is not right. Nothing was written.")


class NotInTraining(Conflict):
    name = "not_in_training"
    default = lazy("This till was not in training then: I do it for real, or in training from now on.")


class SignatureNeeded(Invalid):
    name = "signature_needed"
    default = lazy("What was done without a connection must be signed by the till.")


class NoOfflinePass(Invalid):
    name = "no_offline_pass"
    default = lazy("A Pass cannot pay without a connection. I choose cash or the card terminal.")


class SaleUnknown(NotFound):
    name = "sale_unknown"
    default = lazy("I do not know this sale.")


class PointUnknown(NotFound):
    name = "point_unknown"
    default = lazy("This point of sale is not one of this till.")


class CardShort(Conflict):
    name = "card_short"
    default = lazy("There is not enough on this Pass. The rest may be paid another way.")
