"""What do shopper and agent look at together? A page that is shared live, with a yes, masked, and kept by nobody."""
