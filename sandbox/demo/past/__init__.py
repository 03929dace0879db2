"""What happened in the demo shop in the sixty days before you came? Made up, so that the reports have something to say.

In: a moment, a size and nothing else; chance has a fixed seed, so the same moment and size make the same past. Out: rows in our
tables and Oscar's, as if shoppers had been there, and all rollups counted. Everything lies before today: nobody is in the shop,
nothing waits. ``ENGAGE_SANDBOX_PAST=0`` leaves it out.

What is *true* in it, to be laid beside what the reports find; share of those who buy within the seven days that count:

====================================================  ==========  ==========  ========  ===========================
Rule                                                  left alone  with help   held out  so the reports should say
====================================================  ==========  ==========  ========  ===========================
Stalled in the checkout: a word about delivery        36 %        58 %        20 %      it earns
Third product, still looking                          24 %        11 %        40 %      stop it
Large basket, hesitating                              30 %        30 %        25 %      no effect is seen
Still stalled: invite to a chat (since three weeks)   34 %        40 %        20 %      too early to say
Search without a result (since five weeks)            12 %        14 %        20 %      too early to say
Payment refused (since five weeks)                    40 %        46 %        20 %      too early to say
====================================================  ==========  ==========  ========  ===========================

An order is of £82 on average; 8 % come back and 2 % are cancelled, all with or without help. In these days the shop
left three in ten visitors alone altogether, and each rule held out of the rest what the table says: more than the sandbox does
from today on, and what a shop does that wants to know soon. One browser in 150 is of a member of staff, one in 90 an automaton.
That moments come more often than in a real shop, and effects are larger, is so that two months of a small shop show something.

Who comes to the form for the address and gives up stumbled over the postcode four times as often as who went on. Agents keep
about nine promises in ten; Tova, the second, breaks three times as many as Olle. Before the shop had this desk it had about 46
calls and mails on a working day (they are imported as contact volumes); since then about 27, and the desk's own beside.
"""
