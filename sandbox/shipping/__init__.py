"""Which ways to send a parcel the shop has, by country."""
