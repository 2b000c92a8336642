"""How the suite behaves on the vendor's own sandbox: pace, budget, phones, masks; in one transport."""
