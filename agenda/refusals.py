"""The named refusals of the agenda."""

from kit.errors import Conflict, Forbidden, Invalid, NotFound
from kit.i18n import lazy


class NoSuchEvent(NotFound):
    name = "no_such_event"
    default = lazy("This event is not in the agenda.")


class NoSuchPlace(NotFound):
    name = "no_such_place"
    default = lazy("This place is not in my list.")


class NoSuchTag(NotFound):
    name = "no_such_tag"
    default = lazy("This tag is not in my list.")


class NotOurs(Conflict):
    name = "not_ours"
    default = lazy("This event belongs to another collective. Only they can change it.")


class SameEventTwice(Conflict):
    name = "same_event_twice"
    default = lazy("An event with this name starts at the same time.")


class WrongState(Conflict):
    name = "wrong_state"
    default = lazy("This event is not in a state where I can do this.")


class PlaceInUse(Conflict):
    name = "place_in_use"
    default = lazy("Events take place here. I choose another place for them first.")


class TagInUse(Conflict):
    name = "tag_in_use"
    default = lazy("Events wear this tag. I merge it with another one.")


class NameTaken(Conflict):
    name = "name_taken"
    default = lazy("This name is already in my list.")


class NotReadable(Invalid):
    name = "event_not_readable"
    default = lazy("This event cannot be read.")


class NotExpected(Forbidden):
    name = "event_not_expected"
    default = lazy("We do not exchange with this node.")
