"""The named refusals of the catalogue."""

from kit.errors import Conflict, NotFound
from kit.i18n import lazy


class NoSuchProduct(NotFound):
    name = "no_such_product"
    default = lazy("This product is not in my list.")


class NoSuchCategory(NotFound):
    name = "no_such_category"
    default = lazy("This category is not in my list.")


class NoSuchPoint(NotFound):
    name = "no_such_point_of_sale"
    default = lazy("This point of sale is not in my list.")


class ProductNameTaken(Conflict):
    name = "product_name_taken"
    default = lazy("Another product has this name.")


class CategoryNameTaken(Conflict):
    name = "category_name_taken"
    default = lazy("Another category has this name.")


class PointNameTaken(Conflict):
    name = "point_of_sale_name_taken"
    default = lazy("Another point of sale has this name.")


class CategoryInUse(Conflict):
    name = "category_in_use"
    default = lazy("Products are in this category. I choose another one for them first.")


class DepositInUse(Conflict):
    name = "deposit_in_use"
    default = lazy("Products are sold with this deposit. I take it off them first.")


class SortStays(Conflict):
    name = "sort_stays"
    default = lazy("A product stays a product, and a deposit a deposit. I create another one.")


class CatalogueFull(Conflict):
    name = "catalogue_full"
    default = lazy("My catalogue is full. I archive what I no longer sell.")
