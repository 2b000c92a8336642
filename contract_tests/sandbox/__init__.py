"""Keep the limits on the vendor's own sandbox: pace, budget, allowed phones and masking, in one transport."""
