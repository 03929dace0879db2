"""The bank's page: pay, cancel, or just leave."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from sandbox.bank.messages import BankAnswer, read_request, sign_answer


@method_decorator(never_cache, name="dispatch")
class BankView(View):
    """Asks the customer to confirm one payment; keeps nothing itself."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The page with the amount; 404 in the bank's own look for a bad or old token."""
        payment = read_request(token)
        return render(request, "sandbox/bank.html", {"payment": payment, "token": token}, status=200 if payment else 404)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Send the customer back to the shop with the signed answer; only ``decision=pay`` pays."""
        payment = read_request(token)
        if payment is None:
            return self.get(request, token)
        answer = BankAnswer(
            order_number=payment.order_number,
            amount=payment.amount,
            is_paid=request.POST.get("decision") == "pay",
        )
        query = urlencode({"answer": sign_answer(answer)})
        return HttpResponseRedirect(f"{reverse('checkout:bank-return')}?{query}")
