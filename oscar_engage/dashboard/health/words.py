"""What does each counter count, in words? What is counted in this process, for the page of health."""

from collections.abc import Callable, Mapping
from functools import partial

from django.utils.translation import gettext as _

from oscar_engage.sharing.models import Ended

OURS: Mapping[str, Callable[[], str]] = {
    "fault:flush": lambda: _(
        "What shoppers do could not be written: our tables are missing, locked or out of reach, or the database takes "
        "nothing (a full disk, a read-only copy)."
    ),
    "fault:beat": lambda: _(
        "A browser's signals could not be taken: our tables are missing, locked or out of reach, or the database takes "
        "nothing (a full disk, a read-only copy)."
    ),
    "fault:commit": lambda: _("A fact could not be kept after the shop's commit."),
    "fault:absent": lambda: _("What happened to a shopper elsewhere (an order sent …) could not be written."),
    "fault:mail": lambda: _("A mail about a basket could not be sent: its text, or the mail server."),
    "fault:act": lambda: _(
        "What a shopper agreed to in a chat could not be done: the shop's own code failed, and it was undone."
    ),
    "fault:act_afterwards": lambda: _("What a shopper agreed to was done, but what the shop does after that failed."),
    "fault:poll": lambda: _("An open chat could not be read."),
    "fault:page": lambda: _("A page of ours (a chat, a form) could not be shown or saved in time: our tables were locked."),
    "fault:settings": lambda: _("OSCAR_ENGAGE cannot be used: run manage.py check."),
    "fault:switch": lambda: _("The switch on this page could not be read; it stays as it was."),
    "fault:snippet": lambda: _("A page of the shop went out without our tags."),
    "fault:prepare_page": lambda: _("A page of the shop went out without our tags."),
    "fault:begin": lambda: _("A request of the shop was not sensed."),
    "fault:read_response": lambda: _("What a page said of the shopper's progress could not be read."),
    "fault:look": lambda: _("The shop's own basket or stock could not be asked."),
    "fault:record": lambda: _("A signal could not be recorded: its kind or data is wrong."),
    "fault:past": lambda: _("What a shopper did earlier could not be read; rules that ask for it waited."),
    "fault:variable": lambda: _("A variable could not be read; rules that ask for it did not hold."),
    "fault:source": lambda: _("A system that a variable asks failed; its last value stays."),
    "slow:variable": lambda: _("A variable took the whole time that costly ones have in a beat (COSTLY_BUDGET_MS)."),
    "slow:source": lambda: _("A system that a variable asks gave no answer in time (COSTLY_PATIENCE_MS)."),
    "dropped:costly": lambda: _("Costly variables were not read, because others had used up the time of a beat."),
    "dropped:source": lambda: _("A system that a variable asks was not asked, because it had failed or hung before."),
    "refused:flood_of_network": lambda: _(
        "Many reports came from one network and were not read: an attack, or PROXIES is not set."
    ),
    "refused:newcomers": lambda: _(
        "Many new browsers came from one network and were not followed: an attack, or PROXIES is not set."
    ),
    "skipped:rules": lambda: _("A live rule cannot be read and is not judged; the others are. It is listed below."),
    "fault:rules": lambda: _("The live rules could not be read; shoppers meet them as they were."),
    "dropped:rules": lambda: _("More rules are live than LIVE_RULES or LIVE_CONDITIONS allow; those of lowest priority rest."),
    "refused:breaker": lambda: _(
        "Shoppers were asked at once to try again, because several answers before them had come too late."
    ),
    "dropped:breaker": lambda: _("Signals were dropped, because several writes before them had failed."),
    "dropped:busy": lambda: _("Signals were dropped, because others were still being written."),
    "dropped:buffer_full": lambda: _("A request recorded more signals than a shopper can cause."),
    "fault:answers": lambda: _("A question could not be answered from the articles or the facts; its note waits for an agent."),
    "fault:card": lambda: _(
        "A product or a voucher could not be searched for, or shown in a chat: the shop's own code failed."
    ),
    "fault:content": lambda: _("The content of an offer could not be made; that offer was not shown."),
    "fault:bars": lambda: _("What a lead is measured by could not be read; what was read before stays."),
    "fault:models": lambda: _("The models that speak could not be read; those that were read before go on."),
    "fault:engage_account_tab": lambda: _("A page of the account went out without our part of it."),
    "fault:engage_payment_help": lambda: _("A payment page went out without our way to help."),
    "fault:engage_segment": lambda: _("A part of a page for some shoppers only was left out."),
    "fault:engage_widgets": lambda: _("A page of the shop went out without our tags."),
    "fault:field_help": lambda: _("A page with a form went out without our help for its fields."),
    "fault:flush_on_close": lambda: _("What shoppers do could not be written after the page was sent."),
    "fault:foretell": lambda: _("A model could not say what it foretells; rules act without it."),
    "fault:nonce": lambda: _("The content security policy of a page could not be followed; our scripts may not run there."),
    "fault:picture": lambda: _("The picture of a product could not be made smaller; it is suggested without one."),
    "fault:placeholder": lambda: _("A placeholder in a text could not be filled in."),
    "fault:preview": lambda: _("A draft could not be shown on a page of the shop."),
    "fault:push": lambda: _("A page could not be told at once that there is news; it asks within seconds."),
    "fault:push.access": lambda: _("The server for push could not be asked for; pages ask by themselves."),
    "fault:push.check": lambda: _("It could not be checked who listens to push; that page was cut off and asks by itself."),
    "fault:push.look": lambda: _("News for push could not be read; pages ask by themselves."),
    "fault:push.source": lambda: _("The server for push lost what wakes it, and tries again."),
    "fault:push.watch": lambda: _("The server for push failed while it watched, and goes on."),
    "fault:roles": lambda: _("Who was given which role could not be written to the trail."),
    "fault:sharing": lambda: _("A page that is shared could not be passed on."),
    "fault:snapshot": lambda: _("The copy of a page that a shopper sent could not be kept; the conversation was."),
    "fault:vectors": lambda: _("What models learn from could not be written; shoppers notice nothing."),
    "fault:watch": lambda: _("A basket could not be looked at for changed prices and stock: the shop's own code failed."),
    "dropped:anchors": lambda: _("Places where help stands were not counted, because there were too many."),
}
"""What went wrong with us, or was too much for us: it stands among the problems while it is new."""


def _say_end(end: Ended) -> str:
    return _("Shared pages and talks that ended: %(why)s.") % {"why": end.label}


OTHERS: Mapping[str, Callable[[], str]] = {
    "refused:switched_off": lambda: _("Reports of browsers were not read, because engage is switched off."),
    "refused:foreign_origin": lambda: _("Reports that did not come from a page of this shop were not read."),
    "refused:robot": lambda: _("Browsers that are run by programs were left out (DRIVEN_BROWSERS), and so were robots."),
    "refused:flood": lambda: _("One browser sent more reports than a page does; they were not read."),
    "refused:too_large": lambda: _("Reports that were too large were not read."),
    "refused:malformed": lambda: _("Reports that no page of ours sends were not read."),
    "refused:live_flood": lambda: _("A shared page sent more than a page does; it was not passed on."),
    "refused:live_malformed": lambda: _("What no shared page sends was not passed on."),
    "refused:live_too_large": lambda: _("What a shared page sent was too large to be passed on."),
    "refused:snapshot_malformed": lambda: _("Copies of pages that no page of ours sends were not kept."),
    "refused:snapshot_too_large": lambda: _("Copies of pages that were too large were not kept."),
    "refused:snapshot_too_deep": lambda: _("Copies of pages that were nested too deeply were not kept."),
    "rejected:unknown_kind": lambda: _("Signals of a kind that is not known were not taken."),
    "rejected:server_only": lambda: _("Signals that only the shop itself may record came from a browser and were not taken."),
    "rejected:invalid": lambda: _("Signals with wrong data were not taken."),
    "rejected:poison": lambda: _("Signals with what no database can hold were not taken."),
    "mail:forgotten": lambda: _("No mail about a basket: its shopper was erased, or the basket became somebody else's."),
    "mail:switched_off": lambda: _("No mail about a basket: these mails are off, or engage is."),
    "mail:no_account": lambda: _("No mail about a basket: there is no account with an address."),
    "mail:no_shopper": lambda: _("No mail about a basket: it is a member of staff, or a robot."),
    "mail:no_consent": lambda: _("No mail about a basket: its shopper did not agree to it."),
    "mail:no_permission": lambda: _("No mail about a basket: the customer did not allow mails."),
    "mail:suppressed": lambda: _("No mail about a basket: the customer wants none any more, or the address is dead."),
    "mail:came_back": lambda: _("No mail about a basket: its shopper came back."),
    "mail:ordered": lambda: _("No mail about a basket: its shopper has ordered."),
    "mail:not_theirs": lambda: _("No mail about a basket: it is another customer's by now."),
    "mail:nothing_to_buy": lambda: _("No mail about a basket: nothing in it can be bought."),
    "mail:mailed_lately": lambda: _("No mail about a basket: the customer had one lately."),
    "mail:too_late": lambda: _("No mail about a basket: it was left too long ago."),
    "mail:shop_holdout": lambda: _("No mail about a basket: its shopper is left alone, to measure what help changes."),
    "dropped:unknown_key": lambda: _(
        "Signals of a browser that was logged out or erased meanwhile were dropped, as they should be."
    ),
    "skipped:model": lambda: _("A model does not speak: it is damaged, or knows other features than this process has."),
    "live:asked": lambda: _("A page was asked to be shared."),
    "live:begun": lambda: _("A shared page began."),
    "voice:asked": lambda: _("A talk in the browser was asked for."),
    "voice:begun": lambda: _("A talk in the browser began."),
    **{f"live:ended_{end.value}": partial(_say_end, end) for end in Ended},
    **{f"voice:ended_{end.value}": partial(_say_end, end) for end in Ended},
    "other": lambda: _("Counters beyond those there is room for."),
}
"""What others did wrong, and what was left out as it should be: counted, and no problem of ours."""


def say_ours(name: str) -> str:
    """Return what a counter of our own faults means; empty for one that counts others' mistakes (a robot, a broken beat)."""
    if name in OURS:
        return OURS[name]()
    if name in OTHERS:
        return ""
    return _("A part of ours failed: %(name)s.") % {"name": name} if name.startswith(("fault:", "dropped:")) else ""


def say_counter(name: str) -> str:
    """Return what the counter ``name`` counts; empty for one that nobody has words for."""
    return OTHERS[name]() if name in OTHERS else say_ours(name)
