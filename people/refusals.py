"""The named refusals of this room."""

from kit.errors import Conflict, Forbidden, Gone, Invalid
from kit.i18n import lazy


class WrongCode(Invalid):
    name = "wrong_code"
    default = lazy("This code is not the right one. I look at my mail again.")


class SignInOver(Gone):
    name = "sign_in_over"
    default = lazy("This link or code is too old, or was already used. I ask for a new mail.")


class PersonArchived(Forbidden):
    name = "person_archived"
    default = lazy("This address was closed by the collective. I write to them to open it again.")


class LastAdministrator(Conflict):
    name = "last_administrator"
    default = lazy("This is the last administrator. Someone else must become administrator first.")


class AddressTaken(Conflict):
    name = "address_taken"
    default = lazy("Someone already uses this mail address here.")


class UnknownScope(Invalid):
    name = "unknown_scope"
    default = lazy("I choose at least one of the rights of the list.")


class ErasureBlocked(Conflict):
    name = "erasure_blocked"
    default = lazy("I cannot be erased yet.")
