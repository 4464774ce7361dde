"""The officers' face: look, ask, decide, keep. Whatever a caller sees or does lies in the scope of their registration
authority; the centre's is everything.
"""

from lienthong.ca.faces.casing import (
    acme_key,
    case_page,
    cases,
    decide,
    deliver,
    letter,
    open_case,
    resubmit,
    statement,
    stop_acme,
    transfers,
    withdraw,
)
from lienthong.ca.faces.departing import list_departures, one_departure, record_departure, withdraw_departure
from lienthong.ca.faces.keeping import (
    inventory,
    list_authorities,
    list_officers,
    put_authority,
    put_officer,
    stock_token,
)
from lienthong.ca.faces.looking import certificate_page, certificates, counts, deeds, ending, me
from lienthong.ca.faces.tables import open_table, preview, renew, template

OFFICE = [
    me, certificates, certificate_page, counts, ending, deeds, cases, case_page, letter, open_case, resubmit, withdraw,
    deliver, statement, decide, acme_key, stop_acme, template, preview, open_table, renew, inventory, stock_token,
    list_authorities, list_officers, put_authority, put_officer, transfers, list_departures, one_departure,
    record_departure, withdraw_departure,
]  # fmt: skip
"""Routes for officers."""
