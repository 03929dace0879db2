"""Taking the payment: Oscar's payment page with a form, and the way back from the bank."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from oscar.apps.checkout import exceptions, views
from oscar.apps.offer.applicator import Applicator
from oscar.apps.order.exceptions import UnableToPlaceOrder
from oscar.apps.payment.exceptions import RedirectRequired
from oscar.apps.payment.models import Source, SourceType

from oscar_engage.signals import record
from sandbox.bank.messages import BankAnswer, PaymentRequest, read_answer, sign_request
from sandbox.checkout.forms import PaymentForm
from sandbox.checkout.gateway import charge
from sandbox.checkout.pending import close_payment, open_payment, pending_order_number


class PaymentRecordMixin:
    """Notes a payment that was taken, to be saved with the order."""

    def record_payment(self, name: str, *, amount: Decimal, currency: str, reference: str) -> None:
        """Add Oscar's payment source and event."""
        source_type, _created = SourceType.objects.get_or_create(name=name)
        self.add_payment_source(  # type: ignore[attr-defined]  # Oscar's OrderPlacementMixin has it
            Source(
                source_type=source_type,
                currency=currency,
                amount_allocated=amount,
                amount_debited=amount,
                reference=reference,
            )
        )
        self.add_payment_event("Settled", amount, reference=reference)  # type: ignore[attr-defined]  # idem


@method_decorator(never_cache, name="dispatch")
class PaymentDetailsView(PaymentRecordMixin, views.PaymentDetailsView):
    """Oscar's payment and preview pages with our payment form.

    The form travels from the payment page to the preview page and on as hidden fields, Oscar's usual
    way, so that no card number is ever written down.
    """

    def check_payment_data_is_captured(self, request: HttpRequest) -> None:
        """The preview needs the posted payment form; people without one go back to it."""
        if request.method == "POST" or not self._is_payment_required(request):
            return
        raise exceptions.FailedPreCondition(url=reverse("checkout:payment-details"), message=_("Please choose how to pay"))

    def _is_payment_required(self, request: HttpRequest) -> bool:
        try:
            self.skip_unless_payment_is_required(request)
        except exceptions.PassedSkipCondition:
            return False
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add an empty payment form where none was posted."""
        kwargs.setdefault("payment_form", PaymentForm())
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context

    def handle_payment_details_submission(self, request: HttpRequest) -> HttpResponse:
        """Show the preview for a valid form, the form's errors otherwise."""
        form = PaymentForm(request.POST)
        render = self.render_preview if form.is_valid() else self.render_payment_details
        response: HttpResponse = render(request, payment_form=form)
        return response

    def handle_place_order_submission(self, request: HttpRequest) -> HttpResponse:
        """Place the order if the form that came along is still valid, or there is nothing to pay."""
        if not self._is_payment_required(request):
            free: HttpResponse = super().handle_place_order_submission(request)
            return free
        form = PaymentForm(request.POST)
        if not form.is_valid():
            errors: HttpResponse = self.render_payment_details(request, payment_form=form)
            return errors
        submission = self.build_submission(payment_kwargs={"payment_form": form})
        response: HttpResponse = self.submit(**submission)
        return response

    def handle_payment(self, order_number: Any, total: Any, *, payment_form: PaymentForm | None = None, **kwargs: Any) -> None:
        """Charge the card or send the customer to the bank.

        Raises ``UnableToTakePayment`` for a refused card and ``RedirectRequired`` for the bank.
        """
        if payment_form is None:
            return  # Nothing to pay.
        number = str(order_number)
        if payment_form.is_card:
            reference = charge(payment_form.cleaned_data["number"], order_number=number)
            self.record_payment("Card", amount=total.incl_tax, currency=total.currency, reference=reference)
            return
        token = sign_request(PaymentRequest(order_number=number, amount=str(total.incl_tax), currency=total.currency))
        open_payment(self.request, token)
        raise RedirectRequired(url=reverse("bank", kwargs={"token": token}))


@method_decorator(never_cache, name="dispatch")
class BankReturnView(PaymentRecordMixin, views.OrderPlacementMixin, views.generic.View):
    """Where the bank sends the customer back to: place the order, or give the basket back."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Act on the bank's signed answer, once."""
        answer = read_answer(request.GET.get("answer", ""))
        if answer is None or answer.order_number != pending_order_number(request):
            # Answered already (the back button, a second click), taken back, or not ours.
            return redirect("checkout:thank-you" if "checkout_order_id" in request.session else "basket:summary")
        close_payment(request)
        if answer.is_paid:
            return self.place(answer)
        record(request, "payment.failed", reason="cancelled")
        messages.warning(request, _("You cancelled the payment at the bank. Nothing has been charged."))
        return self.give_basket_back("checkout:payment-details")

    def post(self, request: HttpRequest) -> HttpResponse:
        """The customer left the bank and wants the basket back."""
        close_payment(request)
        return self.give_basket_back("basket:summary")

    def place(self, answer: BankAnswer) -> HttpResponse:
        """Place the order for the frozen basket; give it back when that fails."""
        basket = self.get_submitted_basket()
        basket.strategy = self.request.strategy
        Applicator().apply(basket, self.request.user, self.request)
        submission = self.build_submission(basket=basket)
        submission.pop("payment_kwargs")
        order_kwargs = submission.pop("order_kwargs")
        total = submission["order_total"]
        if total is None or str(total.incl_tax) != answer.amount:
            return self._refuse()
        self.record_payment("Bank", amount=total.incl_tax, currency=total.currency, reference=f"BANK-{answer.order_number}")
        try:
            response: HttpResponse = self.handle_order_placement(answer.order_number, **submission, **order_kwargs)
        except (UnableToPlaceOrder, ValueError):
            return self._refuse()
        return response

    def give_basket_back(self, view_name: str) -> HttpResponse:
        """Thaw the basket that waited for the bank and go on at ``view_name``."""
        if self.request.basket.id is None:
            # Oscar merges the current basket into the thawed one and stumbles over one that was never saved.
            self.request.basket.save()
        self.restore_frozen_basket()
        return redirect(view_name)

    def _refuse(self) -> HttpResponse:
        messages.error(self.request, _("We could not place this order. Your payment at the bank is sent back to you."))
        return self.give_basket_back("basket:summary")
