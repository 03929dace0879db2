"""What happened in the shop before you came: countries it knows, vouchers, orders and reviews."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.contrib.auth import get_user_model
from oscar.apps.checkout.calculators import OrderTotalCalculator
from oscar.apps.offer.applicator import Applicator
from oscar.core.loading import get_class, get_model

from sandbox.partner.strategy import ShopStrategy
from sandbox.shipping.repository import HOME

Basket = get_model("basket", "Basket")
Benefit = get_model("offer", "Benefit")
Condition = get_model("offer", "Condition")
ConditionalOffer = get_model("offer", "ConditionalOffer")
Country = get_model("address", "Country")
Order = get_model("order", "Order")
Product = get_model("catalogue", "Product")
ProductReview = get_model("reviews", "ProductReview")
Range = get_model("offer", "Range")
ShippingAddress = get_model("order", "ShippingAddress")
UserAddress = get_model("address", "UserAddress")
Voucher = get_model("voucher", "Voucher")
User = get_user_model()

COUNTRIES = (
    ("GB", "GBR", "826", "United Kingdom"),
    ("IE", "IRL", "372", "Ireland"),
    ("DE", "DEU", "276", "Germany"),
    ("AT", "AUT", "040", "Austria"),
    ("FR", "FRA", "250", "France"),
    ("NL", "NLD", "528", "Netherlands"),
    ("CH", "CHE", "756", "Switzerland"),
    ("IS", "ISL", "352", "Iceland"),
)

#: name, code, percent, usage, days until the voucher ends (negative: it has ended)
VOUCHERS = (
    ("Ten percent off", "FJORD10", 10, Voucher.MULTI_USE, 3650),
    ("Spring sale", "SPRING", 20, Voucher.MULTI_USE, -60),
    # The example by which agents give one; nobody can enter it, for it has ended.
    ("Sorry for the trouble", "SORRY10", 10, Voucher.MULTI_USE, -1),
    ("A present from the workshop", "ONCE15", 15, Voucher.SINGLE_USE, 3650),
)

ADDRESSES = {
    "anna@example.com": ("Anna", "Archer", "4 Chapel Row", "Bristol", "BS1 4DJ"),
    "ben@example.com": ("Ben", "Berger", "18 Mill Lane", "Leeds", "LS1 5ES"),
    "carla@example.com": ("Carla", "Costa", "61 Station Road", "Cardiff", "CF10 1EP"),
}

#: order number, customer, days ago, what was bought (UPC of a product that is sold, quantity)
ORDERS = (
    ("50001", "anna@example.com", 210, (("stoves-01", 1), ("stoves-08", 2))),
    ("50002", "anna@example.com", 96, (("backpacks-02-moss-sm", 1), ("bottles-01-lake", 1))),
    ("50003", "anna@example.com", 12, (("warm-layers-01-slate-m", 2),)),
    ("50004", "ben@example.com", 154, (("boots-01-42", 1), ("finding-the-way-04", 1))),
    ("50005", "ben@example.com", 33, (("tents-02-moss", 1), ("sleeping-mats-01-regular", 2))),
    ("50006", "carla@example.com", 61, (("lamps-02-sun", 1), ("cookware-05-rust", 4))),
)

#: product's UPC, reviewer, stars, title, text
REVIEWS = (
    (
        "tents-02",
        "ben@example.com",
        5,
        "Two weeks of rain",
        "Two weeks in the Hebrides and not a drop inside. The porch is small, but big enough for boots.",
    ),
    (
        "tents-02",
        "carla@example.com",
        4,
        "Good, a bit loud",
        "Up in five minutes. In wind the flysheet flaps until you have understood the guy lines.",
    ),
    (
        "tents-01",
        "anna@example.com",
        5,
        "My bicycle tent",
        "Fits on the handlebar. I am 1.70 m, taller people should look at the two-person one.",
    ),
    (
        "boots-01",
        "ben@example.com",
        5,
        "Needed patience",
        "The first week was hard on the heels. Since then I have not thought about my feet, and that is praise.",
    ),
    (
        "boots-04",
        "carla@example.com",
        3,
        "Comes up small",
        "Very comfortable, but order a size larger. I had to send the first pair back; that went smoothly.",
    ),
    (
        "waterproofs-01",
        "anna@example.com",
        4,
        "Dry at last",
        "Three hours of Welsh rain and dry shoulders. The zips under the arms are stiff.",
    ),
    ("backpacks-02", "anna@example.com", 5, "Cool back", "The mesh really helps in summer. Bottle pockets could be deeper."),
    ("lamps-02", "carla@example.com", 5, "It locks", "Finally a lamp that is not flat when you take it out of the rucksack."),
    ("stoves-01", "anna@example.com", 4, "Tiny", "Smaller than my thumb and boils water for two. Wind stops it dead."),
    (
        "warm-layers-01",
        "anna@example.com",
        5,
        "Bought two more",
        "Wore it for five days on the Pennine Way. No complaints from the others.",
    ),
    (
        "sleeping-bags-02",
        "ben@example.com",
        4,
        "Warm to about three degrees",
        "I sleep cold; below three I put socks on. Packs really small.",
    ),
    ("cookware-05", "carla@example.com", 5, "Like my grandmother's", "Each one a little crooked. I love them."),
)


def load_countries() -> None:
    """The countries of the address form; Iceland is there although nothing ships to it."""
    Country.objects.bulk_create(
        [
            Country(
                iso_3166_1_a2=two,
                iso_3166_1_a3=three,
                iso_3166_1_numeric=number,
                printable_name=name,
                name=name,
                display_order=20 if two == "GB" else 0,
                is_shipping_country=True,
            )
            for two, three, number, name in COUNTRIES
        ],
        ignore_conflicts=True,
    )


def load_vouchers(now: datetime) -> None:
    """A percentage anybody may use, one that has ended, one that works once, and the example for what agents give."""
    everything, _created = Range.objects.get_or_create(name="Everything", defaults={"includes_all_products": True})
    known = set(Voucher.objects.values_list("code", flat=True))
    for name, code, percent, usage, days in VOUCHERS:
        if code in known:
            continue
        voucher = Voucher.objects.create(
            name=name,
            code=code,
            usage=usage,
            start_datetime=now - timedelta(days=365),
            end_datetime=now + timedelta(days=days),
        )
        voucher.offers.add(_percentage_offer(name, percent, everything))


def _percentage_offer(name: str, percent: int, range_: Any) -> Any:
    return ConditionalOffer.objects.create(
        name=name,
        offer_type=ConditionalOffer.VOUCHER,
        condition=Condition.objects.create(range=range_, type=Condition.COUNT, value=1),
        benefit=Benefit.objects.create(range=range_, type=Benefit.PERCENTAGE, value=percent),
    )


def load_orders(now: datetime) -> None:
    """The customers' address books and earlier orders, placed as the shop places them."""
    users = {user.email: user for user in User.objects.filter(email__in=ADDRESSES)}
    for email, user in users.items():
        if not UserAddress.objects.filter(user=user).exists():
            UserAddress.objects.create(user=user, is_default_for_shipping=True, **_address(email))
    known = set(Order.objects.values_list("number", flat=True))
    for number, email, days_ago, lines in ORDERS:
        if number not in known:
            _place(number, users[email], now - timedelta(days=days_ago), lines)


def _address(email: str) -> dict[str, Any]:
    first_name, last_name, line1, town, postcode = ADDRESSES[email]
    return {
        "first_name": first_name,
        "last_name": last_name,
        "line1": line1,
        "line4": town,
        "postcode": postcode,
        "country_id": "GB",
    }


def _place(number: str, user: Any, placed_at: datetime, lines: tuple[tuple[str, int], ...]) -> None:
    basket = Basket.objects.create(owner=user)
    basket.strategy = ShopStrategy()
    for upc, quantity in lines:
        basket.add_product(Product.objects.get(upc=upc), quantity)
    Applicator().apply(basket, user, SimpleNamespace(user=user))
    method = HOME[0]
    charge = method.calculate(basket)
    order = get_class("order.utils", "OrderCreator")().place_order(
        user=user,
        basket=basket,
        order_number=number,
        shipping_method=method,
        shipping_charge=charge,
        shipping_address=ShippingAddress.objects.create(**_address(user.email)),
        total=OrderTotalCalculator().calculate(basket, charge),
    )
    basket.submit()
    order.lines.update(status="Shipped")
    Order.objects.filter(pk=order.pk).update(date_placed=placed_at, status="Shipped")


def load_reviews() -> None:
    """What customers wrote; one review per product and customer."""
    products = {product.upc: product for product in Product.objects.filter(upc__in={row[0] for row in REVIEWS})}
    users = {user.email: user for user in User.objects.filter(email__in=ADDRESSES)}
    known = set(ProductReview.objects.values_list("product__upc", "user__email"))
    for upc, email, score, title, body in REVIEWS:
        if (upc, email) not in known:
            ProductReview.objects.create(
                product=products[upc],
                user=users[email],
                score=score,
                title=title,
                body=body,
                status=ProductReview.APPROVED,
            )
