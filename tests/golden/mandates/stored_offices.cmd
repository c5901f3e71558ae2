# Offices that are in the store alone: what they hold is said where they have no authority; and of a domain, who holds it and who advises on it.
remit run stored_offices.remit --store 1.db
remit check stored_mandates.remit --store 1.db
remit describe people --store 1.db
remit describe delivery --store 1.db
remit describe systems --store 1.db
